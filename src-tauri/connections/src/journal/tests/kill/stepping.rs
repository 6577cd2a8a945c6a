//! The keychain of a process that may be killed.

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use keyring_core::{
    Credential, CredentialStore, Entry,
    api::{CredentialApi, CredentialStoreApi},
};

use super::crash_point;

/// A keychain in which the return of each call that changes something is a step.
pub(super) struct Stepping {
    pub(super) items: Arc<CredentialStore>,
    /// Whether it has no room for the second part of a long secret.
    pub(super) full: Arc<AtomicBool>,
}

impl CredentialStoreApi for Stepping {
    fn vendor(&self) -> String {
        self.items.vendor()
    }

    fn id(&self) -> String {
        self.items.id()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        modifiers: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        let entry = self.items.build(service, user, modifiers)?;
        let has_room = !self.full.load(Ordering::SeqCst) || !user.ends_with("/2");
        let item = SteppingItem { entry, has_room };
        Ok(Entry::new_with_credential(Arc::new(item)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stepping")
    }
}

struct SteppingItem {
    entry: Entry,
    has_room: bool,
}

impl CredentialApi for SteppingItem {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        let result = if self.has_room {
            self.entry.set_secret(secret)
        } else {
            Err(keyring_core::Error::TooLong("secret".to_owned(), 100))
        };
        crash_point();
        result
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.entry.get_secret()
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        let result = self.entry.delete_credential();
        crash_point();
        result
    }

    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        self.entry.get_specifiers()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SteppingItem")
    }
}
