//! A check's report as a document of its own, for help desks and other programs.

use serde::{Deserialize, Serialize};

use crate::{
    check::CheckReport,
    connection::{Connection, Method, MethodKind, Status},
    integration::Integration,
};

/// The last report of one connection with what it is about. There is no secret in it, and no token.
// The descriptions here become those of the published schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckDocument {
    /// The name of the schema that describes this document.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// The version of this format. It counts up when something changes its meaning or goes away.
    pub version: u32,
    /// The version of Graph Connect that wrote it.
    pub program_version: String,
    /// What was checked.
    pub connection: ConnectionFacts,
    /// What was found.
    pub report: CheckReport,
}

/// What is public about a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionFacts {
    /// Graph Connect's own identifier.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// What it is for.
    pub integration: Integration,
    /// The identifier of its cloud in the list of clouds.
    pub cloud: String,
    /// How it proves who it is.
    pub method: MethodKind,
    /// The Application (client) ID.
    pub client_id: String,
    /// The Directory (tenant) ID.
    pub tenant_id: String,
    /// The tenant's display name, where a check could read it.
    pub tenant_name: Option<String>,
    /// Who signed in, for a connection by sign-in.
    pub username: Option<String>,
    /// The day on which the client secret expires (`yyyy-mm-dd`), where that is known.
    pub secret_expires_on: Option<String>,
    /// How it stands.
    pub status: Status,
}

impl CheckDocument {
    /// The name of the schema's file.
    pub const SCHEMA: &str = "check-report.schema.json";
    /// The version of the format.
    pub const VERSION: u32 = 1;

    /// The document about a connection's report.
    pub fn new(connection: &Connection, report: CheckReport, program_version: &str) -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            version: Self::VERSION,
            program_version: program_version.to_owned(),
            connection: ConnectionFacts::of(connection),
            report,
        }
    }
}

impl ConnectionFacts {
    fn of(connection: &Connection) -> Self {
        let (username, secret_expires_on) = match &connection.method {
            Method::OAuth { account, .. } => (account.username.clone(), None),
            Method::AppRegistration {
                secret_expires_on, ..
            } => (None, secret_expires_on.map(|day| day.to_string())),
        };
        Self {
            id: connection.id.to_string(),
            name: connection.name.to_string(),
            integration: connection.integration,
            cloud: connection.cloud.to_string(),
            method: connection.method.kind(),
            client_id: connection.method.client_id().to_string(),
            tenant_id: connection.method.tenant_id().to_string(),
            tenant_name: connection.tenant_name.clone(),
            username,
            secret_expires_on,
            status: connection.status,
        }
    }
}
