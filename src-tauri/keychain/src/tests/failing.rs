//! With stores that refuse, lie, hang and panic.

use std::{
    env,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use keyring_core::{Error as StoreError, api::CredentialStoreApi, mock};
use secrecy::{ExposeSecret, SecretString};
use secret_service::Error as Service;
use zbus::message::Message;

use super::{
    SERVICE,
    shelf::{Call, Shelf, Verdict},
};
use crate::{
    Error, Item, Keychain, SelfTest, items::PART, place::Unknown, testing::again, worker::Worker,
};

const PASSED: SelfTest = SelfTest::Written { place: None };

#[tokio::test]
async fn every_error_of_a_store_has_its_own_meaning() {
    let boxed = |error: Service| Box::new(error);
    let named = |name: &str| Box::new(Service::Zbus(bus_error(name)));
    let fdo = |error| Box::new(Service::ZbusFdo(error));
    let other = |code: &str| Error::Other {
        code: code.to_owned(),
    };
    let table = [
        (
            StoreError::NoStorageAccess(boxed(Service::Locked)),
            Error::Locked,
        ),
        (
            StoreError::NoStorageAccess(boxed(Service::Prompt)),
            Error::Locked,
        ),
        (
            StoreError::NoStorageAccess(boxed(Service::NoResult)),
            Error::NoCollection,
        ),
        (
            StoreError::NoStorageAccess("something else".into()),
            Error::Locked,
        ),
        (
            StoreError::PlatformFailure(boxed(Service::Unavailable)),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(boxed(Service::PromptDisconnected)),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(boxed(Service::Crypto("x"))),
            other("session-cipher"),
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.Secret.Error.IsLocked")),
            Error::Locked,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.Secret.Error.NoSession")),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.Secret.Error.NoSuchObject")),
            Error::Missing,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.DBus.Error.ServiceUnknown")),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.DBus.Error.Spawn.ExecFailed")),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.DBus.Error.NoReply")),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.DBus.Error.AccessDenied")),
            Error::Denied,
        ),
        (
            StoreError::PlatformFailure(named("org.example.Odd")),
            other("org.example.Odd"),
        ),
        (
            StoreError::PlatformFailure(fdo(zbus::fdo::Error::NoReply("x".into()))),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(fdo(zbus::fdo::Error::AccessDenied("x".into()))),
            Error::Denied,
        ),
        (
            StoreError::PlatformFailure(fdo(zbus::Error::InvalidReply.into())),
            other("bus"),
        ),
        (
            StoreError::PlatformFailure("unheard of".into()),
            other("platform"),
        ),
        (StoreError::NoEntry, Error::Missing),
        (StoreError::BadEncoding(b"planted".to_vec()), Error::Damaged),
        (
            StoreError::BadDataFormat(b"planted".to_vec(), "planted".into()),
            Error::Damaged,
        ),
        (
            StoreError::BadStoreFormat("planted".into()),
            other("store-format"),
        ),
        (
            StoreError::TooLong("secret".into(), 2_560),
            Error::TooLarge { limit: 2_560 },
        ),
        (
            StoreError::Invalid("user".into(), "planted".into()),
            other("invalid"),
        ),
        (StoreError::Ambiguous(Vec::new()), Error::Ambiguous),
        (StoreError::NoDefaultStore, Error::Unavailable),
        (
            StoreError::NotSupportedByStore("planted".into()),
            other("not-supported"),
        ),
    ];
    for (error, expected) in table {
        let what = error.to_string();
        let store = mock::Store::new().unwrap();
        let entry = store.build(SERVICE, "c/1", None).unwrap();
        entry
            .as_any()
            .downcast_ref::<mock::Cred>()
            .unwrap()
            .set_error(error);
        let found = Keychain::with_store(SERVICE, store)
            .read(&Item::new("c", 1))
            .await
            .unwrap_err();
        assert_eq!(found, expected, "{what}");
        let shown = format!("{found} {found:?} {}", found.advice());
        let bytes = format!("{:?}", b"planted");
        assert!(
            !shown.contains("planted") && !shown.contains(&bytes),
            "no foreign text and no bytes: {shown}"
        );
    }
}

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
async fn a_call_that_never_returns_makes_the_keychain_busy_and_parks_no_second_thread() {
    let (release, released) = mpsc::channel::<()>();
    let (calls, released) = (Arc::new(AtomicUsize::new(0)), Mutex::new(released));
    let counter = Arc::clone(&calls);
    let shelf = Shelf::new(move |_| {
        if counter.fetch_add(1, Ordering::SeqCst) == 0 {
            released.lock().unwrap().recv().unwrap();
        }
        Verdict::Do
    });
    let keychain = Keychain::with_store(SERVICE, shelf);
    let hasty = keychain.with_deadline(Duration::from_millis(100));
    assert_eq!(
        hasty.read(&Item::new("c", 1)).await.unwrap_err(),
        Error::Busy,
        "after the deadline"
    );

    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(
            keychain.read(&Item::new("c", 1)).await.unwrap_err(),
            Error::Busy,
            "while the call is stuck"
        );
    }
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "whoever comes later is turned away at once"
    );
    assert_eq!(
        calls.load(Ordering::SeqCst),
        1,
        "the store is called by one thread, once"
    );

    release.send(()).unwrap();
    while keychain.read(&Item::new("c", 1)).await.unwrap_err() == Error::Busy {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        keychain.read(&Item::new("c", 1)).await.unwrap_err(),
        Error::Missing,
        "the stuck call has returned"
    );
}

