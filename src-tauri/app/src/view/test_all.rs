//! Testing many connections, as the list follows it.

use connections::CheckAllSummary;
use model::NotTestedReason;
use serde::Serialize;
use specta::Type;

use super::ConnectionRow;

/// What happens while many connections are tested.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(crate) enum TestAllEvent {
    /// One is being tested.
    Started { id: String },
    /// A service asked to wait.
    Waiting { seconds: u32 },
    /// One was tested.
    Finished {
        row: Box<ConnectionRow>,
        headline: String,
    },
}

/// What testing many connections came to.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestAllSummary {
    pub(crate) tested: u32,
    pub(crate) healthy: u32,
    pub(crate) attention: u32,
    pub(crate) needs_sign_in: u32,
    pub(crate) failing: u32,
    /// Those that could not be tested, by what stood in the way.
    pub(crate) not_tested: Vec<NotTestedCount>,
}

/// How many could not be tested for one reason.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NotTestedCount {
    pub(crate) reason: NotTestedReason,
    /// The same as the end of a sentence, without its full stop.
    pub(crate) because: String,
    pub(crate) count: u32,
}

impl From<CheckAllSummary> for TestAllSummary {
    fn from(summary: CheckAllSummary) -> Self {
        let CheckAllSummary {
            tested,
            healthy,
            attention,
            needs_sign_in,
            failing,
            not_tested,
        } = summary;
        let told = |connections::NotTestedCount {
                        reason,
                        because,
                        count,
                    }| NotTestedCount {
            reason,
            because,
            count,
        };
        let not_tested = not_tested.into_iter().map(told).collect();
        Self {
            tested,
            healthy,
            attention,
            needs_sign_in,
            failing,
            not_tested,
        }
    }
}
