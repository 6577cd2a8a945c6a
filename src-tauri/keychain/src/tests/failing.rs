//! With stores that refuse, lie, hang and panic.

mod errors;
mod hanging;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use keyring_core::{Error as StoreError, api::CredentialStoreApi, mock};
use secrecy::{ExposeSecret, SecretString};
use secret_service::Error as Service;

use super::{
    SERVICE,
    shelf::{Call, Shelf, Verdict},
};
use crate::{Error, Item, Keychain, SelfTest, items::PART, place::Unknown, worker::Worker};

const PASSED: SelfTest = SelfTest::Written { place: None };

#[tokio::test]
async fn a_link_gone_stale_is_made_anew_once_and_a_person_s_refusal_is_not_asked_again() {
    for (failure, expected) in [
        (StoreError::PlatformFailure("stale".into()), Ok("s")),
        (
            StoreError::NoStorageAccess(Box::new(Service::Prompt)),
            Err(Error::Locked),
        ),
    ] {
        let store = mock::Store::new().unwrap();
        let keychain = Keychain::with_store(SERVICE, store.clone());
        keychain
            .write(&Item::new("c", 1), &SecretString::from("s"), "A label")
            .await
            .unwrap();
        let entry = store.build(SERVICE, "c/1", None).unwrap();
        entry
            .as_any()
            .downcast_ref::<mock::Cred>()
            .unwrap()
            .set_error(failure);
        let read = keychain
            .read(&Item::new("c", 1))
            .await
            .map(|secret| secret.expose_secret().to_owned());
        assert_eq!(read.as_deref(), expected.as_deref());
    }
}

#[tokio::test]
async fn a_store_that_only_pretends_to_write_or_to_remove_is_found_out() {
    let forgetful = Shelf::new(|call| {
        if matches!(call, Call::Set(_)) {
            Verdict::Pretend
        } else {
            Verdict::Do
        }
    });
    let keychain = Keychain::with_store(SERVICE, forgetful);
    assert_eq!(
        keychain
            .write(&Item::new("c", 1), &SecretString::from("s"), "A label")
            .await,
        Err(Error::Damaged)
    );

    let clinging = Shelf::new(|call| {
        if matches!(call, Call::Delete) {
            Verdict::Pretend
        } else {
            Verdict::Do
        }
    });
    let keychain = Keychain::with_store(SERVICE, clinging);
    keychain
        .write(&Item::new("c", 1), &SecretString::from("s"), "A label")
        .await
        .unwrap();
    assert_eq!(
        keychain.delete(&Item::new("c", 1), None).await,
        Err(Error::NotRemoved)
    );
}

#[tokio::test]
async fn a_long_secret_fits_a_store_of_2560_bytes_of_text_an_item() {
    let shelf = Shelf::new(|call| match call {
        Call::Set(bytes) if bytes.len() > 2_560 => {
            Verdict::Fail(StoreError::TooLong("secret".into(), 2_560))
        }
        Call::Set(bytes) if str::from_utf8(bytes).is_err() => {
            Verdict::Fail(StoreError::BadEncoding(bytes.to_vec()))
        }
        Call::Set(_) | Call::Get | Call::Delete => Verdict::Do,
    });
    let keychain = Keychain::with_store(SERVICE, shelf);
    let secret = SecretString::from("ab密".repeat(2_000));
    keychain
        .write(&Item::new("c", 1), &secret, "A label")
        .await
        .unwrap();
    let back = keychain.read(&Item::new("c", 1)).await.unwrap();
    assert_eq!(back.expose_secret(), secret.expose_secret());

    let endless = SecretString::from("x".repeat(101 * PART));
    let refused = keychain
        .write(&Item::new("c", 2), &endless, "A label")
        .await;
    assert_eq!(refused, Err(Error::TooLarge { limit: 240_000 }));
}

