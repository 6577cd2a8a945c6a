//! With keychains that have no room: a secret is whole in the keychain or whole in the store,
//! sealed, and never half in either.

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use entra::Clouds;
use keychain::{Item, Keychain};
use keyring_core::{
    Credential, CredentialStore, Entry, Error as StoreError,
    api::{CredentialApi, CredentialStoreApi},
    mock,
};
use model::Connection;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

use crate::{
    Connections, Error, SecretRemoval,
    journal::{self, create, open, remove, rename, replace_secret},
    store::{
        Store,
        tests::{fresh, sample},
    },
    store_cipher::StoreCipher,
};

/// Three parts and a manifest.
const ITEMS: usize = 4;

#[tokio::test]
async fn a_secret_without_room_is_sealed_at_whichever_item_the_room_ends() {
    for room in 0..=ITEMS {
        let (folder, store) = fresh();
        let (keychain, shelf) = with_key(&store).await;
        shelf.make_room(room);
        let connection = sample("Contoso");
        create(&store, &keychain, &connection, &long('s'))
            .await
            .unwrap();
        let is_sealed = room < ITEMS;
        assert_eq!(
            store.get(connection.id).await.unwrap().sealed,
            is_sealed,
            "room for {room}"
        );
        let (_, secret) = open(&store, &keychain, connection.id).await.unwrap();
        assert_eq!(secret.expose_secret(), long('s').expose_secret());
        let items = if is_sealed { 0 } else { ITEMS };
        assert_eq!(
            shelf.items(),
            1 + items,
            "room for {room}: the key and nothing half"
        );
        assert_eq!(store.leftovers().await.unwrap(), []);
        assert!(
            !lies_open_in(&folder, "ssssssss"),
            "no byte of it is in a file"
        );
    }
}

#[tokio::test]
async fn the_key_takes_the_last_place_and_without_that_the_keychain_s_reason_is_told() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = crowded(1);
    let connection = sample("Contoso");
    create(&store, &keychain, &connection, &long('s'))
        .await
        .unwrap();
    assert!(store.get(connection.id).await.unwrap().sealed);
    assert_eq!(shelf.items(), 1, "the key");

    let (_folder, store) = fresh();
    let (keychain, shelf) = crowded(0);
    let refused = create(&store, &keychain, &sample("Contoso"), &"short".into()).await;
    let Err(Error::Keychain(error)) = refused else {
        panic!("{refused:?}");
    };
    assert!(error.is_without_room(), "{error:?}");
    assert_eq!(store.list().await.unwrap(), []);
    assert_eq!(store.leftovers().await.unwrap(), []);
    assert_eq!(shelf.items(), 0);
}

#[tokio::test]
async fn a_new_secret_without_room_takes_the_place_of_the_old_one_and_moves_when_there_is_room() {
    let (folder, store) = fresh();
    let (keychain, shelf) = with_key(&store).await;
    shelf.make_room(1);
    let connection = sample("Contoso");
    create(&store, &keychain, &connection, &"old".into())
        .await
        .unwrap();
    let method = connection.method.clone();
    replace_secret(&store, &keychain, connection.id, &long('n'), method, None)
        .await
        .unwrap();
    assert!(store.get(connection.id).await.unwrap().sealed);
    assert_eq!(shelf.items(), 1, "the old one is gone, and the key stays");

    let connections = opened(&folder, &keychain).await;
    connections.tidy_keychain().await.unwrap();
    let still = connections.get(connection.id).await.unwrap();
    assert!(still.sealed, "there is room for one item and not for four");
    assert_eq!(shelf.items(), 1);

    shelf.make_room(ITEMS);
    connections.tidy_keychain().await.unwrap();
    let moved = connections.get(connection.id).await.unwrap();
    assert!(!moved.sealed);
    assert_eq!(
        (moved.status, moved.updated_at),
        (still.status, still.updated_at)
    );
    let (_, secret) = open(&store, &keychain, connection.id).await.unwrap();
    assert_eq!(secret.expose_secret(), long('n').expose_secret());
    assert_eq!(shelf.items(), 1 + ITEMS);
    assert!(!store.has_sealed_secrets().await.unwrap());
}

