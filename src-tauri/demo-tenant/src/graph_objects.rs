//! The objects that Graph answers with.

use std::collections::BTreeSet;

use model::TenantId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    directory::{App, Directory, Organization, Principal, Secret, User},
    permissions::{GRAPH_APP_ID, Known},
    world::Platform,
};

pub(crate) fn user(platform: &Platform, user: &User, object_id: &str) -> Value {
    let (given, family) = user.name.split_once(' ').unwrap_or((&user.name, ""));
    json!({
        "@odata.context": context(platform, "users/$entity"),
        "businessPhones": [], "displayName": user.name, "givenName": given, "jobTitle": null, "mail": user.address,
        "mobilePhone": null, "officeLocation": null, "preferredLanguage": null, "surname": family,
        "userPrincipalName": user.address, "id": object_id,
    })
}

pub(crate) fn organizations(platform: &Platform, tenant: &Organization) -> Value {
    let domain = |(position, name): (usize, &String)| {
        json!({
            "capabilities": "Email, OfficeCommunicationsOnline", "isDefault": position + 1 == tenant.domains.len(),
            "isInitial": position == 0, "name": name, "type": "Managed",
        })
    };
    let domains: Vec<Value> = tenant.domains.iter().enumerate().map(domain).collect();
    json!({
        "@odata.context": context(platform, "organization"),
        "value": [{
            "id": tenant.id, "displayName": tenant.name, "tenantType": "AAD", "countryLetterCode": "US",
            "verifiedDomains": domains,
        }],
    })
}

/// Microsoft Graph's own service principal, with every permission that the demo tenant knows.
pub(crate) fn graph_itself(platform: &Platform, disabled: &BTreeSet<String>) -> Value {
    let roles = Known::all().filter_map(|known| Some((known.application_id?, known)));
    let roles = roles.map(|(id, known)| {
        json!({
            "allowedMemberTypes": ["Application"], "description": known.purpose, "displayName": known.purpose,
            "id": id, "isEnabled": !disabled.contains(known.name), "origin": "Application", "value": known.name,
        })
    });
    let scopes = Known::all().filter_map(|known| Some((known.delegated_id?, known)));
    let scopes = scopes.map(|(id, known)| {
        json!({
            "adminConsentDescription": known.purpose, "adminConsentDisplayName": known.purpose, "id": id,
            "isEnabled": !disabled.contains(known.name), "type": if known.needs_admin() { "Admin" } else { "User" },
            "userConsentDescription": known.purpose, "userConsentDisplayName": known.purpose, "value": known.name,
        })
    });
    json!({
        "@odata.context": context(platform, "servicePrincipals/$entity"),
        "id": graph_object_id(), "accountEnabled": true, "appDisplayName": "Microsoft Graph", "appId": GRAPH_APP_ID,
        "displayName": "Microsoft Graph", "servicePrincipalType": "Application",
        "appRoles": roles.collect::<Vec<_>>(), "oauth2PermissionScopes": scopes.collect::<Vec<_>>(),
    })
}

pub(crate) fn service_principal(platform: &Platform, app: &App, principal: &Principal) -> Value {
    json!({
        "@odata.context": context(platform, "servicePrincipals/$entity"),
        "id": principal.object_id, "accountEnabled": principal.enabled, "appDisplayName": app.name,
        "appId": app.client_id, "appOwnerOrganizationId": app.home, "displayName": app.name,
        "servicePrincipalType": "Application", "appRoles": [], "oauth2PermissionScopes": [],
    })
}

/// <https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments>
pub(crate) fn role_assignments(platform: &Platform, app: &App, principal: &Principal) -> Value {
    let roles = principal
        .roles
        .iter()
        .filter_map(|name| Known::find(name)?.application_id);
    let assignments = roles.map(|role| {
        json!({
            "id": role.simple().to_string(), "createdDateTime": "2024-01-01T00:00:00Z", "deletedDateTime": null,
            "appRoleId": role, "principalDisplayName": app.name,
            "principalId": principal.object_id, "principalType": "ServicePrincipal",
            "resourceDisplayName": "Microsoft Graph", "resourceId": graph_object_id(),
        })
    });
    json!({
        "@odata.context": context(platform, "appRoleAssignments"),
        "value": assignments.collect::<Vec<_>>(),
    })
}

