//! The same for people: lines that fit their terminal.

use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Style};
use connections::{Component, Diagnostic, Use};
use model::{CheckReport, Connection, Finding, Method, Need, StepState, written_day};
use textwrap::core::display_width;

/// Where the text of a finding begins.
const INDENT: usize = 29;

/// All connections, one on a line.
pub(super) fn table(connections: &[Connection]) -> String {
    let heading = [
        "NAME",
        "INTEGRATION",
        "METHOD",
        "TENANT",
        "SCRIPTS",
        "STATUS",
    ]
    .map(str::to_owned);
    let rows = connections.iter().map(|connection| {
        [
            connection.name.to_string(),
            connection.integration.name().to_owned(),
            method(connection).to_owned(),
            connection
                .tenant_name
                .clone()
                .unwrap_or_else(|| connection.method.tenant_id().to_string()),
            scripts(connection).to_owned(),
            standing(connection),
        ]
    });
    let rows: Vec<[String; 6]> = std::iter::once(heading).chain(rows).collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| display_width(&row[column]))
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..6).map(width).collect();
    let padded =
        |cell: &String, width: usize| format!("{cell}{}", " ".repeat(width - display_width(cell)));
    let line = |row: &[String; 6]| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| padded(cell, *width));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// A cloud from the person's own file is marked: it may have any name.
fn cloud(connection: &Connection) -> String {
    let mark = if super::is_custom(connection) {
        " (custom)"
    } else {
        ""
    };
    format!("{}{mark}", connection.cloud)
}

/// Everything about one connection.
pub(super) fn details(connection: &Connection, uses: &[Use]) -> String {
    let account = match &connection.method {
        Method::OAuth { account, .. } => account.username.clone(),
        Method::AppRegistration { .. } => None,
    };
    let tenant_id = connection.method.tenant_id();
    let tenant = connection
        .tenant_name
        .as_ref()
        .map(|name| format!("{name} ({tenant_id})"));
    let tested = connection
        .last_checked_at
        .map(|at| format!(", tested {}", minute(at)))
        .unwrap_or_default();
    let not_tested = connection.not_tested.as_ref();
    let not_tested = not_tested.map(|told| format!("{}: {}", minute(told.at), told.because));
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    let lines = [
        ("ID", Some(connection.id.to_string())),
        (
            "Integration",
            Some(connection.integration.name().to_owned()),
        ),
        ("May do", Some(may_do(connection))),
        ("Method", Some(method(connection).to_owned())),
        ("Account", account),
        ("Client ID", Some(connection.method.client_id().to_string())),
        (
            "Tenant",
            Some(tenant.unwrap_or_else(|| tenant_id.to_string())),
        ),
        ("Cloud", Some(cloud(connection))),
        ("Secret expires", expires(connection)),
        (
            "Status",
            Some(format!("{}{tested}", connection.status.name())),
        ),
        ("Not tested", not_tested),
        ("Scripts", Some(scripts(connection).to_owned())),
        (
            "Secret",
            connection.sealed.then(|| Connection::SEALED.to_owned()),
        ),
        ("Tags", filled(connection.tags.join(", "))),
        ("Description", filled(connection.description.clone())),
    ];
    let line = |(label, value): (&str, Option<String>)| {
        Some(hanging(&format!("  {label:<16}"), 18, &value?))
    };
    let facts: String = lines.into_iter().filter_map(line).collect();
    let used: String = uses.iter().map(used_by).collect();
    format!("{}\n{facts}{used}", connection.name)
}

/// Where its secret is, unless that is the keychain.
pub(super) fn sealed(connection: &Connection) -> String {
    if connection.sealed {
        hanging("", 0, Connection::SEALED)
    } else {
        String::new()
    }
}

/// When its client secret expires, as far as that is known.
fn expires(connection: &Connection) -> Option<String> {
    match (&connection.method, connection.secret_expires_at) {
        (Method::OAuth { .. }, _) => None,
        (Method::AppRegistration { .. }, _) if connection.secret_expired => {
            Some("expired".to_owned())
        }
        (Method::AppRegistration { .. }, Some(at)) => Some(minute(at)),
        (
            Method::AppRegistration {
                secret_expires_on, ..
            },
            None,
        ) => secret_expires_on.map(written_day),
    }
}

fn used_by(used: &Use) -> String {
    let text = format!("{}, {}: {}", used.program, minute(used.at), used.scope);
    hanging("  Used by         ", 18, &text)
}

/// What it was chosen to do, and what that is where the person has chosen it name by name.
fn may_do(connection: &Connection) -> String {
    match &connection.need {
        Need::ReadOnly | Need::ReadWrite => connection.need.name().to_owned(),
        Need::Own { names } => format!("{}: {}", connection.need.name(), names.join(", ")),
    }
}