#[tokio::test]
async fn a_queued_call_whose_caller_gave_up_is_never_begun() {
    let (release, released) = mpsc::channel::<()>();
    let (entered, has_entered) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let shelf = Shelf::new(move |_| {
        // The first call waits here; once the other end is dropped, none does.
        entered.send(()).ok();
        released.lock().unwrap().recv().ok();
        Verdict::Do
    });
    let keychain = Keychain::with_store(SERVICE, shelf.clone());
    let slow = tokio::spawn({
        let keychain = keychain.clone();
        async move { keychain.read(&Item::new("c", 1)).await.map(drop) }
    });
    tokio::task::spawn_blocking(move || has_entered.recv().unwrap())
        .await
        .unwrap();

    let hasty = keychain.with_deadline(Duration::from_millis(50));
    let written = hasty
        .write(&Item::new("c", 2), &SecretString::from("s"), "A label")
        .await;
    assert_eq!(
        written,
        Err(Error::Busy),
        "the deadline passes while the first call runs"
    );
    drop(release);
    assert_eq!(
        slow.await.unwrap(),
        Err(Error::Missing),
        "the first call is not disturbed"
    );
    assert_eq!(
        keychain.read(&Item::new("c", 2)).await.unwrap_err(),
        Error::Missing,
        "nothing was written afterwards"
    );
}

#[tokio::test]
async fn a_store_that_panics_does_not_take_the_keychain_along() {
    let calls = AtomicUsize::new(0);
    let shelf = Shelf::new(move |_| {
        assert!(
            calls.fetch_add(1, Ordering::SeqCst) > 0,
            "the store panics at its first call"
        );
        Verdict::Do
    });
    let keychain = Keychain::with_store(SERVICE, shelf);
    let first = keychain.read(&Item::new("c", 1)).await.unwrap_err();
    assert_eq!(
        first,
        Error::Other {
            code: "worker".into()
        }
    );
    assert_eq!(
        keychain.read(&Item::new("c", 1)).await.unwrap_err(),
        Error::Missing,
        "the next call works"
    );
}

#[test]
fn a_stuck_keychain_does_not_hold_the_end_of_the_process() {
    const STUCK: &str = "GRAPH_CONNECT_TEST_STUCK";
    let stuck = || {
        let shelf = Shelf::new(|_| {
            loop {
                std::thread::park();
            }
        });
        let keychain =
            Keychain::with_store(SERVICE, shelf).with_deadline(Duration::from_millis(50));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        assert_eq!(
            runtime
                .block_on(keychain.read(&Item::new("c", 1)))
                .unwrap_err(),
            Error::Busy
        );
    };
    if env::var_os(STUCK).is_some() {
        return stuck();
    }
    let begun = Instant::now();
    let output = again(&stuck).env(STUCK, "1").output().unwrap();
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "it was stuck, and the test went on"
    );
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "the process has ended by itself"
    );
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

fn bus_error(name: &str) -> zbus::Error {
    let call = Message::method_call("/", "Method")
        .unwrap()
        .build(&())
        .unwrap();
    let reply = Message::error(&call.header(), name)
        .unwrap()
        .build(&("planted",))
        .unwrap();
    zbus::Error::from(reply)
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
