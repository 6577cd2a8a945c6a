//! What a finding says about the connection as a whole.

use model::{Finding, Outcome, Step, StepState};

use super::{expiry::Ends, permissions::Assessment};

/// What a finding says about the connection as a whole; the worst one decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
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
pub(super) struct Judged {
    pub(super) finding: Finding,
    pub(super) verdict: Verdict,
}

/// Everything that the answers come to.
#[derive(Default)]
pub(super) struct Judgement {
    pub(super) findings: Vec<Judged>,
    pub(super) permissions: Option<Assessment>,
    pub(super) expires_on: Option<Ends>,
}

impl Judgement {
    /// What it comes to, and the first finding that decided it.
    pub(super) fn outcome(&self) -> (Outcome, Option<&Finding>) {
        let worst = self
            .findings
            .iter()
            .map(|judged| judged.verdict)
            .max()
            .unwrap_or(Verdict::Holds);
        let decisive = self
            .findings
            .iter()
            .find(|judged| judged.verdict == worst)
            .map(|judged| &judged.finding);
        let outcome = match worst {
            Verdict::Holds => Outcome::Works,
            Verdict::Gap => Outcome::WorksWithGaps,
            Verdict::PutOff => Outcome::Inconclusive,
            Verdict::NeedsPerson => Outcome::NeedsSignIn,
            Verdict::Broken => Outcome::Fails,
        };
        (outcome, decisive)
    }

    /// Whether the credential was refused because the client secret has expired.
    pub(super) fn says_expired(&self) -> bool {
        let refused = self.findings.iter().map(|judged| &judged.finding);
        let mut refused = refused.filter(|finding| finding.step == Step::Credential);
        refused.any(|finding| finding.original.as_ref().is_some_and(entra::says_expired))
    }
}

/// By its state alone.
impl From<Finding> for Judged {
    fn from(finding: Finding) -> Self {
        let verdict = match finding.state {
            StepState::Passed | StepState::Skipped => Verdict::Holds,
            StepState::Warning => Verdict::Gap,
            StepState::Failed => Verdict::Broken,
        };
        Self { finding, verdict }
    }
}
