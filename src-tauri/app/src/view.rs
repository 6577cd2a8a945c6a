//! What the window sees: rows, details and events, made from the nouns of `model`. No secret has a
//! field here.

mod consent;
mod integration;
mod labels;
mod pasted;
mod settings;
mod sign_in;
mod test_all;
mod use_it;

use connections::{Use, Watch};
use entra::{Cloud, Clouds, Help};
use model::{
    Account, Actor, CheckReport, Connection, Integration, Method, MethodKind, Need, NotTested,
    PortalPage, Retry, Status,
};
use serde::Serialize;
use specta::Type;

pub(crate) use consent::{ConsentMessage, WatchView};
pub(crate) use integration::IntegrationView;
pub(crate) use labels::Labels;
pub(crate) use pasted::PastedView;
pub(crate) use settings::{About, KeychainUnlock, SettingsView};
pub(crate) use sign_in::{SignInEvent, SignInMode};
pub(crate) use test_all::{TestAllEvent, TestAllSummary};
pub(crate) use use_it::{CallView, CommandLine, UseView};

/// The list of connections.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionList {
    pub(crate) connections: Vec<ConnectionRow>,
    /// How many secrets of removed connections could not be removed from the keychain yet.
    pub(crate) removals_pending: u32,
}

/// One row of the list.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) integration: Integration,
    pub(crate) method: MethodKind,
    /// The domain by which the tenant was named, or its ID.
    pub(crate) tenant: String,
    /// The tenant's display name, where a check could read it.
    pub(crate) tenant_name: Option<String>,
    /// The cloud's identifier.
    pub(crate) cloud_id: String,
    /// The cloud's name.
    pub(crate) cloud: String,
    /// Whether the cloud comes from the person's own clouds file.
    pub(crate) custom_cloud: bool,
    pub(crate) status: Status,
    /// RFC 3339, UTC.
    pub(crate) last_checked_at: Option<String>,
    /// Set while the latest test could not run; what is known from before still holds.
    pub(crate) not_tested: Option<NotTested>,
    /// The day on which the client secret expires, `yyyy-mm-dd`, as it was entered or learnt.
    pub(crate) expires_on: Option<String>,
    /// The moment of it in RFC 3339, UTC, where the tenant has said so; it goes before the day.
    pub(crate) expires_at: Option<String>,
    /// Whether the client secret was refused because it has expired.
    pub(crate) secret_expired: bool,
    /// Whether somebody else is expected to consent.
    pub(crate) awaits_consent: bool,
    /// Whether the keychain had no room for the secret.
    pub(crate) sealed: bool,
    pub(crate) tags: Vec<String>,
}

/// Everything about one connection.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionDetail {
    pub(crate) row: ConnectionRow,
    pub(crate) description: String,
    /// How much of what it is for it is meant to do.
    pub(crate) need: Need,
    pub(crate) client_id: String,
    pub(crate) tenant_id: String,
    pub(crate) tenant_domain: Option<String>,
    pub(crate) account: Option<Account>,
    pub(crate) granted: Vec<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) report: Option<CheckReport>,
    /// Set while somebody else is expected to consent.
    pub(crate) watch: Option<WatchView>,
    /// Whether scripts on this computer may get its tokens.
    pub(crate) scripts_may_use: bool,
    /// Whether they may also get its client secret.
    pub(crate) scripts_may_have_secret: bool,
    /// Who got one lately, newest first.
    pub(crate) uses: Vec<UseView>,
    /// Whether there are older ones.
    pub(crate) uses_more: bool,
    /// Paths of Graph to try.
    pub(crate) paths: Vec<String>,
    /// The address of Graph in the connection's cloud; `None` when the cloud is no longer in the
    /// list.
    pub(crate) graph: Option<String>,
    /// What Microsoft Graph PowerShell calls that cloud, unless it is its usual one.
    pub(crate) powershell_environment: Option<String>,
}

/// A cloud that connections can be made in.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CloudView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) portal: String,
    pub(crate) custom: bool,
    /// Whether it runs on this computer, as the demo tenant does. Its own page says who and what is
    /// in it.
    pub(crate) on_this_computer: bool,
    /// The application that signs in by default.
    pub(crate) default_client_id: Option<String>,
}

/// A tenant as the login host knows it.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResolvedTenant {
    pub(crate) tenant_id: String,
    pub(crate) domain: Option<String>,
    pub(crate) region: Option<String>,
    /// The cloud that the tenant belongs to, when it is not the one that was asked.
    pub(crate) other_cloud: Option<CloudName>,
}

/// A cloud as far as a sentence needs it.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CloudName {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A connection that was created.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    pub(crate) row: ConnectionRow,
    /// Set when the report of its test could not be kept: what a person is told of that.
    pub(crate) not_kept: Option<String>,
}

