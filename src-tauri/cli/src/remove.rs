//! `graph-connect remove`: a connection and its secret go, after a question.

use clap::Args;
use connections::{Connections, SecretRemoval};
use model::Connection;
use serde_json::{Value, json};

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
    let secret = connections.remove(connection.id).await?;
    say(told(&connection, &secret));
    if matches!(secret, SecretRemoval::Removed { .. }) {
        // The keychain answers, so what earlier removals have left in it can go too; what cannot stays for the next time.
        let _left_for_later = connections.tidy_keychain().await;
    }
    if answer == Answer::Json {
        print_json(&as_json(&connection, &secret))?;
    }
    // The connection is gone either way; a script has to hear that its secret is not.
    Ok(if matches!(secret, SecretRemoval::Pending(_)) { Exit::Keychain } else { Exit::Done })
}

/// What became of the connection and its secret.
fn told(connection: &Connection, secret: &SecretRemoval) -> String {
    let name = &connection.name;
    match secret {
        SecretRemoval::Removed { bin: None } => format!("\"{name}\" and its secret are removed."),
        SecretRemoval::Removed { bin: Some(program) } => format!(
            "\"{name}\" and its secret are removed. {program} keeps the secret in its recycle bin until you empty the bin."
        ),
        SecretRemoval::NotFound => {
            format!("\"{name}\" is removed. Its secret was not found in the keychain now in use.")
        }
        SecretRemoval::Pending(error) => format!(
            "\"{name}\" is removed, but not its secret. {error} {}\nGraph Connect removes the secret when it next finds it in \
             the keychain.",
            advice(error)
        ),
    }
}

/// What helps to get the secret removed. Nobody has to enter one again for that.
fn advice(error: &keychain::Error) -> &'static str {
    use keychain::Error as E;
    if matches!(error, E::OtherProvider { .. } | E::OtherCollection { .. }) {
        return "Use the keychain that keeps it, then start Graph Connect.";
    }
    if matches!(error, E::Missing) { "It may be kept by another keychain." } else { error.next() }
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
