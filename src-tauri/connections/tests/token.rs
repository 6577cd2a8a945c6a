//! Handing out tokens to scripts.

mod common;

use std::time::Duration;

use common::{Computer, lockable::Lockable};
use connections::{Connections, Error, Request};
use demo_tenant::{Fault, fixtures};
use jiff::{SignedDuration, Timestamp};
use model::{ConnectionId, Integration};
use secrecy::ExposeSecret;
use serde_json::{Map, json};

const REQUEST: Request<'_> = Request {
    program: "bash",
    scope: None,
    fresh: false,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_hands_out_nothing_until_its_switch_is_on() {
    let computer = Computer::new().await;
    let id = created(&computer).await;
    let refused = computer.connections.hand_out(id, &REQUEST).await;
    assert!(matches!(refused, Err(Error::ScriptsMayNot)), "{refused:?}");
    assert_eq!(token_requests(&computer), 0);
    computer
        .connections
        .let_scripts_use(id, true)
        .await
        .unwrap();
    computer.connections.hand_out(id, &REQUEST).await.unwrap();
    computer
        .connections
        .let_scripts_use(id, false)
        .await
        .unwrap();
    let refused = computer.connections.hand_out(id, &REQUEST).await;
    assert!(
        matches!(refused, Err(Error::ScriptsMayNot)),
        "a kept token is no way round: {refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_while_the_service_is_asked_is_not_handed_out_and_not_kept() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    computer
        .tenant
        .fault(Fault::latency("/*/oauth2/v2.0/token", Duration::from_millis(300)).times(1));
    let connections = computer.connections.clone();
    let asking = tokio::spawn(async move { connections.hand_out(id, &REQUEST).await });
    let asked = async {
        while token_requests(&computer) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), asked)
        .await
        .expect("the service is asked");
    computer
        .connections
        .let_scripts_use(id, false)
        .await
        .unwrap();
    let refused = asking.await.unwrap();
    assert!(matches!(refused, Err(Error::ScriptsMayNot)), "{refused:?}");
    computer
        .connections
        .let_scripts_use(id, true)
        .await
        .unwrap();
    computer.connections.hand_out(id, &REQUEST).await.unwrap();
    assert_eq!(token_requests(&computer), 2, "the first one was not kept");
}

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
    let form = common::secret_form(&computer.secret_of(fixtures::HEALTHY));
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
async fn tk_7_a_wait_that_the_service_asked_for_is_kept_by_every_program_and_over_a_restart() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    computer
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 600).times(1));
    let throttled = |error: &Error| {
        let Error::Entra(entra::Error::Throttled { retry_after, .. }) = error else {
            panic!("{error:?}")
        };
        retry_after.as_secs()
    };
    let error = computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .unwrap_err();
    assert_eq!(throttled(&error), 600);
    let other = computer
        .another_program()
        .await
        .hand_out(id, &REQUEST)
        .await
        .unwrap_err();
    assert!((590..=600).contains(&throttled(&other)));
    let computer = computer.restarted().await;
    let again = computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .unwrap_err();
    assert!((590..=600).contains(&throttled(&again)));
    assert_eq!(token_requests(&computer), 1, "the service is left alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn tk_6_when_only_a_person_can_help_the_service_is_not_asked_again_at_once_but_after_a_new_sign_in()
 {
    let computer = Computer::new().await;
    let (kept, _) = computer
        .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    computer
        .connections
        .let_scripts_use(kept.id, true)
        .await
        .unwrap();
    computer.tenant.revoke(fixtures::ADMIN);
    computer.tenant.clear_requests();
    for _ in 0..5 {
        let refused = computer
            .connections
            .hand_out(kept.id, &REQUEST)
            .await
            .unwrap_err();
        assert!(
            matches!(refused.entra(), Some(entra::Error::NeedsSignIn { .. })),
            "{refused:?}"
        );
        assert!(
            refused.entra().unwrap().original().is_some(),
            "with what the service said: {refused:?}"
        );
    }
    assert_eq!(token_requests(&computer), 1);
    let plan = computer
        .connections
        .plan_sign_in_again(kept.id)
        .await
        .unwrap();
    let signed_in = computer.signed_in(&plan, fixtures::ADMIN).await.unwrap();
    let tried = computer
        .connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .unwrap();
    computer
        .connections
        .keep_sign_in(&plan, &tried)
        .await
        .unwrap();
    computer
        .connections
        .hand_out(kept.id, &REQUEST)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_is_remembered_is_repeated_as_it_was_said_until_the_credential_gets_a_token_by_any_way()
 {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    computer
        .tenant
        .fault(Fault::aadsts("/*/oauth2/v2.0/token", 53_003).times(1));
    let first = computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .unwrap_err();
    let said = first.entra().unwrap().original().unwrap().clone();
    assert_eq!(said.aadsts, Some(53_003));
    for connections in [&computer.connections, &computer.another_program().await] {
        let again = connections.hand_out(id, &REQUEST).await.unwrap_err();
        assert!(matches!(again, Error::Remembered { .. }), "{again:?}");
        assert_eq!(
            again.entra().unwrap().original(),
            Some(&said),
            "the original, to the letter"
        );
        assert!(
            again.to_string().contains("Asked at ")
                && again.to_string().contains("asked again from "),
            "{again}"
        );
    }
    assert_eq!(token_requests(&computer), 1, "the service is left alone");
    let report = computer.connections.check(id, &|_| {}).await.unwrap();
    assert!(
        matches!(
            report.outcome,
            model::Outcome::Works | model::Outcome::WorksWithGaps
        ),
        "{report:#?}"
    );
    computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .expect("a check that gets a token heals it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_of_the_service_is_remembered_as_what_it_is() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    let broken =
        Fault::status("/*/oauth2/v2.0/token", 500).header("Content-Type", "application/json");
    computer.tenant.fault(
        broken
            .body(r#"{"error":"server_error","trace_id":"t-1"}"#)
            .times(2),
    );
    let first = computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .unwrap_err();
    let again = computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .unwrap_err();
    for error in [first, again] {
        assert!(
            matches!(error.entra(), Some(entra::Error::Unavailable { .. })),
            "{error:?}"
        );
        assert_eq!(
            error
                .entra()
                .unwrap()
                .original()
                .unwrap()
                .trace_id
                .as_deref(),
            Some("t-1")
        );
    }
    assert_eq!(
        token_requests(&computer),
        2,
        "once, and once more after a second"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_asks_to_wait_for_nothing_is_left_alone_for_a_second_at_least() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    computer
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 0).times(1));
    computer
        .connections
        .hand_out(id, &REQUEST)
        .await
        .unwrap_err();
    let again = computer.connections.hand_out(id, &REQUEST).await;
    assert!(
        matches!(again, Err(Error::Entra(entra::Error::Throttled { .. }))),
        "{again:?}"
    );
    assert_eq!(token_requests(&computer), 1);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_delegated_token_is_handed_out_the_same_way_and_the_rotated_refresh_token_is_kept() {
    let computer = Computer::new().await;
    let (kept, _) = computer
        .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    computer
        .connections
        .let_scripts_use(kept.id, true)
        .await
        .unwrap();
    for _ in 0..3 {
        computer
            .connections
            .hand_out(
                kept.id,
                &Request {
                    fresh: true,
                    ..REQUEST
                },
            )
            .await
            .unwrap();
    }
    let report = computer.connections.check(kept.id, &|_| {}).await.unwrap();
    assert_eq!(report.outcome, model::Outcome::Works, "{report:#?}");
}

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

#[tokio::test(flavor = "multi_thread")]
async fn only_tokens_for_the_graph_of_the_connections_cloud_are_handed_out() {
    let computer = Computer::new().await;
    let id = shared(&computer).await;
    for foreign in [
        "https://vault.azure.net/.default",
        "https://graph.microsoft.com.evil.test/.default",
        "User.Read x",
        "00000002-0000-0000-c000-000000000000",
    ] {
        let asked = Request {
            scope: Some(foreign),
            ..REQUEST
        };
        let refused = computer.connections.hand_out(id, &asked).await;
        assert!(
            matches!(refused, Err(Error::Invalid { field: "Scope", .. })),
            "{foreign}: {refused:?}"
        );
    }
    let graph = computer.tenant.graph_url().trim_end_matches('/').to_owned();
    let id_of_graph = "00000003-0000-0000-c000-000000000000";
    for own in [
        ".default".to_owned(),
        graph.clone(),
        format!("{graph}/"),
        format!("{graph}/.default"),
        format!("{graph}//.default"),
        graph.replace("http://", "HTTP://"),
        id_of_graph.to_owned(),
        format!("{}/.default", id_of_graph.to_uppercase()),
        format!("spn:{id_of_graph}/"),
    ] {
        computer
            .connections
            .hand_out(
                id,
                &Request {
                    scope: Some(&own),
                    ..REQUEST
                },
            )
            .await
            .unwrap();
    }
    assert_eq!(token_requests(&computer), 1);
}

async fn created(computer: &Computer) -> ConnectionId {
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    computer.tenant.clear_requests();
    id
}

/// A connection that scripts may use.
async fn shared(computer: &Computer) -> ConnectionId {
    let id = created(computer).await;
    let connections: &Connections = &computer.connections;
    connections
        .let_scripts_use(id, true)
        .await
        .expect("allowed");
    id
}

fn token_requests(computer: &Computer) -> usize {
    computer
        .tenant
        .requests()
        .iter()
        .filter(|request| request.path.ends_with("/oauth2/v2.0/token"))
        .count()
}