/// <https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant>: one for everybody, one for each person.
pub(crate) fn delegated_grants(
    platform: &Platform,
    directory: &Directory,
    tenant: TenantId,
    principal: &Principal,
) -> Value {
    let grant = |scopes: &BTreeSet<String>, person: Option<Uuid>| {
        let whose = person.unwrap_or_default();
        json!({
            "id": format!("{}{}", principal.object_id.simple(), whose.simple()), "clientId": principal.object_id,
            "consentType": if person.is_some() { "Principal" } else { "AllPrincipals" }, "principalId": person,
            "resourceId": graph_object_id(), "scope": scopes.iter().cloned().collect::<Vec<_>>().join(" "),
        })
    };
    let for_all = Some(&principal.scopes)
        .filter(|scopes| !scopes.is_empty())
        .map(|scopes| grant(scopes, None));
    let for_one = principal.scopes_of.iter().filter_map(|(address, scopes)| {
        let place = directory.user(address)?.memberships.get(&tenant)?;
        Some(grant(scopes, Some(place.object_id)))
    });
    json!({
        "@odata.context": context(platform, "oauth2PermissionGrants"),
        "value": for_all.into_iter().chain(for_one).collect::<Vec<_>>(),
    })
}

pub(crate) fn application(platform: &Platform, app: &App) -> Value {
    let ids = |names: &BTreeSet<String>, kind: &'static str, id: fn(Known) -> Option<Uuid>| {
        let found = names
            .iter()
            .filter_map(|name| Known::find(name).and_then(id))
            .collect::<Vec<_>>();
        found
            .into_iter()
            .map(move |id| json!({ "id": id, "type": kind }))
    };
    let roles = ids(&app.registered_roles, "Role", |known| known.application_id);
    let scopes = ids(&app.registered_scopes, "Scope", |known| known.delegated_id);
    let graph = json!({ "resourceAppId": GRAPH_APP_ID, "resourceAccess": roles.chain(scopes).collect::<Vec<_>>() });
    let elsewhere = app
        .registered_elsewhere
        .iter()
        .map(|(api, id)| json!({ "resourceAppId": api, "resourceAccess": [{ "id": id, "type": "Role" }] }));
    json!({
        "@odata.context": context(platform, "applications/$entity"),
        "id": app.object_id, "appId": app.client_id, "displayName": app.name,
        "signInAudience": if app.multi_tenant { "AzureADMultipleOrgs" } else { "AzureADMyOrg" },
        "keyCredentials": [], "passwordCredentials": app.secrets.iter().map(password).collect::<Vec<_>>(),
        "requiredResourceAccess": std::iter::once(graph).chain(elsewhere).collect::<Vec<_>>(),
    })
}

/// <https://learn.microsoft.com/graph/api/resources/passwordcredential>: the value is never told again, only its start.
fn password(secret: &Secret) -> Value {
    json!({
        "customKeyIdentifier": null, "displayName": secret.name, "endDateTime": secret.expires,
        "hint": secret.value.chars().take(3).collect::<String>(), "keyId": secret.key_id, "secretText": null,
        "startDateTime": "2024-01-01T00:00:00Z",
    })
}

const fn graph_object_id() -> Uuid {
    uuid::uuid!("60a9ba06-3c1d-4e5f-8a7b-9c0d1e2f3a40")
}

/// The `@odata.context` of an answer.
pub(crate) fn context(platform: &Platform, what: &str) -> Value {
    json!(format!("{}/v1.0/$metadata#{what}", platform.graph))
}
