//! What is said about the way to the login host: its name, the connection, TLS and the clock.

use std::time::Instant;

use entra::{CLOCK_TOLERANCE, Cloud, Route};
use model::{Actor, Finding, Retry, Step};
use url::Host;

use super::{advised, failed, login_host, passed, skipped, warning};
use crate::check::target::CheckTarget;

/// More addresses than these are only counted.
const ADDRESSES_SHOWED: usize = 3;

/// The four findings about a host that answered.
pub(in crate::check) fn answered(
    cloud: &Cloud,
    route: Option<&Route>,
    began: Instant,
) -> [Finding; 4] {
    [
        name(cloud, route, began),
        connection(cloud, route, began),
        tls(cloud, route, began),
        clock(route),
    ]
}

/// The step at which a failure of the network stands.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever is neither the name nor TLS is about the connection"
)]
pub(in crate::check) const fn step_of(error: &entra::Error) -> Step {
    match error {
        entra::Error::Dns { .. } => Step::NameResolution,
        entra::Error::Tls { .. } | entra::Error::NoCertificates { .. } => Step::Tls,
        _ => Step::Connection,
    }
}

/// The findings about a host that did not answer: those steps that were taken, and the one that
/// failed.
pub(in crate::check) fn unanswered(
    target: &CheckTarget,
    route: Option<&Route>,
    began: Instant,
    ms: u32,
    error: &entra::Error,
) -> Vec<Finding> {
    let step = step_of(error);
    let cloud = &target.cloud;
    // Without a route nothing was tried before it failed, and what was not tried has not passed.
    let before = [name(cloud, route, began), connection(cloud, route, began)].into_iter();
    let mut findings: Vec<Finding> = before
        .filter(|finding| finding.step < step && route.is_some())
        .collect();
    let evidence = if let entra::Error::Tls {
        unknown_issuer: Some(issuer),
        ..
    } = error
    {
        Some(format!("issued by {issuer}"))
    } else {
        Some(cloud.login.origin().ascii_serialization())
    };
    findings.push(Finding {
        ms,
        evidence,
        ..advised(failed(step, error.to_string()), target, error)
    });
    findings
}

fn name(cloud: &Cloud, route: Option<&Route>, began: Instant) -> Finding {
    let host = cloud.login.host_str().unwrap_or_default();
    if !matches!(cloud.login.host(), Some(Host::Domain(_))) {
        return skipped(
            Step::NameResolution,
            format!("{host} is an address and needs no look-up"),
        );
    }
    let found = format!("{host} was found.");
    match route {
        Some(Route {
            lookup: Some(lookup),
            ..
        }) => {
            let shown: Vec<String> = lookup
                .addresses
                .iter()
                .take(ADDRESSES_SHOWED)
                .map(ToString::to_string)
                .collect();
            let more = lookup.addresses.len().saturating_sub(shown.len());
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let evidence = format!("{}{more}{}", shown.join(", "), age(route, began));
            Finding {
                ms: lookup.ms,
                evidence: Some(evidence),
                ..passed(Step::NameResolution, found)
            }
        }
        Some(Route { proxied: true, .. }) => {
            skipped(Step::NameResolution, "the proxy looks names up")
        }
        Some(_) | None => skipped(
            Step::NameResolution,
            "nobody noted whether the name was looked up",
        ),
    }
}

fn connection(cloud: &Cloud, route: Option<&Route>, began: Instant) -> Finding {
    let host = login_host(cloud);
    let through = match route {
        Some(Route {
            proxy: Some(proxy), ..
        }) => format!(" through the proxy {proxy}"),
        Some(Route { proxied: true, .. }) => " through the proxy".to_owned(),
        Some(_) | None => String::new(),
    };
    let origin = cloud.login.origin().ascii_serialization();
    let evidence = Some(format!("{origin}{}", age(route, began)));
    let ms = route.map_or(0, |route| route.connect_ms);
    Finding {
        ms,
        evidence,
        ..passed(Step::Connection, format!("{host} answered{through}."))
    }
}

fn tls(cloud: &Cloud, route: Option<&Route>, began: Instant) -> Finding {
    if cloud.login.scheme() != "https" {
        return skipped(
            Step::Tls,
            "the demo tenant runs on this computer without TLS",
        );
    }
    let Some(facts) = route.and_then(|route| route.tls.as_ref()) else {
        return passed(Step::Tls, "The connection is secure.");
    };
    let issuer = facts
        .issuer
        .as_ref()
        .map(|issuer| format!("issued by {issuer}{}", age(route, began)));
    Finding {
        ms: facts.ms,
        evidence: issuer,
        ..passed(
            Step::Tls,
            format!("The connection is secure: {}.", facts.version),
        )
    }
}

fn clock(route: Option<&Route>) -> Finding {
    let Some(skew) = route.and_then(|route| route.clock_skew) else {
        return skipped(Step::Clock, "the server did not say what time it is");
    };
    if skew.unsigned_abs() <= CLOCK_TOLERANCE.as_secs() {
        return passed(
            Step::Clock,
            "This computer's clock agrees with the server's.",
        );
    }
    let direction = if skew > 0 { "fast" } else { "slow" };
    let summary = format!(
        "This computer's clock is {} {direction}.",
        lasting(skew.unsigned_abs())
    );
    let next = "Set the clock, or have the operating system set it by the network. Tokens and certificates are judged by it.";
    let (actor, retry) = (Some(Actor::You), Some(Retry::AfterTheFix));
    Finding {
        next: Some(next.to_owned()),
        actor,
        retry,
        ..warning(Step::Clock, summary)
    }
}

/// Says when the connection was opened, if that was for an earlier request.
fn age(route: Option<&Route>, began: Instant) -> String {
    let ago = route
        .and_then(|route| began.checked_duration_since(route.opened_at))
        .map(|ago| ago.as_secs());
    match ago.filter(|seconds| *seconds > 0) {
        Some(seconds) => format!(" · connection reused, opened {} ago", lasting(seconds)),
        None => String::new(),
    }
}

/// A length of time in its largest unit.
pub(in crate::check) fn lasting(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
