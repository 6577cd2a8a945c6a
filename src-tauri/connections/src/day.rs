//! What is said of a day while it is being written: which one is understood, how far away it is,
//! what looks odd.

use jiff::{Timestamp, Unit, civil::Date, tz::TimeZone};
use model::{DayProblem, parse_day};
use serde::Serialize;

use crate::Error;

/// What can be said of a text that should be a day.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DayVerdict {
    /// The day that is understood, `yyyy-mm-dd`. None as well where nothing is written.
    pub value: Option<String>,
    /// The day in words, and how far away it is.
    pub note: Option<String>,
    /// What looks odd and is accepted all the same.
    pub warning: Option<String>,
    /// Why it cannot be used.
    pub problem: Option<String>,
    /// The days that can be meant, where there are several.
    pub choices: Vec<DayChoice>,
}

/// One of the days that a text can mean.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DayChoice {
    /// In words, which mean this day and no other when they are read again.
    pub label: String,
}

pub(crate) const NOT_A_DAY: &str = "enter a date such as 20 Dec 2026";

/// Days after which a month says more.
const DAYS_COUNTED: i32 = 60;

/// The day that it is where the person is.
pub fn today() -> Date {
    TimeZone::system().to_datetime(Timestamp::now()).date()
}

/// Reads a day that a person or a date field wrote.
pub(crate) fn parse_date(text: Option<&str>) -> Result<Option<Date>, Error> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    parse_day(text, today())
        .map(Some)
        .map_err(|found| Error::invalid("Secret expires on", problem(&found)))
}

/// Looks at a text that should be the day on which a secret expires.
pub fn inspect_day(text: &str) -> DayVerdict {
    inspect(text, today())
}

fn inspect(text: &str, today: Date) -> DayVerdict {
    if text.trim().is_empty() {
        return DayVerdict::default();
    }
    match parse_day(text, today) {
        Ok(day) => DayVerdict {
            value: Some(day.to_string()),
            note: Some(format!("{}, {}.", words(day), distance(day, today))),
            warning: odd(day, today).map(str::to_owned),
            ..DayVerdict::default()
        },
        Err(found) => {
            let problem = Some(crate::sentence::sentence(&problem(&found)));
            let days = if let DayProblem::Several(days) = found {
                days
            } else {
                Vec::new()
            };
            let choices = days
                .into_iter()
                .map(|day| DayChoice { label: words(day) })
                .collect();
            DayVerdict {
                problem,
                choices,
                ..DayVerdict::default()
            }
        }
    }
}

/// Why a text is not one day, as the start of a sentence.
pub(crate) fn problem(found: &DayProblem) -> String {
    match found {
        DayProblem::NotADay => NOT_A_DAY.to_owned(),
        DayProblem::Several(days) => {
            let days: Vec<String> = days.iter().map(|day| words(*day)).collect();
            format!("this can be {}; choose one", days.join(" or "))
        }
    }
}

fn words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn days_until(day: Date, today: Date) -> i32 {
    today
        .until((Unit::Day, day))
        .map_or(0, |span| span.get_days())
}

/// Longer than this is told in years.
const MONTHS_COUNTED: i32 = 36;

fn distance(day: Date, today: Date) -> String {
    let days = days_until(day, today);
    let count =
        |number: i32, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    let months = months_until(day, today).abs();
    let away = if months < MONTHS_COUNTED {
        count(months, "month")
    } else {
        count(months / 12, "year")
    };
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        2..=DAYS_COUNTED => format!("in {days} days"),
        _ if days > 0 => format!("in {away}"),
        _ if days >= -DAYS_COUNTED => format!("{} days ago", -days),
        _ => format!("{away} ago"),
    }
}

fn months_until(day: Date, today: Date) -> i32 {
    today
        .until((Unit::Month, day))
        .map_or(0, |span| span.get_months())
}

/// The portal lets a secret live for 24 months at most.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials>
fn odd(day: Date, today: Date) -> Option<&'static str> {
    if day < today {
        return Some("This day has passed.");
    }
    let longest = today.checked_add(jiff::Span::new().months(24)).ok()?;
    (day > longest).then_some("The portal makes secrets for 24 months at most. Check the year.")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{DayVerdict, inspect};

    fn said(text: &str) -> (Option<String>, String) {
        let DayVerdict {
            value,
            note,
            warning,
            problem,
            choices,
        } = inspect(text, date(2026, 11, 25));
        let choices = choices.into_iter().map(|choice| choice.label);
        (
            value,
            note.into_iter()
                .chain(warning)
                .chain(problem)
                .chain(choices)
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    #[test]
    fn the_day_that_is_understood_is_said_in_words_with_what_looks_odd() {
        let day = |value: &str| Some(value.to_owned());
        for (text, value, words) in [
            (
                "12202026",
                day("2026-12-20"),
                "20 December 2026, in 25 days.",
            ),
            (
                "26 Nov 2026",
                day("2026-11-26"),
                "26 November 2026, tomorrow.",
            ),
            (
                "1 Dec 2027",
                day("2027-12-01"),
                "1 December 2027, in 12 months.",
            ),
            (
                "1 Nov 2026",
                day("2026-11-01"),
                "1 November 2026, 24 days ago. This day has passed.",
            ),
            (
                "12012050",
                None,
                "This can be 12 January 2050 or 1 December 2050; choose one. 12 January 2050 1 December 2050",
            ),
            (
                "1 Dec 2050",
                day("2050-12-01"),
                "1 December 2050, in 24 years. The portal makes secrets for 24 months at most. Check the year.",
            ),
            ("soon", None, "Enter a date such as 20 Dec 2026."),
            ("  ", None, ""),
        ] {
            assert_eq!(said(text), (value, words.to_owned()), "{text}");
        }
        let again = said("12 January 2050").0;
        assert_eq!(
            again,
            day("2050-01-12"),
            "a choice means that day and no other"
        );
    }
}
