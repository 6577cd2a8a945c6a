//! A connection: what is kept of it outside the keychain.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    check::{CheckReport, NotTestedReason, Outcome},
    id::{ClientId, CloudId, ConnectionId, TenantId},
    integration::Integration,
    name::ConnectionName,
    need::Need,
    permission::{Permission, PermissionKind},
    tenant::{Domain, Tenant},
};

/// A connection to Microsoft Graph, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Our own identifier.
    pub id: ConnectionId,
    /// What a person calls it; fixed after creation.
    pub name: ConnectionName,
    /// What it is for.
    pub integration: Integration,
    /// The cloud whose hosts it speaks to.
    pub cloud: CloudId,
    /// How it proves who it is.
    pub method: Method,
    /// How much of what it is for it is meant to do.
    pub need: Need,
    /// The tenant's display name, as the last check that could read it found it.
    pub tenant_name: Option<String>,
    /// Free text.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When anything but its checks changed last.
    pub updated_at: Timestamp,
    /// Which version of its credential in the keychain is the current one; counts from 1.
    pub credential_version: u32,
    /// Whether the command line may hand out its tokens.
    pub scripts_may_use: bool,
    /// Whether the command line may also hand out the client secret itself; only of an app
    /// registration.
    pub scripts_may_have_secret: bool,
    /// How the last check ended.
    pub status: Status,
    /// When the last check ran that proved something.
    pub last_checked_at: Option<Timestamp>,
    /// Set while the latest check could not run; what was known before it still holds.
    pub not_tested: Option<NotTested>,
    /// The moment at which the client secret expires, where the tenant said so.
    pub secret_expires_at: Option<Timestamp>,
    /// Whether the last check was refused because the client secret has expired.
    pub secret_expired: bool,
    /// Whether somebody else was asked to consent, and the answer is still waited for.
    pub awaits_consent: bool,
    /// Whether the keychain had no room for the secret, so that it lies sealed in the store.
    pub sealed: bool,
}

impl Connection {
    /// What a person is told of a secret that is [`sealed`](Self::sealed).
    pub const SEALED: &str = "The keychain had no room for the secret. It is sealed in Graph Connect's own file, and moves to the keychain when the window is next opened and there is room.";

    /// A new connection, of which nothing is proved yet and which no script may use.
    pub fn new(
        id: ConnectionId,
        name: ConnectionName,
        integration: Integration,
        cloud: CloudId,
        method: Method,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            name,
            integration,
            cloud,
            method,
            need: Need::default(),
            tenant_name: None,
            description: String::new(),
            tags: Vec::new(),
            created_at: now,
            updated_at: now,
            credential_version: 1,
            scripts_may_use: false,
            scripts_may_have_secret: false,
            status: Status::NeverTested,
            last_checked_at: None,
            not_tested: None,
            secret_expires_at: None,
            secret_expired: false,
            awaits_consent: false,
            sealed: false,
        }
    }
}

/// A check that was asked for and could not run. It proves nothing and changes nothing of what is
/// known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct NotTested {
    /// When it was asked for.
    #[cfg_attr(feature = "specta", specta(type = String))]
    pub at: Timestamp,
    /// What stood in the way.
    pub reason: NotTestedReason,
    /// The same as the end of a sentence that begins with "Not tested:", without its full stop.
    pub because: String,
}

impl NotTested {
    /// What a report says of a check that could not run; nothing for one that proved something.
    pub fn of(report: &CheckReport) -> Option<Self> {
        if report.outcome != Outcome::Inconclusive {
            return None;
        }
        let told = report
            .headline
            .strip_prefix(Self::BEFORE)
            .unwrap_or(&report.headline);
        let because = told.trim_start().trim_end_matches('.').to_owned();
        Some(Self {
            at: report.started_at,
            reason: report.not_tested.unwrap_or(NotTestedReason::Other),
            because,
        })
    }

    /// How the headline of such a report begins.
    pub const BEFORE: &'static str = "Not tested:";
}

