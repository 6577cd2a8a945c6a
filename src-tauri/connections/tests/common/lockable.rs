//! A keychain in memory that can be locked, and counts how often it asked its person.

use std::{
    any::Any,
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use keyring_core::{CredentialStore, Entry, Error as StoreError, api::CredentialStoreApi, mock};

/// The keychain. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Lockable {
    inner: Arc<CredentialStore>,
    switch: Arc<Switch>,
}

#[derive(Default)]
struct Switch {
    locked: AtomicBool,
    /// How often it asked for its password, and its person said Cancel.
    asked: AtomicUsize,
    /// What it does not give, and whether that is because it is locked.
    withheld: Mutex<Option<(&'static str, bool)>>,
}

impl Lockable {
    pub(crate) fn new() -> Self {
        let inner: Arc<CredentialStore> = mock::Store::new().expect("a keychain in memory");
        Self {
            inner,
            switch: Arc::default(),
        }
    }

    pub(crate) fn lock(&self, locked: bool) {
        self.switch.locked.store(locked, Ordering::SeqCst);
    }

    /// From now on it gives no item whose name begins so: that part of it is locked, or broken.
    pub(crate) fn withhold(&self, beginning: &'static str, locked: bool) {
        *self
            .switch
            .withheld
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some((beginning, locked));
    }

    pub(crate) fn asked(&self) -> usize {
        self.switch.asked.load(Ordering::SeqCst)
    }
}

impl CredentialStoreApi for Lockable {
    fn vendor(&self) -> String {
        "lockable".into()
    }

    fn id(&self) -> String {
        "lockable".into()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        more: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        if self.switch.locked.load(Ordering::SeqCst) {
            self.switch.asked.fetch_add(1, Ordering::SeqCst);
            return Err(StoreError::NoStorageAccess("locked".into()));
        }
        match *self
            .switch
            .withheld
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
        {
            Some((beginning, true)) if user.starts_with(beginning) => {
                Err(StoreError::NoStorageAccess("locked".into()))
            }
            Some((beginning, false)) if user.starts_with(beginning) => {
                Err(StoreError::PlatformFailure("broken".into()))
            }
            _ => self.inner.build(service, user, more),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lockable")
    }
}
