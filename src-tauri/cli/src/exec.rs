//! `graph-connect exec`: runs a program that gets its tokens by itself, without ever holding the
//! secret behind them.
//!
//! The child sees an endpoint in the shape of an App Service's managed identity, which the SDKs of
//! Microsoft already speak. It is open for this one child: on the loopback interface, on a random
//! port, behind a header with a random value that only the child's environment holds, and closed
//! when the child ends. For programs that speak no managed identity, `--env` and `--set` put a
//! token or the secret into variables; then this program becomes the other one and is gone.

mod child;
mod endpoint;
mod environment;
#[cfg(windows)]
mod job;
mod proxies;
mod set;
#[cfg(unix)]
mod signals;

use std::{ffi::OsString, path::Path};

use clap::{Args, ValueEnum};
use connections::{Connections, HandedOutSecret, Request};
use model::Connection;
use secrecy::ExposeSecret;

use self::{child::Child, endpoint::Endpoint};
use crate::{
    exit::{Exit, Failure},
    names::{Named, find},
    token::say_not_kept,
};

#[cfg(unix)]
pub(crate) use self::signals::die_of;

#[derive(Args)]
pub(crate) struct ExecArguments {
    #[command(flatten)]
    connection: Named,
    /// How the program gets its token [default: identity, unless --set is given].
    #[arg(long, value_enum)]
    env: Option<Environment>,
    /// A variable that the program reads, and what of the connection goes into it: secret,
    /// client-id, tenant-id, token, authority (the login host) or graph (Graph's host). Can be
    /// given several times.
    #[arg(long, value_name = "VARIABLE=VALUE")]
    set: Vec<String>,
    /// The program and its arguments, after `--`.
    #[arg(required = true, last = true)]
    command: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Environment {
    /// From a local endpoint, as often as it likes: what the SDKs of Microsoft call a managed
    /// identity.
    Identity,
    /// One access token in GRAPH_ACCESS_TOKEN, which ends within the hour.
    Token,
    /// The client secret itself, in the variables AZURE_CLIENT_ID, AZURE_TENANT_ID and
    /// AZURE_CLIENT_SECRET: for programs that can do with nothing less. Needs a permission of its
    /// own.
    Secret,
}

/// Runs the program and ends as it ends.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &ExecArguments,
) -> Result<Exit, Failure> {
    let [program, rest @ ..] = arguments.command.as_slice() else {
        return Err(Failure::new(
            Exit::Usage,
            "name the program to run after `--`",
        ));
    };
    let mode = arguments
        .env
        .or(arguments.set.is_empty().then_some(Environment::Identity));
    let settings = set::read(&arguments.set, mode.map_or(&[], Environment::sets))?;
    let connection = find(connections, &arguments.connection.name).await?;
    if !connection.scripts_may_use {
        return Err(connections::Error::ScriptsMayNot.into());
    }
    let mut child = Child::new(program, rest);
    for stale in environment::left_over(mode, &settings) {
        child.without(&stale);
    }
    let name = name_of(program, rest);
    let endpoint = give_by_mode(connections, &connection, mode, &name, &mut child).await?;
    set::give(connections, &connection, &settings, &name, &mut child).await?;
    child.with(environment::MARK, environment::mark(mode, &settings));
    match endpoint {
        Some(_open_until_it_ends) => child.run().await,
        None => child.take_over().await,
    }
}

/// What the mode puts into the child's environment, and the endpoint that has to stay open for it.
async fn give_by_mode(
    connections: &Connections,
    connection: &Connection,
    mode: Option<Environment>,
    name: &str,
    child: &mut Child,
) -> Result<Option<Endpoint>, Failure> {
    if let Some(choice) = mode.and_then(Environment::choice) {
        child.with("AZURE_TOKEN_CREDENTIALS", choice);
    }
    match mode {
        None => {}
        Some(Environment::Identity) => {
            return Ok(Some(offer_identity(connections, connection, name, child)?));
        }
        Some(Environment::Token) => {
            let handed_out = connections.hand_out(connection.id, &request(name)).await?;
            say_not_kept(handed_out.not_kept.as_deref());
            child.with("GRAPH_ACCESS_TOKEN", handed_out.token.expose_secret());
        }
        Some(Environment::Secret) => {
            let handed_out = connections.hand_out_secret(connection.id, name).await?;
            give_secret(&handed_out, child);
        }
    }
    Ok(None)
}

fn give_secret(handed_out: &HandedOutSecret, child: &mut Child) {
    child.with("AZURE_CLIENT_ID", handed_out.client_id.to_string());
    child.with("AZURE_TENANT_ID", handed_out.tenant_id.to_string());
    child.with("AZURE_CLIENT_SECRET", handed_out.secret.expose_secret());
    if let Some(authority) = &handed_out.authority {
        child.with("AZURE_AUTHORITY_HOST", authority.as_str());
    }
}

fn offer_identity(
    connections: &Connections,
    connection: &Connection,
    name: &str,
    child: &mut Child,
) -> Result<Endpoint, Failure> {
    let endpoint = Endpoint::open(connections.clone(), connection.clone(), name.to_owned())?;
    child.with("IDENTITY_ENDPOINT", endpoint.address());
    child.with("IDENTITY_HEADER", endpoint.header().expose_secret());
    for (variable, exceptions) in proxies::exceptions_here() {
        child.with(variable, exceptions);
    }
    Ok(endpoint)
}

const fn request(program: &str) -> Request<'_> {
    Request {
        program,
        scope: None,
        fresh: false,
    }
}

/// What the program is called in the list of uses. One that only fetches and starts another goes by
/// that one's name.
fn name_of(program: &OsString, arguments: &[OsString]) -> String {
    let path = Path::new(program);
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    if !["npx", "bunx", "uvx"].contains(&name.as_str()) {
        return name;
    }
    let started = arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .find(|it| !it.starts_with('-'));
    started.map_or_else(|| name.clone(), |started| format!("{name} {started}"))
}
