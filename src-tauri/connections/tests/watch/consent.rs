//! What counts as the consent that is waited for, and where a watch finds it.

use connections::{AppRegistrationForm, WatchEnd};
use demo_tenant::fixtures;
use model::{Integration, Outcome, Status};

use crate::{QUICK, Watcher, common::Computer, looked, without_consent};

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
