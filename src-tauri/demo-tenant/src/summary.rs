//! The platform in one object: what the program prints and what scripts read.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use model::{ClientId, TenantId};
use serde::Serialize;
use uuid::Uuid;

use crate::directory::{App, AppState, Directory, Organization, RedirectPlatform, Role, User};

/// Addresses, tenants, people and applications.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Base address of the login host.
    pub login_url: String,
    /// Base address of Graph.
    pub graph_url: String,
    /// The CA's certificate, if over TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// The tenants.
    pub tenants: Vec<Organization>,
    /// The people.
    pub users: Vec<UserSummary>,
    /// The applications.
    pub apps: Vec<AppSummary>,
}

/// One person.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserSummary {
    /// The user principal name.
    pub address: String,
    /// The password.
    pub password: String,
    /// The display name.
    pub name: String,
    /// The tenant at home.
    pub tenant: TenantId,
    /// What the person may do at home.
    pub role: Role,
    /// Other tenants that the person is a guest of.
    pub guest_in: Vec<TenantId>,
}

/// One application.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppSummary {
    /// The client ID.
    pub client_id: ClientId,
    /// The display name.
    pub name: String,
    /// The tenant in which it is registered.
    pub tenant: TenantId,
    /// The part it plays.
    pub state: AppState,
    /// What goes wrong with it at the beginning, and what ends that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<&'static str>,
    /// Whether other tenants may use it.
    pub multi_tenant: bool,
    /// Whether people sign in with it as a public client.
    pub public: bool,
    /// Its redirect URIs.
    pub redirect_uris: Vec<String>,
    /// Its secret, if it has one.
    pub secret: Option<String>,
    /// The Secret ID of that secret.
    pub secret_id: Option<Uuid>,
    /// When that secret stops to work.
    pub secret_expires: Option<Timestamp>,
}

impl Summary {
    pub(crate) fn of(
        directory: &Directory,
        login: &str,
        graph: &str,
        ca_file: Option<&Path>,
    ) -> Self {
        Self {
            login_url: login.to_owned(),
            graph_url: graph.to_owned(),
            ca_file: ca_file.map(Path::to_owned),
            tenants: directory.tenants.clone(),
            users: directory.users.iter().map(UserSummary::of).collect(),
            apps: directory.apps.iter().map(AppSummary::of).collect(),
        }
    }
}

impl UserSummary {
    fn of(user: &User) -> Self {
        let abroad = user
            .memberships
            .iter()
            .filter(|(_, place)| place.role == Role::Guest);
        Self {
            address: user.address.clone(),
            password: user.password.clone(),
            name: user.name.clone(),
            tenant: user.home,
            role: user
                .memberships
                .get(&user.home)
                .map_or(Role::Guest, |place| place.role),
            guest_in: abroad.map(|(tenant, _)| *tenant).collect(),
        }
    }
}

impl AppSummary {
    fn of(app: &App) -> Self {
        let secret = app.secrets.first();
        Self {
            client_id: app.client_id,
            name: app.name.clone(),
            tenant: app.home,
            state: app.state,
            trouble: app.state.trouble(),
            multi_tenant: app.multi_tenant,
            public: app
                .redirect_uris
                .iter()
                .any(|uri| uri.platform == RedirectPlatform::Native),
            redirect_uris: app
                .redirect_uris
                .iter()
                .map(|uri| uri.uri.clone())
                .collect(),
            secret: secret.map(|secret| secret.value.clone()),
            secret_id: secret.map(|secret| secret.key_id),
            secret_expires: secret.map(|secret| secret.expires),
        }
    }
}
