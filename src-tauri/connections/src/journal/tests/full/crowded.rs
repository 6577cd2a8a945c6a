//! A keychain that runs out of room.

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use keychain::Keychain;
use keyring_core::{
    Credential, CredentialStore, Entry, Error as StoreError,
    api::{CredentialApi, CredentialStoreApi},
    mock,
};

/// A keychain with room for so many items.
pub(super) fn crowded(room: usize) -> (Keychain, Arc<Crowded>) {
    let shelf = Arc::new(Crowded {
        items: mock::Store::new().unwrap(),
        room: Arc::new(AtomicUsize::new(room)),
    });
    (
        Keychain::with_store(SERVICE, Arc::clone(&shelf) as Arc<CredentialStore>),
        shelf,
    )
}

const SERVICE: &str = "dev.graphconnect.test";

/// A keychain that takes items as long as there is room.
pub(super) struct Crowded {
    items: Arc<mock::Store>,
    room: Arc<AtomicUsize>,
}

impl Crowded {
    /// Lets so many further items in.
    pub(super) fn make_room(&self, room: usize) {
        self.room.store(room, Ordering::SeqCst);
    }

    pub(super) fn items(&self) -> usize {
        let entries = self.items.search(&[("service", SERVICE)].into()).unwrap();
        entries
            .iter()
            .filter(|entry| entry.get_secret().is_ok())
            .count()
    }
}

impl CredentialStoreApi for Crowded {
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
        _modifiers: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        let item = CrowdedItem {
            entry: self.items.build(service, user, None)?,
            room: Arc::clone(&self.room),
        };
        Ok(Entry::new_with_credential(Arc::new(item)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Crowded")
    }
}

struct CrowdedItem {
    entry: Entry,
    room: Arc<AtomicUsize>,
}

impl CredentialApi for CrowdedItem {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        if self.entry.get_secret().is_err() {
            let take_one = |room: usize| room.checked_sub(1);
            self.room
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take_one)
                .map_err(|_| full())?;
        }
        self.entry.set_secret(secret)
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.entry.get_secret()
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        self.entry.delete_credential()?;
        self.room.fetch_add(1, Ordering::SeqCst);
        Ok(())
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
        f.write_str("CrowdedItem")
    }
}

/// As the Credential Manager says that it is full; others refuse for size.
fn full() -> StoreError {
    if cfg!(windows) {
        StoreError::PlatformFailure("Windows error code 8".into())
    } else {
        StoreError::TooLong("secret".to_owned(), 100)
    }
}
