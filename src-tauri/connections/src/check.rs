//! One run of Test Connection: what is asked of the login and Graph hosts ([`ask`]) and what the
//! answers prove ([`evaluate`]).
//!
//! Every check asks for a fresh token. What a token says about itself is evidence for people; only
//! an answer of the server decides.

mod answers;
mod ask;
mod assessment;
mod catalogues;
mod context;
mod evaluate;
mod evaluation;
mod expiry;
mod messages;
mod permissions;
mod progress;
mod target;
mod waits;

use std::time::Instant;

use entra::ClaimsChallenge;
use jiff::{Timestamp, ZonedDateTime};
use model::{CheckReport, Finding, NotTestedReason, Outcome, PermissionState, Step, StepState};

pub use context::CHECK_TIMEOUT;
pub use expiry::EXPIRES_SOON_DAYS;
pub(crate) use {catalogues::Catalogues, context::CheckContext, target::CheckTarget, waits::Waits};

use answers::Answers;
use ask::ask;
use context::milliseconds;
use evaluate::Evaluator;
use evaluation::Evaluation;
use progress::ProgressReporter;
use waits::waits;

use crate::credential::Rotated;

/// A finished check, and the refresh token that took the place of the one it used.
pub(crate) struct Checked {
    pub(crate) report: CheckReport,
    pub(crate) rotated: Option<Rotated>,
    /// What the next sign-in has to be asked for.
    pub(crate) claims: Option<ClaimsChallenge>,
    pub(crate) waits: Waits,
    /// Whether the credential got a token.
    pub(crate) signed_in: bool,
}

/// Runs a check; `on_finding` hears of each step as it ends, and again when more is known of it.
/// Dropping the future stops the check; so `on_rotated` hears of each new refresh token at the
/// moment at which it is there.
pub(crate) async fn run(
    context: &CheckContext<'_>,
    target: &CheckTarget,
    on_rotated: &(dyn Fn(&Rotated) + Sync),
    on_finding: &(dyn Fn(&Finding) + Sync),
) -> Checked {
    let (started_at, began) = (Timestamp::now(), Instant::now());
    let progress = ProgressReporter::new(on_finding);
    if let Some(ms) = target.keychain_ms {
        progress.tell(messages::login::secret_read(target, ms));
    }
    // On the heap: what is asked side by side would fill a thread's stack.
    let answers = Box::pin(ask(context, target, began, on_rotated, &progress)).await;
    let route = context.http.route(&target.cloud.login);
    let evaluator = Evaluator {
        target,
        clouds: context.clouds,
        route,
        began,
        now: ZonedDateTime::now(),
    };
    let evaluation = evaluator.evaluate(&answers);
    for evaluated in &evaluation.findings {
        progress.tell(evaluated.finding.clone());
    }
    let waits = waits(&answers);
    let report = CheckReport {
        started_at,
        took_ms: milliseconds(began),
        ..report(&answers, evaluation, waits, progress)
    };
    let claims = answers.claims().filter(|_| target.account().is_some());
    let issued = answers.token.and_then(|token| token.answer.ok());
    let signed_in = issued.is_some();
    Checked {
        report,
        rotated: issued.and_then(|issued| issued.rotated),
        claims,
        waits,
        signed_in,
    }
}

/// A report of one step that failed before anything could be asked: the secret could not be read.
///
/// A secret that is gone is something that was found out; a keychain that gives none proves
/// nothing.
pub(crate) fn without_secret(
    error: &keychain::Error,
    on_finding: &(dyn Fn(&Finding) + Sync),
) -> CheckReport {
    let is_gone = error.is_loss();
    let failed = messages::login::secret_unreadable(error);
    let headline = if is_gone {
        failed.summary.clone()
    } else {
        messages::not_tested(&failed.summary)
    };
    let rest = Step::ALL.into_iter().filter(|step| *step != Step::Keychain);
    let skipped = rest.map(|step| messages::skipped(step, messages::because_of(Step::Keychain)));
    let findings: Vec<Finding> = std::iter::once(failed).chain(skipped).collect();
    findings.iter().for_each(on_finding);
    let outcome = if is_gone {
        Outcome::NeedsSignIn
    } else {
        Outcome::Inconclusive
    };
    let is_locked = *error == keychain::Error::Locked;
    let reason = if is_locked {
        NotTestedReason::KeychainLocked
    } else {
        NotTestedReason::Keychain
    };
    CheckReport {
        outcome,
        headline,
        findings,
        not_tested: (!is_gone).then_some(reason),
        ..empty()
    }
}

/// A report without findings, of a check that could not begin.
pub(crate) fn not_begun(
    outcome: Outcome,
    headline: String,
    reason: Option<NotTestedReason>,
) -> CheckReport {
    CheckReport {
        outcome,
        headline,
        not_tested: reason,
        ..empty()
    }
}

/// The report of a check that did not begin, because another program was using the connection.
pub(crate) fn not_begun_while_busy(error: &crate::Error) -> CheckReport {
    not_begun(
        Outcome::Inconclusive,
        messages::not_tested(&error.to_string()),
        Some(NotTestedReason::Busy),
    )
}

fn report(
    answers: &Answers,
    evaluation: Evaluation,
    waits: Waits,
    progress: ProgressReporter<'_>,
) -> CheckReport {
    let (outcome, decisive) = evaluation.outcome();
    let permissions = evaluation
        .permissions
        .as_ref()
        .map(|found| found.findings.clone())
        .unwrap_or_default();
    let headline = messages::headline(outcome, decisive, &permissions);
    let not_tested = (outcome == Outcome::Inconclusive).then(|| reason(decisive));
    let is_on_its_way = permissions
        .iter()
        .any(|permission| permission.state == PermissionState::NotYetInToken);
    let again_after_s = match outcome {
        Outcome::Inconclusive => waits
            .longest()
            .map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX)),
        Outcome::WorksWithGaps => {
            is_on_its_way.then_some(messages::permissions::UNTIL_A_GRANT_COUNTS)
        }
        Outcome::Works | Outcome::NeedsSignIn | Outcome::Fails => None,
    };
    let reads = answers.reads.as_ref();
    let organization = reads.and_then(answers::Reads::organization);
    CheckReport {
        outcome,
        headline,
        permissions,
        tenant_name: organization
            .map(|found| found.display_name.clone())
            .filter(|name| !name.is_empty()),
        app_name: answers.app_name().map(str::to_owned),
        secret_expires_on: evaluation.expires_on.map(|ends| ends.day),
        secret_expires_at: evaluation.expires_on.and_then(|ends| ends.at),
        secret_expired: evaluation.says_expired(),
        not_tested,
        again_after_s,
        findings: progress.findings(),
        ..empty()
    }
}

fn empty() -> CheckReport {
    CheckReport {
        started_at: Timestamp::now(),
        took_ms: 0,
        outcome: Outcome::Inconclusive,
        headline: String::new(),
        findings: Vec::new(),
        permissions: Vec::new(),
        tenant_name: None,
        app_name: None,
        secret_expires_on: None,
        again_after_s: None,
        not_tested: None,
        not_kept: None,
        secret_expires_at: None,
        secret_expired: false,
    }
}

/// What stood in the way, by the finding that decided: a host that was not reached has failed, one
/// that asks to wait has not.
fn reason(decisive: Option<&Finding>) -> NotTestedReason {
    match decisive.map(|finding| finding.state) {
        Some(StepState::Failed) => NotTestedReason::Network,
        Some(StepState::Warning) => NotTestedReason::Throttled,
        Some(StepState::Passed | StepState::Skipped) | None => NotTestedReason::Other,
    }
}
