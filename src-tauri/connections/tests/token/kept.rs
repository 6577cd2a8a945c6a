//! Tokens that are kept: one request for all who ask, over a restart, and by whose clock they end.

use std::time::Duration;

use connections::Request;
use demo_tenant::{Fault, fixtures};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde_json::{Map, json};

use crate::{
    REQUEST,
    common::{Computer, secret_form},
    shared, token_requests,
};

#[tokio::test(flavor = "multi_thread")]
async fn si_3_fifty_askers_in_two_programs_cause_one_request() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    computer.tenant.fault(Fault::latency(
        "/*/oauth2/v2.0/token",
        Duration::from_millis(300),
    ));
    let other = computer.another_program().await;
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..50 {
        let connections = if number % 2 == 0 {
            computer.connections.clone()
        } else {
            other.clone()
        };
        asking.spawn(async move { connections.hand_out(id, &REQUEST).await.unwrap().token });
    }
    let tokens: Vec<_> = asking
        .join_all()
        .await
        .iter()
        .map(|token| token.expose_secret().to_owned())
        .collect();
    assert_eq!(tokens.len(), 50);
    assert!(
        tokens.windows(2).all(|pair| pair[0] == pair[1]),
        "all were handed the same token"
    );
    assert_eq!(token_requests(&computer), 1);
    assert_eq!(
        computer.connections.uses(id, 100).await.unwrap().len(),
        50,
        "each hand-out is written down"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_token_survives_a_restart_and_lies_sealed() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    let first = computer.connections.hand_out(id, &REQUEST).await.unwrap();
    let token = first.token.expose_secret().to_owned();
    for file in computer.data_files() {
        let bytes = std::fs::read(&file).unwrap();
        assert!(
            !bytes
                .windows(40)
                .any(|window| window == &token.as_bytes()[..40]),
            "in clear in {}",
            file.display()
        );
    }
    let computer = computer.restarted().await;
    let second = computer.connections.hand_out(id, &REQUEST).await.unwrap();
    assert_eq!(second.token.expose_secret(), token);
    assert_eq!(second.expires_at, first.expires_at);
    assert_eq!(token_requests(&computer), 1);
    let fresh = computer
        .connections
        .hand_out(
            id,
            &Request {
                fresh: true,
                ..REQUEST
            },
        )
        .await
        .unwrap();
    assert_ne!(fresh.token.expose_secret(), token);
    assert_eq!(token_requests(&computer), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_earlier_credential_is_not_handed_out_and_none_lives_less_than_a_minute() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    computer
        .tenant
        .bend_token_responses(Map::from_iter([("expires_in".to_owned(), json!(0))]));
    computer.connections.hand_out(id, &REQUEST).await.unwrap();
    let kept_until = computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .unwrap()
        .expires_at;
    assert!(
        kept_until > Timestamp::now(),
        "no shorter life than a minute is believed"
    );
    assert_eq!(token_requests(&computer), 1);
    let form = secret_form(&computer.secret_of(fixtures::HEALTHY));
    computer
        .connections
        .replace_secret_anyway(id, &form, None)
        .await
        .unwrap();
    computer.connections.hand_out(id, &REQUEST).await.unwrap();
    assert_eq!(
        token_requests(&computer),
        2,
        "a token of an earlier credential is not handed out"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_told_by_the_clock_of_the_service_and_one_from_the_future_is_not_trusted() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    // To the service this computer's clock is three hours fast.
    computer
        .tenant
        .set_clock_ahead(SignedDuration::from_hours(-3));
    let handed_out = computer.connections.hand_out(id, &REQUEST).await.unwrap();
    let told = handed_out.expires_at.duration_since(Timestamp::now());
    let (least, most) = (
        SignedDuration::from_mins(-150),
        SignedDuration::from_mins(-90),
    );
    assert!(
        (least..most).contains(&told),
        "about an hour after three hours ago: {told:?}"
    );
    assert!(
        handed_out.life_left > Duration::from_secs(1_800),
        "and for this computer it has just begun"
    );
    let kept = computer.connections.hand_out(id, &REQUEST).await.unwrap();
    assert_eq!(kept.expires_at, handed_out.expires_at);
    assert_eq!(token_requests(&computer), 1, "it is kept all the same");
    // Then the clock is put right, and the token is from the future.
    let ahead = (Timestamp::now() + SignedDuration::from_hours(3)).to_string();
    computer.change("UPDATE token_cache SET fetched_at = ?1", &ahead);
    computer.connections.hand_out(id, &REQUEST).await.unwrap();
    assert_eq!(token_requests(&computer), 2);
    // A wait that was learnt in the future keeps nobody waiting.
    computer
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 600).times(1));
    computer
        .connections
        .hand_out(
            id,
            &Request {
                fresh: true,
                ..REQUEST
            },
        )
        .await
        .unwrap_err();
    computer.change("UPDATE waits SET asked_at = ?1, until = ?1", &ahead);
    computer
        .connections
        .hand_out(
            id,
            &Request {
                fresh: true,
                ..REQUEST
            },
        )
        .await
        .unwrap();
}