/// What became of a new secret that was tested.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Replacement {
    /// Whether it has taken the place of the old one.
    pub(crate) replaced: bool,
    /// The same as a sentence, with what became of the old one.
    pub(crate) say: String,
    /// What its test found.
    pub(crate) report: CheckReport,
}

/// A change that the window did not ask for.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(crate) enum Change {
    /// A connection has another status now; `say` is for a banner.
    Connection {
        row: Box<ConnectionRow>,
        say: Option<String>,
    },
    /// Another program has changed what is kept: what is shown has to be read again.
    Elsewhere,
    /// A deleted connection is gone for good, and its secret did not simply go with it.
    Deleted { say: String },
}

/// Help for an error code that Microsoft's page shows.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    pub(crate) title: String,
    pub(crate) next: String,
    pub(crate) actor: Actor,
    pub(crate) retry: Retry,
    pub(crate) page: Option<PortalPage>,
}

impl ConnectionRow {
    /// A row; `cloud` is `None` when the cloud is no longer in the list.
    pub(crate) fn new(connection: &Connection, cloud: Option<&Cloud>) -> Self {
        let (domain, expires_on) = match &connection.method {
            Method::OAuth { .. } => (None, None),
            Method::AppRegistration {
                domain,
                secret_expires_on,
                ..
            } => (domain.as_ref(), *secret_expires_on),
        };
        let tenant_id = connection.method.tenant_id();
        Self {
            id: connection.id.to_string(),
            name: connection.name.to_string(),
            integration: connection.integration,
            method: connection.method.kind(),
            tenant: domain.map_or_else(|| tenant_id.to_string(), ToString::to_string),
            tenant_name: connection.tenant_name.clone(),
            cloud_id: connection.cloud.to_string(),
            cloud: cloud.map_or_else(|| connection.cloud.to_string(), |cloud| cloud.name.clone()),
            custom_cloud: cloud.is_none_or(|cloud| cloud.custom),
            status: connection.status,
            last_checked_at: connection.last_checked_at.map(|at| at.to_string()),
            not_tested: connection.not_tested.clone(),
            expires_on: expires_on.map(|date| date.to_string()),
            expires_at: connection.secret_expires_at.map(|at| at.to_string()),
            secret_expired: connection.secret_expired,
            awaits_consent: connection.awaits_consent,
            sealed: connection.sealed,
            tags: connection.tags.clone(),
        }
    }
}

impl ConnectionDetail {
    pub(crate) fn new(
        connection: &Connection,
        cloud: Option<&Cloud>,
        report: Option<CheckReport>,
        watch: Option<&Watch>,
        uses: Vec<Use>,
        uses_shown: usize,
    ) -> Self {
        let (account, granted, domain) = match &connection.method {
            Method::OAuth {
                account, granted, ..
            } => (Some(account.clone()), granted.clone(), None),
            Method::AppRegistration { domain, .. } => {
                (None, Vec::new(), domain.as_ref().map(ToString::to_string))
            }
        };
        Self {
            row: ConnectionRow::new(connection, cloud),
            description: connection.description.clone(),
            need: connection.need.clone(),
            client_id: connection.method.client_id().to_string(),
            tenant_id: connection.method.tenant_id().to_string(),
            tenant_domain: domain,
            account,
            granted,
            created_at: connection.created_at.to_string(),
            updated_at: connection.updated_at.to_string(),
            report,
            watch: watch.map(WatchView::new),
            scripts_may_use: connection.scripts_may_use,
            scripts_may_have_secret: connection.scripts_may_have_secret,
            paths: use_it::paths_to_try(connection),
            uses_more: uses.len() > uses_shown,
            uses: uses
                .into_iter()
                .take(uses_shown)
                .map(UseView::new)
                .collect(),
            powershell_environment: cloud
                .and_then(Cloud::powershell_environment)
                .map(ToOwned::to_owned),
            graph: cloud.map(|cloud| cloud.graph.as_str().trim_end_matches('/').to_owned()),
        }
    }
}

impl ResolvedTenant {
    pub(crate) fn new(found: connections::ResolvedTenant, clouds: &Clouds) -> Self {
        let domain = found.domain.map(|domain| domain.to_string());
        let cloud = found.other_cloud.as_ref().and_then(|id| clouds.get(id));
        let other_cloud = cloud.map(|cloud| CloudName {
            id: cloud.id.to_string(),
            name: cloud.name.clone(),
        });
        Self {
            tenant_id: found.tenant_id.to_string(),
            domain,
            region: found.region,
            other_cloud,
        }
    }
}

impl From<Help> for Explanation {
    fn from(help: Help) -> Self {
        let Help {
            title,
            next,
            actor,
            retry,
            page,
            ..
        } = help;
        Self {
            title,
            next,
            actor,
            retry,
            page,
        }
    }
}
