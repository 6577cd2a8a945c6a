//! A new credential in the place of the old one: what works is never thrown away for what is not
//! proved.

#[path = "../common/mod.rs"]
mod common;
mod interruptions;
mod secret;
mod sign_in;

use common::Computer;
use connections::{Error, Proof, SecretForm};
use demo_tenant::fixtures;
use model::{ConnectionId, Status};
use secrecy::ExposeSecret;

const TYPO: &str = "wrn8Q~this-is-not-the-secret-of-the-app0";

/// A connection that works and was tested.
async fn healthy(computer: &Computer) -> ConnectionId {
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let tested = computer
        .connections
        .test_form(&form, &|_| {})
        .await
        .expect("a report");
    let connection = computer
        .connections
        .create_app_registration(&form, Some(tested))
        .await
        .expect("created")
        .connection;
    assert_eq!(connection.status, Status::Healthy);
    connection.id
}

/// Tests a new secret, which does not take the old one's place then.
async fn refused(computer: &Computer, id: ConnectionId, form: &SecretForm) -> Proof {
    let tested = computer
        .connections
        .test_secret(id, form, &|_| {})
        .await
        .expect("tested");
    match computer.connections.replace_secret(id, form, tested).await {
        Err(Error::NotProved { proof, .. }) => proof,
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn kept_secret(computer: &Computer, id: ConnectionId) -> String {
    computer
        .connections
        .let_scripts_use(id, true)
        .await
        .expect("allowed");
    computer
        .connections
        .let_scripts_have_secret(id, true)
        .await
        .expect("allowed");
    let handed_out = computer
        .connections
        .hand_out_secret(id, "bash")
        .await
        .expect("the secret");
    computer
        .connections
        .let_scripts_use(id, false)
        .await
        .expect("taken back");
    handed_out.secret.expose_secret().to_owned()
}
