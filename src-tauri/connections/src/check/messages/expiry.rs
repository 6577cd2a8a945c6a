//! What is said about the day on which the client secret expires.

use jiff::{Timestamp, ZonedDateTime};
use model::{Actor, Field, Finding, PortalPage, Retry, Step, written_day};

use super::{passed, skipped, warning};
use crate::check::{
    CheckTarget,
    expiry::{Ends, Expiry},
};

/// The registration was read.
pub(in crate::check) fn found(
    target: &CheckTarget,
    expiry: &Expiry,
    now: &ZonedDateTime,
) -> Finding {
    match expiry {
        Expiry::At(at) => {
            let ends = Ends::at(*at, now.time_zone());
            let mut finding = on(target, ends, now);
            if let Some(entered) = target
                .secret_expires_on
                .filter(|day| is_entered(target) && *day != ends.day)
            {
                let entered = written_day(entered);
                let told =
                    format!("You entered {entered}; the app registration's date replaces it.");
                // What has something next is not folded away with what merely passed.
                match &mut finding.next {
                    Some(_) => finding.summary = format!("{} {told}", finding.summary),
                    next @ None => *next = Some(format!("Nothing to do. {told}")),
                }
            }
            finding
        }
        Expiry::OneOf(times) => one_of(target, times, now),
        Expiry::NotListed => known_or(
            target,
            now,
            "none of the app's secrets that still hold begins with the same three characters",
        ),
    }
}

/// The registration may not be read, or was not: what was entered or learnt before is all there is.
pub(in crate::check) fn unread(
    target: &CheckTarget,
    because: &str,
    now: &ZonedDateTime,
) -> Finding {
    known_or(target, now, because)
}

/// Whether a person entered the day that is known, and no earlier check learnt it.
const fn is_entered(target: &CheckTarget) -> bool {
    target.secret_expires_at.is_none()
}

/// A sign-in has no secret of its own.
pub(in crate::check) fn no_secret() -> Finding {
    skipped(Step::SecretExpiry, "a sign-in has no client secret")
}

fn known_or(target: &CheckTarget, now: &ZonedDateTime, because: &str) -> Finding {
    let learnt = target
        .secret_expires_at
        .map(|at| Ends::at(at, now.time_zone()));
    let known = learnt.or(target.secret_expires_on.map(|day| Ends { day, at: None }));
    if let Some(ends) = known {
        let whose = if is_entered(target) {
            "entered by you"
        } else {
            "read by an earlier test"
        };
        let evidence = Some(format!("Date {whose}; {because}."));
        return Finding {
            evidence,
            ..on(target, ends, now)
        };
    }
    Finding {
        next: Some("Enter the date by hand; the portal shows it.".to_owned()),
        actor: Some(Actor::You),
        link: Some(target.link(PortalPage::Secrets)),
        field: Some(Field::SecretExpiresOn),
        ..skipped(Step::SecretExpiry, because)
    }
}

/// The hour is named as long as it matters.
fn on(target: &CheckTarget, ends: Ends, now: &ZonedDateTime) -> Finding {
    let (day, left) = (written_day(ends.day), ends.days_left(now));
    let clock =
        |at: Timestamp| format!(" at {}", now.time_zone().to_datetime(at).strftime("%H:%M"));
    let hour = ends.at.map(clock).unwrap_or_default();
    let summary = match left {
        _ if ends.is_over(now) => format!("The client secret was to expire on {day}."),
        ..=0 => format!("The client secret expires today{hour}."),
        1 => format!("The client secret expires tomorrow{hour}, on {day}."),
        days => format!("The client secret expires on {day}, in {days} days."),
    };
    if ends.is_soon(now) {
        renew(target, summary)
    } else {
        passed(Step::SecretExpiry, summary)
    }
}

/// Several secrets begin alike; the earliest one counts.
fn one_of(target: &CheckTarget, times: &[Timestamp], now: &ZonedDateTime) -> Finding {
    let days: Vec<Ends> = times
        .iter()
        .map(|at| Ends::at(*at, now.time_zone()))
        .collect();
    let all: Vec<String> = days.iter().map(|ends| written_day(ends.day)).collect();
    let many = days.len();
    let summary = format!(
        "The client secret expires on one of {many} days: {many} secrets begin with the same three characters."
    );
    let soon = days.iter().any(|ends| ends.is_soon(now));
    let finding = if soon {
        renew(target, summary)
    } else {
        passed(Step::SecretExpiry, summary)
    };
    Finding {
        evidence: Some(all.join(", ")),
        field: Some(Field::SecretExpiresOn),
        ..finding
    }
}

fn renew(target: &CheckTarget, summary: String) -> Finding {
    let next = "Create a new client secret, replace it in this connection and test; then delete the old one.";
    Finding {
        next: Some(next.to_owned()),
        actor: Some(Actor::ApplicationAdministrator),
        retry: Some(Retry::AfterTheFix),
        link: Some(target.link(PortalPage::Secrets)),
        ..warning(Step::SecretExpiry, summary)
    }
}

/// Why the registration could not be read.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other failure is said in one way"
)]
pub(in crate::check) const fn why_unread(error: &entra::Error) -> &'static str {
    match error {
        entra::Error::Forbidden { .. } => {
            "this connection's permissions do not allow to read the app registration"
        }
        entra::Error::Throttled { .. } => "Microsoft Graph asks to wait",
        _ => "the app registration could not be read",
    }
}
