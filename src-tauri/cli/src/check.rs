//! `graph-connect check`: Test Connection, on one connection or on all.

use std::sync::{Mutex, PoisonError};

use clap::Args;
use clap_complete::ArgValueCompleter;
use connections::{CheckAllEvent, Connections, sort_by_name};
use model::{CheckReport, Connection, Outcome};

use crate::{
    exit::{Exit, Failure},
    names::{self, find},
    output::OutputFormat,
    print::eprint_line,
};

#[derive(Args)]
pub(crate) struct CheckArguments {
    /// The connection's name (case does not matter) or its ID.
    #[arg(required_unless_present = "all", add = ArgValueCompleter::new(names::complete))]
    name: Option<String>,
    /// Check every connection, several at a time.
    #[arg(long, conflicts_with = "name")]
    all: bool,
    /// End with 1 also if it works with gaps, such as missing permissions or a secret that expires
    /// soon.
    #[arg(long)]
    strict: bool,
}

impl CheckArguments {
    fn exit(&self, report: &CheckReport) -> Exit {
        let gaps = self.strict && report.outcome == Outcome::WorksWithGaps;
        if gaps { Exit::Other } else { Exit::of(report) }
    }
}

/// Checks; the exit code is that of the worst.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &CheckArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    match &arguments.name {
        Some(name) => {
            let report = one(connections, &find(connections, name).await?, answer).await?;
            Ok(arguments.exit(&report))
        }
        None => all(connections, arguments, answer).await,
    }
}

/// Checks one connection and prints its report.
pub(crate) async fn one(
    connections: &Connections,
    connection: &Connection,
    answer: OutputFormat,
) -> Result<CheckReport, Failure> {
    let report = connections.check(connection.id, &|_| {}).await?;
    // A sign-in that was renewed on the way may lie elsewhere now.
    answer.report(&connections.get(connection.id).await?, &report)?;
    Ok(report)
}

/// What is found is printed at the end, in the order of the names.
async fn all(
    connections: &Connections,
    arguments: &CheckArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let finished = Mutex::new(Vec::new());
    let on_event = |event| match event {
        CheckAllEvent::Started(_) => {}
        CheckAllEvent::Waiting { seconds } => {
            eprint_line(format!("graph-connect: a service asks to wait {seconds} s"))
        }
        CheckAllEvent::Finished { connection, report } => {
            finished
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((connection, report));
        }
    };
    let summary = connections.check_all(None, &on_event).await?;
    let mut finished = finished
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    sort_by_name(&mut finished, |(connection, _)| connection.name.as_str());
    let mut worst = Exit::Done;
    let mut was_put_off = false;
    for (connection, report) in finished {
        answer.one_of_many(&connection, &report)?;
        let exit = arguments.exit(&report);
        // Others say more than a service that asks to wait.
        if exit == Exit::Throttled {
            was_put_off = true;
        } else {
            worst = worst.max(exit);
        }
    }
    for group in &summary.not_tested {
        eprint_line(format!(
            "graph-connect: {} could not be tested: {}.",
            group.count, group.because
        ));
    }
    Ok(if worst == Exit::Done && was_put_off {
        Exit::Throttled
    } else {
        worst
    })
}
