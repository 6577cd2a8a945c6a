//! `graph-connect remove`: a connection and its secret go, after a question.

use clap::Args;
use connections::Connections;
use serde_json::json;

use crate::{
    answer::{Answer, print_json},
    arguments::Named,
    ask,
    exit::{Exit, Failure},
    names::find,
    say::say,
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
        ask::expect_somebody("add --yes to remove it without a question")?;
        let used = connections.uses(connection.id, 1).await?;
        let users = used.first().map(|last| format!(" {} used it last and will stop working.", last.program));
        let question = format!(
            "Remove \"{}\" and its secret? This cannot be undone.{} [y/N] ",
            connection.name,
            users.unwrap_or_default()
        );
        if !ask::yes(&question).await? {
            return Err(Failure::new(Exit::Other, "nothing was removed"));
        }
    }
    connections.remove(connection.id).await?;
    // Without a keychain the secret is still there, and goes when the keychain answers next.
    let secret_removed = connections.list().await?.removals_pending == 0;
    if secret_removed {
        say(format!("\"{}\" and its secret are removed.", connection.name));
    } else {
        say("graph-connect: the keychain does not answer; the secret is removed when Graph Connect next reaches it");
    }
    if answer == Answer::Json {
        print_json(&json!({
            "version": 1, "name": connection.name, "removed": true, "secretRemoved": secret_removed,
        }))?;
    }
    Ok(Exit::Done)
}
