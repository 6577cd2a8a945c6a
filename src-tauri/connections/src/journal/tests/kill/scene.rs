//! What the processes do.

mod afterwards;

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use keychain::Keychain;
use keyring_core::CredentialStore;
use model::Connection;
use secrecy::SecretString;

use super::{WORKED, crash_point, say, stepping::Stepping};
use crate::{
    journal::{self, create, end_deletion, open, remove, replace_secret, rotate, tidy},
    store::{
        Store,
        tests::{report, sample},
    },
};

/// The changes that are cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Create,
    Replace,
    Renew,
    Rename,
    Remove,
    Delete,
    Tidy,
    /// The keychain has no room for the secret of a new connection.
    Seal,
    /// It has none for a new secret.
    SealNew,
    /// It has room again for a sealed one.
    Move,
}

impl Change {
    /// Fewer steps than this would mean that some are not counted.
    pub(super) const fn least_steps(self) -> i64 {
        match self {
            Self::Create => 8,
            Self::Replace | Self::Renew | Self::Rename => 13,
            Self::Remove | Self::Delete => 7,
            Self::Tidy => 9,
            Self::Seal => 9,
            Self::SealNew => 15,
            Self::Move => 9,
        }
    }
}

/// A store and a keychain.
pub(super) struct Scene {
    pub(super) store: Store,
    pub(super) keychain: Keychain,
    items: Arc<CredentialStore>,
    /// Whether the keychain takes no long secret: its second part finds no room.
    full: Arc<AtomicBool>,
}

impl Scene {
    /// Opens both. It blocks, so it is not for a thread that runs futures.
    pub(super) fn open(folder: &Path) -> Self {
        let items: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new().unwrap();
        let full = Arc::new(AtomicBool::new(false));
        let stepping = Stepping {
            items: Arc::clone(&items),
            full: Arc::clone(&full),
        };
        let keychain = Keychain::with_store(SERVICE, Arc::new(stepping));
        Self {
            store: Store::open(folder).unwrap(),
            keychain,
            items,
            full,
        }
    }

    fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
    }

    /// Makes what is there before the change.
    pub(super) async fn prepare(&self, change: Change) {
        create(&self.store, &self.keychain, &sample(OTHER), &"other".into())
            .await
            .unwrap();
        if matches!(change, Change::Create | Change::Seal) {
            return;
        }
        let subject = sample(SUBJECT);
        self.set_full(change == Change::Move);
        create(&self.store, &self.keychain, &subject, &old())
            .await
            .unwrap();
        if change == Change::Tidy {
            self.store.commit_remove(subject.id).await.unwrap();
            let stray = self
                .store
                .begin_create(&sample("Given up"), None)
                .await
                .unwrap();
            journal::write(&self.keychain, &stray, &"stray".into())
                .await
                .unwrap();
        }
    }

    /// Makes the change.
    pub(super) async fn make(&self, change: Change) {
        let (store, keychain) = (&self.store, &self.keychain);
        match change {
            Change::Create => create(store, keychain, &sample(SUBJECT), &new())
                .await
                .unwrap(),
            Change::Seal => {
                self.set_full(true);
                create(store, keychain, &sample(SUBJECT), &new())
                    .await
                    .unwrap();
            }
            Change::Move => {
                let subject = self.find(SUBJECT).await.unwrap();
                journal::move_to_keychain(store, keychain, &subject)
                    .await
                    .unwrap();
            }
            Change::Replace | Change::SealNew => {
                self.set_full(change == Change::SealNew);
                let subject = self.find(SUBJECT).await.unwrap();
                rotate(store, keychain, subject.id, &new(), subject.method)
                    .await
                    .unwrap();
            }
            Change::Renew => {
                let subject = self.find(SUBJECT).await.unwrap();
                let tested = Some(report(1));
                replace_secret(store, keychain, subject.id, &new(), subject.method, tested)
                    .await
                    .unwrap();
            }
            Change::Rename => {
                let subject = self.find(SUBJECT).await.unwrap();
                let name = model::ConnectionName::parse(RENAMED).unwrap();
                journal::rename(store, keychain, subject.id, &old(), name)
                    .await
                    .unwrap();
            }
            Change::Delete => {
                let subject = self.find(SUBJECT).await.unwrap();
                let deletion = store
                    .set_aside(subject.id, jiff::Timestamp::now())
                    .await
                    .unwrap();
                crash_point();
                end_deletion(store, keychain, deletion).await.unwrap();
            }
            Change::Remove => {
                remove(store, keychain, &self.find(SUBJECT).await.unwrap())
                    .await
                    .unwrap();
            }
            Change::Tidy => assert_eq!(tidy(store, keychain).await.unwrap(), 0),
        }
    }

    /// Changes connections until the process is killed.
    pub(super) async fn work_for_ever(&self) {
        for n in 0.. {
            let connection = sample(&format!("Connection {n}"));
            create(&self.store, &self.keychain, &connection, &old())
                .await
                .unwrap();
            say(WORKED);
            rotate(
                &self.store,
                &self.keychain,
                connection.id,
                &new(),
                connection.method.clone(),
            )
            .await
            .unwrap();
            say(WORKED);
            if n % 2 == 1 {
                remove(&self.store, &self.keychain, &connection)
                    .await
                    .unwrap();
                say(WORKED);
            }
        }
    }

    /// Creates ten connections and ten more that it removes, and replaces each secret.
    pub(super) async fn make_and_change_ten(&self) {
        for n in 0..20 {
            let mut connection = sample("x");
            let name = format!("Connection {n} of process {}", std::process::id());
            connection.name = model::ConnectionName::parse(&name).unwrap();
            create(&self.store, &self.keychain, &connection, &"short".into())
                .await
                .unwrap();
            rotate(
                &self.store,
                &self.keychain,
                connection.id,
                &new(),
                connection.method.clone(),
            )
            .await
            .unwrap();
            if n % 2 == 1 {
                remove(&self.store, &self.keychain, &connection)
                    .await
                    .unwrap();
            }
        }
    }

    /// Removes everything, so that the next one starts with an empty keychain.
    pub(super) async fn clear(&self) {
        for connection in self.store.list().await.unwrap() {
            remove(&self.store, &self.keychain, &connection)
                .await
                .unwrap();
        }
        assert_eq!(
            self.names().await,
            [""; 0],
            "after removing everything the keychain is empty"
        );
    }

    async fn find(&self, name: &str) -> Option<Connection> {
        let connections = self.store.list().await.unwrap();
        connections
            .into_iter()
            .find(|connection| connection.name.as_str() == name)
    }

    async fn secret(&self, connection: &Connection, what: &str) -> SecretString {
        let read = open(&self.store, &self.keychain, connection.id).await;
        read.unwrap_or_else(|error| {
            panic!("{what}: {} has lost its secret: {error}", connection.name)
        })
        .1
    }

    /// The names of all items in the keychain but that of the key.
    async fn names(&self) -> Vec<String> {
        let items = Arc::clone(&self.items);
        let search = move || {
            let found = items
                .search(&HashMap::from([("service", SERVICE)]))
                .unwrap();
            let mut names: Vec<String> = found
                .iter()
                .map(|entry| entry.get_specifiers().unwrap().1)
                .filter(|name| name != KEY)
                .collect();
            names.sort();
            names
        };
        let (sender, names) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || sender.send(search()));
        names.await.unwrap()
    }
}

const SERVICE: &str = "dev.graphconnect.test";
const KEY: &str = "token-cache/1";
const OTHER: &str = "Other";
const SUBJECT: &str = "Subject";
const RENAMED: &str = "Renamed";

/// Secrets of three parts.
fn old() -> SecretString {
    "o".repeat(5_000).into()
}

fn new() -> SecretString {
    "n".repeat(5_000).into()
}

pub(super) fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}
