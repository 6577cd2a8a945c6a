//! `graph-connect exec`: runs a program that gets its tokens by itself, without ever holding the secret behind them.
//!
//! The child sees an endpoint in the shape of an App Service's managed identity, which the SDKs of Microsoft already
//! speak. It is open for this one child: on the loopback interface, on a random port, behind a header with a random value
//! that only the child's environment holds, and closed when the child ends.

mod child;
mod endpoint;

use std::{ffi::OsString, path::Path};

use clap::{Args, ValueEnum};
use connections::{Connections, Request};
use model::Connection;
use secrecy::ExposeSecret;

use self::{child::Child, endpoint::Endpoint};
use crate::{
    exit::{Exit, Failure},
    find,
};

#[derive(Args)]
pub(crate) struct ExecArguments {
    /// The connection's name; case does not matter.
    name: String,
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
}

/// Runs the program and ends as it ends.
pub(crate) async fn run(connections: &Connections, arguments: &ExecArguments) -> Result<Exit, Failure> {
    let connection = find(connections, &arguments.name).await?;
    let [program, rest @ ..] = arguments.command.as_slice() else {
        return Err(Failure::new(Exit::Usage, "name the program to run after `--`"));
    };
    let mut child = Child::new(program, rest);
    // Whatever the shell has from elsewhere must not be taken for this connection's.
    for stale in ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET", "IDENTITY_SERVER_THUMBPRINT"] {
        child.without(stale);
    }
    let _endpoint = match arguments.env {
        Environment::Identity => Some(offer_identity(connections, &connection, program, &mut child).await?),
        Environment::Token => {
            let handed_out = connections.hand_out(connection.id, &request(&name_of(program))).await?;
            child.with("GRAPH_ACCESS_TOKEN", handed_out.token.expose_secret());
            None
        }
    };
    child.run().await
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
