//! A store in memory that asks a rule before each call.

use std::{
    any::Any,
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard},
};

use keyring_core::{
    Credential, Entry, Error as StoreError,
    api::{CredentialApi, CredentialStoreApi},
};

/// The store.
pub(super) struct Shelf {
    items: Arc<Items>,
}

struct Items {
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    rule: Box<dyn Fn(&Call<'_>) -> Verdict + Send + Sync>,
}

/// What is about to be done with an item.
pub(super) enum Call<'a> {
    Get,
    Set(&'a [u8]),
    Delete,
}

/// What comes of it.
pub(super) enum Verdict {
    Do,
    Pretend,
    Fail(StoreError),
}

impl Shelf {
    pub(super) fn new(rule: impl Fn(&Call<'_>) -> Verdict + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            items: Arc::new(Items {
                kept: Mutex::default(),
                rule: Box::new(rule),
            }),
        })
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.items.kept().keys().cloned().collect()
    }
}

impl Items {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.kept.lock().unwrap()
    }
}

impl CredentialStoreApi for Shelf {
    fn vendor(&self) -> String {
        "shelf".into()
    }

    fn id(&self) -> String {
        "shelf".into()
    }

    fn build(
        &self,
        _: &str,
        user: &str,
        _: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Slot {
            items: Arc::clone(&self.items),
            name: user.into(),
        })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelf")
    }
}

struct Slot {
    items: Arc<Items>,
    name: String,
}

impl CredentialApi for Slot {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        match (self.items.rule)(&Call::Set(secret)) {
            Verdict::Do => {
                self.items.kept().insert(self.name.clone(), secret.to_vec());
                Ok(())
            }
            Verdict::Pretend => Ok(()),
            Verdict::Fail(error) => Err(error),
        }
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        match (self.items.rule)(&Call::Get) {
            Verdict::Do | Verdict::Pretend => self
                .items
                .kept()
                .get(&self.name)
                .cloned()
                .ok_or(StoreError::NoEntry),
            Verdict::Fail(error) => Err(error),
        }
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        match (self.items.rule)(&Call::Delete) {
            Verdict::Do => self
                .items
                .kept()
                .remove(&self.name)
                .map(drop)
                .ok_or(StoreError::NoEntry),
            Verdict::Pretend => Ok(()),
            Verdict::Fail(error) => Err(error),
        }
    }

    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Slot")
    }
}
