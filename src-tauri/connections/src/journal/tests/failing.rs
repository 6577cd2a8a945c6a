//! With keychains that refuse, on a store on a real disk.

use std::{sync::Arc, time::Duration};

use keyring_core::{Error as StoreError, api::CredentialStoreApi, mock};
use model::{Connection, Method};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    Error,
    journal::{
        self, Keychain, create, item, open, recover, removals_pending, remove, replace_secret,
        rotate, tidy,
    },
    store::{
        Kept, Store,
        tests::{fresh, report, sample},
    },
};

#[tokio::test]
async fn a_keychain_that_refuses_leaves_no_connection_and_the_name_stays_free() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = mocked();
    let connection = sample("Contoso");
    fail_next(&shelf, &connection, 1, denied());
    let refused = create(&store, &keychain, &connection, &secret("s")).await;
    assert!(
        matches!(refused, Err(Error::Keychain(keychain::Error::Locked))),
        "{refused:?}"
    );
    assert_eq!(store.list().await.unwrap(), []);
    assert_eq!(
        store.leftovers().await.unwrap(),
        [],
        "nothing was written and nothing is left to remove"
    );

    create(&store, &keychain, &connection, &secret("s"))
        .await
        .unwrap();
    assert_eq!(secret_of(&store, &keychain, &connection).await, "s");
}

#[tokio::test]
async fn the_first_failure_is_told_also_when_the_store_fails_while_the_change_is_undone() {
    let (folder, store) = fresh();
    let (keychain, shelf) = mocked();
    let connection = sample("Contoso");
    let database = rusqlite::Connection::open(folder.path().join("connections.db")).unwrap();
    let full =
        "CREATE TRIGGER full BEFORE DELETE ON pending BEGIN SELECT RAISE(ABORT, 'no room'); END";
    database.execute_batch(full).unwrap();
    fail_next(&shelf, &connection, 1, denied());
    let refused = create(&store, &keychain, &connection, &secret("s")).await;
    assert!(
        matches!(refused, Err(Error::Keychain(keychain::Error::Locked))),
        "{refused:?}"
    );
    assert_eq!(
        store.leftovers().await.unwrap().len(),
        1,
        "what it may have written is still known"
    );
    database.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(tidy(&store, &keychain).await.unwrap(), 0);
    assert_eq!(store.leftovers().await.unwrap(), []);
}

#[tokio::test]
async fn a_new_secret_that_cannot_be_kept_leaves_the_old_one_in_force() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = mocked();
    let connection = created(&store, &keychain, "old").await;
    fail_next(&shelf, &connection, 2, denied());
    let refused = replace_secret(
        &store,
        &keychain,
        connection.id,
        &secret("new"),
        connection.method.clone(),
        None,
    )
    .await;
    assert!(matches!(refused, Err(Error::Keychain(_))), "{refused:?}");
    assert_eq!(secret_of(&store, &keychain, &connection).await, "old");

    replace_secret(
        &store,
        &keychain,
        connection.id,
        &secret("new"),
        connection.method.clone(),
        None,
    )
    .await
    .unwrap();
    assert_eq!(secret_of(&store, &keychain, &connection).await, "new");
    assert_eq!(kept(&shelf), ["new"], "the old one is removed");
}

#[tokio::test]
async fn an_old_secret_that_cannot_be_removed_is_counted_and_removed_later() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = mocked();
    let connection = created(&store, &keychain, "old").await;
    fail_next(&shelf, &connection, 1, denied());
    rotate(
        &store,
        &keychain,
        connection.id,
        &secret("new"),
        connection.method.clone(),
    )
    .await
    .unwrap();
    assert_eq!(
        secret_of(&store, &keychain, &connection).await,
        "new",
        "the new secret holds all the same"
    );
    assert_eq!(removals_pending(&store).await.unwrap(), 1);
    assert_eq!(tidy(&store, &keychain).await.unwrap(), 0);
    assert_eq!(kept(&shelf), ["new"]);
}

#[tokio::test]
async fn a_removed_connection_is_gone_at_once_although_the_keychain_is_locked() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = mocked();
    let connection = created(&store, &keychain, "s").await;
    fail_next(&shelf, &connection, 1, denied());
    remove(&store, &keychain, &connection).await.unwrap();
    assert_eq!(store.list().await.unwrap(), []);
    assert_eq!(
        removals_pending(&store).await.unwrap(),
        1,
        "one secret could not be removed yet"
    );

    fail_next(&shelf, &connection, 1, denied());
    assert_eq!(tidy(&store, &keychain).await.unwrap(), 1, "still locked");
    assert_eq!(tidy(&store, &keychain).await.unwrap(), 0, "unlocked");
    assert_eq!(kept(&shelf), [""; 0]);
    let again = remove(&store, &keychain, &connection).await;
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
}

#[tokio::test]
async fn one_item_in_trouble_does_not_hold_the_others() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = mocked();
    let (first, second) = (
        created(&store, &keychain, "1").await,
        created(&store, &keychain, "2").await,
    );
    for connection in [&first, &second] {
        fail_next(&shelf, connection, 1, denied());
        remove(&store, &keychain, connection).await.unwrap();
    }
    fail_next(&shelf, &first, 1, StoreError::Ambiguous(Vec::new()));
    assert_eq!(tidy(&store, &keychain).await.unwrap(), 1);
    assert_eq!(kept(&shelf), ["1"], "the second one is gone");
}

