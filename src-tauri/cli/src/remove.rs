//! `graph-connect remove`: a connection and its secret go, after a question.

use clap::Args;
use connections::{Connections, SecretRemoval};
use model::Connection;
use serde_json::{Value, json};

use crate::{
    ask,
    exit::{Exit, Failure},
    names::{Named, find},
    output::{OutputFormat, print_json},
    print::eprint_line,
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
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let connection = find(connections, &arguments.connection.name).await?;
    if !arguments.yes {
        ask::expect_somebody("add --yes to remove it without a question")?;
        let used = connections.uses(connection.id, 1).await?;
        let users = used
            .first()
            .map(|last| format!(" {} used it last and will stop working.", last.program));
        let question = format!(
            "Remove \"{}\" and its secret? This cannot be undone.{} [y/N] ",
            connection.name,
            users.unwrap_or_default()
        );
        if !ask::yes(&question).await? {
            return Err(Failure::new(Exit::Other, "nothing was removed"));
        }
    }
    let secret = connections.remove(connection.id).await?;
    eprint_line(secret.say(&connection.name));
    if matches!(secret, SecretRemoval::Removed { .. }) {
        // The keychain answers, so what earlier removals have left in it can go too; what cannot
        // stays for the next time.
        let _left_for_later = connections.tidy_keychain().await;
    }
    if answer == OutputFormat::Json {
        print_json(&as_json(&connection, &secret))?;
    }
    // The connection is gone either way; a script has to hear that its secret is not.
    Ok(if matches!(secret, SecretRemoval::Pending(_)) {
        Exit::Keychain
    } else {
        Exit::Done
    })
}

fn as_json(connection: &Connection, secret: &SecretRemoval) -> Value {
    let (word, bin, code) = match secret {
        SecretRemoval::Removed { bin } => ("removed", bin.as_deref(), None),
        SecretRemoval::NotFound => ("notFound", None, None),
        SecretRemoval::Pending(error) => ("pending", None, Some(error.code())),
    };
    json!({
        "version": 1, "name": connection.name, "removed": true, "secretRemoved": word == "removed",
        "secret": word, "keptInBinOf": bin, "code": code,
    })
}
