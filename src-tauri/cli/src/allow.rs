//! `graph-connect allow`: what scripts may have of a connection.

use clap::Args;
use connections::{Connections, Error};

use crate::{
    exit::{Exit, Failure},
    find,
};

#[derive(Args)]
pub(crate) struct AllowArguments {
    /// The connection's name; case does not matter.
    name: String,
    /// Let them have the client secret itself too, for `exec --env secret`.
    #[arg(long)]
    secret: bool,
    /// Take it back; kept tokens are forgotten. With `--secret` only the secret is taken back.
    #[arg(long)]
    revoke: bool,
}

/// Gives or takes back what scripts may have.
pub(crate) async fn run(connections: &Connections, arguments: &AllowArguments) -> Result<Exit, Failure> {
    let id = find(connections, &arguments.name).await?.id;
    let yes = !arguments.revoke;
    if !arguments.secret {
        connections.let_scripts_use(id, yes).await?;
        return Ok(Exit::Done);
    }
    match connections.let_scripts_have_secret(id, yes).await {
        // A connection that cannot give its secret is refused before this, so that nothing is half allowed.
        Err(Error::ScriptsMayNot) => {
            connections.let_scripts_use(id, true).await?;
            connections.let_scripts_have_secret(id, true).await?;
        }
        done => done?,
    }
    Ok(Exit::Done)
}
