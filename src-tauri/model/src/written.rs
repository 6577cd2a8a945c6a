//! How a day is written for people, everywhere in the same form.

use jiff::civil::Date;

/// A day as people read it, such as "20 Dec 2026", which no country takes for another one.
pub fn written_day(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::written_day;

    #[test]
    fn a_day_is_written_so_that_nobody_takes_it_for_another_one() {
        assert_eq!(written_day(date(2026, 12, 20)), "20 Dec 2026");
        assert_eq!(written_day(date(2050, 1, 2)), "2 Jan 2050");
    }
}
