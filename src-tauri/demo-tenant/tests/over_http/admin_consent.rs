use demo_tenant::{DemoTenant, browser::Decision, fixtures};
use url::Url;

use crate::support::{
    TROUBLE, app_token, claims, client_credentials, granted, post_token, secret_of, start,
    stopped_at,
};

const REDIRECT: &str = "https://contoso.example/signed-in";

fn url(tenant: &DemoTenant, path: &str, query: &[(&str, &str)]) -> String {
    Url::parse_with_params(&format!("{}/{path}", tenant.login_url()), query)
        .unwrap()
        .into()
}

#[tokio::test]
async fn an_admin_grants_everything_that_is_registered() {
    let tenant = start().await;
    let client_id = fixtures::WITHOUT_CONSENT.to_string();
    let query = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", REDIRECT),
        ("state", "12345"),
    ];
    let url = url(&tenant, "contoso.example/adminconsent", &query);
    let answer = tenant.sign_in(&url, fixtures::ADMIN).await.unwrap();
    assert!(!answer.posted && answer.target.as_str().starts_with(REDIRECT));
    assert_eq!(answer.get("admin_consent"), Some("True"));
    assert_eq!(
        answer.get("tenant"),
        Some(fixtures::CONTOSO.to_string().as_str())
    );
    assert_eq!(answer.get("state"), Some("12345"));
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    let registered = tenant
        .app(fixtures::WITHOUT_CONSENT)
        .unwrap()
        .registered_roles
        .len();
    assert_eq!(
        claims(&token.into())["roles"].as_array().unwrap().len(),
        registered
    );
}

#[tokio::test]
async fn version_2_takes_a_scope_and_gives_it_back() {
    let tenant = start().await;
    let client_id = fixtures::HALF_CONSENTED.to_string();
    let scope = format!("{}/.default", tenant.graph_url());
    let query = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", REDIRECT),
        ("state", "1"),
        ("scope", &scope),
    ];
    let path = format!("{}/v2.0/adminconsent", fixtures::CONTOSO);
    let answer = tenant
        .sign_in(&url(&tenant, &path, &query), fixtures::ADMIN)
        .await
        .unwrap();
    assert_eq!(answer.get("scope"), Some(scope.as_str()));
    let app = tenant.app(fixtures::HALF_CONSENTED).unwrap();
    assert_eq!(
        app.principals[&fixtures::CONTOSO].roles,
        app.registered_roles
    );
    stopped_at(
        tenant
            .sign_in(&url(&tenant, &path, &query[..3]), fixtures::ADMIN)
            .await,
        TROUBLE,
    );
}

#[tokio::test]
async fn version_2_grants_single_delegated_permissions_to_everybody() {
    let tenant = start().await;
    let client_id = fixtures::DESKTOP.to_string();
    let query = [
        ("client_id", client_id.as_str()),
        ("scope", "AuditLog.Read.All"),
    ];
    let url = url(&tenant, "contoso.example/v2.0/adminconsent", &query);
    let answer = tenant.sign_in(&url, fixtures::ADMIN).await.unwrap();
    assert_eq!(answer.target.host_str(), Some("localhost"));
    let principal = &tenant.app(fixtures::DESKTOP).unwrap().principals[&fixtures::CONTOSO];
    assert!(
        principal
            .scopes_for(fixtures::USER)
            .contains("AuditLog.Read.All")
    );
}

#[tokio::test]
async fn consent_brings_a_multi_tenant_application_into_another_tenant() {
    let tenant = start().await;
    let client_id = fixtures::MULTI_TENANT.to_string();
    let url = url(
        &tenant,
        "organizations/adminconsent",
        &[("client_id", &client_id), ("redirect_uri", REDIRECT)],
    );
    let answer = tenant.sign_in(&url, fixtures::STRANGER).await.unwrap();
    assert_eq!(
        answer.get("tenant"),
        Some(fixtures::FABRIKAM.to_string().as_str())
    );
    let form = client_credentials(
        &tenant,
        fixtures::MULTI_TENANT,
        &secret_of(&tenant, fixtures::MULTI_TENANT),
    );
    let answer = granted(post_token(&tenant, "fabrikam.example", &form).await).await;
    assert_eq!(
        claims(&answer["access_token"])["tid"],
        fixtures::FABRIKAM.to_string()
    );
}

#[tokio::test]
async fn an_ordinary_user_cannot_grant() {
    let tenant = start().await;
    let client_id = fixtures::WITHOUT_CONSENT.to_string();
    let query = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", REDIRECT),
        ("state", "12345"),
    ];
    let url = url(&tenant, "contoso.example/adminconsent", &query);
    stopped_at(
        tenant.sign_in(&url, fixtures::USER).await,
        "Need admin approval",
    );
    let answer = tenant
        .visit(&url, fixtures::USER, Decision::Cancel)
        .await
        .unwrap();
    assert_eq!(
        (answer.get("error"), answer.get("state")),
        (Some("permission_denied"), Some("12345"))
    );
    let app = tenant.app(fixtures::WITHOUT_CONSENT).unwrap();
    assert!(app.principals[&fixtures::CONTOSO].roles.is_empty());
}

#[tokio::test]
async fn an_admin_can_decline() {
    let tenant = start().await;
    let client_id = fixtures::WITHOUT_CONSENT.to_string();
    let url = url(
        &tenant,
        "contoso.example/adminconsent",
        &[("client_id", &client_id), ("redirect_uri", REDIRECT)],
    );
    let answer = tenant
        .visit(&url, fixtures::ADMIN, Decision::Cancel)
        .await
        .unwrap();
    assert_eq!(answer.get("error"), Some("consent_required"));
    assert!(
        answer
            .get("error_description")
            .unwrap()
            .starts_with("AADSTS65004: ")
    );
}

#[tokio::test]
async fn a_foreign_redirect_uri_is_shown_and_never_followed() {
    let tenant = start().await;
    let client_id = fixtures::WITHOUT_CONSENT.to_string();
    let query = [
        ("client_id", client_id.as_str()),
        ("redirect_uri", "https://evil.example"),
    ];
    let url = url(&tenant, "contoso.example/adminconsent", &query);
    assert!(
        stopped_at(tenant.sign_in(&url, fixtures::ADMIN).await, TROUBLE)
            .starts_with("AADSTS50011: ")
    );
}

#[tokio::test]
async fn without_any_redirect_uri_a_page_says_that_the_window_can_be_closed() {
    let tenant = start().await;
    tenant.app_mut(fixtures::WITHOUT_CONSENT, |app| app.redirect_uris.clear());
    let client_id = fixtures::WITHOUT_CONSENT.to_string();
    let scope = format!("{}/.default", tenant.graph_url());
    let query = [("client_id", client_id.as_str()), ("scope", &scope)];
    let url = url(&tenant, "contoso.example/v2.0/adminconsent", &query);
    let end = "You can close this window";
    assert!(
        stopped_at(
            tenant.visit(&url, fixtures::ADMIN, Decision::Cancel).await,
            end
        )
        .starts_with("AADSTS65004: ")
    );
    stopped_at(tenant.sign_in(&url, fixtures::ADMIN).await, end);
    let app = tenant.app(fixtures::WITHOUT_CONSENT).unwrap();
    assert_eq!(
        app.principals[&fixtures::CONTOSO].roles,
        app.registered_roles
    );
}
