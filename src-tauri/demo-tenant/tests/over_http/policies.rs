use demo_tenant::{browser::Decision, cast};

use crate::support::{
    Ask, TROUBLE, client_credentials, granted, post_token, refused, secret_of, start, stopped_at,
    text,
};

const BLOCKED: &str = "You cannot access this right now";

#[tokio::test]
async fn who_is_not_assigned_is_turned_away_on_the_page_until_an_admin_assigns() {
    let tenant = start().await;
    tenant.require_assignment(cast::DESKTOP, cast::CONTOSO, true);
    let shown = stopped_at(
        Ask::default()
            .visit(&tenant, cast::USER, Decision::Accept)
            .await,
        TROUBLE,
    );
    assert!(
        shown.starts_with("AADSTS50105: ") && shown.contains(cast::USER),
        "{shown}"
    );
    tenant.assign(cast::DESKTOP, cast::CONTOSO, cast::USER);
    Ask::default().tokens(&tenant, cast::USER).await;
}

#[tokio::test]
async fn assignment_is_looked_at_again_when_a_token_is_refreshed() {
    let tenant = start().await;
    let refresh = text(&Ask::default().tokens(&tenant, cast::USER).await["refresh_token"]);
    tenant.require_assignment(cast::DESKTOP, cast::CONTOSO, true);
    let form = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", cast::DESKTOP.to_string()),
        ("refresh_token", refresh),
    ];
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "invalid_grant",
        50_105,
    )
    .await;
    tenant.require_assignment(cast::DESKTOP, cast::CONTOSO, false);
    granted(post_token(&tenant, "contoso.example", &form).await).await;
}

#[tokio::test]
async fn conditional_access_stops_people_on_a_page_and_tokens_at_the_endpoint() {
    let tenant = start().await;
    let ask = Ask::default();
    let form = ask.redemption(&ask.code(&tenant, cast::USER).await);
    tenant.block_by_policy(cast::DESKTOP, cast::CONTOSO, true);
    let shown = stopped_at(
        ask.visit(&tenant, cast::USER, Decision::Accept).await,
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
    tenant.block_by_policy(cast::DESKTOP, cast::CONTOSO, false);
    granted(post_token(&tenant, ask.place, &form).await).await;
}

#[tokio::test]
async fn conditional_access_stops_an_application_too() {
    let tenant = start().await;
    tenant.block_by_policy(cast::HEALTHY, cast::CONTOSO, true);
    let form = client_credentials(&tenant, cast::HEALTHY, &secret_of(&tenant, cast::HEALTHY));
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
    tenant.app_mut(cast::DESKTOP, |app| app.registered_scopes.clear());
    let scope = format!("{}/.default", tenant.graph_url());
    let ask = Ask {
        scope: &scope,
        ..Ask::default()
    };
    let shown = stopped_at(
        ask.visit(&tenant, cast::ADMIN, Decision::Accept).await,
        TROUBLE,
    );
    assert!(
        shown.starts_with("AADSTS650056: Misconfigured application."),
        "{shown}"
    );
    tenant.register_scopes(cast::DESKTOP, &["User.Read"]);
    ask.tokens(&tenant, cast::ADMIN).await;
}

#[tokio::test]
async fn without_any_redirect_uri_the_mismatch_is_shown_until_one_is_registered() {
    let tenant = start().await;
    tenant.app_mut(cast::DESKTOP, |app| app.redirect_uris.clear());
    let shown = stopped_at(
        Ask::default()
            .visit(&tenant, cast::ADMIN, Decision::Accept)
            .await,
        TROUBLE,
    );
    assert!(shown.starts_with("AADSTS50011: "), "{shown}");
    tenant.add_redirect_uri(
        cast::DESKTOP,
        "http://localhost",
        demo_tenant::RedirectPlatform::Native,
    );
    Ask::default().tokens(&tenant, cast::ADMIN).await;
}
