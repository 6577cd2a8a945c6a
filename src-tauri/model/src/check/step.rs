//! The steps of a check, and how one ends.

use serde::{Deserialize, Serialize};

/// The steps of a check, in the order in which a report shows them. Steps that do not depend on
/// each other run together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// The secret can be read from the keychain.
    Keychain,
    /// The login host's name is known to the network (DNS).
    NameResolution,
    /// A connection to the login host can be made, directly or through a proxy, and it is Microsoft
    /// that answers.
    Connection,
    /// The connection is secure, and this computer trusts who issued the certificate.
    Tls,
    /// This computer's clock agrees with the server's.
    Clock,
    /// The tenant exists in that cloud.
    Tenant,
    /// A fresh token was issued.
    Credential,
    /// The token belongs to the expected tenant, application and account.
    Identity,
    /// The token carries the permissions that the integration needs.
    Permissions,
    /// Graph answers a read.
    GraphRead,
    /// One cheap read of what the integration is for.
    Probe,
    /// The day on which the client secret expires.
    SecretExpiry,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 12] = [
        Self::Keychain,
        Self::NameResolution,
        Self::Connection,
        Self::Tls,
        Self::Clock,
        Self::Tenant,
        Self::Credential,
        Self::Identity,
        Self::Permissions,
        Self::GraphRead,
        Self::Probe,
        Self::SecretExpiry,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keychain => "Keychain",
            Self::NameResolution => "Name resolution",
            Self::Connection => "Connection",
            Self::Tls => "Secure connection",
            Self::Clock => "Clock",
            Self::Tenant => "Tenant",
            Self::Credential => "Credential",
            Self::Identity => "Identity",
            Self::Permissions => "Permissions",
            Self::GraphRead => "Graph read",
            Self::Probe => "Sample read",
            Self::SecretExpiry => "Secret expiry",
        }
    }
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// It held.
    Passed,
    /// It held, with something to know.
    Warning,
    /// It did not hold.
    Failed,
    /// It was not tried, because an earlier step failed.
    Skipped,
}

impl StepState {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Passed, Self::Warning, Self::Failed, Self::Skipped];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::Warning => "Warning",
            Self::Failed => "Failed",
            Self::Skipped => "Skipped",
        }
    }
}
