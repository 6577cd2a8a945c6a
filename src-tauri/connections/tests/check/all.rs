//! Test Connection on many connections at once.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use connections::{CheckAllEvent, CheckAllSummary};
use demo_tenant::{Fault, fixtures};
use model::{Integration, NotTestedReason, Status};

use crate::common::Computer;

/// What check_all promises.
const MAX_CONCURRENT: usize = 16;

#[tokio::test]
async fn each_connection_is_tested_and_counted_by_what_it_came_to() {
    let computer = Computer::new().await;
    let works = computer
        .create("Works", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .create("Gaps", fixtures::WITHOUT_CONSENT, Integration::EntraId)
        .await;
    computer
        .create("Fails", fixtures::EXPIRED, Integration::EntraId)
        .await;
    let mail = computer
        .sign_in("Signed out", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    computer.tenant.revoke(fixtures::ADMIN);
    let finished = Mutex::new(Vec::new());
    let hear = |event| {
        if let CheckAllEvent::Finished { connection, report } = event {
            finished.lock().expect("one at a time").push((
                connection.id,
                connection.status,
                report.headline,
            ));
        }
    };
    let summary = computer
        .connections
        .check_all(None, &hear)
        .await
        .expect("a summary");
    let expected = CheckAllSummary {
        tested: 4,
        healthy: 1,
        attention: 1,
        needs_sign_in: 1,
        failing: 1,
        not_tested: Vec::new(),
    };
    assert_eq!(summary, expected);
    let heard = finished.into_inner().expect("nobody else");
    assert_eq!(heard.len(), 4);
    assert!(heard.iter().any(|(id, status, headline)| {
        *id == works && *status == Status::Healthy && headline == "Connected."
    }));
    assert!(
        heard
            .iter()
            .any(|(id, status, _)| *id == mail && *status == Status::NeedsSignIn)
    );

    let summary = computer
        .connections
        .check_all(Some(vec![works]), &|_| {})
        .await
        .expect("a summary");
    assert_eq!(
        (summary.tested, summary.healthy),
        (1, 1),
        "only those that were asked for"
    );
}

#[tokio::test]
async fn throttling_ends_with_nothing_failing_and_everything_tested_after_the_wait() {
    let computer = Computer::new().await;
    for number in 0..20 {
        computer
            .create(
                &format!("Connection {number}"),
                fixtures::HEALTHY,
                Integration::EntraId,
            )
            .await;
    }
    computer
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 1).times(10));
    let waits = Mutex::new(Vec::new());
    let hear = |event| {
        if let CheckAllEvent::Waiting { seconds } = event {
            waits.lock().expect("one at a time").push(seconds);
        }
    };
    let began = Instant::now();
    let summary = computer
        .connections
        .check_all(None, &hear)
        .await
        .expect("a summary");
    assert_eq!(
        (summary.healthy, summary.failing, summary.untested()),
        (20, 0, 0),
        "{summary:?}"
    );
    assert!(
        began.elapsed() >= Duration::from_secs(1),
        "the service asked for a second"
    );
    let waits = waits.into_inner().expect("nobody else");
    assert!(waits.contains(&1), "and the window is told: {waits:?}");
}

#[tokio::test]
async fn a_wait_of_an_hour_puts_everything_off_at_once_and_leaves_every_status_as_it_was() {
    let computer = Computer::new().await;
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(
            computer
                .create(
                    &format!("Connection {number}"),
                    fixtures::HEALTHY,
                    Integration::EntraId,
                )
                .await,
        );
    }
    computer
        .connections
        .check_all(None, &|_| {})
        .await
        .expect("a summary");
    computer
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 3_600));
    computer.tenant.clear_requests();
    let began = Instant::now();
    let summary = computer
        .connections
        .check_all(None, &|_| {})
        .await
        .expect("a summary");
    assert_eq!((summary.tested, summary.untested()), (0, 20), "{summary:?}");
    assert_eq!(summary.not_tested[0].reason, NotTestedReason::Throttled);
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "nobody sits through an hour"
    );
    assert!(
        tokens(&computer) <= MAX_CONCURRENT,
        "nobody else asks a service that wants to be left alone"
    );
    for id in ids {
        assert_eq!(
            computer.connections.get(id).await.expect("there").status,
            Status::Healthy
        );
    }
}

