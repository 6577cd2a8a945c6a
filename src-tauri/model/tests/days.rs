//! Days as people write them.

use jiff::civil::{Date, date};
use model::{DayProblem, parse_day};

const TODAY: Date = date(2026, 11, 25);

#[test]
fn a_day_is_read_however_it_is_written() {
    for text in [
        "2026-12-20",
        "2026/12/20",
        "2026.12.20",
        "20.12.2026",
        "20.12.26",
        "20/12/2026",
        "12/20/2026",
        "12/20/26",
        "12-20-2026",
        "12202026",
        "20122026",
        "20261220",
        "122026 20",
        "20 Dec 2026",
        "20 December 2026",
        "Dec 20, 2026",
        "December 20th, 2026",
        "Sunday, 20 December 2026",
        "20-Dec-26",
        "2026 Dec 20",
        " 20 dec 2026\u{a0}",
        "20. Dezember 2026",
        "20 d\u{e9}cembre 2026",
        "2026-12-20T23:59:59Z",
        "2026-12-20 10:00",
        "in 25 days",
        "25 days",
    ] {
        let expected = if text == "122026 20" {
            Err(DayProblem::NotADay)
        } else {
            Ok(date(2026, 12, 20))
        };
        assert_eq!(parse_day(text, TODAY), expected, "{text}");
    }
    assert_eq!(parse_day("24 months", TODAY), Ok(date(2028, 11, 25)));
    assert_eq!(parse_day("29 Feb 2028", TODAY), Ok(date(2028, 2, 29)));
    assert_eq!(parse_day("1 Dec 2050", TODAY), Ok(date(2050, 12, 1)));
    assert_eq!(
        parse_day("03.05.2027", TODAY),
        Ok(date(2027, 5, 3)),
        "a point stands after the day"
    );
    assert_eq!(
        parse_day("05/05/2027", TODAY),
        Ok(date(2027, 5, 5)),
        "both orders are one day"
    );
}

#[test]
fn what_can_be_two_days_is_asked_and_never_guessed() {
    let both = |one, other| Err(DayProblem::Several(vec![one, other]));
    assert_eq!(
        parse_day("03/05/2027", TODAY),
        both(date(2027, 3, 5), date(2027, 5, 3))
    );
    assert_eq!(
        parse_day("3-5-27", TODAY),
        both(date(2027, 3, 5), date(2027, 5, 3))
    );
    assert_eq!(
        parse_day("03052027", TODAY),
        both(date(2027, 3, 5), date(2027, 5, 3))
    );
    assert_eq!(
        parse_day("26-12-20", TODAY),
        both(date(2020, 12, 26), date(2026, 12, 20))
    );
}

#[test]
fn what_is_no_day_is_refused() {
    for text in [
        "",
        "soon",
        "2026-13-01",
        "31/02/2027",
        "30 Feb 2027",
        "12/2026",
        "Dec 2026",
        "1220",
        "20 12",
        "20/12/202",
        "0001-01-01",
        "99999999",
        "20 foo 2026",
        "1/2/3/4",
    ] {
        assert_eq!(parse_day(text, TODAY), Err(DayProblem::NotADay), "{text}");
    }
}
