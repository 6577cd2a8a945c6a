//! Waiting for consent that somebody else gives in the demo tenant.

mod common;

use std::{sync::Arc, time::Duration};

use common::{Computer, finding, lockable::Lockable, sign_in_form};
use connections::{AppRegistrationForm, Connections, Error, PollSchedule, Watch, WatchEnd};
use demo_tenant::{Fault, browser::Decision, fixtures};
use jiff::Timestamp;
use model::{
    Actor, ConnectionId, Integration, Outcome, PermissionKind, PermissionState, Status, Step,
};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

const QUICK: PollSchedule = PollSchedule {
    every: [Duration::from_millis(20); 3],
    until: [Duration::from_secs(600), Duration::from_secs(4_200)],
    longest: Duration::from_secs(60),
};
const TIMEOUT: Duration = Duration::from_secs(20);
const TOKEN: &str = "/*/oauth2/v2.0/token";

#[tokio::test]
async fn consent_that_is_given_while_it_waits_turns_the_connection_healthy() {
    let computer = Computer::new().await;
    let id = without_consent(&computer, "Audit").await;
    let watch = computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    assert_eq!(watch.ends_at.duration_since(watch.began_at).as_hours(), 24);
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    looked(&computer.connections, id, 2).await;
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::NeverTested,
        "a look is no check"
    );

    computer
        .tenant
        .grant_admin_consent(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    let WatchEnd::Consented { connection, report } = watcher.end().await else {
        panic!("it was consented to")
    };
    assert_eq!(
        (connection.id, connection.status, report.outcome),
        (id, Status::Healthy, Outcome::Works)
    );
    assert!(!connection.awaits_consent);
    assert_eq!(
        computer.connections.watch_of(id).await.expect("read"),
        None,
        "nobody waits any more"
    );
}

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
async fn a_sign_in_is_watched_with_its_refresh_token_and_each_new_one_is_kept() {
    let computer = Computer::new().await;
    let id = computer
        .sign_in("Notes", Integration::OneNote, fixtures::ADMIN)
        .await
        .0
        .id;
    computer
        .tenant
        .revoke_grants(fixtures::DESKTOP, fixtures::CONTOSO);
    computer
        .tenant
        .grant_scopes(fixtures::DESKTOP, fixtures::CONTOSO, None, &["User.Read"]);
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    looked(&computer.connections, id, 3).await;
    let version = computer
        .connections
        .get(id)
        .await
        .expect("there")
        .credential_version;
    assert!(
        version > 3,
        "each look brought a new refresh token: {version}"
    );

    computer.tenant.grant_scopes(
        fixtures::DESKTOP,
        fixtures::CONTOSO,
        None,
        &["Notes.ReadWrite.All"],
    );
    let WatchEnd::Consented { report, .. } = watcher.end().await else {
        panic!("it was consented to")
    };
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    watcher.drop_it().await;
    let computer = computer.restarted().await;
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(
        report.outcome,
        Outcome::Works,
        "the last refresh token is in the keychain"
    );
}

#[tokio::test]
async fn who_may_not_consent_signs_in_as_oneself_and_the_connection_waits_for_the_rest() {
    let computer = Computer::new().await;
    let form = sign_in_form("Devices", Integration::Intune);
    let plan = computer
        .connections
        .plan_sign_in(&form)
        .await
        .expect("a plan")
        .waiting_for_consent();
    let signed_in = computer
        .signed_in_deciding(&plan, fixtures::USER, Decision::Accept)
        .await
        .expect("needs no admin");
    let tried = computer
        .connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .expect("tried");
    let kept = computer
        .connections
        .keep_sign_in(&plan, &tried)
        .await
        .expect("kept");
    assert_eq!(kept.granted, ["User.Read"], "no more was asked for");
    assert!(
        kept.missing.contains(&"Device.Read.All".to_owned()),
        "{kept:?}"
    );
    assert!(
        computer
            .connections
            .watch_of(kept.id)
            .await
            .expect("read")
            .is_some(),
        "it waits by itself"
    );
    let told = finding(tried.report(), Step::Permissions);
    assert_eq!(
        told.actor,
        Some(Actor::ApplicationAdministrator),
        "what only an admin can grant is no task for oneself"
    );
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    looked(&computer.connections, kept.id, 1).await;

    let needed = Integration::Intune.permissions(PermissionKind::Delegated);
    let needed: Vec<&str> = needed.iter().map(|permission| permission.name).collect();
    computer
        .tenant
        .grant_scopes(fixtures::DESKTOP, fixtures::CONTOSO, None, &needed);
    let WatchEnd::Consented { connection, report } = watcher.end().await else {
        panic!("it was consented to")
    };
    assert_eq!(connection.id, kept.id);
    let missing = report
        .permissions
        .iter()
        .filter(|permission| permission.state == PermissionState::Missing)
        .count();
    assert_eq!(missing, 0, "{report:#?}");
}

