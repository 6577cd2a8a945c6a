//! Which permissions Microsoft Graph has in a tenant: its own service principal lists them.

use std::collections::HashMap;

use model::PermissionKind;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    cloud::Cloud, error::Error, graph::read_long_list, http::Http, registration::GRAPH_APP_ID,
    sanitise::visible, token::AccessToken,
};

/// The names and IDs of Graph's permissions, as one tenant has them. Those that Microsoft has
/// switched off are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphPermissions {
    names: HashMap<(Uuid, PermissionKind), String>,
}

impl GraphPermissions {
    /// The name of a permission.
    pub fn name(&self, id: Uuid, kind: PermissionKind) -> Option<&str> {
        self.names.get(&(id, kind)).map(String::as_str)
    }

    /// The ID of a permission; names are compared without case, as Microsoft compares them.
    pub fn id(&self, name: &str, kind: PermissionKind) -> Option<Uuid> {
        let mut of_kind = self.names.iter().filter(|((_, of), _)| *of == kind);
        of_kind
            .find(|(_, known)| known.eq_ignore_ascii_case(name))
            .map(|((id, _), _)| *id)
    }
}

/// Reads the permissions that Graph has in the token's tenant.
///
/// Source: <https://learn.microsoft.com/graph/permissions-grant-via-msgraph>
///
/// # Errors
/// [`Error::Forbidden`] where the token may not, and those of every read from Graph.
pub async fn graph_permissions(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
) -> Result<GraphPermissions, Error> {
    let path = format!("servicePrincipals(appId='{GRAPH_APP_ID}')");
    let written: PermissionsResponse = read_long_list(
        http,
        cloud,
        token,
        &[&path],
        "$select=appRoles,oauth2PermissionScopes",
    )
    .await?;
    let of = |list: Vec<RawPermission>, kind| {
        let on = list.into_iter().filter(|permission| permission.is_enabled);
        on.filter_map(move |permission| Some(((permission.id, kind), visible(&permission.value?))))
    };
    let application = of(written.app_roles, PermissionKind::Application);
    let names = application
        .chain(of(
            written.oauth2_permission_scopes,
            PermissionKind::Delegated,
        ))
        .collect();
    Ok(GraphPermissions { names })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PermissionsResponse {
    #[serde(default)]
    app_roles: Vec<RawPermission>,
    #[serde(default)]
    oauth2_permission_scopes: Vec<RawPermission>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPermission {
    id: Uuid,
    value: Option<String>,
    #[serde(default)]
    is_enabled: bool,
}
