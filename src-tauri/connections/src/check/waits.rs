//! For how long the hosts ask to be left alone.

use std::time::Duration;

use super::answers::{Answers, Timed};

/// For how long the hosts ask to be left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waits {
    pub(crate) login: Option<Duration>,
    pub(crate) graph: Option<Duration>,
}

impl Waits {
    /// The longer of the two.
    pub(crate) fn longest(self) -> Option<Duration> {
        self.login.max(self.graph)
    }
}

/// How long which of the two hosts asks to be left alone.
pub(super) fn waits(answers: &Answers) -> Waits {
    let tenant = wait(&answers.tenant);
    let token = answers.token.as_ref().and_then(wait);
    let graph = answers.reads.as_ref().and_then(|reads| {
        let probe = reads.probe.as_ref().and_then(wait);
        let organization = reads.organization.as_ref().and_then(wait);
        let others = [
            wait(&reads.owner),
            wait(&reads.registration),
            wait(&reads.grants),
            wait(&reads.catalogue),
        ];
        others
            .into_iter()
            .chain([probe, organization])
            .flatten()
            .max()
    });
    Waits {
        login: tenant.max(token),
        graph,
    }
}

fn wait<T>(timed: &Timed<T>) -> Option<Duration> {
    match &timed.answer {
        Err(entra::Error::Throttled { retry_after, .. }) => Some(*retry_after),
        Ok(_) | Err(_) => None,
    }
}
