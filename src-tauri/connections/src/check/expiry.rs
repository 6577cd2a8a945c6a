//! Which of an app's client secrets is the connection's own, and when it expires.
//!
//! The app registration names of each secret its first three characters, and nothing else of its value
//! (<https://learn.microsoft.com/graph/api/resources/passwordcredential>).

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// How many characters of a secret the registration names.
const HINT: usize = 3;

/// A secret that ends in fewer days than this is warned of.
pub(super) const SOON: i32 = 30;

/// What can be said about when the secret expires.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    /// On this day.
    On(Date),
    /// One of several secrets that begin alike; their days, the earliest first.
    OneOf(Vec<Date>),
    /// None of the secrets that still hold begins like it.
    NotListed,
}

/// Finds the secret among those that the registration lists, each with its hint and the time at which it expires.
///
/// Secrets that have expired are left out: the connection's own was accepted a moment ago.
pub(super) fn find(secret: &str, listed: &[(Option<String>, Option<Timestamp>)], now: Timestamp) -> Expiry {
    let start: String = secret.chars().take(HINT).collect();
    let own = listed.iter().filter(|(hint, _)| hint.as_deref() == Some(start.as_str()));
    let mut days: Vec<Date> = own.filter_map(|(_, at)| *at).filter(|at| *at > now).map(day_of).collect();
    days.sort_unstable();
    days.dedup();
    match days.as_slice() {
        [] => Expiry::NotListed,
        [day] => Expiry::On(*day),
        _ => Expiry::OneOf(days),
    }
}

/// How many days are left; negative when the day is over.
pub(super) fn days_left(day: Date, now: Timestamp) -> i32 {
    (day - day_of(now)).get_days()
}

fn day_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::{Expiry, days_left, find};

    const SECRET: &str = "hea8Q~a-secret-of-forty-characters-00000";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn listed(secrets: &[(&str, &str)]) -> Vec<(Option<String>, Option<Timestamp>)> {
        secrets.iter().map(|(hint, day)| (Some((*hint).to_owned()), Some(at(&format!("{day}T12:00:00Z"))))).collect()
    }

    #[test]
    fn the_hint_of_three_characters_finds_the_right_one_among_several() {
        let now = at("2026-11-24T00:00:00Z");
        let secrets = listed(&[("old", "2027-01-01"), ("hea", "2027-05-01"), ("Hea", "2028-01-01")]);
        assert_eq!(find(SECRET, &secrets, now), Expiry::On(date(2027, 5, 1)));
    }

    #[test]
    fn several_that_begin_alike_are_told_apart_only_when_the_others_have_expired() {
        let now = at("2026-11-24T00:00:00Z");
        let two = listed(&[("hea", "2028-05-01"), ("hea", "2027-05-01")]);
        assert_eq!(find(SECRET, &two, now), Expiry::OneOf(vec![date(2027, 5, 1), date(2028, 5, 1)]));
        let one_is_over = listed(&[("hea", "2026-11-01"), ("hea", "2027-05-01")]);
        assert_eq!(find(SECRET, &one_is_over, now), Expiry::On(date(2027, 5, 1)));
        let same_day = listed(&[("hea", "2027-05-01"), ("hea", "2027-05-01")]);
        assert_eq!(find(SECRET, &same_day, now), Expiry::On(date(2027, 5, 1)));
    }

    #[test]
    fn a_secret_that_is_not_listed_or_listed_without_a_day_tells_nothing() {
        let now = at("2026-11-24T00:00:00Z");
        assert_eq!(find(SECRET, &listed(&[("xyz", "2027-05-01")]), now), Expiry::NotListed);
        assert_eq!(find(SECRET, &[(None, Some(now)), (Some("hea".into()), None)], now), Expiry::NotListed);
    }

    #[test]
    fn days_are_counted_by_the_calendar_and_not_by_the_month() {
        let now = at("2026-11-24T23:59:00Z");
        assert_eq!(days_left(date(2026, 12, 24), now), 30);
        assert_eq!(days_left(date(2027, 1, 1), now), 38);
        assert_eq!(days_left(date(2026, 11, 23), now), -1);
    }
}
