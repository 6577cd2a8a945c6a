use demo_tenant::{DemoTenant, fixtures};
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::{Ask, claims, granted, post_token, refused, start, text};

fn form(tenant: &DemoTenant, refresh_token: &str) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", fixtures::DESKTOP.to_string()),
        ("refresh_token", refresh_token.to_owned()),
        (
            "scope",
            format!(
                "{}/.default offline_access openid profile",
                tenant.graph_url()
            ),
        ),
    ]
}

async fn first_token(tenant: &DemoTenant, person: &str) -> String {
    text(&Ask::default().tokens(tenant, person).await["refresh_token"])
}

#[tokio::test]
async fn each_use_gives_a_new_refresh_token_and_leaves_the_old_one_alive() {
    let tenant = start().await;
    let first = first_token(&tenant, fixtures::ADMIN).await;
    let answer =
        granted(post_token(&tenant, "contoso.example", &form(&tenant, &first)).await).await;
    let second = text(&answer["refresh_token"]);
    assert_ne!(first, second);
    assert_eq!(
        claims(&answer["access_token"])["scp"],
        "User.Read openid profile"
    );
    assert_eq!(claims(&answer["id_token"])["nonce"], Value::Null);
    for token in [first, second] {
        granted(post_token(&tenant, "contoso.example", &form(&tenant, &token)).await).await;
    }
}

#[tokio::test]
async fn a_revocation_kills_old_tokens_and_not_new_ones() {
    let tenant = start().await;
    let old = first_token(&tenant, fixtures::ADMIN).await;
    tenant.revoke(fixtures::ADMIN);
    let body = refused(
        post_token(&tenant, "contoso.example", &form(&tenant, &old)).await,
        "invalid_grant",
        50_173,
    )
    .await;
    assert_eq!(body["suberror"], "bad_token");
    let new = first_token(&tenant, fixtures::ADMIN).await;
    granted(post_token(&tenant, "contoso.example", &form(&tenant, &new)).await).await;
}

#[tokio::test]
async fn a_token_unused_for_ninety_days_is_dead() {
    let tenant = start().await;
    let token = first_token(&tenant, fixtures::ADMIN).await;
    tenant.set_clock_ahead(SignedDuration::from_hours(90 * 24 + 1));
    refused(
        post_token(&tenant, "contoso.example", &form(&tenant, &token)).await,
        "invalid_grant",
        700_082,
    )
    .await;
}

#[tokio::test]
async fn consent_taken_back_is_noticed() {
    let tenant = start().await;
    let token = first_token(&tenant, fixtures::ADMIN).await;
    tenant.revoke_grants(fixtures::DESKTOP, fixtures::CONTOSO);
    let body = refused(
        post_token(&tenant, "contoso.example", &form(&tenant, &token)).await,
        "invalid_grant",
        65_001,
    )
    .await;
    assert_eq!(body["suberror"], "consent_required");
}

#[tokio::test]
async fn a_made_up_token_and_one_of_another_application_are_refused() {
    let tenant = start().await;
    refused(
        post_token(&tenant, "contoso.example", &form(&tenant, "made up")).await,
        "invalid_grant",
        70_000,
    )
    .await;
    let mut form = form(&tenant, &first_token(&tenant, fixtures::ADMIN).await);
    form[1].1 = fixtures::SINGLE_TENANT_DESKTOP.to_string();
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "invalid_grant",
        700_003,
    )
    .await;
}

#[tokio::test]
async fn a_token_is_bound_to_the_person_and_not_to_the_tenant() {
    let tenant = start().await;
    tenant.grant_scopes(fixtures::DESKTOP, fixtures::FABRIKAM, None, &["User.Read"]);
    let token = first_token(&tenant, fixtures::GUEST).await;
    let answer =
        granted(post_token(&tenant, "fabrikam.example", &form(&tenant, &token)).await).await;
    assert_eq!(
        claims(&answer["access_token"])["tid"],
        fixtures::FABRIKAM.to_string()
    );
    let token = first_token(&tenant, fixtures::ADMIN).await;
    refused(
        post_token(&tenant, "fabrikam.example", &form(&tenant, &token)).await,
        "invalid_grant",
        50_020,
    )
    .await;
}

#[tokio::test]
async fn a_disabled_application_stops_refreshing() {
    let tenant = start().await;
    let token = first_token(&tenant, fixtures::ADMIN).await;
    tenant.app_mut(fixtures::DESKTOP, |app| {
        app.principals.get_mut(&fixtures::CONTOSO).unwrap().enabled = false
    });
    refused(
        post_token(&tenant, "contoso.example", &form(&tenant, &token)).await,
        "unauthorized_client",
        7_000_112,
    )
    .await;
}
