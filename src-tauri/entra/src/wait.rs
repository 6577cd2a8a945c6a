//! How long a server asks to wait, and the dates of HTTP.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderValue;

/// How long to wait when the server says to wait but not how long, or says it in words nobody
/// knows.
pub(crate) const DEFAULT_WAIT: Duration = Duration::from_secs(60);
/// The longest wait that is believed.
const MAX_WAIT: Duration = Duration::from_secs(3_600);
/// The shortest one: a service that asks to wait no time at all has still refused.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// How long `Retry-After` asks to wait, in seconds or until a date; nonsense counts as the usual
/// minute. `now` is when the answer was written, by the server's own clock.
pub(crate) fn wait_of(value: &HeaderValue, now: Timestamp) -> Duration {
    let text = value.to_str().unwrap_or_default().trim();
    let asked = match text.parse::<u64>() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => Some(MAX_WAIT),
        Err(_) => http_date(text).map(|date| until(date, now)),
    };
    asked.unwrap_or(DEFAULT_WAIT).clamp(SHORTEST_WAIT, MAX_WAIT)
}

fn until(date: Timestamp, now: Timestamp) -> Duration {
    date.duration_since(now)
        .max(SignedDuration::ZERO)
        .unsigned_abs()
}

/// Reads the date form of HTTP (RFC 9110, 5.6.7), of which only the one form in use is known here.
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    parser.parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use reqwest::header::HeaderValue;

    use super::wait_of;

    #[test]
    fn tk_7_retry_after_is_read_in_both_forms_and_capped_at_an_hour() {
        let now: Timestamp = "2026-11-24T06:00:00Z".parse().unwrap();
        let seconds = |text: &str| wait_of(&HeaderValue::from_str(text).unwrap(), now).as_secs();
        assert_eq!(seconds("7"), 7);
        assert_eq!(seconds("0"), 1, "a refusal is never asked again at once");
        assert_eq!(seconds("000"), 1);
        assert_eq!(seconds("Tue, 24 Nov 2026 06:02:00 GMT"), 120);
        assert_eq!(
            seconds("Tue, 24 Nov 2026 05:00:00 GMT"),
            1,
            "a date that has passed means now"
        );
        assert_eq!(seconds("Tue, 24 Nov 2099 05:00:00 GMT"), 3_600);
        assert_eq!(seconds("1000000000"), 3_600);
        assert_eq!(seconds("99999999999999999999999999"), 3_600);
        for nonsense in ["-5", "soon", "", "1.5", "0x10"] {
            assert_eq!(
                wait_of(&HeaderValue::from_str(nonsense).unwrap(), now),
                Duration::from_secs(60),
                "{nonsense}"
            );
        }
    }
}
