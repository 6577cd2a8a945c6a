//! The checks that are under way, so that the window can stop them, and what the last tests of an
//! unsaved form found.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
};

use connections::Tested;
use tokio_util::sync::CancellationToken;

use crate::error::AppError;

/// The most tests of unsaved forms that are remembered; older ones belong to forms that are gone.
const REMEMBERED: usize = 8;

/// Checks by the number that the window gave them.
#[derive(Default)]
pub(crate) struct Checks {
    running: Mutex<HashMap<u32, CancellationToken>>,
    tested: Mutex<Vec<(u32, Tested)>>,
}

impl Checks {
    /// Runs a check until it ends or is cancelled; a cancelled one is dropped where it stands.
    pub(crate) async fn run<T, E: Into<AppError>>(
        &self,
        check: u32,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, AppError> {
        let stop = CancellationToken::new();
        if let Some(earlier) = lock(&self.running).insert(check, stop.clone()) {
            earlier.cancel();
        }
        let result = tokio::select! {
            biased;
            () = stop.cancelled() => Err(AppError::cancelled()),
            result = work => result.map_err(Into::into),
        };
        lock(&self.running).remove(&check);
        result
    }

    /// Stops a check. One that is over already stays over.
    pub(crate) fn cancel(&self, check: u32) {
        if let Some(stop) = lock(&self.running).get(&check) {
            stop.cancel();
        }
    }

    /// Keeps what the test of an unsaved form found until the connection is created from it.
    pub(crate) fn remember(&self, check: u32, tested: Tested) {
        let mut all = lock(&self.tested);
        if all.len() >= REMEMBERED {
            all.remove(0);
        }
        all.push((check, tested));
    }

    /// Takes what a test found.
    pub(crate) fn recall(&self, check: u32) -> Option<Tested> {
        let all = lock(&self.tested);
        all.iter()
            .rev()
            .find(|(number, _)| *number == check)
            .map(|(_, tested)| tested.clone())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
