use std::time::{Duration, Instant};

use entra::{Clouds, Error, Lookup, Proxy, ProxyProblem, Route, TlsFacts};
use model::{Actor, ClientId, Finding, Integration, Need, Step, StepState, Tenant, TenantId};
use uuid::Uuid;

use super::{answered, lasting, unanswered};
use crate::{check::CheckTarget, credential::Credential};

fn route() -> Route {
    let lookup = Lookup {
        ms: 12,
        addresses: (1..=5).map(|last| [20, 190, 1, last].into()).collect(),
    };
    let tls = TlsFacts {
        ms: 34,
        version: "TLS 1.3",
        issuer: Some("Contoso Inspection CA".to_owned()),
    };
    Route {
        lookup: Some(lookup),
        proxied: false,
        proxy: None,
        connect_ms: 23,
        tls: Some(tls),
        opened_at: Instant::now(),
        clock_skew: Some(-2),
    }
}

fn findings(route: &Route, began: Instant) -> [Finding; 4] {
    answered(Clouds::built_in().default_cloud(), Some(route), began)
}

#[test]
fn each_step_of_the_way_shows_its_own_time_and_evidence() {
    let [name, connection, tls, clock] = findings(&route(), Instant::now());
    assert_eq!((name.ms, connection.ms, tls.ms), (12, 23, 34));
    assert_eq!(
        name.evidence.as_deref(),
        Some("20.190.1.1, 20.190.1.2, 20.190.1.3 and 2 more")
    );
    assert_eq!(
        connection.evidence.as_deref(),
        Some("https://login.microsoftonline.com")
    );
    assert_eq!(tls.summary, "The connection is secure: TLS 1.3.");
    assert_eq!(
        tls.evidence.as_deref(),
        Some("issued by Contoso Inspection CA")
    );
    assert!(
        [name, connection, tls, clock]
            .iter()
            .all(|finding| finding.state == StepState::Passed)
    );
}

#[test]
fn behind_a_proxy_the_look_up_is_skipped_because_the_proxy_makes_it() {
    let route = Route {
        lookup: None,
        proxied: true,
        ..route()
    };
    let [name, connection, _, _] = findings(&route, Instant::now());
    assert_eq!(name.state, StepState::Skipped);
    assert_eq!(name.summary, "Skipped: the proxy looks names up.");
    assert!(
        connection.summary.ends_with("answered through the proxy."),
        "{connection:?}"
    );
}

#[test]
fn a_proxy_is_named_with_its_variable_and_what_was_not_tried_has_not_passed() {
    let proxy = Proxy {
        variable: "HTTPS_PROXY",
        address: "http://proxy.contoso.com:8080".to_owned(),
    };
    let route = Route {
        lookup: None,
        proxied: true,
        proxy: Some(proxy.clone()),
        ..route()
    };
    let [_, connection, _, _] = findings(&route, Instant::now());
    assert!(
        connection
            .summary
            .ends_with("through the proxy http://proxy.contoso.com:8080 (HTTPS_PROXY)."),
        "{connection:?}"
    );
    for (step, error) in [
        (
            Step::Connection,
            Error::Proxy {
                host: "h".into(),
                proxy: Some(proxy),
                problem: ProxyProblem::Unusable("it is not an address"),
            },
        ),
        (
            Step::Tls,
            Error::NoCertificates {
                named: Some(("SSL_CERT_FILE", "/nonexistent".into())),
                reason: "it does not exist".into(),
            },
        ),
    ] {
        let findings = unanswered(&target(), None, Instant::now(), 0, &error);
        let steps: Vec<_> = findings
            .iter()
            .map(|finding| (finding.step, finding.state))
            .collect();
        assert_eq!(
            steps,
            [(step, StepState::Failed)],
            "nothing before it was tried"
        );
    }
}

#[test]
fn a_connection_that_was_open_already_says_when_it_was_opened() {
    let later = Instant::now() + Duration::from_secs(180);
    let [name, connection, tls, _] = findings(&route(), later);
    for finding in [name, connection, tls] {
        let evidence = finding.evidence.clone().unwrap_or_default();
        assert!(
            evidence.ends_with("opened 3 minutes ago") || evidence.contains("2 minutes"),
            "{finding:?}"
        );
    }
}

