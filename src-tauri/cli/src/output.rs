//! What is printed on standard output: text for people, JSON for scripts.

mod text;

use std::io::{self, IsTerminal, Write};

use connections::{Diagnostic, Use};
use entra::harmless;
use model::{CheckReport, Connection, Method, Need};
use serde_json::{Value, json};

use crate::print::eprint_line;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const SYSTEM: &str = std::env::consts::OS;
const MACHINE: &str = std::env::consts::ARCH;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    /// Lines for people.
    Text,
    /// One JSON value; the shape carries `"version": 1`.
    Json,
}

impl OutputFormat {
    /// Prints all connections.
    pub(crate) fn list(self, connections: &[Connection]) -> io::Result<()> {
        match self {
            Self::Json => print_json(&json!({
                "version": 1,
                "connections": connections.iter().map(facts).collect::<Vec<_>>(),
            })),
            Self::Text if connections.is_empty() => {
                eprint_line("There are no connections yet; `graph-connect add` makes one.");
                Ok(())
            }
            Self::Text => print(&text::table(connections)),
        }
    }

    /// Prints one connection, its last report, and who was handed something of it last.
    pub(crate) fn show(
        self,
        connection: &Connection,
        report: Option<&CheckReport>,
        uses: &[Use],
    ) -> io::Result<()> {
        match self {
            Self::Json => print_json(&json!({
                "version": 1,
                "connection": facts(connection),
                "report": report,
                "uses": uses.iter().map(hand_out).collect::<Vec<_>>(),
            })),
            Self::Text => {
                let report = report.map_or_else(|| "Never tested.\n".to_owned(), text::report);
                print(&format!("{}\n{report}", text::details(connection, uses)))
            }
        }
    }

    /// Prints the report of a test of what is not kept.
    pub(crate) fn trial(self, name: &str, report: &CheckReport) -> io::Result<()> {
        match self {
            Self::Json => {
                print_json(&json!({ "version": 1, "name": name, "kept": false, "report": report }))
            }
            Self::Text => print(&text::report(report)),
        }
    }

    /// Prints what `doctor` examines: text as soon as it is known, JSON at the end.
    pub(crate) fn health_begins(self) -> io::Result<()> {
        match self {
            Self::Json => Ok(()),
            Self::Text => print(&format!(
                "Graph Connect {VERSION} on {SYSTEM} ({MACHINE})\n"
            )),
        }
    }

    /// Prints one finding of `doctor`.
    pub(crate) fn health_of(self, one: &Diagnostic) -> io::Result<()> {
        match self {
            Self::Json => Ok(()),
            Self::Text => print(&text::health(one)),
        }
    }

    /// Prints what `doctor` found in all.
    pub(crate) fn health_ends(self, examined: &[Diagnostic]) -> io::Result<()> {
        match self {
            Self::Json => print_json(&json!({
                "version": 1, "program": VERSION, "system": SYSTEM, "machine": MACHINE, "examined": examined,
            })),
            Self::Text => Ok(()),
        }
    }

    /// Prints the report of one of many: as text only what needs somebody.
    pub(crate) fn one_of_many(
        self,
        connection: &Connection,
        report: &CheckReport,
    ) -> io::Result<()> {
        match self {
            Self::Json => self.report(connection, report),
            Self::Text => print(&format!("{}: {}", connection.name, text::troubles(report))),
        }
    }

    /// Prints the report of a check.
    pub(crate) fn report(self, connection: &Connection, report: &CheckReport) -> io::Result<()> {
        match self {
            Self::Json => print_json(
                &json!({ "version": 1, "name": connection.name.as_str(), "report": report }),
            ),
            Self::Text => print(&format!(
                "{}\n{}{}",
                connection.name,
                text::report(report),
                text::sealed(connection)
            )),
        }
    }
}

fn facts(connection: &Connection) -> Value {
    let expires_on = match &connection.method {
        Method::AppRegistration {
            secret_expires_on, ..
        } => *secret_expires_on,
        Method::OAuth { .. } => None,
    };
    json!({
        "id": connection.id,
        "name": connection.name,
        "integration": connection.integration.name(),
        "need": need(connection),
        "method": connection.method.kind(),
        "clientId": connection.method.client_id(),
        "tenantId": connection.method.tenant_id(),
        "tenantName": connection.tenant_name,
        "cloud": connection.cloud,
        "customCloud": is_custom(connection),
        "scriptsMayUse": connection.scripts_may_use,
        "scriptsMayHaveSecret": connection.scripts_may_have_secret,
        "status": connection.status,
        "lastCheckedAt": connection.last_checked_at,
        "notTested": connection.not_tested,
        "expiresOn": expires_on,
        "expiresAt": connection.secret_expires_at,
        "sealed": connection.sealed,
        "tags": connection.tags,
        "description": connection.description,
    })
}

/// The choice by the words of `--need`, and the names that it stands for.
fn need(connection: &Connection) -> Value {
    let choice = match connection.need {
        Need::ReadOnly => "read",
        Need::ReadWrite => "write",
        Need::Own { .. } => "own",
    };
    let names: Vec<&str> = connection
        .needed()
        .iter()
        .map(|permission| permission.name)
        .collect();
    json!({ "choice": choice, "permissions": names })
}

fn hand_out(used: &Use) -> Value {
    json!({ "at": used.at, "program": used.program, "scope": used.scope })
}

/// A program gets it as it is; to a terminal goes nothing that steers it.
pub(crate) fn print_json(value: &Value) -> io::Result<()> {
    let line = format!("{value}\n");
    print(&if io::stdout().is_terminal() {
        harmless(&line)
    } else {
        line
    })
}

/// Colours are seen on a terminal only, and never with NO_COLOR. A reader that has gone away
/// (`graph-connect list | head`) is no failure.
pub(crate) fn print(text: &str) -> io::Result<()> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Whether a connection's cloud is none of Microsoft's own but comes from the person's file.
fn is_custom(connection: &Connection) -> bool {
    entra::Clouds::built_in().get(&connection.cloud).is_none()
}
