//! The sentences of a report. They stand here and not in the window, because the command line and
//! "Copy report" say the same. Whose job the next step is stands in `actor` and is not said again
//! in `next`.

pub(super) mod expiry;
pub(super) mod graph;
pub(super) mod login;
pub(super) mod network;
pub(super) mod permissions;

use entra::{Cloud, host_of};
use model::{Finding, NotTested, Outcome, PermissionFinding, Step, StepState};

use super::target::CheckTarget;

/// The outcome in one line. `decisive` is the finding that decided it.
pub(super) fn headline(
    outcome: Outcome,
    decisive: Option<&Finding>,
    permissions: &[PermissionFinding],
) -> String {
    let summary = decisive
        .map(|finding| finding.summary.as_str())
        .unwrap_or_default();
    match outcome {
        Outcome::Works => "Connected.".to_owned(),
        Outcome::WorksWithGaps => match permissions::wanting(permissions) {
            Some(wanting) if permissions::has_none(permissions) => {
                format!("Signed in, but {wanting}")
            }
            Some(wanting) => format!("Connected. {wanting}"),
            None => format!("Connected. {summary}"),
        },
        Outcome::NeedsSignIn => "Sign in again.".to_owned(),
        Outcome::Fails => format!("Connection failed. {summary}"),
        Outcome::Inconclusive => not_tested(summary),
    }
}

/// The headline of a check that could not run: what stood in the way as the end of a sentence.
pub(super) fn not_tested(because: &str) -> String {
    let because = because.trim().trim_end_matches('.');
    let mut letters = because.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .collect();
    let is_name = because.starts_with("Microsoft");
    let because = if is_name {
        because.to_owned()
    } else {
        format!("{first}{}", letters.as_str())
    };
    format!("{} {because}.", NotTested::BEFORE)
}

/// A step that the server or the network refused: what happened, what to do, whose job it is and
/// where.
pub(super) fn refused(step: Step, target: &CheckTarget, ms: u32, error: &entra::Error) -> Finding {
    // A number with a meaning of its own says more than the kind of refusal.
    let numbered = error.original().is_some_and(|said| said.aadsts.is_some());
    let help = error.help_for(target.permission_kind());
    let summary = if numbered {
        format!("{}.", help.title)
    } else {
        error.to_string()
    };
    let finding = if is_no_verdict(error) {
        warning(step, summary)
    } else {
        failed(step, summary)
    };
    advised(Finding { ms, ..finding }, target, error)
}

/// Puts to a finding what the error's help says.
pub(super) fn advised(finding: Finding, target: &CheckTarget, error: &entra::Error) -> Finding {
    let help = error.help_for(target.permission_kind());
    Finding {
        next: Some(help.next),
        actor: Some(help.actor),
        retry: Some(help.retry),
        link: help.page.map(|page| target.link(page)),
        field: help.field,
        original: error.original().cloned(),
        ..finding
    }
}

/// Whether the service put off its answer, which says nothing about the connection.
pub(super) const fn is_no_verdict(error: &entra::Error) -> bool {
    matches!(
        error,
        entra::Error::Throttled { .. } | entra::Error::Unavailable { .. }
    )
}

/// The login host's name, as it stands in errors.
pub(super) fn login_host(cloud: &Cloud) -> String {
    host_of(&cloud.login)
}

/// Why the steps after one that did not pass are left out.
pub(super) const fn because_of(step: Step) -> &'static str {
    match step {
        Step::Keychain => "the keychain gave no secret",
        Step::NameResolution => "the login host's name is not known to the network",
        Step::Connection => "the login host cannot be reached",
        Step::Tls => "the secure connection was refused",
        Step::Tenant => "the tenant was not found in this cloud",
        Step::Credential => "no token was issued",
        Step::Clock
        | Step::Identity
        | Step::Permissions
        | Step::GraphRead
        | Step::Probe
        | Step::SecretExpiry => "an earlier step did not pass",
    }
}

pub(super) fn skipped(step: Step, because: impl std::fmt::Display) -> Finding {
    Finding {
        state: StepState::Skipped,
        ..passed(step, format!("Skipped: {because}."))
    }
}

pub(super) fn failed(step: Step, summary: impl Into<String>) -> Finding {
    Finding {
        state: StepState::Failed,
        ..passed(step, summary)
    }
}

pub(super) fn warning(step: Step, summary: impl Into<String>) -> Finding {
    Finding {
        state: StepState::Warning,
        ..passed(step, summary)
    }
}

pub(super) fn passed(step: Step, summary: impl Into<String>) -> Finding {
    Finding {
        step,
        state: StepState::Passed,
        ms: 0,
        summary: summary.into(),
        evidence: None,
        next: None,
        actor: None,
        retry: None,
        link: None,
        field: None,
        original: None,
    }
}

/// `1 permission is`, `3 permissions are`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Graph's host, as it stands in errors.
pub(super) fn graph_host(cloud: &Cloud) -> String {
    host_of(&cloud.graph)
}
