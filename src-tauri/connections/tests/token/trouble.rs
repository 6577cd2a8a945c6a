//! Trouble with the keychain while a token is handed out: what cannot be kept or read there.

use connections::{Error, Request};
use demo_tenant::fixtures;
use model::Integration;

use crate::{
    REQUEST,
    common::{Computer, lockable::Lockable},
    shared, token_requests,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_handed_out_although_the_refresh_token_that_came_with_it_cannot_be_kept() {
    let computer = Computer::new().await;
    let (kept, _) = computer
        .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    computer
        .connections
        .let_scripts_use(kept.id, true)
        .await
        .unwrap();
    computer.fill_up("pending");
    let fresh = Request {
        fresh: true,
        ..REQUEST
    };
    let handed_out = computer
        .connections
        .hand_out(kept.id, &fresh)
        .await
        .expect("a token is in hand");
    let said = handed_out
        .not_kept
        .expect("and it is said what is not kept");
    assert!(said.contains("sign-in"), "{said}");
    computer.make_room("pending");
    let handed_out = computer
        .connections
        .hand_out(kept.id, &fresh)
        .await
        .expect("the old one still works");
    assert!(
        handed_out.not_kept.is_none(),
        "and the next one is kept: {:?}",
        handed_out.not_kept
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_handed_out_although_the_key_of_the_kept_ones_cannot_be_read() {
    let keychain = Lockable::new();
    let computer = Computer::with_keychain(&keychain).await;
    let id = shared(&computer).await;
    computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .expect("kept");
    keychain.withhold("token-cache", false);
    let handed_out = computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .expect("asked for anew");
    assert!(
        handed_out.not_kept.is_some(),
        "and it is said that it is not kept"
    );
    assert_eq!(token_requests(&computer), 2);
    keychain.withhold("token-cache", true);
    let handed_out = computer
        .connections
        .hand_out(
            id,
            &Request {
                fresh: true,
                ..REQUEST
            },
        )
        .await
        .expect("in hand");
    assert!(handed_out.not_kept.is_some());
    assert_eq!(token_requests(&computer), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_refuses_to_unlock_the_keychain_for_a_kept_token_is_asked_once() {
    let keychain = Lockable::new();
    let computer = Computer::with_keychain(&keychain).await;
    let id = shared(&computer).await;
    computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .expect("kept");
    keychain.lock(true);
    let refused = computer.connections.hand_out(id, &REQUEST).await;
    assert!(
        matches!(refused, Err(Error::Keychain(keychain::Error::Locked))),
        "{refused:?}"
    );
    assert_eq!(keychain.asked(), 1);
}
