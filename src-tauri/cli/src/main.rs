//! The program `graph-connect`: the same connections as in the window, for people and scripts at a
//! terminal.
//!
//! Standard output carries data and nothing else; messages go to standard error. What is
//! deliberately not here: any rule about connections (crate `connections` has them all), and a way
//! to pass a secret as an argument.

mod add;
mod allow;
mod arguments;
mod ask;
mod check;
mod completions;
mod doctor;
mod duplicate;
mod exec;
mod exit;
mod get;
mod interrupt;
mod manual;
mod names;
mod original;
mod output;
mod parent;
mod print;
mod remove;
mod renew;
mod token;

use std::{
    io::{self, IsTerminal},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::{CommandFactory, Parser};
use clap_complete::CompleteEnv;
use connections::{Connections, KEYCHAIN_SERVICE};
use keychain::Keychain;

use crate::{
    arguments::{Arguments, Command, WithConnections},
    exit::{Exit, Failure},
    names::find,
    output::OutputFormat,
    print::eprint_line,
};

/// How long the keychain's prompt is waited for where nobody may see it.
const UNATTENDED_TIMEOUT: Duration = Duration::from_secs(10);

/// How many hand-outs `show` names.
const USES_SHOWN: u32 = 5;

fn main() -> ExitCode {
    // Help and version end in here, before anything else is started.
    CompleteEnv::with_factory(Arguments::command)
        .var(completions::VARIABLE)
        .shells(completions::SHELLS)
        .complete();
    let Arguments {
        json,
        wait,
        command,
    } = Arguments::parse();
    #[cfg(target_os = "linux")]
    keychain::restart_without_unusable_variables();
    let keychain = keychain(wait);
    let answer = if json {
        OutputFormat::Json
    } else {
        OutputFormat::Text
    };
    let exit = run(&command, keychain, answer).unwrap_or_else(|failure| {
        eprint_line(match answer {
            OutputFormat::Json => failure.as_json().to_string(),
            OutputFormat::Text => format!("graph-connect: {failure}"),
        });
        failure.exit
    });
    #[cfg(unix)]
    if let Exit::By(signal) = exit {
        exec::die_of(signal);
    }
    // The numbers of Windows do not fit into the standard library's `ExitCode`.
    #[cfg(windows)]
    if let Exit::Of(code) = exit {
        std::process::exit(code);
    }
    exit.into()
}

fn run(command: &Command, keychain: Keychain, answer: OutputFormat) -> Result<Exit, Failure> {
    match command {
        Command::WithConnections(command) => {
            runtime()?.block_on(with_connections(command, keychain, answer))
        }
        Command::Doctor => runtime()?.block_on(doctor::run(&folder()?, keychain, answer)),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Man(arguments) => manual::run(arguments, Arguments::command()),
    }
}

async fn with_connections(
    command: &WithConnections,
    keychain: Keychain,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let connections = open(keychain, command.reads_a_secret()).await?;
    match command {
        WithConnections::List => {
            answer.list(&connections.list().await?.connections)?;
            Ok(Exit::Done)
        }
        WithConnections::Show(named) => {
            let connection = find(&connections, &named.name).await?;
            let report = connections.last_report(connection.id).await?;
            let uses = connections.uses(connection.id, USES_SHOWN).await?;
            answer.show(&connection, report.as_ref(), &uses)?;
            Ok(Exit::Done)
        }
        WithConnections::Add(arguments) => add::add(&connections, arguments, answer).await,
        WithConnections::Renew(arguments) => renew::run(&connections, arguments, answer).await,
        WithConnections::Duplicate(arguments) => {
            duplicate::duplicate(&connections, arguments, answer).await
        }
        WithConnections::Rename(arguments) => {
            duplicate::rename(&connections, arguments, answer).await
        }
        WithConnections::Check(arguments) => check::run(&connections, arguments, answer).await,
        WithConnections::Allow(arguments) => allow::run(&connections, arguments, answer).await,
        WithConnections::Token(arguments) => {
            token::run(&connections, arguments, answer == OutputFormat::Json).await
        }
        WithConnections::Exec(arguments) => exec::run(&connections, arguments).await,
        WithConnections::Get(arguments) => get::get(&connections, arguments).await,
        WithConnections::Request(arguments) => get::request(&connections, arguments).await,
        WithConnections::Remove(arguments) => remove::run(&connections, arguments, answer).await,
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    // One thread: everything that blocks has threads of its own, and starting more would take
    // longer than the work.
    Ok(tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?)
}

/// Opens the store, and the keychain meanwhile if a secret is going to be read.
async fn open(keychain: Keychain, reads_a_secret: bool) -> Result<Connections, Failure> {
    if reads_a_secret {
        keychain.open_ahead();
    }
    let clouds = connections::clouds_in_use().await?;
    Ok(Connections::open(&folder()?, keychain, clouds).await?)
}

/// The same folder as the window's.
fn folder() -> Result<PathBuf, Failure> {
    connections::data_folder()
        .ok_or_else(|| Failure::new(Exit::Other, "this system names no data folder"))
}

/// The keychain, which may ask a person for its password; that is said after a moment.
fn keychain(wait: Option<u32>) -> Keychain {
    let somebody_is_there = io::stdin().is_terminal() || io::stderr().is_terminal();
    let patience = if somebody_is_there {
        Keychain::DEFAULT_TIMEOUT
    } else {
        UNATTENDED_TIMEOUT
    };
    let patience = wait.map_or(patience, |seconds| Duration::from_secs(seconds.into()));
    Keychain::native(KEYCHAIN_SERVICE)
        .with_deadline(patience)
        .telling_waits(|name| {
            let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
            eprint_line(format!(
                "Waiting for the keychain{name}. It may be asking for its password."
            ));
        })
}
