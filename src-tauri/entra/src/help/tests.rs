use std::{collections::HashSet, time::Duration};

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
fn tk_8_an_unknown_number_still_gives_a_usable_text() {
    let help = explained(123_456_789);
    assert!(help.title.contains("123456789"), "{}", help.title);
    assert!(help.next.contains("error?code=123456789"), "{}", help.next);
}

#[test]
fn every_number_that_an_administrator_meets_is_explained_once() {
    let mut seen = HashSet::new();
    for known in KNOWN {
        if let ErrorKey::Aadsts(numbers) = known.of {
            assert!(
                numbers.iter().all(|number| seen.insert(*number)),
                "{} is there twice",
                known.title
            );
        }
    }
    for number in [
        7000215, 7000222, 70002, 700016, 700011, 70001, 7000112, 1000031, 90002, 900023, 90023,
        90013, 900144, 9002313, 50059, 50128, 90019, 9001023, 50194, 50011, 500113, 900971, 70004,
        7000218, 700025, 9002326, 9002327, 65001, 65004, 90094, 90095, 65005, 650056, 650057,
        650052, 65002, 50020, 16000, 16003, 50034, 50014, 51004, 500208, 500011, 500021, 500022,
        500212, 500213, 50105, 50057, 50053, 50055, 50126, 50058, 50074, 50076, 50078, 50079,
        50072, 50097, 53000, 53001, 53002, 530004, 53003, 530032, 530035, 53011, 70000, 70008,
        700082, 50173, 70043, 50089, 54005, 501481, 700005, 70011, 28002, 28003, 700022, 700023,
        700027, 50012, 700030, 70016, 70018, 70019, 70020, 7000229, 500014, 5000224, 5000225,
        90130, 530034, 530084, 90038, 900432, 900439, 50196, 90055, 90024, 90033, 90006,
    ] {
        assert!(
            seen.contains(&number),
            "AADSTS{number} has no text of its own"
        );
    }
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
fn a_code_of_graph_is_explained_before_the_kind_of_error() {
    let said = |code: &str| {
        Some(Box::new(OriginalError {
            error: Some(code.to_owned()),
            ..OriginalError::default()
        }))
    };
    for (error, words) in [
        (
            Error::LicenceMissing {
                original: said("MailboxNotEnabledForRESTAPI"),
            },
            "mailbox",
        ),
        (
            Error::LicenceMissing {
                original: said("Authentication_RequestFromNonPremiumTenantOrB2CTenant"),
            },
            "P1 or P2",
        ),
        (
            Error::Forbidden {
                original: said("accessdenied"),
            },
            "lacks a permission",
        ),
        (
            Error::NotAuthorized {
                original: said("InvalidAuthenticationToken"),
                claims: None,
            },
            "fresh token",
        ),
        (
            Error::RequestRefused {
                original: said("Request_ResourceNotFound"),
            },
            "deleted",
        ),
        (
            Error::Unavailable {
                original: said("generalException"),
            },
            "service health",
        ),
        (
            Error::Throttled {
                retry_after: Duration::from_secs(1),
                original: said("TooManyRequests"),
            },
            "Wait as long",
        ),
        (
            Error::Forbidden { original: said("") },
            "lacks a permission",
        ),
        (
            Error::RequestRefused {
                original: said("neverSeen"),
            },
            "correlation ID",
        ),
        (
            Error::RequestRefused {
                original: said("invalid_scope"),
            },
            "exist in this cloud",
        ),
        (
            Error::RequestRefused {
                original: said("BadRequest"),
            },
            "/me works only",
        ),
        (
            Error::Forbidden {
                original: said("UnknownError"),
            },
            "lacks a permission",
        ),
        (
            Error::NotAuthorized {
                original: said("Authorization_IdentityNotFound"),
                claims: None,
            },
            "enterprise application",
        ),
    ] {
        assert!(
            error.help().next.contains(words),
            "{error}: {}",
            error.help().next
        );
    }
}

#[test]
fn an_unknown_number_is_looked_up_and_never_taken_for_something_else() {
    let said = |error: &str, number| {
        let error = Some(error.to_owned());
        Some(Box::new(OriginalError {
            error,
            aadsts: Some(number),
            ..OriginalError::default()
        }))
    };
    for (number, error) in [
        (
            7_000_999,
            Error::CredentialRefused {
                original: said("invalid_client", 7_000_999),
            },
        ),
        (
            50_999,
            Error::NeedsSignIn {
                original: said("invalid_grant", 50_999),
                claims: None,
            },
        ),
        (
            1,
            Error::RequestRefused {
                original: said("never_seen", 1),
            },
        ),
        (
            90_999,
            Error::Unavailable {
                original: said("server_error", 90_999),
            },
        ),
    ] {
        let help = error.help();
        assert!(
            help.title.ends_with(&format!("(AADSTS{number})")),
            "{}",
            help.title
        );
        assert!(
            help.next.contains(&format!("error?code={number}")),
            "{}",
            help.next
        );
        assert!(
            !help.next.contains("Secret ID") && help.field.is_none(),
            "{}",
            help.next
        );
        let is_microsoft = number == 90_999;
        assert_eq!(help.actor == Actor::Microsoft, is_microsoft, "{error}");
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

#[test]
fn what_a_page_shows_is_explained_by_its_number_or_its_word() {
    let page = "Correlation Id: 11111111-2222-3333-4444-555555555555\nError code: 90094\nerror=access_denied";
    assert_eq!(explain_code(page), Some(explained(90_094)));
    let by_word =
        explain_code("http://localhost/?error=access_denied&error_subcode=cancel").unwrap();
    assert!(
        by_word.next.contains("declined by mistake"),
        "{}",
        by_word.next
    );
    let unknown = explain_code(r#"{"error":"invalid_client","error_codes":[7000999]}"#).unwrap();
    assert_eq!(
        unknown.title,
        "The application's credential was refused (AADSTS7000999)"
    );
    for word in [
        "invalid_client",
        "unauthorized_client",
        "invalid_grant",
        "interaction_required",
        "consent_required",
        "login_required",
        "temporarily_unavailable",
        "server_error",
        "access_denied",
        "invalid_scope",
        "invalid_resource",
        "unsupported_grant_type",
        "invalid_request",
        "INVALID_CLIENT",
    ] {
        assert!(explain_code(word).is_some(), "{word}");
    }
    assert_eq!(explain_code("it does not work"), None);
    assert_eq!(explain_code("11111111-2222-3333-4444-555555555555"), None);
}

/// What the platform really sends, renumbered: words may change, what happens may not.
#[test]
fn tk_8_renumbering_every_aadsts_code_changes_no_behaviour() {
    let errors = [
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "interaction_required",
        "access_denied",
    ];
    let more = [
        "consent_required",
        "invalid_tenant",
        "invalid_request",
        "temporarily_unavailable",
        "never_seen",
    ];
    for error in errors.into_iter().chain(more) {
        for suberror in [None, Some("consent_required"), Some("bad_token")] {
            let of = |aadsts: Option<u32>| {
                let text = aadsts
                    .map(|number| format!("AADSTS{number}: Some text."))
                    .unwrap_or_default();
                let original = OriginalError {
                    aadsts,
                    text,
                    error: Some(error.to_owned()),
                    ..OriginalError::default()
                };
                std::mem::discriminant(&Error::from_protocol(error, suberror, original))
            };
            let expected = of(None);
            for known in KNOWN {
                let ErrorKey::Aadsts(numbers) = known.of else {
                    continue;
                };
                assert!(
                    numbers.iter().all(|number| of(Some(*number)) == expected),
                    "{error}, {suberror:?}"
                );
            }
            assert_eq!(of(Some(1)), expected, "{error}, {suberror:?}");
        }
    }
}

#[test]
fn a_403_is_about_permission_whatever_its_code_and_an_unknown_identity_about_consent() {
    let said = |code: &str| {
        Some(Box::new(OriginalError {
            error: Some(code.to_owned()),
            ..OriginalError::default()
        }))
    };
    for code in [
        "UnknownError",
        "generalException",
        "NotFound",
        "Forbidden",
        "accessDenied",
        "somethingNew",
    ] {
        let help = Error::Forbidden {
            original: said(code),
        }
        .help();
        assert_eq!(
            (help.actor, help.page),
            (
                Actor::PrivilegedRoleAdministrator,
                Some(PortalPage::ApiPermissions)
            ),
            "{code}"
        );
    }
    assert_eq!(
        Error::Unavailable {
            original: said("UnknownError")
        }
        .help()
        .actor,
        Actor::Microsoft
    );
}
