//! Which of an app's client secrets is the connection's own, and when it expires.
//!
//! The app registration names of each secret its first three characters, and nothing else of its
//! value (<https://learn.microsoft.com/graph/api/resources/passwordcredential>).

use jiff::{Timestamp, ZonedDateTime, civil::Date, tz::TimeZone};

/// How many characters of a secret the registration names.
const HINT: usize = 3;

/// A secret that ends in so many days or fewer is warned of.
pub const EXPIRES_SOON_DAYS: i32 = 30;

/// When a secret expires: on a day of this computer's calendar and, where the tenant said so, at a
/// moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) day: Date,
    pub(super) at: Option<Timestamp>,
}

/// What can be said about when the secret expires.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    /// At this moment.
    At(Timestamp),
    /// One of several secrets that begin alike; the earliest first.
    OneOf(Vec<Timestamp>),
    /// None of the secrets that still hold begins like it.
    NotListed,
}

/// Finds the secret among those that the registration lists, each with its hint and the time at
/// which it expires.
///
/// Secrets that have expired are left out: the connection's own was accepted a moment ago.
pub(super) fn find(
    secret: &str,
    listed: &[(Option<String>, Option<Timestamp>)],
    now: Timestamp,
) -> Expiry {
    let start: String = secret.chars().take(HINT).collect();
    let own = listed
        .iter()
        .filter(|(hint, _)| hint.as_deref() == Some(start.as_str()));
    let mut times: Vec<Timestamp> = own
        .filter_map(|(_, at)| *at)
        .filter(|at| *at > now)
        .collect();
    times.sort_unstable();
    times.dedup();
    match times.as_slice() {
        [] => Expiry::NotListed,
        [at] => Expiry::At(*at),
        _ => Expiry::OneOf(times),
    }
}

impl Ends {
    /// At a moment, as the calendar of this zone has it.
    pub(super) fn at(at: Timestamp, zone: &TimeZone) -> Self {
        Self {
            day: zone.to_datetime(at).date(),
            at: Some(at),
        }
    }

    /// How many days are left by the calendar; negative when the day is over.
    pub(super) fn days_left(self, now: &ZonedDateTime) -> i32 {
        (self.day - now.date()).get_days()
    }

    /// Whether that is so near that it is warned of.
    pub(super) fn is_soon(self, now: &ZonedDateTime) -> bool {
        self.days_left(now) <= EXPIRES_SOON_DAYS
    }

    pub(super) fn is_over(self, now: &ZonedDateTime) -> bool {
        self.at
            .map_or(self.days_left(now) < 0, |at| at <= now.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date, tz::TimeZone};

    use super::{Ends, Expiry, find};

    const SECRET: &str = "hea8Q~a-secret-of-forty-characters-00000";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn listed(secrets: &[(&str, &str)]) -> Vec<(Option<String>, Option<Timestamp>)> {
        secrets
            .iter()
            .map(|(hint, day)| {
                (
                    Some((*hint).to_owned()),
                    Some(at(&format!("{day}T12:00:00Z"))),
                )
            })
            .collect()
    }

    #[test]
    fn the_hint_of_three_characters_finds_the_right_one_among_several() {
        let now = at("2026-11-24T00:00:00Z");
        let secrets = listed(&[
            ("old", "2027-01-01"),
            ("hea", "2027-05-01"),
            ("Hea", "2028-01-01"),
        ]);
        assert_eq!(
            find(SECRET, &secrets, now),
            Expiry::At(at("2027-05-01T12:00:00Z"))
        );
    }

    #[test]
    fn several_that_begin_alike_are_told_apart_only_when_the_others_have_expired() {
        let now = at("2026-11-24T00:00:00Z");
        let two = listed(&[("hea", "2028-05-01"), ("hea", "2027-05-01")]);
        assert_eq!(
            find(SECRET, &two, now),
            Expiry::OneOf(vec![at("2027-05-01T12:00:00Z"), at("2028-05-01T12:00:00Z")])
        );
        let one_is_over = listed(&[("hea", "2026-11-01"), ("hea", "2027-05-01")]);
        assert_eq!(
            find(SECRET, &one_is_over, now),
            Expiry::At(at("2027-05-01T12:00:00Z"))
        );
        let same_day = listed(&[("hea", "2027-05-01"), ("hea", "2027-05-01")]);
        assert_eq!(
            find(SECRET, &same_day, now),
            Expiry::At(at("2027-05-01T12:00:00Z"))
        );
    }

    #[test]
    fn a_secret_that_is_not_listed_or_listed_without_a_day_tells_nothing() {
        let now = at("2026-11-24T00:00:00Z");
        assert_eq!(
            find(SECRET, &listed(&[("xyz", "2027-05-01")]), now),
            Expiry::NotListed
        );
        assert_eq!(
            find(
                SECRET,
                &[(None, Some(now)), (Some("hea".into()), None)],
                now
            ),
            Expiry::NotListed
        );
    }

    #[test]
    fn days_are_those_of_the_persons_calendar_also_where_the_clock_changes_on_the_way() {
        for (zone, now, end, day, left) in [
            // In Greenwich each of these is another day.
            (
                "Pacific/Auckland",
                "2026-06-15T20:00:00Z",
                "2026-06-16T11:30:00Z",
                date(2026, 6, 16),
                0,
            ),
            (
                "Pacific/Kiritimati",
                "2026-06-15T09:00:00Z",
                "2026-06-15T10:30:00Z",
                date(2026, 6, 16),
                1,
            ),
            (
                "America/Los_Angeles",
                "2026-06-16T05:00:00Z",
                "2026-06-16T06:30:00Z",
                date(2026, 6, 15),
                0,
            ),
            // A day of 23 and one of 25 hours.
            (
                "America/Los_Angeles",
                "2026-03-07T20:00:00Z",
                "2026-03-09T07:30:00Z",
                date(2026, 3, 9),
                2,
            ),
            (
                "Pacific/Auckland",
                "2026-04-03T11:30:00Z",
                "2026-04-05T12:30:00Z",
                date(2026, 4, 6),
                2,
            ),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let (ends, now) = (Ends::at(at(end), &zone), at(now).to_zoned_datetime(zone));
            assert_eq!((ends.day, ends.days_left(&now)), (day, left), "{now}");
            assert!(!ends.is_over(&now), "{now}");
        }
    }

    #[test]
    fn thirty_days_before_the_end_is_soon_and_the_day_before_that_is_not() {
        let now = at("2026-06-01T12:00:00Z").to_zoned_datetime(TimeZone::UTC);
        let ends = |day| Ends { day, at: None };
        assert!(!ends(date(2026, 7, 2)).is_soon(&now), "31 days");
        assert!(ends(date(2026, 7, 1)).is_soon(&now), "30 days");
        assert!(ends(date(2026, 5, 31)).is_soon(&now), "over");
    }

    #[test]
    fn a_day_that_somebody_entered_lasts_until_midnight_and_a_moment_until_then() {
        let zone = TimeZone::get("Pacific/Auckland").unwrap();
        let now = at("2026-06-15T20:00:00Z").to_zoned_datetime(zone.clone());
        let today = date(2026, 6, 16);
        assert!(
            !Ends {
                day: today,
                at: None
            }
            .is_over(&now)
        );
        assert!(
            Ends {
                day: date(2026, 6, 15),
                at: None
            }
            .is_over(&now)
        );
        assert!(
            Ends::at(at("2026-06-15T19:59:00Z"), &zone).is_over(&now),
            "an hour ago, on the same day"
        );
    }
}
