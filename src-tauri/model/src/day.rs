//! A day as people write it: in the order of their country, with two digits for the year, without
//! any sign between. What could be two days is asked about and never guessed.

use std::collections::BTreeSet;

use jiff::{Span, civil::Date};

use crate::paste::clean;

/// Why a text is not one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayProblem {
    /// It can be each of these, the earliest first.
    Several(Vec<Date>),
    /// It is none.
    NotADay,
}

/// The years that a day of a secret may be in.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// The first three letters of the months, and as German, French and Spanish have them where they
/// differ.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene"],
    &["feb", "f\u{e9}v"],
    &["mar", "m\u{e4}r", "mrz"],
    &["apr", "avr", "abr"],
    &["may", "mai"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "ao\u{fb}", "ago"],
    &["sep"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez", "d\u{e9}c", "dic"],
];

/// Reads a day. `today` is the person's, for "in 6 months".
///
/// # Errors
/// Says which days it can be, or that it is none.
pub fn parse_day(text: &str, today: Date) -> Result<Date, DayProblem> {
    let text = clean(text).value.to_lowercase();
    if text.chars().count() > 60 {
        return Err(DayProblem::NotADay);
    }
    if let Some(day) = from_today(&text, today) {
        return Ok(day);
    }
    let days: Vec<Date> = readings(without_time(&text)).into_iter().collect();
    match days[..] {
        [only] => Ok(only),
        [] => Err(DayProblem::NotADay),
        _ => Err(DayProblem::Several(days)),
    }
}

/// `in 180 days`, `24 months`.
fn from_today(text: &str, today: Date) -> Option<Date> {
    let words: Vec<&str> = text
        .strip_prefix("in ")
        .unwrap_or(text)
        .split_whitespace()
        .collect();
    let [number, unit] = words[..] else {
        return None;
    };
    let number: i64 = number
        .parse()
        .ok()
        .filter(|number| (0..=10_000).contains(number))?;
    let span = match unit.trim_end_matches('s') {
        "day" => Span::new().days(number),
        "week" => Span::new().weeks(number),
        "month" => Span::new().months(number),
        "year" => Span::new().years(number),
        _ => return None,
    };
    today.checked_add(span).ok()
}

/// `2026-12-20T10:00:00Z` as Graph writes it, without its time.
fn without_time(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_iso = bytes.len() > 11 && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    if is_iso && matches!(bytes.get(10), Some(b't' | b' ')) {
        text.get(..10).unwrap_or(text)
    } else {
        text
    }
}

fn readings(text: &str) -> BTreeSet<Date> {
    let numbers: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let words = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.filter(|word| !is_filler(word)).collect();
    match (&numbers[..], &words[..]) {
        ([first, second], [word]) => with_month_name(first, second, word).into_iter().collect(),
        ([first, second, third], []) => in_numbers(text, first, second, third),
        ([run], []) => in_one_run(run),
        _ => BTreeSet::new(),
    }
}

/// Days of the week, and what English writes after a number.
fn is_filler(word: &str) -> bool {
    let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    matches!(word, "st" | "nd" | "rd" | "th" | "of" | "the")
        || weekdays.iter().any(|day| word.starts_with(day))
}

fn with_month_name(first: &str, second: &str, word: &str) -> Option<Date> {
    let month = MONTHS
        .iter()
        .position(|names| names.iter().any(|name| word.starts_with(name)))?;
    let (day, year) = if first.len() == 4 {
        (second, first)
    } else {
        (first, second)
    };
    date(year, &(month + 1).to_string(), day)
}

/// A point between stands for day, month, year. A slash or a hyphen may be either order, where both
/// are days.
fn in_numbers(text: &str, first: &str, second: &str, third: &str) -> BTreeSet<Date> {
    if first.len() == 4 {
        return date(first, second, third).into_iter().collect();
    }
    let mut days: BTreeSet<Date> = date(third, second, first).into_iter().collect();
    if !text.contains('.') {
        days.extend(date(third, first, second));
        // 26-12-20, as a year without its century.
        if third.len() == 2 && text.contains('-') {
            days.extend(date(first, second, third));
        }
    }
    days
}

/// 12202026, 20261220, 201226.
fn in_one_run(run: &str) -> BTreeSet<Date> {
    let cut = |start: usize, end: usize| run.get(start..end).unwrap_or_default();
    let orders = match run.len() {
        8 => [
            (cut(0, 4), cut(4, 6), cut(6, 8)),
            (cut(4, 8), cut(2, 4), cut(0, 2)),
            (cut(4, 8), cut(0, 2), cut(2, 4)),
        ],
        6 => [
            (cut(0, 2), cut(2, 4), cut(4, 6)),
            (cut(4, 6), cut(2, 4), cut(0, 2)),
            (cut(4, 6), cut(0, 2), cut(2, 4)),
        ],
        _ => return BTreeSet::new(),
    };
    orders
        .into_iter()
        .filter_map(|(year, month, day)| date(year, month, day))
        .collect()
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = match year.len() {
        4 => year.parse().ok()?,
        // Secrets are younger than the century.
        2 => year.parse::<i16>().ok()?.checked_add(2000)?,
        _ => return None,
    };
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}
