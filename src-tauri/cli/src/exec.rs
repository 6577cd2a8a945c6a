//! `graph-connect exec`: runs a program that gets its tokens by itself, without ever holding the secret behind them.
//!
//! The child sees an endpoint in the shape of an App Service's managed identity, which the SDKs of Microsoft already
//! speak. It is open for this one child: on the loopback interface, on a random port, behind a header with a random value
//! that only the child's environment holds, and closed when the child ends.

mod child;
mod endpoint;

use std::{ffi::OsString, path::Path};

use clap::{Args, ValueEnum};
use connections::{Connections, HandedOutSecret, Request};
use model::Connection;
use secrecy::ExposeSecret;

use self::{child::Child, endpoint::Endpoint};
use crate::{
    arguments::Named,
    exit::{Exit, Failure},
    names::find,
};

#[derive(Args)]
pub(crate) struct ExecArguments {
    #[command(flatten)]
    connection: Named,
    /// How the program gets its token.
    #[arg(long, value_enum, default_value_t)]
    env: Environment,
    /// The program and its arguments, after `--`.
    #[arg(required = true, last = true)]
    command: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Environment {
    /// From a local endpoint, as often as it likes: what the SDKs of Microsoft call a managed identity.
    #[default]
    Identity,
    /// One access token in GRAPH_ACCESS_TOKEN, which ends within the hour.
    Token,
    /// The client secret itself, in the variables AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET: for programs that
    /// can do with nothing less. Needs a permission of its own.
    Secret,
}

/// Where programs look for tokens that are handed to them, other than the place of the mode.
const TOKENS: [&str; 6] = [
    "GRAPH_ACCESS_TOKEN",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
];

/// Where the SDKs of Microsoft look for a credential before they ask for a managed identity, what tells them which identity
/// that is, and which kinds of credential they may try.
///
/// Source: <https://learn.microsoft.com/python/api/azure-identity/azure.identity.environmentcredential>
const CREDENTIALS: [&str; 11] = [
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_PASSWORD",
    "AZURE_TENANT_ID",
    "AZURE_TOKEN_CREDENTIALS",
    "AZURE_USERNAME",
];

impl Environment {
    /// Variables that the shell may have from elsewhere, and that would be taken for this connection's.
    fn stale(self) -> impl Iterator<Item = &'static str> {
        let credentials: &[&str] = match self {
            Self::Identity | Self::Secret => &CREDENTIALS,
            // Nothing in them stands in the way of a program that takes its token from the one variable.
            Self::Token => &[],
        };
        TOKENS.iter().chain(credentials).copied()
    }

    /// Keeps `DefaultAzureCredential` to what is handed to programs. The credentials of developers, such as a sign-in of the
    /// Azure CLI, would be somebody else's, and it would take them in silence.
    ///
    /// Source: <https://learn.microsoft.com/python/api/azure-identity/azure.identity.defaultazurecredential>
    fn choice(self) -> Option<(&'static str, &'static str)> {
        (self != Self::Token).then_some(("AZURE_TOKEN_CREDENTIALS", "prod"))
    }
}

/// Runs the program and ends as it ends.
pub(crate) async fn run(connections: &Connections, arguments: &ExecArguments) -> Result<Exit, Failure> {
    let connection = find(connections, &arguments.connection.name).await?;
    let [program, rest @ ..] = arguments.command.as_slice() else {
        return Err(Failure::new(Exit::Usage, "name the program to run after `--`"));
    };
    let mut child = Child::new(program, rest);
    for stale in arguments.env.stale() {
        child.without(stale);
    }
    if let Some((variable, choice)) = arguments.env.choice() {
        child.with(variable, choice);
    }
    let _endpoint = match arguments.env {
        Environment::Identity => Some(offer_identity(connections, &connection, program, &mut child).await?),
        Environment::Token => {
            let handed_out = connections.hand_out(connection.id, &request(&name_of(program))).await?;
            child.with("GRAPH_ACCESS_TOKEN", handed_out.token.expose_secret());
            None
        }
        Environment::Secret => {
            let handed_out = connections.hand_out_secret(connection.id, &name_of(program)).await?;
            give_secret(&handed_out, &mut child);
            None
        }
    };
    child.run().await
}

fn give_secret(handed_out: &HandedOutSecret, child: &mut Child) {
    child.with("AZURE_CLIENT_ID", handed_out.client_id.to_string());
    child.with("AZURE_TENANT_ID", handed_out.tenant_id.to_string());
    child.with("AZURE_CLIENT_SECRET", handed_out.secret.expose_secret());
    if let Some(authority) = &handed_out.authority {
        child.with("AZURE_AUTHORITY_HOST", authority.as_str());
    }
}

async fn offer_identity(
    connections: &Connections,
    connection: &Connection,
    program: &OsString,
    child: &mut Child,
) -> Result<Endpoint, Failure> {
    if !connection.scripts_may_use {
        return Err(connections::Error::ScriptsMayNot.into());
    }
    let endpoint = Endpoint::open(connections.clone(), connection.clone(), name_of(program)).await?;
    child.with("IDENTITY_ENDPOINT", endpoint.address());
    child.with("IDENTITY_HEADER", endpoint.header().expose_secret());
    Ok(endpoint)
}

fn request(program: &str) -> Request<'_> {
    Request { program, scope: None, fresh: false }
}

fn name_of(program: &OsString) -> String {
    let path = Path::new(program);
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
