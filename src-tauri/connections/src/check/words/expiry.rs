//! What is said about the day on which the client secret expires.

use jiff::{Timestamp, civil::Date};
use model::{Actor, Field, Finding, PortalPage, Retry, Step};

use super::{passed, skipped, warning};
use crate::check::{
    Subject,
    expiry::{Expiry, SOON, days_left},
};

/// The registration was read.
pub(in crate::check) fn found(subject: &Subject, expiry: &Expiry, now: Timestamp) -> Finding {
    match expiry {
        Expiry::On(day) => {
            let entered = subject.secret_expires_on.filter(|entered| entered != day);
            let evidence = entered.map(|entered| format!("this connection says {entered}"));
            Finding { evidence, ..on(subject, *day, now) }
        }
        Expiry::OneOf(days) => one_of(subject, days, now),
        Expiry::NotListed => {
            entered_or(subject, now, "none of the app's secrets that still hold begins with the same three characters")
        }
    }
}

/// The registration may not be read, or was not: the day that somebody entered is all there is.
pub(in crate::check) fn unread(subject: &Subject, because: &str, now: Timestamp) -> Finding {
    entered_or(subject, now, because)
}

/// A sign-in has no secret of its own.
pub(in crate::check) fn no_secret() -> Finding {
    skipped(Step::SecretExpiry, "a sign-in has no client secret")
}

fn entered_or(subject: &Subject, now: Timestamp, because: &str) -> Finding {
    if let Some(day) = subject.secret_expires_on {
        let evidence = Some(format!("entered by hand, because {because}"));
        return Finding { evidence, ..on(subject, day, now) };
    }
    Finding {
        next: Some("Enter the date by hand; the portal shows it.".to_owned()),
        actor: Some(Actor::You),
        link: Some(subject.link(PortalPage::Secrets)),
        field: Some(Field::SecretExpiresOn),
        ..skipped(Step::SecretExpiry, because)
    }
}

fn on(subject: &Subject, day: Date, now: Timestamp) -> Finding {
    let summary = match days_left(day, now) {
        ..0 => format!("The client secret was to expire on {day}."),
        0 => "The client secret expires today.".to_owned(),
        1 => format!("The client secret expires tomorrow, on {day}."),
        days => format!("The client secret expires on {day}, in {days} days."),
    };
    if days_left(day, now) < SOON { renew(subject, summary) } else { passed(Step::SecretExpiry, summary) }
}

/// Several secrets begin alike; the earliest day counts.
fn one_of(subject: &Subject, days: &[Date], now: Timestamp) -> Finding {
    let all: Vec<String> = days.iter().map(ToString::to_string).collect();
    let many = days.len();
    let summary = format!(
        "The client secret expires on one of {many} days: {many} secrets begin with the same three characters."
    );
    let soon = days.iter().any(|day| days_left(*day, now) < SOON);
    let finding = if soon { renew(subject, summary) } else { passed(Step::SecretExpiry, summary) };
    Finding { evidence: Some(all.join(", ")), field: Some(Field::SecretExpiresOn), ..finding }
}

fn renew(subject: &Subject, summary: String) -> Finding {
    let next = "Create a new client secret, replace it in this connection and test; then delete the old one.";
    Finding {
        next: Some(next.to_owned()),
        actor: Some(Actor::ApplicationAdministrator),
        retry: Some(Retry::AfterTheFix),
        link: Some(subject.link(PortalPage::Secrets)),
        ..warning(Step::SecretExpiry, summary)
    }
}

/// Why the registration could not be read.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other failure is said in one way")]
pub(in crate::check) const fn why_unread(error: &entra::Error) -> &'static str {
    match error {
        entra::Error::Forbidden { .. } => "this connection's permissions do not allow to read the app registration",
        entra::Error::Throttled { .. } => "Microsoft Graph asks to wait",
        _ => "the app registration could not be read",
    }
}
