//! What a finding says about the connection as a whole.

use model::{Finding, Outcome, Step, StepState};

use super::{assessment::Assessment, expiry::Ends};

/// What a finding says about the connection as a whole; the worst one decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    Holds,
    /// It works, with something to know.
    Gap,
    /// Nothing is proved either way.
    PutOff,
    /// Somebody has to sign in again.
    NeedsPerson,
    Broken,
}

/// A finding and what it means.
#[derive(Debug)]
pub(super) struct Evaluated {
    pub(super) finding: Finding,
    pub(super) severity: Severity,
}

/// Everything that the answers come to.
#[derive(Default)]
pub(super) struct Evaluation {
    pub(super) findings: Vec<Evaluated>,
    pub(super) permissions: Option<Assessment>,
    pub(super) expires_on: Option<Ends>,
}

impl Evaluation {
    /// What it comes to, and the first finding that decided it.
    pub(super) fn outcome(&self) -> (Outcome, Option<&Finding>) {
        let worst = self
            .findings
            .iter()
            .map(|evaluated| evaluated.severity)
            .max()
            .unwrap_or(Severity::Holds);
        let decisive = self
            .findings
            .iter()
            .find(|evaluated| evaluated.severity == worst)
            .map(|evaluated| &evaluated.finding);
        let outcome = match worst {
            Severity::Holds => Outcome::Works,
            Severity::Gap => Outcome::WorksWithGaps,
            Severity::PutOff => Outcome::Inconclusive,
            Severity::NeedsPerson => Outcome::NeedsSignIn,
            Severity::Broken => Outcome::Fails,
        };
        (outcome, decisive)
    }

    /// Whether the credential was refused because the client secret has expired.
    pub(super) fn says_expired(&self) -> bool {
        let refused = self.findings.iter().map(|evaluated| &evaluated.finding);
        let mut refused = refused.filter(|finding| finding.step == Step::Credential);
        refused.any(|finding| finding.original.as_ref().is_some_and(entra::says_expired))
    }
}

/// By its state alone.
impl From<Finding> for Evaluated {
    fn from(finding: Finding) -> Self {
        let severity = match finding.state {
            StepState::Passed | StepState::Skipped => Severity::Holds,
            StepState::Warning => Severity::Gap,
            StepState::Failed => Severity::Broken,
        };
        Self { finding, severity }
    }
}
