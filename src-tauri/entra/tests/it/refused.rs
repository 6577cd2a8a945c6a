//! Refusals of the platform: behaviour follows `error`, help follows the number (TK-8, TK-9, faults
//! I).

use demo_tenant::{Aadsts, Fault, fixtures};
use entra::{Error, Help, client_credentials, discover, explain_code};
use model::PermissionKind;
use secrecy::SecretString;
use serde_json::json;

use crate::{
    authority::{Authority, client_id, http, tenant},
    demo::{cloud, contoso, demo},
    wire::{Reply, error_body},
};

/// What is said about a number that a person looks up.
pub(crate) fn explained(number: u32) -> Help {
    explain_code(&format!("AADSTS{number}")).unwrap()
}

async fn refused_with(status: u16, body: &serde_json::Value) -> Error {
    let authority = Authority::with_token_reply(Reply::json(status, body)).await;
    let secret = SecretString::from("the-client-secret");
    client_credentials(
        &http(),
        &authority.cloud(),
        &tenant(),
        &client_id(),
        &secret,
        None,
    )
    .await
    .unwrap_err()
}

fn kind(error: &Error) -> String {
    format!("{error:?}")
        .split([' ', '{'])
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn tk_8_the_same_number_means_what_its_error_says() {
    for (error, expected) in [
        ("invalid_client", "CredentialRefused"),
        ("unauthorized_client", "ApplicationNotFound"),
        ("invalid_grant", "ApplicationRefused"),
        ("interaction_required", "ApplicationRefused"),
        ("consent_required", "ApplicationRefused"),
        ("access_denied", "ApplicationRefused"),
        ("temporarily_unavailable", "Unavailable"),
        ("invalid_tenant", "TenantNotFound"),
        ("invalid_request", "RequestRefused"),
        ("invalid_scope", "RequestRefused"),
        ("invalid_resource", "RequestRefused"),
        ("unsupported_grant_type", "RequestRefused"),
        ("never_seen_before", "RequestRefused"),
        ("INVALID_CLIENT", "RequestRefused"),
    ] {
        for status in [400, 401, 403] {
            let refused = refused_with(status, &error_body(error, 7_000_215)).await;
            assert_eq!(kind(&refused), expected, "{error} with {status}");
            if expected != "Unavailable" {
                assert_eq!(
                    refused.help_for(PermissionKind::Delegated),
                    explained(7_000_215),
                    "{error}"
                );
            }
        }
    }
}

/// Every body that an administrator meets, as it really comes, and the same under other numbers.
#[tokio::test]
async fn tk_8_renumbering_every_aadsts_code_changes_words_and_never_what_happens() {
    let (demo, http) = (demo().await, http());
    let (cloud, secret) = (cloud(&demo), SecretString::from("any"));
    let refused_as = async |fault: Fault| {
        demo.clear_faults();
        demo.fault(fault);
        client_credentials(&http, &cloud, &contoso(), &fixtures::HEALTHY, &secret, None)
            .await
            .unwrap_err()
    };
    discover(&http, &cloud, &contoso()).await.unwrap();
    let path = "/*/oauth2/v2.0/token";
    let mut seen = 0;
    for known in Aadsts::all() {
        let real = refused_as(Fault::aadsts(path, known.number)).await;
        assert_eq!(real.original().unwrap().aadsts, Some(known.number));
        assert_eq!(
            real.help_for(PermissionKind::Delegated),
            explained(known.number)
        );
        assert!(
            !real.help().title.contains("AADSTS"),
            "AADSTS{} has no text of its own",
            known.number
        );
        for told in [7_000_215, 65_001, 90_002, 123_456_789] {
            let renumbered = refused_as(Fault::aadsts(path, known.number).told_as(told)).await;
            assert_eq!(
                kind(&renumbered),
                kind(&real),
                "AADSTS{} told as {told}",
                known.number
            );
            if told != 123_456_789 {
                assert_eq!(
                    renumbered.help_for(PermissionKind::Delegated),
                    explained(told)
                );
            }
        }
        seen += 1;
    }
    assert!(seen > 90, "{seen}");
}

#[tokio::test]
async fn tk_8_missing_consent_is_told_by_the_suberror() {
    let mut body = error_body("invalid_grant", 65_001);
    body["suberror"] = json!("consent_required");
    assert_eq!(kind(&refused_with(400, &body).await), "ApplicationRefused");
}

#[tokio::test]
async fn tk_8_an_unknown_number_and_no_number_still_give_usable_help() {
    let refused = refused_with(401, &error_body("invalid_client", 999_999_999)).await;
    assert_eq!(refused.original().unwrap().aadsts, Some(999_999_999));
    let help = refused.help();
    assert!(
        help.next.contains("error?code=999999999") && !help.next.contains("Secret ID"),
        "{help:?}"
    );
    assert_eq!(help.title, "Credential refused (AADSTS999999999)");
    let refused = refused_with(401, &json!({"error": "invalid_client"})).await;
    assert_eq!(refused.original().unwrap().aadsts, None);
    assert!(refused.help().next.contains("Secret ID"));
}

#[tokio::test]
async fn tk_9_ids_and_time_are_kept_for_support_and_the_developers_link_is_not() {
    let refused = refused_with(401, &error_body("invalid_client", 7_000_215)).await;
    let original = refused.original().unwrap();
    assert_eq!(original.http_status, Some(401));
    assert_eq!(original.error.as_deref(), Some("invalid_client"));
    assert_eq!(original.trace_id.as_deref(), Some("trace-0d7c"));
    assert_eq!(
        original.correlation_id.as_deref(),
        Some("correlation-c0ffee")
    );
    assert_eq!(original.timestamp.as_deref(), Some("2026-11-24 06:00:00Z"));
    assert!(
        original
            .text
            .starts_with("AADSTS7000215: Something was refused. Trace ID: 0d7c"),
        "{}",
        original.text
    );
    assert!(
        !format!("{refused:?}").contains("error?code="),
        "error_uri is not for people"
    );
}

#[tokio::test]
async fn members_of_a_wrong_type_in_an_error_are_read_past() {
    let body = json!({"error": "invalid_client", "error_description": 7, "error_codes": "7000215", "trace_id": [], "correlation_id": null});
    let refused = refused_with(400, &body).await;
    assert_eq!(kind(&refused), "CredentialRefused");
    assert_eq!(refused.original().unwrap().text, "");
}

#[tokio::test]
async fn a_server_that_repeats_the_secret_does_not_get_it_shown() {
    let mut body = error_body("invalid_client", 7_000_215);
    body["error_description"] = json!("AADSTS7000215: 'the-client-secret' is wrong");
    let refused = refused_with(401, &body).await;
    assert_eq!(
        refused.original().unwrap().text,
        "AADSTS7000215: '[removed]' is wrong"
    );
}

#[tokio::test]
async fn i_5_help_names_the_value_column_the_expiry_and_the_redirect() {
    assert!(explained(7_000_215).next.contains("Value"));
    assert!(explained(7_000_222).title.contains("expired"));
    assert!(explained(7_000_218).next.contains("Mobile and desktop"));
    assert!(explained(50_011).next.contains("http://localhost"));
}
