//! `graph-connect check`: Test Connection, on one connection or on all.

use std::sync::{Mutex, PoisonError};

use clap::Args;
use clap_complete::ArgValueCompleter;
use connections::{CheckAllEvent, Connections};
use jiff::Timestamp;
use model::Connection;

use crate::{
    answer::Answer,
    exit::{Exit, Failure},
    names::{self, find},
};

#[derive(Args)]
pub(crate) struct CheckArguments {
    /// The connection's name (case does not matter) or its ID.
    #[arg(required_unless_present = "all", add = ArgValueCompleter::new(names::complete))]
    name: Option<String>,
    /// Check every connection, several at a time.
    #[arg(long, conflicts_with = "name")]
    all: bool,
}

/// Checks; the exit code is that of the worst.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &CheckArguments,
    answer: Answer,
) -> Result<Exit, Failure> {
    match &arguments.name {
        Some(name) => one(connections, &find(connections, name).await?, answer).await,
        None => all(connections, answer).await,
    }
}

/// Checks one connection and prints its report.
pub(crate) async fn one(connections: &Connections, connection: &Connection, answer: Answer) -> Result<Exit, Failure> {
    let report = connections.check(connection.id, &|_| {}).await?;
    answer.report(connection, &report)?;
    Ok(Exit::of(&report))
}

/// Each report is printed as soon as it is there.
async fn all(connections: &Connections, answer: Answer) -> Result<Exit, Failure> {
    let began = Timestamp::now();
    let finished = Mutex::new(Vec::new());
    let on_event = |event| match event {
        CheckAllEvent::Started(_) => {}
        CheckAllEvent::Waiting { seconds } => eprintln!("graph-connect: a service asks to wait {seconds} s"),
        CheckAllEvent::Finished { connection, headline } => {
            eprintln!("{}: {headline}", connection.name);
            finished.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    };
    let summary = connections.check_all(None, &on_event).await?;
    let mut worst = Exit::Done;
    let mut finished = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
    finished.sort_by_key(|connection| connection.name.key());
    // Of one that was put off, only an earlier report is there.
    let tested = finished.iter().filter(|connection| connection.last_checked_at.is_some_and(|at| at >= began));
    for connection in tested {
        let Some(report) = connections.last_report(connection.id).await? else { continue };
        answer.report(connection, &report)?;
        worst = worst.max(Exit::of(&report));
    }
    Ok(if worst == Exit::Done && summary.put_off > 0 { Exit::Throttled } else { worst })
}
