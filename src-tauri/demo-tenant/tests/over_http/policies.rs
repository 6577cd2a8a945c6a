use demo_tenant::{browser::Decision, fixtures};

use crate::support::{
    Ask, TROUBLE, client_credentials, granted, post_token, refused, secret_of, start, stopped_at,
    text,
};

const BLOCKED: &str = "You cannot access this right now";

#[tokio::test]
async fn who_is_not_assigned_is_turned_away_on_the_page_until_an_admin_assigns() {
    let tenant = start().await;
    tenant.require_assignment(fixtures::DESKTOP, fixtures::CONTOSO, true);
    let shown = stopped_at(
        Ask::default()
            .visit(&tenant, fixtures::USER, Decision::Accept)
            .await,
        TROUBLE,
    );
    assert!(
        shown.starts_with("AADSTS50105: ") && shown.contains(fixtures::USER),
        "{shown}"
    );
    tenant.assign(fixtures::DESKTOP, fixtures::CONTOSO, fixtures::USER);
    Ask::default().tokens(&tenant, fixtures::USER).await;
}

#[tokio::test]
async fn assignment_is_looked_at_again_when_a_token_is_refreshed() {
    let tenant = start().await;
    let refresh = text(&Ask::default().tokens(&tenant, fixtures::USER).await["refresh_token"]);
    tenant.require_assignment(fixtures::DESKTOP, fixtures::CONTOSO, true);
    let form = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", fixtures::DESKTOP.to_string()),
        ("refresh_token", refresh),
    ];
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "invalid_grant",
        50_105,
    )
    .await;
    tenant.require_assignment(fixtures::DESKTOP, fixtures::CONTOSO, false);
    granted(post_token(&tenant, "contoso.example", &form).await).await;
}

#[tokio::test]
async fn conditional_access_stops_people_on_a_page_and_tokens_at_the_endpoint() {
    let tenant = start().await;
    let ask = Ask::default();
    let form = ask.redemption(&ask.code(&tenant, fixtures::USER).await);
    tenant.block_by_policy(fixtures::DESKTOP, fixtures::CONTOSO, true);
    let shown = stopped_at(
        ask.visit(&tenant, fixtures::USER, Decision::Accept).await,
        BLOCKED,
    );
    assert!(shown.contains("Error Code: 53003"), "{shown}");
    let body = refused(
        post_token(&tenant, ask.place, &form).await,
        "interaction_required",
        53_003,
    )
    .await;
    assert_eq!(body["suberror"], "message_only");
    assert!(text(&body["claims"]).contains("capolids"));
    tenant.block_by_policy(fixtures::DESKTOP, fixtures::CONTOSO, false);
    granted(post_token(&tenant, ask.place, &form).await).await;
}

#[tokio::test]
async fn conditional_access_stops_an_application_too() {
    let tenant = start().await;
    tenant.block_by_policy(fixtures::HEALTHY, fixtures::CONTOSO, true);
    let form = client_credentials(
        &tenant,
        fixtures::HEALTHY,
        &secret_of(&tenant, fixtures::HEALTHY),
    );
    let body = refused(
        post_token(&tenant, "contoso.example", &form).await,
        "invalid_grant",
        53_003,
    )
    .await;
    assert_eq!(body["suberror"], "message_only");
}

#[tokio::test]
async fn the_default_scope_of_an_empty_registration_is_told_on_the_page() {
    let tenant = start().await;
    tenant.app_mut(fixtures::DESKTOP, |app| app.registered_scopes.clear());
    let scope = format!("{}/.default", tenant.graph_url());
    let ask = Ask {
        scope: &scope,
        ..Ask::default()
    };
    let shown = stopped_at(
        ask.visit(&tenant, fixtures::ADMIN, Decision::Accept).await,
        TROUBLE,
    );
    assert!(
        shown.starts_with("AADSTS650056: Misconfigured application."),
        "{shown}"
    );
    tenant.register_scopes(fixtures::DESKTOP, &["User.Read"]);
    ask.tokens(&tenant, fixtures::ADMIN).await;
}

#[tokio::test]
async fn without_any_redirect_uri_the_mismatch_is_shown_until_one_is_registered() {
    let tenant = start().await;
    tenant.app_mut(fixtures::DESKTOP, |app| app.redirect_uris.clear());
    let shown = stopped_at(
        Ask::default()
            .visit(&tenant, fixtures::ADMIN, Decision::Accept)
            .await,
        TROUBLE,
    );
    assert!(shown.starts_with("AADSTS50011: "), "{shown}");
    tenant.add_redirect_uri(
        fixtures::DESKTOP,
        "http://localhost",
        demo_tenant::RedirectPlatform::Native,
    );
    Ask::default().tokens(&tenant, fixtures::ADMIN).await;
}
