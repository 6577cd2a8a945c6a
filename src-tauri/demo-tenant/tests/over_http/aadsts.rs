use std::collections::BTreeSet;

use demo_tenant::{Aadsts, DemoTenant, Fault, browser::Decision, fixtures};

use crate::support::{
    Ask, TROUBLE, client_credentials, granted, http, post_token, refused, secret_of, start,
    stopped_at, text,
};

const TOKEN: &str = "/*/oauth2/v2.0/token";

fn form(tenant: &DemoTenant) -> Vec<(&'static str, String)> {
    client_credentials(
        tenant,
        fixtures::HEALTHY,
        &secret_of(tenant, fixtures::HEALTHY),
    )
}

#[tokio::test]
async fn every_number_comes_in_its_whole_body_and_once() {
    let tenant = start().await;
    for known in Aadsts::all() {
        tenant.fault(Fault::aadsts(TOKEN, known.number).times(1));
        let response = post_token(&tenant, "contoso.example", &form(&tenant)).await;
        let body = if known.error == "temporarily_unavailable" {
            assert_eq!(response.status(), 503);
            response.json().await.unwrap()
        } else {
            refused(response, known.error, known.number).await
        };
        assert_eq!(body["suberror"].as_str(), known.suberror, "{body}");
        assert!(!text(&body["error_description"]).contains('{'), "{body}");
    }
    granted(post_token(&tenant, "contoso.example", &form(&tenant)).await).await;
}

#[test]
fn no_number_stands_twice_and_those_of_everyday_are_all_there() {
    let numbers: Vec<u32> = Aadsts::all().map(|known| known.number).collect();
    assert_eq!(numbers.len(), numbers.iter().collect::<BTreeSet<_>>().len());
    for number in [
        7_000_215, 7_000_222, 700_016, 90_002, 50_194, 50_011, 65_001, 90_094, 50_105, 53_003,
        700_082, 90_033,
    ] {
        assert!(numbers.contains(&number), "{number}");
    }
    assert!(numbers.len() > 90);
}

#[tokio::test]
async fn the_text_names_application_and_tenant_of_the_request() {
    let tenant = start().await;
    tenant.fault(Fault::aadsts(TOKEN, 700_016));
    let response = post_token(&tenant, "contoso.example", &form(&tenant)).await;
    let description =
        text(&refused(response, "unauthorized_client", 700_016).await["error_description"]);
    let wanted = format!(
        "identifier '{}' was not found in the directory 'contoso.example'",
        fixtures::HEALTHY
    );
    assert!(description.contains(&wanted), "{description}");
}

#[tokio::test]
async fn a_body_can_come_under_another_number_and_an_unknown_number_in_a_general_one() {
    let tenant = start().await;
    tenant.fault(Fault::aadsts(TOKEN, 65_001).told_as(123_456).times(1));
    let response = post_token(&tenant, "contoso.example", &form(&tenant)).await;
    let body = refused(response, "invalid_grant", 123_456).await;
    assert_eq!(body["suberror"], "consent_required");
    tenant.fault(Fault::aadsts(TOKEN, 999_999));
    refused(
        post_token(&tenant, "contoso.example", &form(&tenant)).await,
        "invalid_request",
        999_999,
    )
    .await;
}

#[tokio::test]
async fn a_number_at_a_page_is_shown_and_never_sent() {
    let tenant = start().await;
    for number in [65_001, 50_011, 700_016] {
        tenant.fault(Fault::aadsts("/*/oauth2/v2.0/authorize", number).times(1));
        let shown = stopped_at(
            Ask::default()
                .visit(&tenant, fixtures::ADMIN, Decision::Accept)
                .await,
            TROUBLE,
        );
        assert!(
            shown.starts_with(&format!("AADSTS{number}: ")) && shown.contains("Correlation ID: "),
            "{shown}"
        );
    }
    Ask::default().code(&tenant, fixtures::ADMIN).await;
}

#[tokio::test]
async fn another_process_forces_a_number_over_http() {
    let tenant = start().await;
    let fault = serde_json::json!({ "path": TOKEN, "aadsts": 50_173, "times": 1 });
    let planned = http()
        .post(format!("{}/_demo/faults", tenant.login_url()))
        .json(&fault)
        .send()
        .await
        .unwrap();
    assert_eq!(planned.status(), 204);
    let body = refused(
        post_token(&tenant, "contoso.example", &form(&tenant)).await,
        "invalid_grant",
        50_173,
    )
    .await;
    assert_eq!(body["suberror"], "bad_token");
}
