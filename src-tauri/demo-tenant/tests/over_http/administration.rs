use demo_tenant::{DemoTenant, GRAPH_APP_ID, RedirectPlatform, fixtures};
use jiff::Timestamp;
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{
    Ask, REDIRECT, app_token, claims, client_credentials, granted, http, post_token, refused,
    secret_of, start, text,
};

async fn get(tenant: &DemoTenant, token: &str, path: &str) -> Response {
    http()
        .get(format!("{}/v1.0/{path}", tenant.graph_url()))
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
}

async fn roles(tenant: &DemoTenant) -> Value {
    claims(&app_token(tenant, fixtures::WITHOUT_CONSENT).await.into())["roles"].clone()
}

#[tokio::test]
async fn a_late_grant_stands_in_graph_at_once_and_in_a_later_token() {
    let tenant = start().await;
    tenant.grant_roles(
        fixtures::WITHOUT_CONSENT,
        fixtures::CONTOSO,
        &["User.Read.All"],
    );
    tenant.grant_roles_late(
        fixtures::WITHOUT_CONSENT,
        fixtures::CONTOSO,
        &["AuditLog.Read.All"],
        2,
    );
    let reader = app_token(&tenant, fixtures::HEALTHY).await;
    let path = format!(
        "servicePrincipals(appId='{}')/appRoleAssignments",
        fixtures::WITHOUT_CONSENT
    );
    let assigned = granted(get(&tenant, &reader, &path).await).await;
    assert_eq!(assigned["value"].as_array().unwrap().len(), 2);
    for _ in 0..2 {
        assert_eq!(roles(&tenant).await, json!(["User.Read.All"]));
    }
    assert_eq!(
        roles(&tenant).await,
        json!(["AuditLog.Read.All", "User.Read.All"])
    );
}

#[tokio::test]
async fn a_late_grant_can_wait_until_it_is_let_in() {
    let tenant = start().await;
    tenant.grant_roles_late(
        fixtures::WITHOUT_CONSENT,
        fixtures::CONTOSO,
        &["AuditLog.Read.All"],
        u32::MAX,
    );
    for _ in 0..5 {
        assert_eq!(roles(&tenant).await, Value::Null);
    }
    tenant.let_grants_arrive(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    assert_eq!(roles(&tenant).await, json!(["AuditLog.Read.All"]));
}

#[tokio::test]
async fn a_late_delegated_grant_is_missing_in_what_a_person_gets() {
    let tenant = start().await;
    tenant.grant_scopes(fixtures::DESKTOP, fixtures::CONTOSO, None, &["User.Read"]);
    tenant.grant_scopes_late(
        fixtures::DESKTOP,
        fixtures::CONTOSO,
        None,
        &["Mail.Send"],
        1,
    );
    let scope = format!("{}/.default", tenant.graph_url());
    let ask = Ask {
        scope: &scope,
        ..Ask::default()
    };
    let first = ask.tokens(&tenant, fixtures::USER).await;
    assert_eq!(claims(&first["access_token"])["scp"], "User.Read");
    assert_eq!(
        first["scope"],
        format!("{}/User.Read {scope}", tenant.graph_url())
    );
    assert_eq!(
        claims(&ask.tokens(&tenant, fixtures::USER).await["access_token"])["scp"],
        "Mail.Send User.Read"
    );
}

#[tokio::test]
async fn opaque_tokens_are_read_by_graph_and_by_nobody_else() {
    let tenant = start().await;
    tenant.issue_opaque_tokens(true);
    let token = app_token(&tenant, fixtures::HEALTHY).await;
    assert!(!token.contains('.') && token.len() > 1_000);
    granted(get(&tenant, &token, "organization").await).await;
    let token = text(&Ask::default().tokens(&tenant, fixtures::ADMIN).await["access_token"]);
    assert!(!token.contains('.'));
    assert_eq!(
        granted(get(&tenant, &token, "me").await).await["userPrincipalName"],
        fixtures::ADMIN
    );
    assert_eq!(
        get(&tenant, &token[..token.len() - 1], "me").await.status(),
        401
    );
    tenant.issue_opaque_tokens(false);
    assert_eq!(
        claims(&app_token(&tenant, fixtures::HEALTHY).await.into())["app_displayname"],
        "Contoso audit"
    );
}

#[tokio::test]
async fn a_new_secret_stands_beside_the_old_with_name_hint_and_end() {
    let tenant = start().await;
    let end: Timestamp = "2049-05-06T07:08:09Z".parse().unwrap();
    let secret = tenant.new_secret(fixtures::EXPIRED, "for Graph Connect", end);
    let form = client_credentials(&tenant, fixtures::EXPIRED, &secret.value);
    granted(post_token(&tenant, "contoso.example", &form).await).await;
    let form = client_credentials(
        &tenant,
        fixtures::EXPIRED,
        &secret_of(&tenant, fixtures::EXPIRED),
    );
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "invalid_client",
        7_000_222,
    )
    .await;
    let reader = app_token(&tenant, fixtures::HEALTHY).await;
    let path = format!(
        "applications(appId='{}')?$select=passwordCredentials",
        fixtures::EXPIRED
    );
    let app = granted(get(&tenant, &reader, &path).await).await;
    let told = &app["passwordCredentials"][1];
    assert_eq!(
        (&told["displayName"], &told["hint"]),
        (&json!("for Graph Connect"), &json!(secret.value[..3]))
    );
    assert_eq!(
        (&told["endDateTime"], &told["secretText"]),
        (&json!("2049-05-06T07:08:09Z"), &Value::Null)
    );
    assert_eq!(told["keyId"], secret.key_id.to_string());
}

