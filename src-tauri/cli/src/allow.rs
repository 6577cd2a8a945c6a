//! `graph-connect allow`: what scripts may have of a connection.

use clap::Args;
use connections::{Connections, Error};
use model::{ConnectionId, MethodKind};
use serde_json::json;

use crate::{
    ask,
    exit::{Exit, Failure},
    names::{Named, find},
    output::{OutputFormat, print_json},
    print::eprint_line,
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
    /// Do not ask before the secret is allowed.
    #[arg(long, short)]
    yes: bool,
}

/// Gives or takes back what scripts may have.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &AllowArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let connection = find(connections, &arguments.connection.name).await?;
    let id = connection.id;
    if arguments.secret {
        let is_by_oauth = connection.method.kind() == MethodKind::OAuth;
        if !arguments.revoke && !arguments.yes && !is_by_oauth {
            ask::expect_somebody("add --yes to allow the secret without a question")?;
            let question = format!(
                "Programs that run as you will get the client secret of \"{}\", and whoever has it can be this application \
                 anywhere. Allow that? [y/N] ",
                connection.name
            );
            if !ask::yes(&question).await? {
                return Err(Failure::new(Exit::Other, "nothing was changed"));
            }
        }
        allow_secret(connections, id, !arguments.revoke).await?;
    } else {
        connections.let_scripts_use(id, !arguments.revoke).await?;
    }
    let connection = connections.get(id).await?;
    eprint_line(
        match (
            connection.scripts_may_use,
            connection.scripts_may_have_secret,
        ) {
            (_, true) => format!(
                "Scripts may use \"{}\" and have its client secret.",
                connection.name
            ),
            (true, false) => format!("Scripts may use \"{}\".", connection.name),
            (false, false) => format!("Scripts may not use \"{}\".", connection.name),
        },
    );
    if answer == OutputFormat::Json {
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
        // A connection that cannot give its secret is refused before this, so that nothing is half
        // allowed.
        Err(Error::ScriptsMayNot) => {
            connections.let_scripts_use(id, true).await?;
            connections.let_scripts_have_secret(id, true).await
        }
        done => done,
    }
}
