//! What a test says of a new credential, and what becomes of the old one.

use model::{CheckReport, MethodKind, Outcome, Step, StepState};

/// What a test says of a new credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It works.
    Works,
    /// It was accepted, but the rest of the test did not pass.
    Accepted,
    /// It was refused, or belongs to something else.
    DoesNotWork,
    /// It could not be tested: no network, a service that asks to wait.
    NotTested,
}

impl Proof {
    /// What the report of its test says of a credential.
    pub fn of(report: &CheckReport) -> Self {
        let state = |step| {
            report
                .findings
                .iter()
                .find(|finding| finding.step == step)
                .map(|finding| finding.state)
        };
        let credential = state(Step::Credential);
        match report.outcome {
            Outcome::Works | Outcome::WorksWithGaps => Self::Works,
            Outcome::NeedsSignIn => Self::DoesNotWork,
            Outcome::Fails if state(Step::Identity) == Some(StepState::Failed) => Self::DoesNotWork,
            Outcome::Fails if credential == Some(StepState::Failed) => Self::DoesNotWork,
            Outcome::Fails | Outcome::Inconclusive if credential == Some(StepState::Passed) => {
                Self::Accepted
            }
            Outcome::Fails | Outcome::Inconclusive => Self::NotTested,
        }
    }

    /// What became of a new credential and of the old one, when only what works takes the old one's
    /// place.
    pub const fn say(self, method: MethodKind) -> &'static str {
        match (method, self) {
            (MethodKind::AppRegistration, Self::Works) => "Secret replaced and tested.",
            (MethodKind::AppRegistration, Self::Accepted) => {
                "The new secret was accepted, but the test did not pass. The old one is kept."
            }
            (MethodKind::AppRegistration, Self::DoesNotWork) => {
                "The new secret does not work. The old one is kept."
            }
            (MethodKind::AppRegistration, Self::NotTested) => {
                "The new secret could not be tested. The old one is kept."
            }
            (MethodKind::OAuth, Self::Works) => "Signed in again and tested.",
            (MethodKind::OAuth, Self::Accepted) => {
                "The new sign-in was accepted, but the test did not pass. The old one is kept."
            }
            (MethodKind::OAuth, Self::DoesNotWork) => {
                "The new sign-in does not work. The old one is kept."
            }
            (MethodKind::OAuth, Self::NotTested) => {
                "The new sign-in could not be tested. The old one is kept."
            }
        }
    }

    /// The same when a person has insisted on the new one, and the old one is gone.
    pub const fn say_anyway(self, method: MethodKind) -> &'static str {
        match (method, self) {
            (_, Self::Works) => self.say(method),
            (MethodKind::AppRegistration, Self::Accepted) => {
                "The new secret was accepted, but the test did not pass. It has replaced the old one all the same."
            }
            (MethodKind::AppRegistration, Self::DoesNotWork) => {
                "The new secret does not work. It has replaced the old one all the same."
            }
            (MethodKind::AppRegistration, Self::NotTested) => {
                "The new secret could not be tested. It has replaced the old one all the same."
            }
            (MethodKind::OAuth, Self::Accepted) => {
                "The new sign-in was accepted, but the test did not pass. It has replaced the old one all the same."
            }
            (MethodKind::OAuth, Self::DoesNotWork) => {
                "The new sign-in does not work. It has replaced the old one all the same."
            }
            (MethodKind::OAuth, Self::NotTested) => {
                "The new sign-in could not be tested. It has replaced the old one all the same."
            }
        }
    }
}
