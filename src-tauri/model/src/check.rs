//! The report of a check: what one run of Test Connection found, line by line.

mod step;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use step::{Step, StepState};

use crate::{integration::Integration, permission::PermissionKind};

/// What one check found. It holds no secret and no token, so it can be shown, copied and kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// When the check began.
    #[cfg_attr(feature = "specta", specta(type = String))]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub started_at: Timestamp,
    /// How long it took in all, in milliseconds.
    pub took_ms: u32,
    /// What it comes to.
    pub outcome: Outcome,
    /// The outcome in one line, such as "Connected. 3 of 12 permissions are missing."
    pub headline: String,
    /// One line a step, in the order of [`Step`].
    pub findings: Vec<Finding>,
    /// Every permission the integration needs, against the token and the tenant, then those that
    /// are more than needed; empty when no token was issued.
    pub permissions: Vec<PermissionFinding>,
    /// The tenant's display name, where it could be read.
    pub tenant_name: Option<String>,
    /// The application's display name, where it could be read.
    pub app_name: Option<String>,
    /// The day on which the client secret expires where this computer is, as far as the tenant
    /// says.
    #[cfg_attr(feature = "specta", specta(type = Option<String>))]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub secret_expires_on: Option<Date>,
    /// The same to the moment.
    #[cfg_attr(feature = "specta", specta(type = Option<String>))]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub secret_expires_at: Option<Timestamp>,
    /// Whether the client secret was refused because it has expired.
    #[serde(default)]
    pub secret_expired: bool,
    /// In how many seconds another run may tell more: the service asked to wait, or a grant has not
    /// reached the token.
    pub again_after_s: Option<u32>,
    /// What stood in the way of a check that could not run; nothing for one that proved something.
    pub not_tested: Option<NotTestedReason>,
    /// Why this report is shown but not kept, as a sentence; nothing for one that is kept or was
    /// not to be.
    pub not_kept: Option<String>,
}

/// What stood in the way of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum NotTestedReason {
    /// The keychain is locked, or a person did not unlock it.
    KeychainLocked,
    /// The keychain is absent, silent, another one or refuses.
    Keychain,
    /// A host could not be reached, or fell silent.
    Network,
    /// A service asked to wait, or was not available.
    Throttled,
    /// Another program was using the connection for all the time that it was waited for.
    Busy,
    /// Something else.
    Other,
}

/// What a check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Everything passed.
    Works,
    /// The connection works, but something is missing or needs attention.
    WorksWithGaps,
    /// A person has to sign in again, or the secret is gone.
    NeedsSignIn,
    /// The connection does not work.
    Fails,
    /// It could not run to its end: the keychain, the network or a service stood in the way.
    /// Nothing is proved either way.
    Inconclusive,
}

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub state: StepState,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// What was found, in one sentence.
    pub summary: String,
    /// What shows it: a host, a tenant, a number.
    pub evidence: Option<String>,
    /// What to do next.
    pub next: Option<String>,
    /// Whose job that is.
    pub actor: Option<Actor>,
    /// Whether trying again can help.
    pub retry: Option<Retry>,
    /// The portal page where it is done.
    pub link: Option<PortalLink>,
    /// The field of the form that it is about.
    pub field: Option<Field>,
    /// What the server said, word for word.
    pub original: Option<OriginalError>,
}

/// Whose job the next step is. Role names as Microsoft Entra has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Actor {
    /// Whoever sits at this computer.
    You,
    /// An owner of the app registration, or an Application Administrator or Cloud Application
    /// Administrator.
    ApplicationAdministrator,
    /// A Privileged Role Administrator or Global Administrator: who may consent to application
    /// permissions of Graph.
    PrivilegedRoleAdministrator,
    /// A User Administrator: accounts, passwords, licenses.
    UserAdministrator,
    /// A Conditional Access Administrator or Security Administrator.
    SecurityAdministrator,
    /// Whoever looks after the network, its proxies and its firewalls.
    NetworkTeam,
    /// Microsoft.
    Microsoft,
    /// Whoever makes Graph Connect: this is a fault of the program.
    GraphConnect,
}

