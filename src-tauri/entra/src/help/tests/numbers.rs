//! Entra's numbers: those that are explained, those that are looked up, and those on its pages.

use std::collections::HashSet;

use model::{Actor, OriginalError};

use super::explained;
use crate::{
    Error,
    help::explain_code,
    known_errors::{ErrorKey, KNOWN},
};

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
