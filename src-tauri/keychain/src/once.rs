//! One answer for a whole run, and one word while it waits.

use std::{
    pin::pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{Error, items::Items, platform};

/// How long a call waits before somebody is told.
const NOTICE_AFTER: Duration = Duration::from_secs(2);

/// How long to look for the name of the keychain's program.
const NAME_TIMEOUT: Duration = Duration::from_secs(1);

/// What a person has answered in this run.
#[derive(Default)]
pub(crate) struct Once {
    refused: Mutex<Option<Error>>,
}

impl Once {
    /// Does the work, unless a person has refused by now: what waits in the queue meanwhile asks
    /// nobody again.
    pub(crate) fn unless_refused<T>(
        &self,
        items: &Items<'_>,
        work: impl Fn(&Items<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let refused = self
            .refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(error) = refused {
            return Err(error);
        }
        let result = work(items);
        if let Err(error) = &result
            && items.refused.get()
        {
            self.refuse(error.clone());
        }
        result
    }

    /// From now on, this is the answer.
    pub(crate) fn refuse(&self, error: Error) {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    }
}

/// Tells when the call takes long.
pub(crate) async fn telling<T>(
    call: impl Future<Output = T>,
    tell: &(dyn Fn(Option<&str>) + Sync),
) -> T {
    let mut call = pin!(call);
    tokio::select! {
        result = &mut call => return result,
        () = tokio::time::sleep(NOTICE_AFTER) => {}
    }
    let name = tokio::task::spawn_blocking(platform::program_in_use);
    tokio::select! {
        result = &mut call => return result,
        name = tokio::time::timeout(NAME_TIMEOUT, name) => {
            tell(name.ok().and_then(Result::ok).flatten().as_deref());
        }
    }
    call.await
}

/// The same, once.
pub(crate) fn only_once(
    tell: impl Fn(Option<&str>) + Send + Sync,
) -> impl Fn(Option<&str>) + Send + Sync {
    let told = AtomicBool::new(false);
    move |name| {
        if !told.swap(true, Ordering::Relaxed) {
            tell(name);
        }
    }
}
