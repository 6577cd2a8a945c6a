//! Which tokens are handed out: by the switch of the connection, and for its own Graph alone.

use std::time::Duration;

use connections::{Error, Request};
use demo_tenant::{Fault, fixtures};
use model::Integration;

use crate::{REQUEST, common::Computer, created, shared, token_requests};

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
