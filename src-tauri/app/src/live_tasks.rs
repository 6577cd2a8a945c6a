//! What is under way for the window, so that it can be stopped: checks, sign-ins, consent pages.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio_util::sync::CancellationToken;

use crate::error::AppError;

/// Tasks by the number that the window gave them, each with the handle by which it is steered.
pub(crate) struct LiveTasks<H> {
    live: Arc<Mutex<HashMap<u32, Entry<H>>>>,
}

struct Entry<H> {
    handle: H,
    stop: CancellationToken,
    /// Tells this task from a later one of the same number.
    task: Arc<()>,
}

/// A task that is under way; it can be stopped until this is dropped.
pub(crate) struct LiveTask<H> {
    tasks: LiveTasks<H>,
    number: u32,
    task: Arc<()>,
    stop: CancellationToken,
}

impl<H> LiveTasks<H> {
    /// Begins a task, and stops an earlier one of the same number.
    pub(crate) fn begin(&self, number: u32, handle: H) -> LiveTask<H> {
        let (stop, task) = (CancellationToken::new(), Arc::new(()));
        let entry = Entry {
            handle,
            stop: stop.clone(),
            task: task.clone(),
        };
        if let Some(earlier) = self.lock().insert(number, entry) {
            earlier.stop.cancel();
        }
        LiveTask {
            tasks: self.clone(),
            number,
            task,
            stop,
        }
    }

    /// Stops a task. One that is over already stays over.
    pub(crate) fn cancel(&self, number: u32) {
        if let Some(entry) = self.lock().get(&number) {
            entry.stop.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Entry<H>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<H: Clone> LiveTasks<H> {
    /// The handle of a task, while it is under way.
    pub(crate) fn handle(&self, number: u32) -> Option<H> {
        self.lock().get(&number).map(|entry| entry.handle.clone())
    }
}

impl<H> LiveTask<H> {
    /// Says that the task has been stopped.
    pub(crate) const fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Does a piece of the task's work; when the task is stopped, the work is dropped where it
    /// stands.
    pub(crate) async fn unless_stopped<T, E: Into<AppError>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, AppError> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(AppError::cancelled()),
            result = work => result.map_err(Into::into),
        }
    }
}

impl<H> Drop for LiveTask<H> {
    fn drop(&mut self) {
        let mut live = self.tasks.lock();
        // The window may have begun another task under the same number meanwhile.
        let is_mine = |entry: &Entry<H>| Arc::ptr_eq(&entry.task, &self.task);
        if live.get(&self.number).is_some_and(is_mine) {
            live.remove(&self.number);
        }
    }
}

impl<H> Clone for LiveTasks<H> {
    fn clone(&self) -> Self {
        Self {
            live: Arc::clone(&self.live),
        }
    }
}

impl<H> Default for LiveTasks<H> {
    fn default() -> Self {
        Self {
            live: Arc::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LiveTasks;

    #[test]
    fn a_task_that_ends_late_does_not_make_a_later_one_of_its_number_unstoppable() {
        let tasks = LiveTasks::default();
        let earlier = tasks.begin(1, ());
        let later = tasks.begin(1, ());
        assert!(earlier.stop().is_cancelled() && !later.stop().is_cancelled());
        drop(earlier);
        tasks.cancel(1);
        assert!(later.stop().is_cancelled());
    }

    #[test]
    fn what_is_over_cannot_be_stopped_and_stops_nothing() {
        let tasks = LiveTasks::default();
        drop(tasks.begin(1, "first"));
        assert_eq!(tasks.handle(1), None);
        tasks.cancel(1);
        let other = tasks.begin(2, "second");
        tasks.cancel(1);
        assert!(!other.stop().is_cancelled());
        assert_eq!(tasks.handle(2), Some("second"));
    }
}
