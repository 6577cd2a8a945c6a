//! With stores that hang and panic.

use std::{
    env,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use secrecy::SecretString;

use crate::{
    Error, Item, Keychain,
    testing::again,
    tests::{
        SERVICE,
        shelf::{Shelf, Verdict},
    },
};

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
