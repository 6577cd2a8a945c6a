use demo_tenant::{DemoTenant, GRAPH_APP_ID, Service, fixtures};
use model::{ClientId, Permission};
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{Ask, app_token, granted, http, start, text};

const APP: ClientId = fixtures::WITHOUT_CONSENT;

async fn get(tenant: &DemoTenant, token: &str, path: &str) -> Response {
    http()
        .get(format!("{}/v1.0/{path}", tenant.graph_url()))
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
}

async fn refused(tenant: &DemoTenant, token: &str, path: &str) -> (u16, String, String) {
    let response = get(tenant, token, path).await;
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (
        status,
        text(&body["error"]["code"]),
        text(&body["error"]["message"]),
    )
}

/// A token of an application that holds exactly these roles.
async fn with_roles(tenant: &DemoTenant, names: &[&str]) -> String {
    tenant.revoke_grants(APP, fixtures::CONTOSO);
    tenant.grant_roles(APP, fixtures::CONTOSO, names);
    app_token(tenant, APP).await
}

async fn person(tenant: &DemoTenant, who: &str, scopes: &str) -> String {
    tenant.revoke_grants(fixtures::DESKTOP, fixtures::CONTOSO);
    tenant.grant_scopes(
        fixtures::DESKTOP,
        fixtures::CONTOSO,
        Some(who),
        &scopes.split(' ').collect::<Vec<_>>(),
    );
    text(
        &Ask {
            scope: scopes,
            ..Ask::default()
        }
        .tokens(tenant, who)
        .await["access_token"],
    )
}

/// Path, a permission that opens it, the code of its refusal, whether an application may ask.
const PROBES: [(&str, &str, &str, bool); 11] = [
    (
        "auditLogs/signIns?$top=1",
        "AuditLog.Read.All",
        "Authentication_MSGraphPermissionMissing",
        true,
    ),
    (
        "security/incidents?$top=1",
        "SecurityIncident.Read.All",
        "Forbidden",
        true,
    ),
    (
        "security/alerts_v2?$top=1",
        "SecurityAlert.ReadWrite.All",
        "Forbidden",
        true,
    ),
    (
        "identityProtection/riskyUsers?$top=1",
        "IdentityRiskyUser.Read.All",
        "Forbidden",
        true,
    ),
    (
        "deviceManagement/managedDevices?$top=1",
        "DeviceManagementManagedDevices.ReadWrite.All",
        "Forbidden",
        true,
    ),
    (
        "sites/root?$select=id",
        "Sites.ReadWrite.All",
        "accessDenied",
        true,
    ),
    (
        "security/cases/ediscoveryCases?$top=1",
        "eDiscovery.ReadWrite.All",
        "Forbidden",
        true,
    ),
    ("me/chats?$top=1", "Chat.ReadWrite", "Forbidden", false),
    (
        "me/drive?$select=id",
        "Files.ReadWrite",
        "accessDenied",
        false,
    ),
    (
        "me/messages?$top=1&$select=id",
        "Mail.ReadBasic",
        "ErrorAccessDenied",
        false,
    ),
    (
        "me/onenote/notebooks?$top=1&$select=id",
        "Notes.ReadWrite.All",
        "40004",
        false,
    ),
];

#[tokio::test]
async fn each_probe_opens_to_an_application_that_holds_its_role_and_to_no_other() {
    let tenant = start().await;
    for (path, name, code, for_applications) in PROBES {
        let nothing = with_roles(&tenant, &["Organization.Read.All"]).await;
        if for_applications {
            assert_eq!(refused(&tenant, &nothing, path).await.1, code, "{path}");
            granted(get(&tenant, &with_roles(&tenant, &[name]).await, path).await).await;
        } else {
            assert_eq!(refused(&tenant, &nothing, path).await.0, 400, "{path}");
        }
    }
}

#[tokio::test]
async fn each_probe_opens_to_a_person_who_consented_and_to_no_other() {
    let tenant = start().await;
    for (path, name, code, _) in PROBES {
        let nothing = person(&tenant, fixtures::ADMIN, "User.Read").await;
        let (status, told, message) = refused(&tenant, &nothing, path).await;
        assert_eq!((status, told.as_str()), (403, code), "{path}: {message}");
        let token = person(&tenant, fixtures::ADMIN, name).await;
        let body = granted(get(&tenant, &token, path).await).await;
        assert!(
            body["id"].is_string() || body["value"][0]["id"].is_string(),
            "{body}"
        );
    }
}

#[tokio::test]
async fn sign_in_logs_want_a_role_of_the_person_besides_the_permission() {
    let tenant = start().await;
    let token = person(&tenant, fixtures::USER, "AuditLog.Read.All").await;
    let (status, code, message) = refused(&tenant, &token, "auditLogs/signIns?$top=1").await;
    assert_eq!(
        (status, code.as_str()),
        (403, "Authentication_RequestFromUnsupportedUserRole")
    );
    assert_eq!(message, "User is not in the allowed roles");
}

