//! What testing many connections came to.

use model::{CheckReport, NotTested, NotTestedReason, Outcome};

/// What testing many connections came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckAllSummary {
    /// Connections about which something was proved: the sum of the next four.
    pub tested: u32,
    /// Those that work.
    pub healthy: u32,
    /// Those that work with something missing or soon to end.
    pub attention: u32,
    /// Those to which somebody has to sign in again, or whose secret is gone.
    pub needs_sign_in: u32,
    /// Those that do not work.
    pub failing: u32,
    /// Those that could not be tested, by what stood in the way.
    pub not_tested: Vec<NotTestedCount>,
}

/// How many connections could not be tested for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTestedCount {
    /// The reason.
    pub reason: NotTestedReason,
    /// The same as the end of a sentence, without its full stop, as the first of them was told it.
    pub because: String,
    /// How many.
    pub count: u32,
}

impl CheckAllSummary {
    /// How many could not be tested in all.
    pub fn untested(&self) -> u32 {
        self.not_tested.iter().map(|group| group.count).sum()
    }

    /// Counts one more.
    pub(super) fn count(&mut self, report: &CheckReport) {
        let count = match report.outcome {
            Outcome::Works => &mut self.healthy,
            Outcome::WorksWithGaps => &mut self.attention,
            Outcome::NeedsSignIn => &mut self.needs_sign_in,
            Outcome::Fails => &mut self.failing,
            Outcome::Inconclusive => return self.count_not_tested(report),
        };
        *count += 1;
        self.tested += 1;
    }

    fn count_not_tested(&mut self, report: &CheckReport) {
        let Some(NotTested {
            reason, because, ..
        }) = NotTested::of(report)
        else {
            return;
        };
        // How long a service asks to wait makes no other reason.
        let by_reason = matches!(
            reason,
            NotTestedReason::Network | NotTestedReason::Throttled
        );
        let is_same = |group: &&mut NotTestedCount| {
            group.reason == reason && (by_reason || group.because == because)
        };
        match self.not_tested.iter_mut().find(is_same) {
            Some(group) => group.count += 1,
            None => self.not_tested.push(NotTestedCount {
                reason,
                because,
                count: 1,
            }),
        }
    }
}
