//! What the processes do, and what has to hold afterwards.

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
use secrecy::{ExposeSecret, SecretString};

use super::{WORKED, crash_point, say, stepping::Stepping};
use crate::{
    journal::{self, create, end_deletion, open, recover, remove, replace_secret, rotate, tidy},
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

    /// Looks at what a killed change has left, as the next start of the program does, and then
    /// makes the change.
    pub(super) async fn is_before_or_after(&self, change: Change, died: bool, steps: i64) {
        let what = format!("{change:?}, killed at step {steps}");
        recover(&self.store).await.unwrap();
        let found = match self.find(SUBJECT).await {
            Some(subject) => Some(self.secret(&subject, &what).await),
            None => None,
        };
        if change == Change::Rename {
            return self.has_one_name(died, &what).await;
        }
        let (before, after) = match change {
            Change::Create | Change::Seal => (None, Some(new())),
            Change::Replace | Change::Renew | Change::SealNew => (Some(old()), Some(new())),
            Change::Move => return self.is_in_one_place(died, &what).await,
            Change::Remove | Change::Delete => (Some(old()), None),
            Change::Tidy | Change::Rename => (None, None),
        };
        let is = |state: &Option<SecretString>| text(&found) == text(state);
        assert!(
            is(&after) || (died && is(&before)),
            "{what}: neither before nor after"
        );
        let other = self.find(OTHER).await.expect("the other connection");
        assert_eq!(
            self.secret(&other, &what).await.expose_secret(),
            "other",
            "{what}: the other connection"
        );
        let made = is(&after);
        if let (Change::Renew, Some(subject)) = (change, self.find(SUBJECT).await) {
            let tested = self.store.last_report(subject.id).await.unwrap().is_some();
            assert_eq!(tested, made, "{what}: a report is of the secret that holds");
        }
        self.is_in_order(&what).await;

        if !made {
            self.make(change).await;
        }
        let found = self.find(SUBJECT).await;
        assert_eq!(
            found.is_some(),
            after.is_some(),
            "{what}: made again, the change goes through"
        );
        self.clear().await;
    }

    /// The secret is sealed or in the keychain, and the same; made again, it is in the keychain.
    async fn is_in_one_place(&self, died: bool, what: &str) {
        let subject = self.find(SUBJECT).await.expect("the connection");
        assert!(died || !subject.sealed, "{what}: it has moved in the end");
        self.is_in_order(what).await;
        if subject.sealed {
            self.make(Change::Move).await;
        }
        let subject = self.find(SUBJECT).await.expect("the connection");
        assert!(
            !subject.sealed,
            "{what}: made again, the change goes through"
        );
        assert_eq!(
            text(&Some(self.secret(&subject, what).await)),
            text(&Some(old())),
            "{what}: its secret"
        );
        self.clear().await;
    }

    /// Under the old name or the new one there is the same secret, and under the other one nothing.
    async fn has_one_name(&self, died: bool, what: &str) {
        let (old_one, new_one) = (self.find(SUBJECT).await, self.find(RENAMED).await);
        assert!(
            old_one.is_some() != new_one.is_some(),
            "{what}: it has one name"
        );
        assert!(
            died || new_one.is_some(),
            "{what}: it has the new name in the end"
        );
        let subject = old_one.or(new_one).unwrap();
        assert_eq!(
            text(&Some(self.secret(&subject, what).await)),
            text(&Some(old())),
            "{what}: its secret"
        );
        self.is_in_order(what).await;
        self.clear().await;
    }

    /// Every connection has its secret, and after tidying the keychain holds nothing else but the
    /// key of what is sealed, where one was made.
    pub(super) async fn is_in_order(&self, what: &str) {
        recover(&self.store).await.unwrap();
        let connections = self.store.list().await.unwrap();
        let mut expected = Vec::new();
        for connection in &connections {
            let secret = self.secret(connection, what).await;
            if connection.sealed {
                continue;
            }
            let head = format!("{}/{}", connection.id, connection.credential_version);
            let parts = if secret.expose_secret().len() > 2_400 {
                3
            } else {
                0
            };
            expected.extend(
                (1..=parts)
                    .map(|part| format!("{head}/{part}"))
                    .chain([head.clone()]),
            );
        }
        expected.sort();
        assert_eq!(
            tidy(&self.store, &self.keychain).await.unwrap(),
            0,
            "{what}: all is removed that has to be"
        );
        assert_eq!(
            self.names().await,
            expected,
            "{what}: one secret for each connection and no other"
        );
        assert_eq!(
            self.store.leftovers().await.unwrap(),
            [],
            "{what}: nothing is left in the journal"
        );
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

fn text(secret: &Option<SecretString>) -> Option<&str> {
    secret.as_ref().map(ExposeSecret::expose_secret)
}

pub(super) fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}
