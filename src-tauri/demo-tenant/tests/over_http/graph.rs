use demo_tenant::{DemoTenant, GRAPH_APP_ID, fixtures};
use jiff::SignedDuration;
use model::Permission;
use reqwest::Response;
use serde_json::Value;

use crate::support::{Ask, app_token, granted, http, start, text};

async fn get(tenant: &DemoTenant, token: &str, path: &str) -> Response {
    let request = http()
        .get(format!("{}/v1.0/{path}", tenant.graph_url()))
        .bearer_auth(token);
    request
        .header("client-request-id", "5f0d1f4e-7a0b-4e2c-9b5d-0a1b2c3d4e5f")
        .send()
        .await
        .unwrap()
}

/// Expects a refusal by Graph in its whole shape; gives the message.
async fn refused(response: Response, status: u16, code: &str) -> String {
    let challenge = response.headers().get("www-authenticate").is_some();
    let request_id = response.headers()["request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let got = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let error = &body["error"];
    assert_eq!(
        (got, text(&error["code"]).as_str()),
        (status, code),
        "{body}"
    );
    assert_eq!(challenge, status == 401);
    assert_eq!(error["innerError"]["request-id"], request_id);
    assert!(
        error["innerError"]["date"].is_string()
            && error["innerError"]["client-request-id"].is_string()
    );
    text(&error["message"])
}

async fn user_token(tenant: &DemoTenant, person: &str, scope: &str) -> String {
    text(
        &Ask {
            scope,
            ..Ask::default()
        }
        .tokens(tenant, person)
        .await["access_token"],
    )
}

#[tokio::test]
async fn me_is_the_person_who_signed_in() {
    let tenant = start().await;
    let token = user_token(&tenant, fixtures::GUEST, "openid User.Read").await;
    let me = granted(
        get(
            &tenant,
            &token,
            "me?$select=id,displayName,userPrincipalName",
        )
        .await,
    )
    .await;
    let guest = tenant.user(fixtures::GUEST).unwrap();
    assert_eq!(
        me["id"],
        guest.memberships[&fixtures::CONTOSO].object_id.to_string()
    );
    assert_eq!(
        (&me["displayName"], &me["userPrincipalName"]),
        (&guest.name.into(), &fixtures::GUEST.into())
    );
    assert_eq!(me["surname"], Value::Null);
    assert!(text(&me["@odata.context"]).starts_with(tenant.graph_url()));
}

#[tokio::test]
async fn me_is_refused_to_applications_and_without_the_permission() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::HEALTHY).await;
    refused(get(&tenant, &token, "me").await, 400, "BadRequest").await;
    let token = user_token(&tenant, fixtures::ADMIN, "openid Mail.Send").await;
    refused(
        get(&tenant, &token, "me").await,
        403,
        "Authorization_RequestDenied",
    )
    .await;
}

#[tokio::test]
async fn the_organization_is_the_token_s_tenant() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::HEALTHY).await;
    let body = granted(
        get(
            &tenant,
            &token,
            "organization?$select=id,displayName,verifiedDomains",
        )
        .await,
    )
    .await;
    let organization = &body["value"][0];
    assert_eq!(
        (&organization["id"], &organization["displayName"]),
        (&fixtures::CONTOSO.to_string().into(), &"Contoso".into())
    );
    assert_eq!(
        organization["verifiedDomains"][0]["name"],
        "contoso.onmicrosoft.com"
    );
    assert_eq!(organization["verifiedDomains"][0]["isInitial"], true);
    assert_eq!(organization["tenantType"], Value::Null);
    let token = user_token(&tenant, fixtures::USER, "User.Read").await;
    granted(get(&tenant, &token, "organization").await).await;
}

#[tokio::test]
async fn the_organization_is_refused_without_a_permission_that_graph_lists_for_it() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    let message = refused(
        get(&tenant, &token, "organization").await,
        403,
        "Authorization_RequestDenied",
    )
    .await;
    assert_eq!(
        message,
        "Insufficient privileges to complete the operation."
    );
    // Stronger in name, but not in the list.
    tenant.grant_roles(
        fixtures::WITHOUT_CONSENT,
        fixtures::CONTOSO,
        &["User.ReadWrite.All"],
    );
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    refused(
        get(&tenant, &token, "organization").await,
        403,
        "Authorization_RequestDenied",
    )
    .await;
    tenant.grant_roles(
        fixtures::WITHOUT_CONSENT,
        fixtures::CONTOSO,
        &["Organization.Read.All"],
    );
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    granted(get(&tenant, &token, "organization").await).await;
}

#[tokio::test]
async fn graph_publishes_every_permission_with_its_ids() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::HEALTHY).await;
    let path = format!(
        "servicePrincipals(appId='{GRAPH_APP_ID}')?$select=id,appRoles,oauth2PermissionScopes"
    );
    let graph = granted(get(&tenant, &token, &path).await).await;
    let id_of = |list: &str, name: &str| {
        let found = graph[list]
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["value"] == name);
        found.map(|entry| text(&entry["id"]))
    };
    for permission in Permission::all() {
        assert_eq!(
            id_of("appRoles", permission.name),
            permission.application_id.map(|id| id.to_string())
        );
        assert_eq!(
            id_of("oauth2PermissionScopes", permission.name),
            permission.delegated_id.map(|id| id.to_string())
        );
    }
    assert_eq!(
        id_of("appRoles", "Application.ReadWrite.OwnedBy").unwrap(),
        "18a4783c-866b-4cc7-a460-3d5e5662c884"
    );
}