#[tokio::test]
async fn wherever_writing_parts_breaks_off_nothing_is_read_but_what_was_written_and_all_can_be_removed()
 {
    let (old, new) = ("o".repeat(3 * PART), "n".repeat(4 * PART));
    let item = Item::new("c", 1);
    for k in 0.. {
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let counter = Arc::clone(&left);
        let shelf = Shelf::new(move |call| {
            let changes = !matches!(call, Call::Get);
            let has_power = counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                if changes {
                    left.checked_sub(1)
                } else {
                    (left > 0).then_some(left)
                }
            });
            if has_power.is_ok() {
                Verdict::Do
            } else {
                Verdict::Fail(StoreError::PlatformFailure("power cut".into()))
            }
        });
        let keychain = Keychain::with_store(SERVICE, shelf.clone());
        keychain
            .write(&item, &SecretString::from(old.as_str()), "A label")
            .await
            .unwrap();
        left.store(k, Ordering::SeqCst);
        let written = keychain
            .write(&item, &SecretString::from(new.as_str()), "A label")
            .await;
        left.store(usize::MAX, Ordering::SeqCst);

        match keychain.read(&item).await {
            Ok(read) => assert!(
                [&old, &new].contains(&&read.expose_secret().to_owned()),
                "step {k}: a mixture"
            ),
            Err(error) => assert!(
                matches!(error, Error::Missing | Error::Damaged),
                "step {k}: {error}"
            ),
        }
        keychain.delete(&item, None).await.unwrap();
        assert_eq!(shelf.names(), [""; 0], "step {k}: nothing is left");
        if written.is_ok() {
            assert!(k > 5, "the loop has broken off at every step");
            break;
        }
    }
}

#[tokio::test]
async fn the_link_is_made_at_the_first_call_and_again_after_a_failure() {
    let links = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&links);
    let connect = move || match counter.fetch_add(1, Ordering::SeqCst) {
        0 => Err(StoreError::PlatformFailure(Box::new(Service::Unavailable))),
        _ => Ok(Shelf::new(|_| Verdict::Do) as _),
    };
    let worker = Worker::new(
        SERVICE,
        Arc::new(connect),
        |_, _| Vec::new(),
        || Box::new(Unknown),
    );
    let keychain = Keychain::on(worker);
    assert_eq!(
        links.load(Ordering::SeqCst),
        0,
        "nothing is opened before the first call"
    );
    assert_eq!(keychain.self_test().await, Err(Error::Unavailable));
    assert_eq!(
        keychain.self_test().await,
        Ok(PASSED),
        "the failure is not remembered"
    );
    assert_eq!(keychain.self_test().await, Ok(PASSED));
    assert_eq!(links.load(Ordering::SeqCst), 2, "a link that works is kept");
}

#[tokio::test]
async fn the_link_can_be_opened_ahead_of_the_first_call_and_a_failure_of_that_is_not_remembered() {
    for failures in [0, 1] {
        let links = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&links);
        let connect = move || {
            if counter.fetch_add(1, Ordering::SeqCst) < failures {
                return Err(StoreError::PlatformFailure(Box::new(Service::Unavailable)));
            }
            Ok(Shelf::new(|_| Verdict::Do) as _)
        };
        let worker = Worker::new(
            SERVICE,
            Arc::new(connect),
            |_, _| Vec::new(),
            || Box::new(Unknown),
        );
        let keychain = Keychain::on(worker);
        keychain.open_ahead();
        keychain.open_ahead();
        assert_eq!(keychain.self_test().await, Ok(PASSED));
        assert_eq!(
            links.load(Ordering::SeqCst),
            failures + 1,
            "one link is opened that works"
        );
    }
}

#[test]
fn debug_output_of_the_keychain_and_its_items_shows_no_secret() {
    let keychain = Keychain::with_store(SERVICE, mock::Store::new().unwrap());
    assert_eq!(format!("{keychain:?}"), "Keychain { deadline: 60s, .. }");
    assert_eq!(format!("{:?}", Item::new("c", 1)), "Item { name: \"c/1\" }");
}

#[test]
fn never_asks_first_for_a_secret_anew_that_another_keychain_still_holds() {
    let (kept_by, in_use) = ("KeePassXC".to_owned(), "GNOME Keyring".to_owned());
    let (kept_in, default) = ("work".to_owned(), "login".to_owned());
    let elsewhere = [
        Error::Locked,
        Error::NoCollection,
        Error::OtherProvider { kept_by, in_use },
        Error::OtherCollection {
            kept_in,
            in_use: default,
        },
    ];
    for error in elsewhere {
        let first = error.advice().split(". ").next().unwrap_or_default();
        assert!(!first.contains("nter the secret"), "{error:?}: {first}");
    }
    assert!(Error::Missing.advice().contains("Enter the secret"));
}