#[tokio::test]
async fn settling_and_listing_need_no_keychain_and_tidying_nothing_asks_none() {
    let (_folder, store) = fresh();
    let unused = Keychain::with_store("dev.graphconnect.test", mock::Store::new().unwrap());
    recover(&store).await.unwrap();
    assert_eq!(
        tidy(&store, &unused.with_deadline(Duration::ZERO))
            .await
            .unwrap(),
        0,
        "a call would have been too late"
    );
}

#[tokio::test]
async fn a_person_s_new_secret_has_to_be_proved_and_the_server_s_does_not() {
    let (_folder, store) = fresh();
    let (keychain, _) = mocked();
    let connection = created(&store, &keychain, "1").await;
    store
        .record_check(connection.id, report(1), model::Status::Healthy)
        .await
        .unwrap();
    let mut method = connection.method.clone();
    if let Method::AppRegistration {
        secret_expires_on, ..
    } = &mut method
    {
        *secret_expires_on = Some(jiff::civil::date(2027, 3, 1));
    }
    rotate(
        &store,
        &keychain,
        connection.id,
        &secret("2"),
        method.clone(),
    )
    .await
    .unwrap();
    let rotated = store.get(connection.id).await.unwrap();
    assert_eq!(
        (rotated.status, rotated.updated_at),
        (model::Status::Healthy, connection.updated_at)
    );
    assert_eq!((&rotated.method, rotated.credential_version), (&method, 2));

    replace_secret(&store, &keychain, connection.id, &secret("3"), method, None)
        .await
        .unwrap();
    let replaced = store.get(connection.id).await.unwrap();
    assert_eq!(
        (replaced.status, replaced.credential_version),
        (model::Status::NeverTested, 3)
    );
    assert!(replaced.updated_at > connection.updated_at);
}

#[tokio::test]
async fn a_secret_gone_from_the_keychain_is_missing_and_the_connection_stays() {
    let (_folder, store) = fresh();
    let (keychain, _) = mocked();
    let connection = created(&store, &keychain, "s").await;
    keychain.delete(&item(&connection), None).await.unwrap();
    let missing = open(&store, &keychain, connection.id).await.map(|_| ());
    assert!(
        matches!(missing, Err(Error::Keychain(keychain::Error::Missing))),
        "{missing:?}"
    );
    assert_eq!(store.list().await.unwrap(), [connection]);
}

#[tokio::test]
async fn a_connection_removed_while_its_secret_is_replaced_takes_the_new_secret_along() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = mocked();
    let connection = created(&store, &keychain, "old").await;
    let change = store.begin_replace(connection.id, None).await.unwrap();
    journal::write(&keychain, &change, &secret("new"))
        .await
        .unwrap();
    remove(&store, &keychain, &connection).await.unwrap();
    let renewal = crate::store::Renewal::ByServer {
        method: connection.method.clone(),
    };
    let committed = store
        .commit_replace(&change, renewal, Kept::InKeychain(None))
        .await;
    let refused = journal::undo_unless(committed, &store, &keychain, change).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    assert_eq!(kept(&shelf), [""; 0]);
    assert_eq!(store.leftovers().await.unwrap(), []);
}

#[tokio::test]
async fn a_change_goes_to_its_end_although_nobody_waits_for_it() {
    let (_folder, store) = fresh();
    let (keychain, shelf) = mocked();
    let connection = created(&store, &keychain, "old").await;
    let token = secret("new");
    let change = rotate(
        &store,
        &keychain,
        connection.id,
        &token,
        connection.method.clone(),
    );
    assert!(
        tokio::time::timeout(Duration::ZERO, change).await.is_err(),
        "its caller leaves at once"
    );
    let ended = async {
        while kept(&shelf) != ["new"] || !store.leftovers().await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ended)
        .await
        .expect("the change ends");
    assert_eq!(secret_of(&store, &keychain, &connection).await, "new");
}

fn mocked() -> (Keychain, Arc<mock::Store>) {
    let shelf = mock::Store::new().unwrap();
    (Keychain::with_store(SERVICE, shelf.clone()), shelf)
}

const SERVICE: &str = "dev.graphconnect.test";

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn denied() -> StoreError {
    StoreError::NoStorageAccess("locked".into())
}

async fn created(store: &Store, keychain: &Keychain, text: &str) -> Connection {
    let connection = sample(&format!("Connection {text}"));
    create(store, keychain, &connection, &secret(text))
        .await
        .unwrap();
    connection
}

async fn secret_of(store: &Store, keychain: &Keychain, connection: &Connection) -> String {
    let (_, secret) = open(store, keychain, connection.id).await.unwrap();
    secret.expose_secret().to_owned()
}

/// Makes the next call on one item fail.
fn fail_next(shelf: &mock::Store, connection: &Connection, version: u32, error: StoreError) {
    let entry = shelf
        .build(SERVICE, &format!("{}/{version}", connection.id), None)
        .unwrap();
    entry
        .as_any()
        .downcast_ref::<mock::Cred>()
        .unwrap()
        .set_error(error);
}

/// Every secret in the keychain, without the key of what is sealed, which some systems make ahead.
fn kept(shelf: &mock::Store) -> Vec<String> {
    let entries = shelf.search(&[("service", SERVICE)].into()).unwrap();
    entries
        .iter()
        .filter(|entry| {
            entry
                .get_specifiers()
                .is_none_or(|(_, user)| user != "token-cache/1")
        })
        .filter_map(|entry| entry.get_password().ok())
        .collect()
}
