//! Watches for people who have signed in before anybody consented.

use connections::WatchEnd;
use demo_tenant::{browser::Decision, fixtures};
use model::{Actor, Integration, Outcome, PermissionKind, PermissionState, Step};

use crate::{
    QUICK, Watcher,
    common::{Computer, finding, sign_in_form},
    looked,
};

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
