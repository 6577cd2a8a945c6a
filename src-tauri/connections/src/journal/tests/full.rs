//! With keychains that have no room: a secret is whole in the keychain or whole in the store,
//! sealed, and never half in either.

mod crowded;

use std::{sync::Arc, time::Duration};

use entra::Clouds;
use keychain::{Item, Keychain};
use model::Connection;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

use crowded::{Crowded, crowded};

use crate::{
    Connections, Error, SecretRemoval,
    journal::{self, create, open, remove, rename, replace_secret},
    store::{
        Store, Wait, WaitReason,
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
        matches!(damaged, Err(Error::Keychain(keychain::Error::KeyMissing))),
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
        matches!(missing, Err(Error::Keychain(keychain::Error::KeyMissing))),
        "{missing:?}"
    );
    StoreCipher::make(&store, &keychain).await.unwrap();
    let damaged = open(&store, &keychain, connection.id).await.map(|_| ());
    assert!(
        matches!(damaged, Err(Error::Keychain(keychain::Error::KeyMissing))),
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
async fn nobody_removes_the_key_between_sealing_a_secret_and_keeping_it() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = with_key(&store).await;
    let connection = sample("Contoso");
    let change = store.begin_create(&connection, None).await.unwrap();
    let kept = super::super::sealing::keep(&store, &keychain, &change, &long('s'))
        .await
        .unwrap();
    let removing = tokio::spawn({
        let (store, keychain) = (store.clone(), keychain.clone());
        async move { StoreCipher::remove_unused(&store, &keychain).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(shelf.items(), 1, "the key is not removed meanwhile");
    store
        .commit_create(&change, &connection, kept)
        .await
        .unwrap();
    assert!(!removing.await.unwrap().unwrap(), "it is in use");
    let (_, secret) = open(&store, &keychain, connection.id).await.unwrap();
    assert_eq!(secret.expose_secret(), long('s').expose_secret());
}

#[tokio::test]
async fn one_secret_that_finds_no_room_keeps_no_other_from_moving() {
    let (folder, store) = fresh();
    let (keychain, shelf) = with_key(&store).await;
    let (mut first, mut second) = (sample("A"), sample("B"));
    for (connection, secret) in [(&mut first, long('s')), (&mut second, "short".into())] {
        create(&store, &keychain, connection, &secret)
            .await
            .unwrap();
    }
    shelf.make_room(1);
    let connections = opened(&folder, &keychain).await;
    connections.tidy_keychain().await.unwrap();
    assert!(connections.get(first.id).await.unwrap().sealed);
    assert!(!connections.get(second.id).await.unwrap().sealed);
}

#[tokio::test]
async fn a_service_that_asked_to_wait_is_left_alone_also_after_the_secret_has_moved() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = with_key(&store).await;
    let connection = sealed(&store, &keychain).await;
    let now = jiff::Timestamp::now();
    let wait = Wait {
        asked_at: now,
        until: now + Duration::from_secs(60),
        times: 1,
        reason: WaitReason::Throttled,
        original: None,
    };
    store.set_wait(connection.id, 1, Some(wait)).await.unwrap();
    shelf.make_room(ITEMS);
    journal::move_to_keychain(&store, &keychain, &connection)
        .await
        .unwrap();
    let moved = store.get(connection.id).await.unwrap();
    assert_eq!((moved.sealed, moved.credential_version), (false, 2));
    assert!(store.wait_of(connection.id, 2).await.unwrap().is_some());
}

#[tokio::test]
async fn what_was_sealed_is_in_no_file_after_it_is_removed() {
    let (folder, store) = fresh();
    let (keychain, _shelf) = with_key(&store).await;
    let connection = sealed(&store, &keychain).await;
    let bytes = store
        .sealed_secret(connection.id, 1)
        .await
        .unwrap()
        .unwrap();
    let lies_there = |folder: &TempDir| {
        let files = std::fs::read_dir(folder.path()).unwrap();
        files
            .filter_map(|file| std::fs::read(file.unwrap().path()).ok())
            .any(|file| file.windows(64).any(|part| part == &bytes[20..84]))
    };
    assert!(lies_there(&folder));
    remove(&store, &keychain, &connection).await.unwrap();
    assert!(!lies_there(&folder));
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
