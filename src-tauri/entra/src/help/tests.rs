use std::{collections::HashSet, time::Duration};

use model::{Actor, Field, OriginalError, PortalPage, Retry};

use super::{by_kind, explain_aadsts};
use crate::{
    Error,
    known_errors::{KNOWN, Kind, Of},
};

#[test]
fn tk_8_an_unknown_number_still_gives_a_usable_text() {
    let help = explain_aadsts(123_456_789);
    assert!(help.title.contains("123456789"), "{}", help.title);
    assert!(help.next.contains("error?code=123456789"), "{}", help.next);
}

#[test]
fn every_number_that_an_administrator_meets_is_explained_once() {
    let mut seen = HashSet::new();
    for known in KNOWN {
        if let Of::Aadsts(numbers) = known.of {
            assert!(numbers.iter().all(|number| seen.insert(*number)), "{} is there twice", known.title);
        }
    }
    for number in [
        7000215, 7000222, 70002, 700016, 700011, 70001, 7000112, 1000031, 90002, 900023, 90023, 90013, 900144, 9002313,
        50059, 50128, 90019, 9001023, 50194, 50011, 500113, 900971, 70004, 7000218, 700025, 9002326, 9002327, 65001,
        65004, 90094, 90095, 65005, 650056, 650057, 650052, 65002, 50020, 16000, 16003, 50034, 50014, 51004, 500208,
        500011, 500021, 500022, 500212, 500213, 50105, 50057, 50053, 50055, 50126, 50058, 50074, 50076, 50078, 50079,
        50072, 50097, 53000, 53001, 53002, 530004, 53003, 530032, 530035, 53011, 70000, 70008, 700082, 50173, 70043,
        50089, 54005, 501481, 700005, 70011, 28002, 28003, 700022, 700023, 700027, 50012, 700030, 70016, 70018, 70019,
        70020, 90038, 900432, 900439, 50196, 90055, 90024, 90033, 90006,
    ] {
        assert!(seen.contains(&number), "AADSTS{number} has no text of its own");
    }
}

#[test]
fn every_explanation_is_a_title_and_sentences() {
    for known in KNOWN {
        assert!(!known.title.is_empty() && !known.title.ends_with('.'), "{}", known.title);
        assert!(known.next.len() > 10 && known.next.ends_with('.'), "{}", known.title);
    }
}

#[test]
fn every_kind_of_error_has_an_entry_of_its_own() {
    let kinds = KNOWN.iter().filter_map(|known| match known.of {
        Of::Kind(kind) => Some(kind),
        Of::Aadsts(_) | Of::Graph(_) => None,
    });
    let kinds: Vec<Kind> = kinds.collect();
    for (place, kind) in kinds.iter().enumerate() {
        assert!(!kinds[..place].contains(kind), "{kind:?} is there twice");
        assert!(matches!(by_kind(*kind).of, Of::Kind(found) if found == *kind));
    }
    let last = Kind::NoSecurity as usize;
    assert_eq!(kinds.len(), last + 1, "one entry for each kind");
}

#[test]
fn an_issuer_that_inspects_tls_is_named_with_how_to_trust_it_everywhere() {
    let issuer = "CN=Inspecting Proxy CA";
    let error = Error::Tls { host: "h".into(), reason: "r".into(), unknown_issuer: Some(issuer.into()) };
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
    assert_eq!((help.actor, help.retry), (Actor::NetworkTeam, Retry::AfterTheFix));
    let expired = Error::Tls { host: "h".into(), reason: "r".into(), unknown_issuer: None }.help();
    assert!(!expired.next.contains("SSL_CERT_FILE") && !expired.next.contains('{'), "{}", expired.next);
}

#[test]
fn a_redirect_that_is_not_registered_is_told_with_the_exact_address_and_platform() {
    for number in [50_011, 500_113, 900_971, 70_004, 7_000_218, 9_002_326, 9_002_327] {
        let help = explain_aadsts(number);
        assert!(help.next.contains("http://localhost"), "AADSTS{number}: {}", help.next);
        assert!(help.next.contains("\"Mobile and desktop applications\""), "AADSTS{number}: {}", help.next);
        assert_eq!(help.page, Some(PortalPage::Authentication), "AADSTS{number}");
    }
}

#[test]
fn the_job_of_an_error_is_said_with_its_page_and_its_field() {
    for (number, actor, retry, page, field) in [
        (7_000_215, Actor::You, Retry::AfterTheFix, Some(PortalPage::Secrets), Some(Field::ClientSecret)),
        (700_016, Actor::You, Retry::AfterTheFix, Some(PortalPage::Overview), Some(Field::ClientId)),
        (90_002, Actor::You, Retry::AfterTheFix, Some(PortalPage::TenantOverview), Some(Field::Tenant)),
        (53_003, Actor::SecurityAdministrator, Retry::AfterTheFix, Some(PortalPage::SignInLogs), None),
        (500_021, Actor::NetworkTeam, Retry::AfterTheFix, None, None),
        (90_033, Actor::Microsoft, Retry::Later, None, None),
        (70_008, Actor::You, Retry::Now, None, None),
    ] {
        let help = explain_aadsts(number);
        assert_eq!((help.actor, help.retry, help.page, help.field), (actor, retry, page, field), "AADSTS{number}");
    }
}

#[test]
fn a_code_of_graph_is_explained_before_the_kind_of_error() {
    let said = |code: &str| Some(Box::new(OriginalError { error: Some(code.to_owned()), ..OriginalError::default() }));
    for (error, words) in [
        (Error::LicenceMissing { original: said("MailboxNotEnabledForRESTAPI") }, "mailbox"),
        (Error::LicenceMissing { original: said("Authentication_RequestFromNonPremiumTenantOrB2CTenant") }, "P1 or P2"),
        (Error::Forbidden { original: said("accessdenied") }, "lacks a permission"),
        (Error::NotAuthorized { original: said("InvalidAuthenticationToken") }, "fresh token"),
        (Error::RequestRefused { original: said("Request_ResourceNotFound") }, "deleted"),
        (Error::Unavailable { original: said("generalException") }, "service health"),
        (Error::Throttled { retry_after: Duration::from_secs(1), original: said("TooManyRequests") }, "Wait as long"),
        (Error::Forbidden { original: said("") }, "lacks a permission"),
        (Error::RequestRefused { original: said("neverSeen") }, "correlation ID"),
    ] {
        assert!(error.help().next.contains(words), "{error}: {}", error.help().next);
    }
}

/// What the platform really sends, renumbered: words may change, what happens may not.
#[test]
fn tk_8_renumbering_every_aadsts_code_changes_no_behaviour() {
    let errors = ["invalid_client", "invalid_grant", "unauthorized_client", "interaction_required", "access_denied"];
    let more = ["consent_required", "invalid_tenant", "invalid_request", "temporarily_unavailable", "never_seen"];
    for error in errors.into_iter().chain(more) {
        for suberror in [None, Some("consent_required"), Some("bad_token")] {
            let of = |aadsts: Option<u32>| {
                let text = aadsts.map(|number| format!("AADSTS{number}: Some text.")).unwrap_or_default();
                let original =
                    OriginalError { aadsts, text, error: Some(error.to_owned()), ..OriginalError::default() };
                std::mem::discriminant(&Error::from_protocol(error, suberror, original))
            };
            let expected = of(None);
            for known in KNOWN {
                let Of::Aadsts(numbers) = known.of else { continue };
                assert!(numbers.iter().all(|number| of(Some(*number)) == expected), "{error}, {suberror:?}");
            }
            assert_eq!(of(Some(1)), expected, "{error}, {suberror:?}");
        }
    }
}