#[test]
fn a_clock_is_warned_of_beyond_five_minutes_and_in_the_right_direction() {
    for (skew, state, said) in [
        (300, StepState::Passed, "agrees"),
        (-300, StepState::Passed, "agrees"),
        (301, StepState::Warning, "5 minutes fast"),
        (-7_300, StepState::Warning, "2 hours slow"),
        (400_000_000, StepState::Warning, "4629 days fast"),
    ] {
        let [_, _, _, clock] = findings(
            &Route {
                clock_skew: Some(skew),
                ..route()
            },
            Instant::now(),
        );
        assert_eq!(
            (clock.step, clock.state),
            (Step::Clock, state),
            "{skew}: {clock:?}"
        );
        assert!(clock.summary.contains(said), "{skew}: {clock:?}");
    }
    assert_eq!(lasting(1), "1 second");
}

#[test]
fn a_failure_stands_at_its_own_step_after_those_that_were_taken() {
    let host = || "login.microsoftonline.com".to_owned();
    for (error, step, before) in [
        (Error::Dns { host: host() }, Step::NameResolution, &[][..]),
        (
            Error::Connect { host: host() },
            Step::Connection,
            &[Step::NameResolution],
        ),
        (
            Error::Proxy {
                host: host(),
                proxy: None,
                problem: ProxyProblem::SignIn,
            },
            Step::Connection,
            &[Step::NameResolution],
        ),
        (
            Error::NotMicrosoft { host: host() },
            Step::Connection,
            &[Step::NameResolution],
        ),
        (
            Error::Tls {
                host: host(),
                reason: "it has expired".into(),
                unknown_issuer: None,
                of_dates: true,
            },
            Step::Tls,
            &[Step::NameResolution, Step::Connection],
        ),
    ] {
        let findings = unanswered(&target(), Some(&route()), Instant::now(), 5, &error);
        let steps: Vec<Step> = findings.iter().map(|finding| finding.step).collect();
        assert_eq!(steps, [before, &[step]].concat(), "{error}");
        let failed = findings.last().expect("the one that failed");
        assert_eq!((failed.state, failed.ms), (StepState::Failed, 5), "{error}");
        assert!(
            failed.next.is_some() && failed.actor.is_some() && failed.retry.is_some(),
            "{failed:?}"
        );
    }
}

#[test]
fn an_unknown_issuer_is_named_with_how_to_trust_it() {
    let (host, reason) = (
        "login.microsoftonline.com".to_owned(),
        "it is not trusted".to_owned(),
    );
    let error = Error::Tls {
        host,
        reason,
        unknown_issuer: Some("CN=Inspecting Proxy CA".to_owned()),
        of_dates: false,
    };
    let findings = unanswered(&target(), None, Instant::now(), 5, &error);
    let failed = findings.last().expect("the one that failed");
    assert_eq!(
        failed.evidence.as_deref(),
        Some("issued by CN=Inspecting Proxy CA")
    );
    let next = failed.next.clone().unwrap_or_default();
    for said in [
        "Your network inspects TLS",
        "CN=Inspecting Proxy CA",
        "SSL_CERT_FILE",
    ] {
        assert!(next.contains(said), "{next}");
    }
    assert_eq!(failed.actor, Some(Actor::NetworkTeam));
}

fn target() -> CheckTarget {
    let tenant = Tenant::Id(TenantId::new(Uuid::from_u128(1)));
    let client_id = ClientId::new(Uuid::from_u128(2));
    CheckTarget {
        cloud: Clouds::built_in().default_cloud().clone(),
        integration: Integration::EntraId,
        need: Need::default(),
        credential: Credential::ClientSecret {
            client_id,
            tenant,
            secret: "a secret".into(),
        },
        secret_expires_on: None,
        secret_expires_at: None,
        saved: false,
        keychain_ms: None,
    }
}
