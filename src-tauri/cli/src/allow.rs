//! `graph-connect allow`: what scripts may have of a connection.

use clap::Args;
use connections::{Connections, Error};
use model::ConnectionId;
use serde_json::json;

use crate::{
    answer::{Answer, print_json},
    arguments::Named,
    exit::{Exit, Failure},
    names::find,
};

#[derive(Args)]
pub(crate) struct AllowArguments {
    #[command(flatten)]
    connection: Named,
    /// Let them have the client secret itself too, for `exec --env secret`.
    #[arg(long)]
    secret: bool,
    /// Take it back; kept tokens are forgotten. With `--secret` only the secret is taken back.
    #[arg(long)]
    revoke: bool,
}

/// Gives or takes back what scripts may have.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &AllowArguments,
    answer: Answer,
) -> Result<Exit, Failure> {
    let id = find(connections, &arguments.connection.name).await?.id;
    if arguments.secret {
        allow_secret(connections, id, !arguments.revoke).await?;
    } else {
        connections.let_scripts_use(id, !arguments.revoke).await?;
    }
    if answer == Answer::Json {
        let connection = connections.get(id).await?;
        print_json(&json!({
            "version": 1,
            "name": connection.name,
            "scriptsMayUse": connection.scripts_may_use,
            "scriptsMayHaveSecret": connection.scripts_may_have_secret,
        }))?;
    }
    Ok(Exit::Done)
}

async fn allow_secret(connections: &Connections, id: ConnectionId, yes: bool) -> Result<(), Error> {
    match connections.let_scripts_have_secret(id, yes).await {
        // A connection that cannot give its secret is refused before this, so that nothing is half allowed.
        Err(Error::ScriptsMayNot) => {
            connections.let_scripts_use(id, true).await?;
            connections.let_scripts_have_secret(id, true).await
        }
        done => done,
    }
}
