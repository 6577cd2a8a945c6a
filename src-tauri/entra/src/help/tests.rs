//! What is said of each kind of error: to whom, with which page and which field.

mod graph;
mod numbers;

use model::{Actor, Field, OriginalError, PermissionKind, PortalPage, Retry};

use super::{Help, by_kind, explain_code};
use crate::{
    ClaimsChallenge, Error,
    known_errors::{ErrorKey, KNOWN, Kind},
};

fn explained(number: u32) -> Help {
    explain_code(&format!("AADSTS{number}")).unwrap()
}

#[test]
fn every_explanation_is_a_title_and_sentences() {
    for known in KNOWN {
        assert!(
            !known.title.is_empty() && !known.title.ends_with('.'),
            "{}",
            known.title
        );
        assert!(
            known.next.len() > 10 && known.next.ends_with('.'),
            "{}",
            known.title
        );
    }
}

#[test]
fn every_kind_of_error_has_an_entry_of_its_own() {
    let kinds = KNOWN.iter().filter_map(|known| match known.of {
        ErrorKey::Kind(kind) => Some(kind),
        ErrorKey::Aadsts(_) | ErrorKey::Graph(_) | ErrorKey::Protocol(_) => None,
    });
    let kinds: Vec<Kind> = kinds.collect();
    for (place, kind) in kinds.iter().enumerate() {
        assert!(!kinds[..place].contains(kind), "{kind:?} is there twice");
        assert!(matches!(by_kind(*kind).of, ErrorKey::Kind(found) if found == *kind));
    }
    let last = Kind::NoSecurity as usize;
    assert_eq!(kinds.len(), last + 1, "one entry for each kind");
}

#[test]
fn an_issuer_that_inspects_tls_is_named_with_how_to_trust_it_everywhere() {
    let issuer = "CN=Inspecting Proxy CA";
    let error = Error::Tls {
        host: "h".into(),
        reason: "r".into(),
        unknown_issuer: Some(issuer.into()),
        of_dates: false,
    };
    let help = error.help();
    for said in [
        issuer,
        "Your network inspects TLS",
        "/usr/local/share/ca-certificates",
        "update-ca-certificates",
        "Windows",
        "macOS",
        "SSL_CERT_FILE",
        "network team",
    ] {
        assert!(help.next.contains(said), "{said}: {}", help.next);
    }
    assert_eq!(
        (help.actor, help.retry),
        (Actor::NetworkTeam, Retry::AfterTheFix)
    );
    let expired = Error::Tls {
        host: "h".into(),
        reason: "r".into(),
        unknown_issuer: None,
        of_dates: true,
    }
    .help();
    assert!(
        !expired.next.contains("SSL_CERT_FILE") && !expired.next.contains('{'),
        "{}",
        expired.next
    );
}

#[test]
fn a_redirect_that_is_not_registered_is_told_with_the_exact_address_and_platform() {
    for number in [
        50_011, 500_113, 900_971, 70_004, 7_000_218, 9_002_326, 9_002_327,
    ] {
        let help = explained(number);
        assert!(
            help.next.contains("http://localhost"),
            "AADSTS{number}: {}",
            help.next
        );
        assert!(
            help.next.contains("\"Mobile and desktop applications\""),
            "AADSTS{number}: {}",
            help.next
        );
        assert_eq!(
            help.page,
            Some(PortalPage::Authentication),
            "AADSTS{number}"
        );
    }
}

#[test]
fn the_job_of_an_error_is_said_with_its_page_and_its_field() {
    for (number, actor, retry, page, field) in [
        (
            7_000_215,
            Actor::You,
            Retry::AfterTheFix,
            Some(PortalPage::Secrets),
            Some(Field::ClientSecret),
        ),
        (
            700_016,
            Actor::You,
            Retry::AfterTheFix,
            Some(PortalPage::Overview),
            Some(Field::ClientId),
        ),
        (
            90_002,
            Actor::You,
            Retry::AfterTheFix,
            Some(PortalPage::TenantOverview),
            Some(Field::Tenant),
        ),
        (
            53_003,
            Actor::SecurityAdministrator,
            Retry::AfterTheFix,
            Some(PortalPage::SignInLogs),
            None,
        ),
        (500_021, Actor::NetworkTeam, Retry::AfterTheFix, None, None),
        (90_033, Actor::Microsoft, Retry::Later, None, None),
        (70_008, Actor::You, Retry::Now, None, None),
    ] {
        let help = explained(number);
        assert_eq!(
            (help.actor, help.retry, help.page, help.field),
            (actor, retry, page, field),
            "AADSTS{number}"
        );
    }
}

#[test]
fn an_application_is_never_told_to_sign_in() {
    let signs_in =
        |text: &str| text.to_lowercase().contains("sign in again") || text.contains("Sign in");
    let numbers = KNOWN.iter().filter_map(|known| match known.of {
        ErrorKey::Aadsts(numbers) => Some(numbers),
        ErrorKey::Graph(_) | ErrorKey::Protocol(_) | ErrorKey::Kind(_) => None,
    });
    let words = [
        "invalid_grant",
        "interaction_required",
        "consent_required",
        "login_required",
        "access_denied",
    ];
    for number in numbers
        .flatten()
        .copied()
        .map(Some)
        .chain([None, Some(123_456)])
    {
        for word in words {
            let original = OriginalError {
                aadsts: number,
                error: Some(word.to_owned()),
                ..OriginalError::default()
            };
            let refused = Error::from_protocol(word, None, original).of_application();
            assert!(
                matches!(refused, Error::ApplicationRefused { .. }),
                "{refused}"
            );
            let help = refused.help();
            assert!(
                !signs_in(&help.next) && !signs_in(&help.title),
                "{number:?} {word}: {}",
                help.next
            );
        }
    }
    for error in [
        Error::NotAuthorized {
            original: None,
            claims: ClaimsChallenge::parse(r#"{"a":1}"#),
        },
        Error::NeedsSignIn {
            original: None,
            claims: None,
        },
        Error::ConsentMissing { original: None },
        Error::Declined { original: None },
    ] {
        assert!(
            !signs_in(&error.help_for(PermissionKind::Application).next),
            "{error}"
        );
        let by_person = error.help().next;
        assert!(by_person.contains("ign in again"), "{by_person}");
    }
}
