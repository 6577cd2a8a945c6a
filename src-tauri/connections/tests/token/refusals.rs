//! Refusals and waits of the service: remembered, and not asked about again at once.

use connections::Error;
use demo_tenant::{Fault, fixtures};
use model::Integration;

use crate::{REQUEST, common::Computer, shared, token_requests};

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
