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
    let secret = remove(connections, &connection).await?;
    tidy(connections, &[&secret]).await;
    if answer == OutputFormat::Json {
        let mut removed = as_json(&connection, &secret);
        removed["version"] = 1.into();
        print_json(&removed)?;
    }
    Ok(exit(&[&secret]))
}

/// One that cannot be removed does not keep the others from it.
async fn all(connections: &Connections, yes: bool, answer: OutputFormat) -> Result<Exit, Failure> {
    let listed = connections.list().await?.connections;
    if !yes && !listed.is_empty() {
        let many = match listed.as_slice() {
            [only] => format!("\"{}\" and its secret", only.name),
            all => format!("all {} connections and their secrets", all.len()),
        };
        agree(&format!("Remove {many}? This cannot be undone. [y/N] ")).await?;
    }
    let (mut removed, mut failed) = (Vec::new(), None);
    for connection in &listed {
        match remove(connections, connection).await {
            Ok(secret) => removed.push((connection, secret)),
            Err(error) => {
                eprint_line(format!("\"{}\" was not removed.", connection.name));
                failed = failed.or(Some(error));
            }
        }
    }
    let secrets: Vec<&SecretRemoval> = removed.iter().map(|(_, secret)| secret).collect();
    tidy(connections, &secrets).await;
    if answer == OutputFormat::Json {
        let each: Vec<Value> = removed
            .iter()
            .map(|(one, secret)| as_json(one, secret))
            .collect();
        print_json(&json!({ "version": 1, "connections": each }))?;
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(exit(&secrets)),
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

async fn remove(
    connections: &Connections,
    connection: &Connection,
) -> Result<SecretRemoval, Failure> {
    let secret = connections.remove(connection.id).await?;
    eprint_line(secret.say(&connection.name));
    Ok(secret)
}

/// Where the keychain answers, what earlier removals have left in it can go too; what cannot stays
/// for the next time.
async fn tidy(connections: &Connections, secrets: &[&SecretRemoval]) {
    if secrets
        .iter()
        .any(|secret| matches!(secret, SecretRemoval::Removed { .. }))
    {
        let _left_for_later = connections.tidy_keychain().await;
    }
}

/// The connections are gone either way; a script has to hear that a secret is not.
fn exit(secrets: &[&SecretRemoval]) -> Exit {
    if secrets
        .iter()
        .any(|secret| matches!(secret, SecretRemoval::Pending(_)))
    {
        Exit::Keychain
    } else {
        Exit::Done
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
