//! What is printed on standard output: text for people, JSON for scripts.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use connections::{Examined, Part};
use model::{Actor, CheckReport, Connection, Finding, Method, MethodKind, Retry, Status, StepState};
use serde_json::{Value, json};

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Lines for people.
    Text,
    /// One JSON value; the shape carries `"version": 1`.
    Json,
}

impl Answer {
    /// Prints all connections.
    pub(crate) fn list(self, connections: &[Connection]) -> io::Result<()> {
        match self {
            Self::Json => print_json(&json!({
                "version": 1,
                "connections": connections.iter().map(facts).collect::<Vec<_>>(),
            })),
            Self::Text => print(&table(connections)),
        }
    }

    /// Prints one connection and its last report.
    pub(crate) fn show(self, connection: &Connection, report: Option<&CheckReport>) -> io::Result<()> {
        match self {
            Self::Json => print_json(&json!({ "version": 1, "connection": facts(connection), "report": report })),
            Self::Text => {
                let checked = report.map_or_else(|| "Never tested.\n".to_owned(), lines);
                print(&format!("{}\n{checked}", table(std::slice::from_ref(connection))))
            }
        }
    }

    /// Prints the report of a test of what is not kept.
    pub(crate) fn trial(self, name: &str, report: &CheckReport) -> io::Result<()> {
        match self {
            Self::Json => print_json(&json!({ "version": 1, "name": name, "kept": false, "report": report })),
            Self::Text => print(&lines(report)),
        }
    }

    /// Prints what `doctor` found.
    pub(crate) fn health(self, examined: &[Examined]) -> io::Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
        match self {
            Self::Json => print_json(&json!({
                "version": 1, "program": version, "system": system, "machine": machine, "examined": examined,
            })),
            Self::Text => {
                let lines: String = examined.iter().map(health_line).collect();
                print(&format!("Graph Connect {version} on {system} ({machine})\n{lines}"))
            }
        }
    }

    /// Prints the report of a check.
    pub(crate) fn report(self, connection: &Connection, report: &CheckReport) -> io::Result<()> {
        match self {
            Self::Json => print_json(&json!({ "version": 1, "name": connection.name.as_str(), "report": report })),
            Self::Text => print(&format!("{}\n{}", connection.name, lines(report))),
        }
    }
}

fn facts(connection: &Connection) -> Value {
    let expires_on = match &connection.method {
        Method::AppRegistration { secret_expires_on, .. } => *secret_expires_on,
        Method::OAuth { .. } => None,
    };
    json!({
        "id": connection.id,
        "name": connection.name,
        "integration": connection.integration.name(),
        "method": connection.method.kind(),
        "clientId": connection.method.client_id(),
        "tenantId": connection.method.tenant_id(),
        "tenantName": connection.tenant_name,
        "cloud": connection.cloud,
        "scriptsMayUse": connection.scripts_may_use,
        "scriptsMayHaveSecret": connection.scripts_may_have_secret,
        "status": connection.status,
        "lastCheckedAt": connection.last_checked_at,
        "expiresOn": expires_on,
        "tags": connection.tags,
    })
}

fn table(connections: &[Connection]) -> String {
    let heading = ["NAME", "INTEGRATION", "METHOD", "TENANT", "SCRIPTS", "STATUS"].map(str::to_owned);
    let rows = connections.iter().map(|connection| {
        let method = match connection.method.kind() {
            MethodKind::OAuth => "OAuth",
            MethodKind::AppRegistration => "App Registration",
        };
        let tenant = connection.method.tenant_id().to_string();
        let name = connection.name.to_string();
        [
            name,
            connection.integration.name().to_owned(),
            method.to_owned(),
            tenant,
            scripts(connection).to_owned(),
            status(connection.status).to_owned(),
        ]
    });
    let rows: Vec<[String; 6]> = std::iter::once(heading).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

const fn scripts(connection: &Connection) -> &'static str {
    match (connection.scripts_may_use, connection.scripts_may_have_secret) {
        (_, true) => "secret too",
        (true, false) => "allowed",
        (false, false) => "no",
    }
}

fn health_line(one: &Examined) -> String {
    let part = match one.part {
        Part::Store => "connections",
        Part::Keychain => "keychain",
        Part::Loopback => "loopback",
        Part::Host => "host",
        Part::Clock => "clock",
    };
    let mark = if one.good { painted("passed ", AnsiColor::Green) } else { painted("failed ", AnsiColor::Red) };
    let next = one.next.as_ref().map(|next| format!("                              {next}\n"));
    format!("  {mark} {part:<11} {:>6} ms  {}\n{}", one.ms, one.summary, next.unwrap_or_default())
}

/// The text in a colour, which is taken out again where nobody would see it.
fn painted(text: &str, colour: AnsiColor) -> String {
    let style = Style::new().fg_color(Some(colour.into()));
    format!("{style}{text}{style:#}")
}

fn lines(report: &CheckReport) -> String {
    let mut text = format!("{}\n", report.headline);
    for finding in &report.findings {
        let mark = match finding.state {
            StepState::Passed => painted("passed ", AnsiColor::Green),
            StepState::Warning => painted("warning", AnsiColor::Yellow),
            StepState::Failed => painted("failed ", AnsiColor::Red),
            StepState::Skipped => painted("skipped", AnsiColor::BrightBlack),
        };
        text += &format!("  {mark} {:>6} ms  {}\n", finding.ms, finding.summary);
        for more in more_about(finding) {
            text += &format!("                     {more}\n");
        }
        if let Some(original) = &finding.original {
            text += &format!("                     {}\n", original.text.lines().next().unwrap_or_default());
        }
    }
    text
}

/// The lines under a finding: what shows it, what to do, whose job that is, where, and whether trying again can help.
fn more_about(finding: &Finding) -> Vec<String> {
    let whose = finding.next.as_ref().and(finding.actor).map(|whose| format!("Who: {}.", actor(whose)));
    let page = finding.link.as_ref().map(|link| format!("Where: {}", link.url));
    let again = finding.retry.map(|again| retry(again).to_owned());
    [finding.evidence.clone(), finding.next.clone(), whose, page, again].into_iter().flatten().collect()
}

const fn actor(actor: Actor) -> &'static str {
    match actor {
        Actor::You => "you",
        Actor::ApplicationAdministrator => "an application administrator",
        Actor::PrivilegedRoleAdministrator => "a Privileged Role Administrator",
        Actor::UserAdministrator => "a user administrator",
        Actor::SecurityAdministrator => "a security administrator",
        Actor::NetworkTeam => "your network team",
        Actor::Microsoft => "Microsoft",
        Actor::GraphConnect => "the makers of Graph Connect",
    }
}

const fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::Now => "Try again now.",
        Retry::Later => "Try again in a while.",
        Retry::AfterTheFix => "Trying again helps only after a change.",
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Healthy => "Healthy",
        Status::NeedsAttention => "Needs attention",
        Status::NeedsSignIn => "Needs sign-in",
        Status::Failing => "Failing",
        Status::NeverTested => "Never tested",
    }
}

pub(crate) fn print_json(value: &Value) -> io::Result<()> {
    print(&format!("{value}\n"))
}

/// Colours are seen on a terminal only, and never with NO_COLOR. A reader that has gone away (`graph-connect list | head`)
/// is no failure.
pub(crate) fn print(text: &str) -> io::Result<()> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
