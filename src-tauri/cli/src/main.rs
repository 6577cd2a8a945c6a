//! The program `graph-connect`: the same connections as in the window, for people and scripts at a terminal.
//!
//! Standard output carries data and nothing else; messages go to standard error. What is deliberately not here: any rule
//! about connections (crate `connections` has them all), and a way to pass a secret as an argument.

mod allow;
mod answer;
mod exec;
mod exit;
mod parent;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use connections::{Connections, Error, KEYCHAIN_SERVICE};
use keychain::Keychain;
use model::{CheckReport, Connection, ConnectionName};

use crate::{
    allow::AllowArguments,
    answer::Answer,
    exec::ExecArguments,
    exit::{Exit, Failure},
    token::TokenArguments,
};

/// Use the Microsoft Graph connections of Graph Connect from the command line.
#[derive(Parser)]
#[command(name = "graph-connect", version, after_help = EXAMPLES)]
struct Arguments {
    /// Print JSON in place of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List all connections.
    List,
    /// Show one connection and the report of its last check.
    Show {
        /// The connection's name; case does not matter.
        name: String,
    },
    /// Run Test Connection on one connection, or on all.
    Check {
        /// The connection's name; case does not matter.
        #[arg(required_unless_present = "all")]
        name: Option<String>,
        /// Check every connection, one after the other.
        #[arg(long, conflicts_with = "name")]
        all: bool,
    },
    /// Let scripts use a connection, or no longer.
    Allow(AllowArguments),
    /// Print an access token for a script.
    Token(TokenArguments),
    /// Run a program that gets its tokens by itself, without the secret.
    Exec(ExecArguments),
}

impl Command {
    /// Whether it is likely to need the keychain.
    const fn reads_a_secret(&self) -> bool {
        match self {
            Self::Check { .. } | Self::Token(_) | Self::Exec(_) => true,
            Self::List | Self::Show { .. } | Self::Allow { .. } => false,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  graph-connect list
  graph-connect check \"Contoso audit\"
  graph-connect check --all --json
  graph-connect allow \"Contoso audit\"
  graph-connect exec \"Contoso audit\" -- pwsh report.ps1
  graph-connect token \"Contoso audit\" --format header | curl --header @- https://graph.microsoft.com/v1.0/organization

Exit codes: 0 done, 1 other failure, 2 wrong call, 3 no such connection, 4 needs sign-in or a new secret,
5 keychain locked, absent or denied, 6 network, 7 throttled, 8 busy. `exec` ends as its program ends.";

fn main() -> ExitCode {
    // Help and version end in here, before anything else is started.
    let arguments = Arguments::parse();
    // One thread: everything that blocks has threads of its own, and starting more would take longer than the work.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run(&arguments)));
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("graph-connect: {failure}");
            failure.exit.into()
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let connections = open(arguments.command.reads_a_secret()).await?;
    let answer = if arguments.json { Answer::Json } else { Answer::Text };
    match &arguments.command {
        Command::List => {
            let list = connections.list().await?;
            answer.list(&list.connections)?;
            Ok(Exit::Done)
        }
        Command::Show { name } => {
            let connection = find(&connections, name).await?;
            let report = connections.last_report(connection.id).await?;
            answer.show(&connection, report.as_ref())?;
            Ok(Exit::Done)
        }
        Command::Check { name: Some(name), .. } => {
            let connection = find(&connections, name).await?;
            check(&connections, &[connection], answer).await
        }
        Command::Allow(arguments) => allow::run(&connections, arguments).await,
        Command::Token(arguments) => token::run(&connections, arguments, answer == Answer::Json).await,
        Command::Exec(arguments) => exec::run(&connections, arguments).await,
        Command::Check { name: None, .. } => check(&connections, &connections.list().await?.connections, answer).await,
    }
}

/// Checks connections one after the other; the exit code is that of the worst.
async fn check(connections: &Connections, chosen: &[Connection], answer: Answer) -> Result<Exit, Failure> {
    let mut worst = Exit::Done;
    for connection in chosen {
        let report: CheckReport = connections.check(connection.id, &|_| {}).await?;
        answer.report(connection, &report)?;
        worst = worst.max(Exit::of(&report));
    }
    Ok(worst)
}

/// Opens the store, and the keychain meanwhile if a secret is going to be read.
async fn open(reads_a_secret: bool) -> Result<Connections, Failure> {
    let keychain = Keychain::native(KEYCHAIN_SERVICE);
    if reads_a_secret {
        keychain.open_ahead();
    }
    let folder = dirs::data_dir().ok_or_else(|| Failure::new(Exit::Other, "this system names no data folder"))?;
    let clouds = connections::clouds_in_use().await?;
    let connections = Connections::open(&folder.join(KEYCHAIN_SERVICE), keychain, clouds).await?;
    Ok(connections)
}

/// Finds a connection by its name, or says which names come near.
async fn find(connections: &Connections, name: &str) -> Result<Connection, Failure> {
    let wanted = ConnectionName::read(name).ok();
    if let Some(wanted) = &wanted {
        match connections.find(wanted).await {
            Err(Error::NotFound) => {}
            found => return Ok(found?),
        }
    }
    let wanted = wanted.map(|name| name.key()).unwrap_or_default();
    let all = connections.list().await?.connections;
    let near = nearest(&wanted, all.iter().map(|connection| &connection.name));
    let hint = if near.is_empty() {
        "`graph-connect list` shows all".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Err(Failure::new(Exit::NoSuchConnection, format!("there is no connection of that name; {hint}")))
}

/// The names that come nearest, three at most: those that hold the text, then those that are a few slips away from it.
fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a ConnectionName>) -> Vec<&'a str> {
    let distance = |name: &ConnectionName| {
        let key = name.key();
        let contained = !wanted.is_empty() && key.contains(wanted);
        if contained { 0 } else { strsim::damerau_levenshtein(wanted, &key) }
    };
    let allowed = wanted.chars().count() / 3 + 1;
    let mut near: Vec<_> =
        names.map(|name| (distance(name), name.as_str())).filter(|(far, _)| *far <= allowed).collect();
    near.sort();
    near.into_iter().map(|(_, name)| name).take(3).collect()
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let text = format!("{error}\n{}", error.next());
        Self::new(Exit::of_error(&error), text)
    }
}
