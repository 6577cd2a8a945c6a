//! A test that could not run is no test: what was known stays known, and what stood in the way
//! stands beside it.

use std::{sync::Mutex, time::Duration};

use connections::{CheckAllEvent, CheckAllSummary};
use demo_tenant::{Fault, fixtures};
use model::{CheckReport, Connection, ConnectionId, Integration, NotTestedReason, Outcome, Status};

use crate::common::{Computer, lockable::Lockable};

/// What is known of a connection beside what stands in the way.
async fn known(computer: &Computer, id: ConnectionId) -> (Connection, Option<CheckReport>) {
    let mut connection = computer.connections.get(id).await.expect("there");
    connection.not_tested = None;
    (
        connection,
        computer
            .connections
            .last_report(id)
            .await
            .expect("the store"),
    )
}

async fn in_the_way(computer: &Computer, id: ConnectionId) -> Option<(NotTestedReason, String)> {
    let connection = computer.connections.get(id).await.expect("there");
    connection
        .not_tested
        .map(|told| (told.reason, told.because))
}

#[tokio::test]
async fn with_the_keychain_locked_everything_that_was_known_stays_and_the_reason_stands_beside_it_also_after_a_restart()
 {
    let keychain = Lockable::new();
    let computer = Computer::with_keychain(&keychain).await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let before = known(&computer, id).await;
    assert_eq!(before.0.status, Status::Healthy);

    keychain.lock(true);
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.outcome, Outcome::Inconclusive);
    assert_eq!(report.headline, format!("Not tested: {}.", locked()));
    assert_eq!(report.not_tested, Some(NotTestedReason::KeychainLocked));
    assert_eq!(keychain.asked(), 1, "one test asks once");
    assert_eq!(known(&computer, id).await, before);
    let computer = computer.restarted().await;
    assert_eq!(known(&computer, id).await, before);
    let told = Some((NotTestedReason::KeychainLocked, locked()));
    assert_eq!(in_the_way(&computer, id).await, told);

    keychain.lock(false);
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.outcome, Outcome::Works);
    assert_eq!(
        in_the_way(&computer, id).await,
        None,
        "a test that ran ends it"
    );
}

#[tokio::test]
async fn a_host_that_is_not_reached_or_asks_to_wait_leaves_everything_that_was_known() {
    let computer = Computer::new().await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    let mail = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    for (fault, reason) in [
        (
            Fault::throttle("/*/oauth2/v2.0/token", 30),
            NotTestedReason::Throttled,
        ),
        (Fault::cut(""), NotTestedReason::Network),
        (Fault::cut("/v1.0/organization"), NotTestedReason::Network),
    ] {
        for id in [id, mail] {
            let before = known(&computer, id).await;
            computer.tenant.fault(fault.clone());
            let report = computer
                .connections
                .check(id, &|_| {})
                .await
                .expect("a report");
            computer.tenant.clear_faults();
            if report.outcome == Outcome::Inconclusive {
                assert_eq!(report.not_tested, Some(reason), "{report:#?}");
                assert!(
                    report.headline.starts_with("Not tested: "),
                    "{}",
                    report.headline
                );
                assert_eq!(
                    in_the_way(&computer, id).await.map(|told| told.0),
                    Some(reason)
                );
                // A sign-in's refresh token may have been exchanged meanwhile.
                let (mut now, last) = known(&computer, id).await;
                now.credential_version = before.0.credential_version;
                assert_eq!((now, last), before);
            } else {
                assert_ne!(report.outcome, Outcome::Fails, "{report:#?}");
            }
        }
    }
}

#[tokio::test]
async fn without_any_network_a_healthy_connection_stays_healthy() {
    let computer = Computer::new().await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let before = known(&computer, id).await;
    let computer = computer.without_tenant().await;
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(
        (report.outcome, report.not_tested),
        (Outcome::Inconclusive, Some(NotTestedReason::Network))
    );
    assert_eq!(known(&computer, id).await, before);
}

#[tokio::test]
async fn a_secret_that_is_gone_was_found_out_and_counts() {
    let keychain = Lockable::new();
    let computer = Computer::with_keychain(&keychain).await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    computer.forget_secrets(id, 1).await;
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(
        (report.outcome, report.not_tested),
        (Outcome::NeedsSignIn, None)
    );
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::NeedsSignIn
    );
}

#[tokio::test]
async fn one_no_to_the_keychain_is_an_answer_for_all() {
    let keychain = Lockable::new();
    let computer = Computer::with_keychain(&keychain).await;
    let mut ids = Vec::new();
    for number in 0..43 {
        ids.push(
            computer
                .create(
                    &format!("Connection {number}"),
                    fixtures::HEALTHY,
                    Integration::EDiscovery,
                )
                .await,
        );
    }
    computer
        .connections
        .check_all(None, &|_| {})
        .await
        .expect("a summary");
    let before = known(&computer, ids[0]).await;
    keychain.lock(true);
    computer.tenant.clear_requests();
    let told = Mutex::new(Vec::new());
    let hear = |event| {
        if let CheckAllEvent::Finished { connection, report } = event {
            let of = connection.not_tested.map(|not_tested| not_tested.because);
            told.lock()
                .expect("one at a time")
                .push((connection.status, of, report.headline));
        }
    };
    let asking = computer.connections.check_all(None, &hear);
    let summary = tokio::time::timeout(Duration::from_secs(60), asking)
        .await
        .expect("at once")
        .expect("a summary");
    assert_eq!(keychain.asked(), 1, "the person said Cancel once");
    assert_eq!((summary.tested, summary.untested()), (0, 43));
    assert_eq!(summary.not_tested.len(), 1);
    assert_eq!(summary.not_tested[0].because, locked());
    assert!(
        computer.tenant.requests().is_empty(),
        "nobody else is asked for anything"
    );
    let told = told.into_inner().expect("nobody else");
    assert_eq!(told.len(), 43);
    let (locked, headline) = (locked(), format!("Not tested: {}.", locked()));
    assert!(
        told.iter()
            .all(|one| *one == (Status::Healthy, Some(locked.clone()), headline.to_owned())),
        "{told:?}"
    );
    assert_eq!(known(&computer, ids[0]).await, before);
    for id in ids {
        assert!(in_the_way(&computer, id).await.is_some());
    }

    keychain.lock(false);
    let summary = computer
        .connections
        .check_all(None, &|_| {})
        .await
        .expect("a summary");
    assert_eq!(
        summary,
        CheckAllSummary {
            tested: 43,
            healthy: 43,
            ..CheckAllSummary::default()
        },
        "asked anew"
    );
}

/// The reason, as it stands within a sentence; each system calls its keychain by another name.
fn locked() -> String {
    let said = keychain::Error::Locked.to_string();
    let within = said.strip_prefix('T').expect("it begins with an article");
    format!("t{}", within.trim_end_matches('.'))
}