impl Actor {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::You,
        Self::ApplicationAdministrator,
        Self::PrivilegedRoleAdministrator,
        Self::UserAdministrator,
        Self::SecurityAdministrator,
        Self::NetworkTeam,
        Self::Microsoft,
        Self::GraphConnect,
    ];

    /// Who that is, as the end of a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::ApplicationAdministrator => "an application administrator",
            Self::PrivilegedRoleAdministrator => "a Privileged Role Administrator",
            Self::UserAdministrator => "a user administrator",
            Self::SecurityAdministrator => "a security administrator",
            Self::NetworkTeam => "your network team",
            Self::Microsoft => "Microsoft",
            Self::GraphConnect => "the makers of Graph Connect",
        }
    }
}

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Retry {
    /// At once.
    Now,
    /// After a while: nothing has to be changed.
    Later,
    /// Only after something was changed.
    AfterTheFix,
}

impl Retry {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Now, Self::Later, Self::AfterTheFix];

    /// What to do, as a sentence.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Now => "Try again.",
            Self::Later => "Try again in a while.",
            Self::AfterTheFix => "Fix it first, then test again.",
        }
    }
}

/// A field of the form of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// The cloud.
    Cloud,
    /// The Application (client) ID.
    ClientId,
    /// The client secret.
    ClientSecret,
    /// The tenant.
    Tenant,
    /// The day on which the client secret expires.
    SecretExpiresOn,
}

/// A page of the portal of a cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PortalPage {
    /// The list of app registrations.
    AppRegistrations,
    /// The overview of one app registration, where its IDs stand.
    Overview,
    /// "Certificates & secrets" of one app registration.
    Secrets,
    /// "Authentication" of one app registration, where redirect addresses stand.
    Authentication,
    /// "API permissions" of one app registration, where consent is granted.
    ApiPermissions,
    /// The list of enterprise applications, where an app is switched on and people are assigned.
    EnterpriseApplications,
    /// Requests for an administrator's consent.
    AdminConsentRequests,
    /// The overview of the tenant, with its ID.
    TenantOverview,
    /// The sign-in log.
    SignInLogs,
    /// The policies of Conditional Access.
    ConditionalAccess,
    /// The list of users.
    Users,
    /// The licenses of the tenant.
    Licences,
}

/// A page of the portal with its address, for reports that are read outside of the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PortalLink {
    /// Which page.
    pub page: PortalPage,
    /// Its address in the portal of the connection's cloud, for the connection's application.
    pub url: String,
}

/// What a server said when it refused, for the people of its help desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OriginalError {
    /// The status of the HTTP answer.
    pub http_status: Option<u16>,
    /// `error` of an identity platform answer or `error.code` of a Graph answer.
    pub error: Option<String>,
    /// The AADSTS number, such as 7000215.
    pub aadsts: Option<u32>,
    /// The server's own text, with control and direction characters made visible, 2,000 characters
    /// at most.
    pub text: String,
    /// The trace ID (identity platform) or `request-id` (Graph).
    pub trace_id: Option<String>,
    /// The correlation ID (identity platform) or `client-request-id` (Graph).
    pub correlation_id: Option<String>,
    /// The time that the server wrote.
    pub timestamp: Option<String>,
}

/// One permission: of those that the integration needs, or one that the token carries beyond them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PermissionFinding {
    /// Its name.
    pub name: String,
    /// The kind that was looked for.
    pub kind: PermissionKind,
    /// What it allows, in plain words; empty for one that is not in the program's table.
    pub purpose: String,
    /// What there is to say about it.
    pub state: PermissionState,
    /// The integrations that need it; empty for one that is more than needed.
    pub required_by: Vec<Integration>,
    /// Whether the tenant has granted it, as it says itself or as the token shows; nothing where
    /// neither can be read.
    pub granted: Option<bool>,
    /// Whether the token carries it; nothing where the token cannot be read.
    pub in_token: Option<bool>,
    /// The permission that is held and covers it.
    pub covered_by: Option<String>,
    /// Every permission that would cover it.
    pub served_by: Vec<String>,
    /// What to do about it.
    pub next: Option<String>,
}

/// What there is to say about a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PermissionState {
    /// The token carries it.
    Granted,
    /// Nobody has granted it.
    Missing,
    /// The tenant has granted it, but the token was issued before that took effect.
    NotYetInToken,
    /// The other kind of it is registered or granted, which does not help here.
    WrongKind,
    /// The token does not carry it, but one that Microsoft documents to allow as much and more.
    Covered,
    /// The token carries it, and the integration does not need it.
    Excess,
    /// The token cannot be read; nothing is known.
    Unknown,
}
