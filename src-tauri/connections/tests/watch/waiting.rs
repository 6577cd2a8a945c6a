//! How a watch waits: over a restart, after troubles, until it is stopped or its time is over.

use std::time::Duration;

use connections::{Error, PollSchedule, WatchEnd};
use demo_tenant::{Fault, fixtures};
use jiff::Timestamp;
use model::{Outcome, Status};
use tokio::time::timeout;

use crate::{
    QUICK, Watcher,
    common::{Computer, lockable::Lockable},
    looked, without_consent,
};

const TOKEN: &str = "/*/oauth2/v2.0/token";

#[tokio::test]
async fn a_watch_goes_on_after_a_restart() {
    let computer = Computer::new().await;
    let id = without_consent(&computer, "Audit").await;
    let begun = computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    let watcher = Watcher::begin(&computer.connections, QUICK);
    let seen = looked(&computer.connections, id, 1).await;
    watcher.drop_it().await;
    let other = without_consent(&computer, "Nobody was asked").await;

    let computer = computer.restarted().await;
    let kept = computer
        .connections
        .watch_of(id)
        .await
        .expect("read")
        .expect("still there");
    assert_eq!(
        (kept.began_at, kept.ends_at),
        (begun.began_at, begun.ends_at)
    );
    assert!(kept.looks >= seen.looks);
    let listed = computer.connections.list().await.expect("a list");
    let waiting: Vec<_> = listed
        .connections
        .iter()
        .filter(|one| one.awaits_consent)
        .map(|one| one.id)
        .collect();
    assert_eq!(waiting, [id], "and not {other}");
    computer
        .tenant
        .grant_admin_consent(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    assert!(
        matches!(watcher.end().await, WatchEnd::Consented { connection, .. } if connection.id == id)
    );
}

#[tokio::test]
async fn a_watch_that_was_stopped_says_nothing() {
    let computer = Computer::new().await;
    let stopped = without_consent(&computer, "Stopped").await;
    computer
        .connections
        .watch_consent(stopped)
        .await
        .expect("a watch");
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    looked(&computer.connections, stopped, 1).await;
    computer
        .connections
        .stop_watching(stopped)
        .await
        .expect("stopped");
    assert_eq!(
        computer.connections.watch_of(stopped).await.expect("read"),
        None
    );
    computer
        .connections
        .stop_watching(stopped)
        .await
        .expect("stopping twice is no error");

    computer
        .tenant
        .grant_admin_consent(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    let other = computer
        .connections
        .create_app_registration(&computer.form("Other", fixtures::HEALTHY), None)
        .await;
    let other = other.expect("created").connection.id;
    computer
        .connections
        .watch_consent(other)
        .await
        .expect("a watch, begun while others are looked after");
    assert!(
        matches!(watcher.end().await, WatchEnd::Consented { connection, .. } if connection.id == other)
    );
    assert!(watcher.ends.try_recv().is_err(), "only the other one ended");
    assert_eq!(
        computer
            .connections
            .get(stopped)
            .await
            .expect("there")
            .status,
        Status::NeverTested
    );
}

#[tokio::test]
async fn a_refused_secret_ends_it_with_a_report() {
    let computer = Computer::new().await;
    let id = without_consent(&computer, "Audit").await;
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    computer.tenant.set_secret(
        fixtures::WITHOUT_CONSENT,
        "new8Q~not-the-one-that-is-kept-here-00000",
        Timestamp::MAX,
    );
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    let WatchEnd::CannotGoOn { connection, report } = watcher.end().await else {
        panic!("there is nothing to look with")
    };
    assert_eq!(
        (connection.status, report.outcome),
        (Status::Failing, Outcome::Fails)
    );
    assert_eq!(computer.connections.watch_of(id).await.expect("read"), None);
}

#[tokio::test]
async fn a_service_that_asks_to_wait_is_left_alone_and_a_cut_line_is_no_end() {
    let computer = Computer::new().await;
    let id = without_consent(&computer, "Audit").await;
    computer.tenant.fault(Fault::throttle(TOKEN, 40));
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    let watcher = Watcher::begin(&computer.connections, QUICK);
    let watch = looked(&computer.connections, id, 1).await;
    let wait = Timestamp::now().duration_until(watch.next_at);
    assert!((35..=40).contains(&wait.as_secs()), "{wait:?}");
    let tokens = computer
        .tenant
        .requests()
        .iter()
        .filter(|request| request.path.ends_with("/token"))
        .count();
    assert_eq!(tokens, 1, "one look, one token");
    watcher.drop_it().await;

    computer.tenant.clear_faults();
    computer.tenant.fault(Fault::cut(TOKEN));
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("begun anew");
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    looked(&computer.connections, id, 1).await;
    computer.tenant.clear_faults();
    computer
        .tenant
        .grant_admin_consent(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    assert!(matches!(watcher.end().await, WatchEnd::Consented { .. }));
}

#[tokio::test]
async fn it_ends_when_its_time_is_over() {
    let computer = Computer::new().await;
    let id = without_consent(&computer, "Audit").await;
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    let mut watcher = Watcher::begin(
        &computer.connections,
        PollSchedule {
            longest: Duration::from_millis(200),
            ..QUICK
        },
    );
    assert!(
        matches!(watcher.end().await, WatchEnd::OutOfTime { connection } if connection.id == id)
    );
    assert_eq!(computer.connections.watch_of(id).await.expect("read"), None);
}

#[tokio::test]
async fn only_a_connection_that_exists_can_be_watched() {
    let computer = Computer::new().await;
    let id = without_consent(&computer, "Audit").await;
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    computer.connections.remove(id).await.expect("removed");
    assert_eq!(
        computer.connections.watch_of(id).await.expect("read"),
        None,
        "it goes with its connection"
    );
    assert!(matches!(
        computer.connections.watch_consent(id).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn a_person_who_does_not_unlock_the_keychain_is_not_asked_at_every_look() {
    let keychain = Lockable::new();
    let computer = Computer::with_keychain(&keychain).await;
    let id = without_consent(&computer, "Audit").await;
    keychain.lock(true);
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    // One that begins is news, after which a person may be asked once more.
    let seen = looked(&computer.connections, id, 2).await;
    let asked = keychain.asked();
    assert!(asked <= 2, "{asked}");
    looked(&computer.connections, id, seen.looks + 5).await;
    assert_eq!(
        keychain.asked(),
        asked,
        "one Cancel is an answer for all looks"
    );
    let check = timeout(
        Duration::from_secs(5),
        computer.connections.check(id, &|_| {}),
    )
    .await;
    check
        .expect("nobody holds the connection meanwhile")
        .expect("a report");

    keychain.lock(false);
    computer
        .tenant
        .grant_admin_consent(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    computer.connections.unlock_keychain().await.ok();
    assert!(
        matches!(watcher.end().await, WatchEnd::Consented { connection, .. } if connection.id == id)
    );
}
