//! Locks on credentials: one credential is used and changed by one task at a time, in this program and in
//! all others, so that two refreshes cannot overtake each other and fifty programs that want a
//! token cause one request.

use std::{
    collections::HashMap,
    fs::{File, TryLockError},
    sync::Arc,
    time::Duration,
};

use model::ConnectionId;
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::Instant,
};

use crate::{Error, store::Store};

/// How long to wait for another program.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);
/// How often to look whether the other program is done. The system has no way to wait for a lock
/// and stop waiting.
const POLL_INTERVAL: Duration = Duration::from_millis(15);

/// The locks that are held or waited for within this program.
#[derive(Default)]
pub(crate) struct CredentialLocks {
    here: Mutex<HashMap<ConnectionId, Arc<Mutex<()>>>>,
}

/// The lock that one task holds on one credential; released when dropped. The operating system ends it when
/// the program dies.
#[derive(Debug)]
pub(crate) struct CredentialLock {
    // Dropped first: the next task of this program may then find the file free.
    _everywhere: File,
    _here: OwnedMutexGuard<()>,
}

impl CredentialLocks {
    /// Waits for the lock.
    ///
    /// # Errors
    /// [`Error::Busy`] when another program has it for longer than anyone should wait, and those of
    /// the file system.
    pub(crate) async fn take(
        &self,
        store: &Store,
        id: ConnectionId,
    ) -> Result<CredentialLock, Error> {
        let here = {
            let mut locks = self.here.lock().await;
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            locks.entry(id).or_default().clone()
        };
        let here = here.lock_owned().await;
        let everywhere = locked(store, store.lock_file(id).await?).await?;
        Ok(CredentialLock {
            _everywhere: everywhere,
            _here: here,
        })
    }
}

/// Waits until nobody else, in any program, holds the lock of this file; it is held until it is
/// closed.
///
/// # Errors
/// [`Error::Busy`] when another program has it for longer than anyone should wait, and those of the
/// file system.
pub(crate) async fn locked(store: &Store, file: File) -> Result<File, Error> {
    let until = Instant::now() + LOCK_TIMEOUT;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < until => {
                tokio::time::sleep(POLL_INTERVAL).await
            }
            Err(TryLockError::WouldBlock) => return Err(Error::Busy),
            Err(TryLockError::Error(error)) => return Err(store.unwritable(error)),
        }
    }
}