#[tokio::test]
async fn a_service_that_the_tenant_lacks_refuses_in_its_own_words_until_it_is_there() {
    let tenant = start().await;
    for (service, path, scope, status, code, words) in [
        (
            Service::EntraPremium,
            "auditLogs/signIns",
            "AuditLog.Read.All",
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "premium license",
        ),
        (
            Service::EntraPremium,
            "identityProtection/riskyUsers",
            "IdentityRiskyUser.Read.All",
            403,
            "Forbidden",
            "not licensed",
        ),
        (
            Service::Exchange,
            "me/messages",
            "Mail.Read",
            404,
            "MailboxNotEnabledForRESTAPI",
            "inactive, soft-deleted",
        ),
        (
            Service::SharePoint,
            "sites/root",
            "Sites.ReadWrite.All",
            400,
            "BadRequest",
            "Tenant does not have a SPO license.",
        ),
        (
            Service::SharePoint,
            "me/drive",
            "Files.ReadWrite",
            400,
            "BadRequest",
            "Tenant does not have a SPO license.",
        ),
        (
            Service::SharePoint,
            "me/onenote/notebooks",
            "Notes.ReadWrite.All",
            404,
            "30108",
            "OneDrive for Business",
        ),
        (
            Service::Intune,
            "deviceManagement/managedDevices",
            "DeviceManagementManagedDevices.ReadWrite.All",
            400,
            "BadRequest",
            "Request not applicable to target tenant",
        ),
        (
            Service::Teams,
            "me/chats",
            "Chat.ReadWrite",
            403,
            "Forbidden",
            "license",
        ),
    ] {
        let token = person(&tenant, fixtures::ADMIN, scope).await;
        tenant.withdraw(fixtures::CONTOSO, service);
        let (got, told, message) = refused(&tenant, &token, path).await;
        assert_eq!((got, told.as_str()), (status, code), "{path}");
        assert!(message.contains(words), "{message}");
        tenant.provide(fixtures::CONTOSO, service);
        granted(get(&tenant, &token, path).await).await;
    }
}

#[tokio::test]
async fn a_missing_permission_is_told_before_a_missing_licence() {
    let tenant = start().await;
    tenant.withdraw(fixtures::CONTOSO, Service::EntraPremium);
    let token = with_roles(&tenant, &["User.Read.All"]).await;
    let (_, code, message) = refused(&tenant, &token, "auditLogs/signIns").await;
    assert_eq!(code, "Authentication_MSGraphPermissionMissing");
    assert!(
        message.contains("required Microsoft Graph permission(s): AuditLog.Read.All"),
        "{message}"
    );
}

#[tokio::test]
async fn delegated_grants_say_for_whom_they_hold() {
    let tenant = start().await;
    tenant.grant_scopes(
        fixtures::DESKTOP,
        fixtures::CONTOSO,
        None,
        &["User.Read", "Mail.Send"],
    );
    tenant.grant_scopes(
        fixtures::DESKTOP,
        fixtures::CONTOSO,
        Some(fixtures::USER),
        &["Files.ReadWrite"],
    );
    let path = format!(
        "servicePrincipals(appId='{}')/oauth2PermissionGrants",
        fixtures::DESKTOP
    );
    let token = with_roles(&tenant, &["Directory.Read.All"]).await;
    let grants = granted(get(&tenant, &token, &path).await).await;
    let client = tenant.app(fixtures::DESKTOP).unwrap().principals[&fixtures::CONTOSO]
        .object_id
        .to_string();
    let all = &grants["value"][0];
    assert_eq!(
        (&all["consentType"], &all["principalId"]),
        (&json!("AllPrincipals"), &Value::Null)
    );
    assert_eq!(
        (&all["scope"], &all["clientId"]),
        (&json!("Mail.Send User.Read"), &json!(client))
    );
    let one = &grants["value"][1];
    let user = tenant.user(fixtures::USER).unwrap().memberships[&fixtures::CONTOSO]
        .object_id
        .to_string();
    assert_eq!(
        (&one["consentType"], &one["principalId"]),
        (&json!("Principal"), &json!(user))
    );
    assert_eq!(one["scope"], "Files.ReadWrite");
    let graph = format!("servicePrincipals(appId='{GRAPH_APP_ID}')?$select=id");
    assert_eq!(
        one["resourceId"],
        granted(get(&tenant, &token, &graph).await).await["id"]
    );
}

#[tokio::test]
async fn delegated_grants_are_read_with_the_listed_permissions_only() {
    let tenant = start().await;
    let path = format!("servicePrincipals(appId='{APP}')/oauth2PermissionGrants");
    for name in [
        "Application.Read.All",
        "Application.ReadWrite.All",
        "User.Read.All",
    ] {
        let token = with_roles(&tenant, &[name]).await;
        assert_eq!(
            refused(&tenant, &token, &path).await.1,
            "Authorization_RequestDenied",
            "{name}"
        );
    }
    for name in [
        "Directory.Read.All",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.ReadWrite.All",
    ] {
        let token = with_roles(&tenant, &[name]).await;
        assert_eq!(
            granted(get(&tenant, &token, &path).await).await["value"],
            json!([]),
            "{name}"
        );
    }
}

#[tokio::test]
async fn graph_publishes_a_permission_that_no_program_knows() {
    let tenant = start().await;
    let token = with_roles(&tenant, &["Application.Read.All"]).await;
    let graph = granted(
        get(
            &tenant,
            &token,
            &format!("servicePrincipals(appId='{GRAPH_APP_ID}')"),
        )
        .await,
    )
    .await;
    for (list, id) in [
        ("appRoles", "7e1e5c09-0001"),
        ("oauth2PermissionScopes", "7e1e5c09-0002"),
    ] {
        let new = graph[list]
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["value"] == "Telescope.Read.All")
            .unwrap();
        assert!(
            text(&new["id"]).starts_with(id) && new["isEnabled"] == true,
            "{new}"
        );
    }
    assert!(Permission::find("Telescope.Read.All").is_none());
}