/// How a connection proves who it is, with the public part of that proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum Method {
    /// A person signed in; the keychain holds a refresh token.
    #[serde(rename = "oauth")]
    OAuth {
        /// The application that the person signed in to.
        client_id: ClientId,
        /// The tenant as it was asked for.
        tenant: Tenant,
        /// Who signed in.
        account: Account,
        /// The delegated permissions that the last token response granted.
        granted: Vec<String>,
    },
    /// An app registration; the keychain holds its client secret.
    AppRegistration {
        /// The Application (client) ID.
        client_id: ClientId,
        /// The tenant.
        tenant_id: TenantId,
        /// The domain by which the tenant was named, if it was.
        domain: Option<Domain>,
        /// The day on which the client secret expires, as far as is known.
        secret_expires_on: Option<Date>,
    },
}

/// Which of the two methods, without their fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum MethodKind {
    /// Sign-in by a person.
    #[serde(rename = "oauth")]
    OAuth,
    /// Client ID, client secret, tenant.
    AppRegistration,
}

/// The account that signed in. The pair of tenant and object ID is its identity; the rest is for
/// people to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// `tid`: the tenant that issued the token.
    pub tenant_id: TenantId,
    /// `oid`: the account's object ID in that tenant, or `sub` where the server gives no `oid`.
    pub object_id: String,
    /// `preferred_username`, for display.
    pub username: Option<String>,
    /// `name`, for display.
    pub display_name: Option<String>,
}

impl Account {
    /// Whether both are the same account in the same tenant.
    pub fn is_same(&self, other: &Self) -> bool {
        self.tenant_id == other.tenant_id && self.object_id == other.object_id
    }
}

impl Connection {
    /// The permissions that it needs, in the kind that its tokens carry.
    pub fn needed(&self) -> Vec<&'static Permission> {
        self.integration
            .needed(self.method.permission_kind(), &self.need)
    }
}

impl Method {
    /// Which of the two it is.
    pub const fn kind(&self) -> MethodKind {
        match self {
            Self::OAuth { .. } => MethodKind::OAuth,
            Self::AppRegistration { .. } => MethodKind::AppRegistration,
        }
    }

    /// The application's ID.
    pub const fn client_id(&self) -> ClientId {
        match self {
            Self::OAuth { client_id, .. } | Self::AppRegistration { client_id, .. } => *client_id,
        }
    }

    /// The tenant that tokens come from.
    pub const fn tenant_id(&self) -> TenantId {
        match self {
            Self::OAuth { account, .. } => account.tenant_id,
            Self::AppRegistration { tenant_id, .. } => *tenant_id,
        }
    }

    /// The kind of permission that this method's tokens carry.
    pub const fn permission_kind(&self) -> PermissionKind {
        self.kind().permission_kind()
    }
}

impl MethodKind {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::OAuth, Self::AppRegistration];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OAuth => "OAuth",
            Self::AppRegistration => "App Registration",
        }
    }

    /// The kind of permission that this method's tokens carry.
    pub const fn permission_kind(self) -> PermissionKind {
        match self {
            Self::OAuth => PermissionKind::Delegated,
            Self::AppRegistration => PermissionKind::Application,
        }
    }
}

/// How a connection stands, as the list shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// The last check passed.
    Healthy,
    /// It works, with something missing or soon to end.
    NeedsAttention,
    /// Nobody is signed in any more, or the secret is gone from the keychain.
    NeedsSignIn,
    /// The last check failed.
    Failing,
    /// No check has run.
    NeverTested,
}

impl Status {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Healthy,
        Self::NeedsAttention,
        Self::NeedsSignIn,
        Self::Failing,
        Self::NeverTested,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Healthy => "Healthy",
            Self::NeedsAttention => "Needs attention",
            Self::NeedsSignIn => "Needs sign-in",
            Self::Failing => "Failing",
            Self::NeverTested => "Never tested",
        }
    }

    /// The status after a check; one that was throttled or cut short proves nothing and leaves
    /// `before` as it was.
    pub fn after(report: &CheckReport, before: Self) -> Self {
        match report.outcome {
            Outcome::Works => Self::Healthy,
            Outcome::WorksWithGaps => Self::NeedsAttention,
            Outcome::NeedsSignIn => Self::NeedsSignIn,
            Outcome::Fails => Self::Failing,
            Outcome::Inconclusive => before,
        }
    }
}
