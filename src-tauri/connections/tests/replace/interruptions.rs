//! What comes between the test of a new secret and its keeping: a stop, another replacement, a
//! deletion.

use connections::{Error, Request};
use demo_tenant::{Fault, fixtures};
use model::Outcome;

use crate::{
    TYPO,
    common::{Computer, secret_form},
    healthy, kept_secret,
};

#[tokio::test]
async fn a_test_that_is_stopped_changes_nothing() {
    let computer = Computer::new().await;
    let id = healthy(&computer).await;
    let before = computer.connections.get(id).await.expect("there");
    computer.tenant.fault(Fault::latency(
        "/*/oauth2/v2.0/token",
        std::time::Duration::from_secs(60),
    ));
    let form = secret_form(TYPO);
    let test = computer.connections.test_secret(id, &form, &|_| {});
    assert!(
        tokio::time::timeout(std::time::Duration::from_millis(100), test)
            .await
            .is_err(),
        "it is stopped"
    );
    assert_eq!(computer.connections.get(id).await.expect("there"), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replacements_at_once_and_scripts_beside_them_leave_one_secret_that_works() {
    let computer = Computer::new().await;
    let id = healthy(&computer).await;
    computer
        .connections
        .let_scripts_use(id, true)
        .await
        .expect("allowed");
    let other = computer.another_program().await;
    let secret = computer.secret_of(fixtures::HEALTHY);
    let replace = async |connections: &connections::Connections| {
        let form = secret_form(&secret);
        let tested = connections
            .test_secret(id, &form, &|_| {})
            .await
            .expect("tested");
        connections
            .replace_secret(id, &form, tested)
            .await
            .expect("replaced");
    };
    let ask = async |connections: &connections::Connections| {
        for _ in 0..5 {
            let request = Request {
                program: "bash",
                scope: None,
                fresh: true,
            };
            connections.hand_out(id, &request).await.expect("a token");
        }
    };
    tokio::join!(
        replace(&computer.connections),
        replace(&other),
        ask(&computer.connections),
        ask(&other)
    );
    assert_eq!(kept_secret(&computer, id).await, secret);
    assert_eq!(
        computer.connections.tidy_keychain().await.expect("tidied"),
        0
    );
    assert_eq!(
        computer.secrets_in_keychain(),
        2,
        "the secret, and the key of the kept tokens"
    );
    assert_eq!(
        computer
            .connections
            .check(id, &|_| {})
            .await
            .expect("a report")
            .outcome,
        Outcome::Works
    );
}

#[tokio::test]
async fn a_connection_that_is_deleted_while_its_new_secret_is_tested_stays_deleted() {
    let computer = Computer::new().await;
    let id = healthy(&computer).await;
    let form = secret_form(&computer.secret_of(fixtures::HEALTHY));
    let tested = computer
        .connections
        .test_secret(id, &form, &|_| {})
        .await
        .expect("tested");
    computer.connections.remove(id).await.expect("removed");
    let late = computer.connections.replace_secret(id, &form, tested).await;
    assert!(matches!(late, Err(Error::NotFound)), "{late:?}");
    assert_eq!(computer.secrets_in_keychain(), 0);
}