#[tokio::test]
async fn a_service_principal_says_whether_it_is_enabled_and_what_was_granted() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::HEALTHY).await;
    let of = |id: model::ClientId, rest: &str| format!("servicePrincipals(appId='{id}'){rest}");
    let disabled = granted(get(&tenant, &token, &of(fixtures::DISABLED, "")).await).await;
    assert_eq!(
        (&disabled["accountEnabled"], &disabled["appId"]),
        (&false.into(), &fixtures::DISABLED.to_string().into())
    );
    let half = granted(
        get(
            &tenant,
            &token,
            &of(fixtures::HALF_CONSENTED, "/appRoleAssignments"),
        )
        .await,
    )
    .await;
    let count = tenant.app(fixtures::HALF_CONSENTED).unwrap().principals[&fixtures::CONTOSO]
        .roles
        .len();
    assert_eq!(half["value"].as_array().unwrap().len(), count);
    let escaped = of(fixtures::HEALTHY, "").replace('\'', "%27");
    granted(get(&tenant, &token, &escaped).await).await;
}

#[tokio::test]
async fn an_application_tells_hint_id_and_end_of_its_secrets_and_never_the_value() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::HEALTHY).await;
    let path = format!(
        "applications(appId='{}')?$select=displayName,passwordCredentials,keyCredentials",
        fixtures::EXPIRED
    );
    let body = granted(get(&tenant, &token, &path).await).await;
    let app = tenant.app(fixtures::EXPIRED).unwrap();
    let secret = &body["passwordCredentials"][0];
    assert_eq!(
        (&secret["hint"], &secret["secretText"]),
        (&app.secrets[0].value[..3].into(), &Value::Null)
    );
    assert_eq!(secret["keyId"], app.secrets[0].key_id.to_string());
    assert_eq!(secret["endDateTime"], "2025-01-01T00:00:00Z");
    assert!(!body.to_string().contains(&app.secrets[0].value));
}

#[tokio::test]
async fn an_application_is_read_with_permission_only_and_its_own_with_less() {
    let tenant = start().await;
    let own = format!("applications(appId='{}')", fixtures::WITHOUT_CONSENT);
    let other = format!("applications(appId='{}')", fixtures::HEALTHY);
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    refused(
        get(&tenant, &token, &own).await,
        403,
        "Authorization_RequestDenied",
    )
    .await;
    tenant.grant_roles(
        fixtures::WITHOUT_CONSENT,
        fixtures::CONTOSO,
        &["Application.ReadWrite.OwnedBy"],
    );
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    granted(get(&tenant, &token, &own).await).await;
    refused(
        get(&tenant, &token, &other).await,
        403,
        "Authorization_RequestDenied",
    )
    .await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::HEALTHY).await;
    let nobody = "servicePrincipals(appId='7b1c2d3e-0000-4000-8000-000000000001')";
    refused(
        get(&tenant, &token, nobody).await,
        404,
        "Request_ResourceNotFound",
    )
    .await;
    refused(
        get(&tenant, &token, "applications(appId='x')").await,
        404,
        "Request_ResourceNotFound",
    )
    .await;
    refused(get(&tenant, &token, "nothing").await, 400, "BadRequest").await;
}

#[tokio::test]
async fn a_token_that_is_absent_garbled_forged_or_old_is_refused() {
    let tenant = start().await;
    let bare = http()
        .get(format!("{}/v1.0/me", tenant.graph_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        refused(bare, 401, "InvalidAuthenticationToken").await,
        "Access token is empty."
    );
    let good = app_token(&tenant, fixtures::HEALTHY).await;
    let garbled = get(&tenant, "garbled", "organization").await;
    assert!(
        refused(garbled, 401, "InvalidAuthenticationToken")
            .await
            .contains("80049217")
    );
    let other = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    let (signed, _) = good.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    let forged = get(&tenant, &format!("{signed}.{signature}"), "organization").await;
    assert!(
        refused(forged, 401, "InvalidAuthenticationToken")
            .await
            .contains("signature")
    );
    tenant.set_clock_ahead(SignedDuration::from_hours(2));
    let old = get(&tenant, &good, "organization").await;
    assert!(
        refused(old, 401, "InvalidAuthenticationToken")
            .await
            .contains("expired")
    );
}

#[tokio::test]
async fn a_token_for_another_audience_is_refused() {
    let tenant = start().await;
    let id_token = text(&Ask::default().tokens(&tenant, fixtures::ADMIN).await["id_token"]);
    let message = refused(
        get(&tenant, &id_token, "me").await,
        401,
        "InvalidAuthenticationToken",
    )
    .await;
    assert!(message.contains("audience"), "{message}");
}