#[tokio::test]
async fn where_everything_was_granted_already_nobody_waits() {
    let computer = Computer::new().await;
    let form = sign_in_form("Notes", Integration::OneNote);
    let scopes = ["Notes.ReadWrite.All", "User.Read"];
    computer
        .tenant
        .grant_scopes(fixtures::DESKTOP, fixtures::CONTOSO, None, &scopes);
    let plan = computer
        .connections
        .plan_sign_in(&form)
        .await
        .expect("a plan")
        .waiting_for_consent();
    let signed_in = computer
        .signed_in_deciding(&plan, fixtures::USER, Decision::Accept)
        .await
        .expect("signed in");
    let tried = computer
        .connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .expect("tried");
    let kept = computer
        .connections
        .keep_sign_in(&plan, &tried)
        .await
        .expect("kept");
    let report = computer
        .connections
        .check(kept.id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(
        report.outcome,
        Outcome::Works,
        "a refresh brings all that was granted: {report:#?}"
    );
}

#[tokio::test]
async fn an_application_that_the_tenant_does_not_know_yet_may_come_with_the_consent() {
    let computer = Computer::new().await;
    let form = computer.form("Fabrikam", fixtures::MULTI_TENANT);
    let form = AppRegistrationForm {
        tenant: fixtures::FABRIKAM.to_string(),
        integration: Integration::EDiscovery,
        ..form
    };
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    looked(&computer.connections, id, 2).await;
    computer.tenant.grant_roles(
        fixtures::MULTI_TENANT,
        fixtures::FABRIKAM,
        &["eDiscovery.ReadWrite.All"],
    );
    let WatchEnd::Consented { connection, .. } = watcher.end().await else {
        panic!("it was consented to")
    };
    assert_eq!((connection.id, connection.status), (id, Status::Healthy));
}

#[tokio::test]
async fn with_a_token_that_cannot_be_read_a_whole_check_looks() {
    let computer = Computer::new().await;
    computer.tenant.issue_opaque_tokens(true);
    let form = computer.form("Opaque", fixtures::WITHOUT_CONSENT);
    let form = AppRegistrationForm {
        integration: Integration::EDiscovery,
        ..form
    };
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    looked(&computer.connections, id, 1).await;
    computer
        .tenant
        .grant_admin_consent(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    assert!(
        matches!(watcher.end().await, WatchEnd::Consented { connection, .. } if connection.id == id)
    );
}

#[tokio::test]
async fn the_higher_permission_that_covers_a_lower_one_is_enough() {
    let computer = Computer::new().await;
    let form = computer.form("Defender", fixtures::WITHOUT_CONSENT);
    let form = AppRegistrationForm {
        integration: Integration::DefenderXdr,
        ..form
    };
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    computer
        .connections
        .watch_consent(id)
        .await
        .expect("a watch");
    let higher = [
        "SecurityAlert.ReadWrite.All",
        "SecurityIncident.ReadWrite.All",
        "ThreatHunting.Read.All",
    ];
    computer
        .tenant
        .grant_roles(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO, &higher);
    let mut watcher = Watcher::begin(&computer.connections, QUICK);
    assert!(
        matches!(watcher.end().await, WatchEnd::Consented { connection, .. } if connection.id == id)
    );
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

async fn without_consent(computer: &Computer, name: &str) -> ConnectionId {
    let form = computer.form(name, fixtures::WITHOUT_CONSENT);
    computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id
}

/// Waits until there were so many looks.
async fn looked(connections: &Connections, id: ConnectionId, looks: u32) -> Watch {
    let seen = async {
        loop {
            let watch = connections
                .watch_of(id)
                .await
                .expect("read")
                .expect("still watched");
            if watch.looks >= looks {
                break watch;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(TIMEOUT, seen).await.expect("it is looked at")
}

/// Looks after the watches on a task of its own, as a program does.
struct Watcher {
    ends: mpsc::UnboundedReceiver<WatchEnd>,
    task: JoinHandle<()>,
}

impl Watcher {
    fn begin(connections: &Connections, pace: PollSchedule) -> Self {
        let (sender, ends) = mpsc::unbounded_channel();
        let connections = connections.clone();
        let tell = Arc::new(move |end| drop(sender.send(end)));
        let task = tokio::spawn(async move {
            let error = connections
                .run_watches_at(&pace, &*tell)
                .await
                .expect_err("it goes on until it is dropped");
            panic!("{error}");
        });
        Self { ends, task }
    }

    async fn end(&mut self) -> WatchEnd {
        timeout(TIMEOUT, self.ends.recv())
            .await
            .expect("it ends")
            .expect("somebody looks")
    }

    /// As when the program is closed.
    async fn drop_it(mut self) {
        self.task.abort();
        assert!(
            (&mut self.task)
                .await
                .is_err_and(|ended| ended.is_cancelled()),
            "it looked until now"
        );
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}