/// The whole report.
pub(super) fn report(report: &CheckReport) -> String {
    let mut text = format!("{}\n", wrapped(&report.headline, 0));
    let mut findings = report.findings.iter().peekable();
    while let Some(first) = findings.next() {
        let mut steps = vec![first.step.name()];
        // What is skipped for one reason is one line.
        while let Some(next) = findings.next_if(|next| is_alike(first, next)) {
            steps.push(next.step.name());
        }
        text += &finding(first, &steps);
    }
    if let Some(why) = &report.not_kept {
        text += &format!("{}\n", wrapped(why, 0));
    }
    text
}

/// The headline and what needs somebody.
pub(super) fn troubles(report: &CheckReport) -> String {
    let needy = report
        .findings
        .iter()
        .filter(|f| matches!(f.state, StepState::Failed | StepState::Warning));
    format!(
        "{}\n{}",
        report.headline,
        needy
            .map(|one| finding(one, &[one.step.name()]))
            .collect::<String>()
    )
}

/// One line of `doctor`.
pub(super) fn health(one: &Diagnostic) -> String {
    let part = match one.part {
        Component::Environment => "environment",
        Component::Store => "connections",
        Component::Files => "files",
        Component::Keychain => "keychain",
        Component::Loopback => "loopback",
        Component::Host => "host",
        Component::Clock => "clock",
    };
    let mark = if one.good {
        painted("passed ", AnsiColor::Green)
    } else {
        painted("failed ", AnsiColor::Red)
    };
    let next = one
        .next
        .as_ref()
        .map(|next| hanging(&" ".repeat(INDENT), INDENT, next));
    format!(
        "{}{}",
        hanging(&format!("  {mark}  {part:<18}"), INDENT, &one.summary),
        next.unwrap_or_default()
    )
}

fn is_alike(one: &Finding, other: &Finding) -> bool {
    one.state == StepState::Skipped
        && other.state == StepState::Skipped
        && one.summary == other.summary
}

fn finding(one: &Finding, steps: &[&str]) -> String {
    let mark = match one.state {
        StepState::Passed => painted("passed ", AnsiColor::Green),
        StepState::Warning => painted("warning", AnsiColor::Yellow),
        StepState::Failed => painted("failed ", AnsiColor::Red),
        StepState::Skipped => painted("skipped", AnsiColor::BrightBlack),
    };
    let (name, summary) = match steps {
        [only] => (*only, one.summary.clone()),
        several => ("", format!("{}: {}", several.join(", "), one.summary)),
    };
    let mut text = hanging(&format!("  {mark}  {name:<18}"), INDENT, &summary);
    let original = one
        .original
        .as_ref()
        .and_then(|original| original.text.lines().next())
        .map(str::to_owned);
    for more in more_about(one).into_iter().chain(original) {
        text += &hanging(&" ".repeat(INDENT), INDENT, &more);
    }
    text
}

/// The lines under a finding: what shows it, what to do, whose job that is, where, and whether
/// trying again can help.
fn more_about(finding: &Finding) -> Vec<String> {
    let whose = finding
        .next
        .as_ref()
        .and(finding.actor)
        .map(|whose| format!("Who can fix this: {}.", whose.name()));
    let page = finding
        .link
        .as_ref()
        .map(|link| format!("Where: {}", link.url));
    let again = finding.retry.map(|again| again.advice().to_owned());
    [
        finding.evidence.clone(),
        finding.next.clone(),
        whose,
        page,
        again,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The text after a label, broken where the terminal ends; further lines begin below the text.
fn hanging(label: &str, indent: usize, text: &str) -> String {
    format!("{label}{}\n", wrapped(text, indent))
}

/// Broken between words where somebody reads it; a program gets whole lines.
fn wrapped(text: &str, indent: usize) -> String {
    if !io::stdout().is_terminal() {
        return text.to_owned();
    }
    let room = textwrap::termwidth().saturating_sub(indent).max(40);
    // An address has to stay in one piece to be opened.
    let options = textwrap::Options::new(room)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).join(&format!("\n{}", " ".repeat(indent)))
}

/// The text in a colour, which is taken out again where nobody would see it.
fn painted(text: &str, colour: AnsiColor) -> String {
    let style = Style::new().fg_color(Some(colour.into()));
    format!("{style}{text}{style:#}")
}

fn minute(at: jiff::Timestamp) -> String {
    at.to_zoned_datetime(jiff::tz::TimeZone::system())
        .strftime("%-d %b %Y, %H:%M")
        .to_string()
}

const fn method(connection: &Connection) -> &'static str {
    connection.method.kind().name()
}

const fn scripts(connection: &Connection) -> &'static str {
    match (
        connection.scripts_may_use,
        connection.scripts_may_have_secret,
    ) {
        (_, true) => "secret too",
        (true, false) => "allowed",
        (false, false) => "no",
    }
}

/// The status, and beside it what keeps it from being tested anew.
fn standing(connection: &Connection) -> String {
    let status = connection.status.name();
    match &connection.not_tested {
        Some(told) => format!("{status} (not tested: {})", told.because),
        None => status.to_owned(),
    }
}
