//! What the tenant knows of an application: its registration, and what was granted to it.

use std::str::FromStr;

use jiff::Timestamp;
use model::{ClientId, PermissionKind};
use serde::Deserialize;
use uuid::{Uuid, uuid};

use crate::{
    cloud::Cloud, error::Error, graph::read_path, http::Http, sanitise::visible, token::AccessToken,
};

/// Microsoft Graph's own application ID, the same in every tenant.
pub(crate) const GRAPH_APP_ID: Uuid = uuid!("00000003-0000-0000-c000-000000000000");

/// An app registration, as far as a connection is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The display name.
    pub display_name: String,
    /// Its client secrets.
    pub secrets: Vec<SecretFacts>,
    /// The permissions of Microsoft Graph that it lists, by their IDs.
    pub asked: Vec<(Uuid, PermissionKind)>,
}

/// What a registration tells of a client secret; never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFacts {
    /// Its first three characters.
    pub hint: Option<String>,
    /// What the portal calls the description.
    pub name: Option<String>,
    /// When it stops to work.
    pub expires_at: Option<Timestamp>,
}

/// Reads an app registration.
///
/// Source: <https://learn.microsoft.com/graph/api/application-get>
///
/// # Errors
/// [`Error::Forbidden`] where the token may not, and those of every read from Graph.
pub async fn registration(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
    client_id: &ClientId,
) -> Result<Registration, Error> {
    let path = format!("applications(appId='{client_id}')");
    let query = "$select=displayName,passwordCredentials,requiredResourceAccess";
    let written: RawApplication = read_path(http, cloud, token, &[&path], query).await?;
    let of_graph = written
        .required_resource_access
        .into_iter()
        .filter(|r| r.resource_app_id == GRAPH_APP_ID);
    Ok(Registration {
        display_name: visible(written.display_name.as_deref().unwrap_or_default()),
        secrets: written
            .password_credentials
            .into_iter()
            .map(RawSecret::facts)
            .collect(),
        asked: of_graph
            .flat_map(|resource| resource.resource_access)
            .filter_map(RawAccess::permission)
            .collect(),
    })
}

/// Reads which application permissions the tenant has granted to an application, by their IDs.
///
/// Source: <https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments>
///
/// # Errors
/// As with [`registration`].
pub async fn role_assignments(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
    client_id: &ClientId,
) -> Result<Vec<Uuid>, Error> {
    let principal = format!("servicePrincipals(appId='{client_id}')");
    let path = [principal.as_str(), "appRoleAssignments"];
    let list: ListResponse<RawAssignment> = read_path(http, cloud, token, &path, "").await?;
    Ok(list
        .value
        .into_iter()
        .map(|assignment| assignment.app_role_id)
        .collect())
}

/// Reads which delegated permissions the tenant has granted to an application, for everybody or for
/// this person.
///
/// Source: <https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants>
///
/// # Errors
/// As with [`registration`].
pub async fn delegated_grants(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
    client_id: &ClientId,
    object_id: &str,
) -> Result<Vec<String>, Error> {
    let principal = format!("servicePrincipals(appId='{client_id}')");
    let path = [principal.as_str(), "oauth2PermissionGrants"];
    let list: ListResponse<RawGrant> = read_path(http, cloud, token, &path, "").await?;
    let holds = |grant: &RawGrant| match &grant.principal_id {
        Some(person) => person.eq_ignore_ascii_case(object_id),
        None => grant.consent_type == "AllPrincipals",
    };
    let scopes = list
        .value
        .iter()
        .filter(|grant| holds(grant))
        .flat_map(|grant| grant.scope.split_whitespace());
    Ok(scopes.map(visible).collect())
}

#[derive(Deserialize)]
pub(crate) struct ListResponse<T> {
    pub(crate) value: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawApplication {
    display_name: Option<String>,
    #[serde(default)]
    password_credentials: Vec<RawSecret>,
    #[serde(default)]
    required_resource_access: Vec<RawResource>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSecret {
    hint: Option<String>,
    display_name: Option<String>,
    end_date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawResource {
    resource_app_id: Uuid,
    #[serde(default)]
    resource_access: Vec<RawAccess>,
}

#[derive(Deserialize)]
struct RawAccess {
    id: Uuid,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAssignment {
    app_role_id: Uuid,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawGrant {
    consent_type: String,
    principal_id: Option<String>,
    scope: String,
}

impl RawSecret {
    fn facts(self) -> SecretFacts {
        SecretFacts {
            hint: self.hint.as_deref().map(visible),
            name: self.display_name.as_deref().map(visible),
            expires_at: self
                .end_date_time
                .and_then(|text| Timestamp::from_str(&text).ok()),
        }
    }
}

impl RawAccess {
    fn permission(self) -> Option<(Uuid, PermissionKind)> {
        match self.kind.as_str() {
            "Role" => Some((self.id, PermissionKind::Application)),
            "Scope" => Some((self.id, PermissionKind::Delegated)),
            _ => None,
        }
    }
}
