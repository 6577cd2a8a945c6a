//! `graph-connect remove`: a connection and its secret go, or all of them, after a question.

use clap::Args;
use clap_complete::ArgValueCompleter;
use connections::{Connections, SecretRemoval};
use model::Connection;
use serde_json::{Value, json};

use crate::{
    ask,
    exit::{Exit, Failure},
    names::{self, find},
    output::{OutputFormat, print_json},
    print::eprint_line,
};

#[derive(Args)]
pub(crate) struct RemoveArguments {
    /// The connection's name (case does not matter) or its ID.
    #[arg(required_unless_present = "all", add = ArgValueCompleter::new(names::complete))]
    name: Option<String>,
    /// Remove every connection and its secret.
    #[arg(long, conflicts_with = "name")]
    all: bool,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
}

/// Removes it, or all.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &RemoveArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    match &arguments.name {
        Some(name) => one(connections, name, arguments.yes, answer).await,
        None => all(connections, arguments.yes, answer).await,
    }
}

async fn one(
    connections: &Connections,
    name: &str,
    yes: bool,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let connection = find(connections, name).await?;
    if !yes {
        let used = connections.uses(connection.id, 1).await?;
        let users = used
            .first()
            .map(|last| format!(" {} used it last and will stop working.", last.program));
        agree(&format!(
            "Remove \"{}\" and its secret? This cannot be undone.{} [y/N] ",
            connection.name,
            users.unwrap_or_default()
        ))
        .await?;
    }
    let secret = connections.remove(connection.id).await?;
    eprint_line(secret.say(&connection.name));
    if matches!(secret, SecretRemoval::Removed { .. }) {
        // The keychain answers, so what earlier removals have left in it can go too; what cannot
        // stays for the next time.
        let _left_for_later = connections.tidy_keychain().await;
    }
    if answer == OutputFormat::Json {
        let mut removed = as_json(&connection, &secret);
        removed["version"] = 1.into();
        print_json(&removed)?;
    }
    // The connection is gone either way; a script has to hear that its secret is not.
    Ok(if matches!(secret, SecretRemoval::Pending(_)) {
        Exit::Keychain
    } else {
        Exit::Done
    })
}

/// Ends where the keychain does not remove a secret: the others stay in the list that knows them,
/// and nobody is asked for each of them.
async fn all(connections: &Connections, yes: bool, answer: OutputFormat) -> Result<Exit, Failure> {
    let listed = connections.list().await?.connections;
    if listed.is_empty() {
        eprint_line("There are no connections.");
    } else if !yes {
        let many = match listed.as_slice() {
            [only] => format!("\"{}\" and its secret", only.name),
            all => format!("all {} connections and their secrets", all.len()),
        };
        agree(&format!("Remove {many}? This cannot be undone. [y/N] ")).await?;
    }
    let mut removed = Vec::new();
    for connection in &listed {
        let secret = match connections.remove(connection.id).await {
            Ok(secret) => secret,
            // The window was faster.
            Err(connections::Error::NotFound) => continue,
            Err(error) => return Err(error.into()),
        };
        eprint_line(secret.say(&connection.name));
        let is_left = matches!(secret, SecretRemoval::Pending(_));
        removed.push((connection, secret));
        if is_left {
            break;
        }
    }
    // Also what earlier removals have left behind is to be gone.
    let left = connections.tidy_keychain().await?;
    let key = if left == 0 && !removed.is_empty() {
        connections.remove_unused_key().await
    } else {
        Ok(true)
    };
    if answer == OutputFormat::Json {
        let each: Vec<Value> = removed
            .iter()
            .map(|(one, secret)| as_json(one, secret))
            .collect();
        print_json(&json!({ "version": 1, "connections": each }))?;
    }
    ended(left, key)
}

/// How removing all of them ended: well only when nothing is left.
fn ended(left: usize, key: Result<bool, connections::Error>) -> Result<Exit, Failure> {
    if left > 0 {
        eprint_line(match left {
            1 => "One secret is still in the keychain.".to_owned(),
            many => format!("{many} secrets are still in the keychain."),
        });
        return Ok(Exit::Keychain);
    }
    match key {
        Ok(true) => Ok(Exit::Done),
        Ok(false) => {
            eprint_line(
                "A connection was made or deleted elsewhere meanwhile. Run this again in a minute.",
            );
            Ok(Exit::Busy)
        }
        Err(connections::Error::Keychain(error)) => {
            eprint_line(format!(
                "The key that opened sealed secrets and tokens is still in the keychain. {error}"
            ));
            Ok(Exit::Keychain)
        }
        Err(error) => Err(error.into()),
    }
}

async fn agree(question: &str) -> Result<(), Failure> {
    ask::expect_somebody("add --yes to remove it without a question")?;
    if ask::yes(question).await? {
        Ok(())
    } else {
        Err(Failure::new(Exit::Other, "nothing was removed"))
    }
}

fn as_json(connection: &Connection, secret: &SecretRemoval) -> Value {
    let (word, bin, code) = match secret {
        SecretRemoval::Removed { bin } => ("removed", bin.as_deref(), None),
        SecretRemoval::NotFound => ("notFound", None, None),
        SecretRemoval::Pending(error) => ("pending", None, Some(error.code())),
    };
    json!({
        "name": connection.name, "removed": true, "secretRemoved": word == "removed",
        "secret": word, "keptInBinOf": bin, "code": code,
    })
}