#[tokio::test]
async fn a_sealed_connection_is_renamed_deleted_brought_back_and_removed_like_any_other() {
    let (folder, store) = fresh();
    let (keychain, shelf) = with_key(&store).await;
    let connection = sealed(&store, &keychain).await;
    let name = model::ConnectionName::parse("Fabrikam").unwrap();
    rename(&store, &keychain, connection.id, &long('s'), name)
        .await
        .unwrap();
    assert!(store.get(connection.id).await.unwrap().sealed);

    let connections = opened(&folder, &keychain).await;
    let ending = connections
        .delete(connection.id, Duration::from_secs(3600))
        .await
        .unwrap();
    connections.undo_delete(connection.id).await.unwrap();
    ending.abort();
    let (_, secret) = open(&store, &keychain, connection.id).await.unwrap();
    assert_eq!(secret.expose_secret(), long('s').expose_secret());

    let ended = connections
        .delete(connection.id, Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(
        ended.await.unwrap(),
        Some(SecretRemoval::Removed { bin: None })
    );
    assert!(!store.has_sealed_secrets().await.unwrap());

    let connection = sealed(&store, &keychain).await;
    let removed = remove(&store, &keychain, &connection).await.unwrap();
    assert_eq!(removed, SecretRemoval::Removed { bin: None });
    assert!(!store.has_sealed_secrets().await.unwrap());

    // Its program ends before the deletion does.
    let connection = sealed(&store, &keychain).await;
    drop(
        store
            .set_aside(connection.id, jiff::Timestamp::now())
            .await
            .unwrap(),
    );
    journal::tidy(&store, &keychain).await.unwrap();
    assert!(!store.has_sealed_secrets().await.unwrap());
    assert_eq!(store.leftovers().await.unwrap(), []);
    assert_eq!(shelf.items(), 1, "the key");
}

#[tokio::test]
async fn without_its_key_a_sealed_secret_has_to_be_entered_again_and_no_key_is_removed_for_that() {
    let (_folder, store) = fresh();
    let (keychain, _shelf) = with_key(&store).await;
    let connection = sealed(&store, &keychain).await;
    let key = Item::new("token-cache", 1);
    keychain
        .write(&key, &"no key at all".into(), "x")
        .await
        .unwrap();
    let damaged = open(&store, &keychain, connection.id).await.map(|_| ());
    assert!(
        matches!(damaged, Err(Error::Keychain(keychain::Error::Damaged))),
        "{damaged:?}"
    );
    let made = StoreCipher::make(&store, &keychain).await.map(|_| ());
    assert!(
        matches!(made, Err(Error::Keychain(keychain::Error::Damaged))),
        "what may be a key of use stays: {made:?}"
    );
    assert_eq!(
        keychain.read(&key).await.unwrap().expose_secret(),
        "no key at all"
    );

    keychain.delete(&key, None).await.unwrap();
    let missing = open(&store, &keychain, connection.id).await.map(|_| ());
    assert!(
        matches!(missing, Err(Error::Keychain(keychain::Error::Missing))),
        "{missing:?}"
    );
    StoreCipher::make(&store, &keychain).await.unwrap();
    let damaged = open(&store, &keychain, connection.id).await.map(|_| ());
    assert!(
        matches!(damaged, Err(Error::Keychain(keychain::Error::Damaged))),
        "another key opens nothing: {damaged:?}"
    );

    let method = connection.method.clone();
    replace_secret(
        &store,
        &keychain,
        connection.id,
        &"new".into(),
        method,
        None,
    )
    .await
    .unwrap();
    let (connection, secret) = open(&store, &keychain, connection.id).await.unwrap();
    assert_eq!((connection.sealed, secret.expose_secret()), (true, "new"));
}

#[tokio::test]
async fn the_key_goes_with_the_last_connection_and_not_before() {
    let (folder, store) = fresh();
    let (keychain, shelf) = with_key(&store).await;
    let connection = sealed(&store, &keychain).await;
    let connections = opened(&folder, &keychain).await;
    assert!(!connections.remove_unused_key().await.unwrap());
    let ending = connections
        .delete(connection.id, Duration::from_secs(3600))
        .await
        .unwrap();
    assert!(
        !connections.remove_unused_key().await.unwrap(),
        "it can still be brought back"
    );
    connections.undo_delete(connection.id).await.unwrap();
    ending.abort();
    remove(&store, &keychain, &connection).await.unwrap();
    assert!(connections.remove_unused_key().await.unwrap());
    assert_eq!(shelf.items(), 0);
}

#[tokio::test]
async fn a_sealed_secret_is_of_no_use_to_another_connection_or_version() {
    let (_folder, store) = fresh();
    let (keychain, _shelf) = with_key(&store).await;
    let cipher = StoreCipher::read(&keychain).await.unwrap().unwrap();
    let (one, other) = (sample("One").id, sample("Other").id);
    let sealed = cipher.seal_secret(one, 1, &"secret".into()).unwrap();
    let opened = |id, version| cipher.open_secret(id, version, &sealed);
    assert_eq!(opened(one, 1).unwrap().expose_secret(), "secret");
    assert!(opened(other, 1).is_none());
    assert!(opened(one, 2).is_none());
    assert!(cipher.open_secret(one, 1, &sealed[..5]).is_none());
}

/// A connection whose secret is sealed, in a keychain without room.
async fn sealed(store: &Store, keychain: &Keychain) -> Connection {
    let connection = sample("Contoso");
    create(store, keychain, &connection, &long('s'))
        .await
        .unwrap();
    let connection = store.get(connection.id).await.unwrap();
    assert!(connection.sealed);
    connection
}

async fn opened(folder: &TempDir, keychain: &Keychain) -> Connections {
    Connections::open(folder.path(), keychain.clone(), Clouds::built_in())
        .await
        .unwrap()
}

fn long(letter: char) -> SecretString {
    letter.to_string().repeat(5_000).into()
}

/// Whether this text lies in one of the folder's files as it is.
fn lies_open_in(folder: &TempDir, text: &str) -> bool {
    std::fs::read_dir(folder.path())
        .unwrap()
        .filter_map(|file| std::fs::read(file.unwrap().path()).ok())
        .any(|bytes| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        })
}

/// A keychain that holds the key and has no room for anything else.
async fn with_key(store: &Store) -> (Keychain, Arc<Crowded>) {
    let (keychain, shelf) = crowded(1);
    StoreCipher::make(store, &keychain).await.unwrap();
    (keychain, shelf)
}

/// A keychain with room for so many items.
fn crowded(room: usize) -> (Keychain, Arc<Crowded>) {
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
struct Crowded {
    items: Arc<mock::Store>,
    room: Arc<AtomicUsize>,
}

impl Crowded {
    /// Lets so many further items in.
    fn make_room(&self, room: usize) {
        self.room.store(room, Ordering::SeqCst);
    }

    fn items(&self) -> usize {
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
