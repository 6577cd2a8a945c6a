//! `graph-connect remove`: a connection and its secret go, after a question.

use std::io::{self, IsTerminal};

use clap::Args;
use connections::Connections;
use serde_json::json;

use crate::{
    answer::{Answer, print_json},
    arguments::Named,
    ask,
    exit::{Exit, Failure},
    names::find,
};

#[derive(Args)]
pub(crate) struct RemoveArguments {
    #[command(flatten)]
    connection: Named,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
}

/// Removes it.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &RemoveArguments,
    answer: Answer,
) -> Result<Exit, Failure> {
    let connection = find(connections, &arguments.connection.name).await?;
    if !arguments.yes {
        if !io::stdin().is_terminal() {
            return Err(Failure::new(
                Exit::Usage,
                "nobody is there to be asked; add --yes to remove it without a question",
            ));
        }
        let used = connections.uses(connection.id, 1).await?;
        let users = used.first().map(|last| format!(" {} used it last and will stop working.", last.program));
        let question = format!(
            "Remove \"{}\" and its secret? This cannot be undone.{} [y/N] ",
            connection.name,
            users.unwrap_or_default()
        );
        if !ask::yes(&question)? {
            return Err(Failure::new(Exit::Other, "nothing was removed"));
        }
    }
    connections.remove(connection.id).await?;
    if answer == Answer::Json {
        print_json(&json!({ "version": 1, "name": connection.name, "removed": true }))?;
    }
    Ok(Exit::Done)
}
