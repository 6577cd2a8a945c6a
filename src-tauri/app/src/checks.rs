//! The checks that are under way, so that the window can stop them, and what the last tests of an
//! unsaved form found.

use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
};

use connections::Tested;

use crate::{error::AppError, live_tasks::LiveTasks};

/// The most tests of unsaved forms that are remembered; older ones belong to forms that are gone.
const REMEMBERED: usize = 8;

/// Checks by the number that the window gave them.
#[derive(Default)]
pub(crate) struct Checks {
    running: LiveTasks<()>,
    tested: Mutex<Vec<(u32, Tested)>>,
}

impl Checks {
    /// Runs a check until it ends or is cancelled; a cancelled one is dropped where it stands.
    pub(crate) async fn run<T, E: Into<AppError>>(
        &self,
        check: u32,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, AppError> {
        self.running.begin(check, ()).unless_stopped(work).await
    }

    /// Stops a check. One that is over already stays over.
    pub(crate) fn cancel(&self, check: u32) {
        self.running.cancel(check);
    }

    /// Keeps what the test of an unsaved form found until the connection is created from it.
    pub(crate) fn remember(&self, check: u32, tested: Tested) {
        let mut all = self.tests();
        if all.len() >= REMEMBERED {
            all.remove(0);
        }
        all.push((check, tested));
    }

    /// What a test found, if it is still kept.
    pub(crate) fn recall(&self, check: u32) -> Option<Tested> {
        let all = self.tests();
        all.iter()
            .rev()
            .find(|(number, _)| *number == check)
            .map(|(_, tested)| tested.clone())
    }

    fn tests(&self) -> MutexGuard<'_, Vec<(u32, Tested)>> {
        self.tested.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