#[tokio::test]
async fn two_hundred_connections_never_have_more_than_sixteen_checks_under_way() {
    const MANY: usize = 200;
    const LATENCY: Duration = Duration::from_millis(50);
    let computer = Computer::new().await;
    for number in 0..MANY {
        computer
            .create(
                &format!("Connection {number}"),
                fixtures::HEALTHY,
                Integration::EDiscovery,
            )
            .await;
    }
    computer
        .tenant
        .fault(Fault::latency("/*/oauth2/v2.0/token", LATENCY));
    computer.tenant.clear_requests();
    let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let hear = |event| match event {
        CheckAllEvent::Started(_) => {
            let now = running.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
        }
        CheckAllEvent::Finished { .. } => {
            running.fetch_sub(1, Ordering::SeqCst);
        }
        CheckAllEvent::Waiting { .. } => {}
    };
    let began = Instant::now();
    let summary = computer
        .connections
        .check_all(None, &hear)
        .await
        .expect("a summary");
    assert_eq!(
        (summary.healthy, summary.untested()),
        (200, 0),
        "{summary:?}"
    );
    assert_eq!(tokens(&computer), MANY, "one fresh token each");
    assert_eq!(
        most.into_inner(),
        MAX_CONCURRENT,
        "as many as may, and never more"
    );
    let least = LATENCY * u32::try_from(MANY.div_ceil(MAX_CONCURRENT)).expect("a small number");
    assert!(
        began.elapsed() >= least,
        "sixteen at a time cannot be faster than this"
    );
}

#[tokio::test]
async fn dropping_it_stops_every_check() {
    let computer = Computer::new().await;
    for number in 0..40 {
        computer
            .create(
                &format!("Connection {number}"),
                fixtures::HEALTHY,
                Integration::EDiscovery,
            )
            .await;
    }
    computer.tenant.fault(Fault::latency(
        "/*/oauth2/v2.0/token",
        Duration::from_secs(60),
    ));
    let cut = tokio::time::timeout(
        Duration::from_millis(500),
        computer.connections.check_all(None, &|_| {}),
    )
    .await;
    assert!(cut.is_err(), "it stops when its future is dropped");
    computer.tenant.clear_faults();
    let asked = tokens(&computer);
    assert!(asked <= MAX_CONCURRENT, "{asked}");
    let summary = computer
        .connections
        .check_all(None, &|_| {})
        .await
        .expect("a summary");
    assert_eq!(
        summary.healthy, 40,
        "nothing is held by what was stopped: {summary:?}"
    );
}

fn tokens(computer: &Computer) -> usize {
    computer
        .tenant
        .requests()
        .iter()
        .filter(|request| request.path.ends_with("/token"))
        .count()
}

#[tokio::test]
async fn one_that_another_program_uses_is_not_tested_and_all_others_are() {
    let computer = Computer::new().await;
    let mut ids = Vec::new();
    for number in 0..20 {
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
    let used = [
        computer.used_by_another_program(ids[3]),
        computer.used_by_another_program(ids[17]),
    ];
    let finished = AtomicUsize::new(0);
    let hear = |event| {
        if matches!(event, CheckAllEvent::Finished { .. }) {
            finished.fetch_add(1, Ordering::SeqCst);
        }
    };
    let summary = computer
        .connections
        .check_all(None, &hear)
        .await
        .expect("a summary");
    assert_eq!(
        (summary.healthy, summary.untested(), finished.into_inner()),
        (18, 2, 20),
        "{summary:?}"
    );
    assert_eq!(
        (summary.not_tested.len(), summary.not_tested[0].reason),
        (1, NotTestedReason::Busy),
        "{summary:?}"
    );
    let connection = computer.connections.get(ids[3]).await.expect("there");
    let because = connection.not_tested.expect("it says why").because;
    assert_eq!(
        because,
        "another program is using this connection's credential"
    );
    drop(used);
    let summary = computer
        .connections
        .check_all(Some(vec![ids[3], ids[17]]), &|_| {})
        .await
        .expect("a summary");
    assert_eq!(
        (summary.healthy, summary.untested()),
        (2, 0),
        "afterwards it is tested as ever"
    );
}