#[tokio::test]
async fn a_registration_lists_what_it_asks_of_graph_and_of_others() {
    let tenant = start().await;
    let reader = app_token(&tenant, fixtures::HEALTHY).await;
    let path = format!("applications(appId='{}')", fixtures::HALF_CONSENTED);
    let app = granted(get(&tenant, &reader, &path).await).await;
    let asked = app["requiredResourceAccess"].as_array().unwrap();
    let registration = tenant.app(fixtures::HALF_CONSENTED).unwrap();
    let graph = asked
        .iter()
        .find(|api| api["resourceAppId"] == GRAPH_APP_ID)
        .unwrap();
    let count = |kind: &str| {
        graph["resourceAccess"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|a| a["type"] == kind)
            .count()
    };
    assert_eq!(count("Role"), registration.registered_roles.len());
    assert_eq!(count("Scope"), registration.registered_scopes.len());
    assert!(
        asked
            .iter()
            .any(|api| api["resourceAppId"] == "00000003-0000-0ff1-ce00-000000000000"),
        "{app}"
    );
}

#[tokio::test]
async fn a_permission_that_microsoft_switched_off_says_so() {
    let tenant = start().await;
    tenant.disable_permission("Mail.Send");
    let reader = app_token(&tenant, fixtures::HEALTHY).await;
    let graph = granted(
        get(
            &tenant,
            &reader,
            &format!("servicePrincipals(appId='{GRAPH_APP_ID}')"),
        )
        .await,
    )
    .await;
    for list in ["appRoles", "oauth2PermissionScopes"] {
        let off = graph[list]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["isEnabled"] == false);
        assert_eq!(
            off.map(|entry| text(&entry["value"])).collect::<Vec<_>>(),
            ["Mail.Send"]
        );
    }
}

#[tokio::test]
async fn the_portals_button_grants_what_is_registered_and_takes_the_rest() {
    let tenant = start().await;
    tenant.grant_roles(
        fixtures::WITHOUT_CONSENT,
        fixtures::CONTOSO,
        &["Organization.Read.All"],
    );
    tenant.register_roles(fixtures::WITHOUT_CONSENT, &["Telescope.Read.All"]);
    tenant.grant_admin_consent(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    let registered = tenant
        .app(fixtures::WITHOUT_CONSENT)
        .unwrap()
        .registered_roles;
    assert!(
        registered.contains("Telescope.Read.All") && !registered.contains("Organization.Read.All")
    );
    assert_eq!(roles(&tenant).await, json!(registered));
}

#[tokio::test]
async fn an_application_is_switched_off_and_on_again() {
    let tenant = start().await;
    let form = client_credentials(
        &tenant,
        fixtures::HEALTHY,
        &secret_of(&tenant, fixtures::HEALTHY),
    );
    tenant.enable_app(fixtures::HEALTHY, fixtures::CONTOSO, false);
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "unauthorized_client",
        7_000_112,
    )
    .await;
    tenant.enable_app(fixtures::HEALTHY, fixtures::CONTOSO, true);
    granted(post_token(&tenant, "contoso.example", &form).await).await;
}

#[tokio::test]
async fn a_redirect_uri_moves_from_web_to_desktop_and_the_sign_in_works() {
    let tenant = start().await;
    tenant.add_redirect_uri(fixtures::DESKTOP, "http://localhost", RedirectPlatform::Web);
    let ask = Ask {
        redirect_uri: REDIRECT,
        ..Ask::default()
    };
    let form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    refused(
        post_token(&tenant, ask.place, &form).await,
        "invalid_client",
        7_000_218,
    )
    .await;
    tenant.add_redirect_uri(
        fixtures::DESKTOP,
        "http://localhost",
        RedirectPlatform::Native,
    );
    assert_eq!(
        tenant.app(fixtures::DESKTOP).unwrap().redirect_uris.len(),
        1
    );
    ask.tokens(&tenant, fixtures::ADMIN).await;
}

#[tokio::test]
async fn a_person_plays_the_administrator_by_two_addresses() {
    let tenant = start().await;
    let open = async |what: &str| {
        let response = http()
            .get(format!("{}/_demo/{what}", tenant.login_url()))
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let (status, page) = open(&format!("consent?app={}", fixtures::WITHOUT_CONSENT)).await;
    assert!(
        status == 200 && page.contains("Everything that Contoso no consent lists is granted."),
        "{page}"
    );
    let registered = tenant
        .app(fixtures::WITHOUT_CONSENT)
        .unwrap()
        .registered_roles;
    assert_eq!(roles(&tenant).await, json!(registered));
    let enabled = || tenant.app(fixtures::DISABLED).unwrap().principals[&fixtures::CONTOSO].enabled;
    open(&format!("enable?app={}", fixtures::DISABLED)).await;
    assert!(enabled());
    open(&format!("enable?app={}&on=false", fixtures::DISABLED)).await;
    assert!(!enabled());
    assert_eq!(
        open("enable?app=7b1c2d3e-0000-4000-8000-000000000001")
            .await
            .0,
        404
    );
}
