//! Handing out the client secret itself to scripts.

mod common;

use common::Computer;
use connections::{CLIENT_SECRET, Error};
use demo_tenant::fixtures;
use model::{ConnectionId, Integration};
use secrecy::ExposeSecret;

#[tokio::test]
async fn the_secret_is_handed_out_only_where_both_switches_are_on_and_each_time_is_written_down() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    assert!(matches!(
        connections.hand_out_secret(id, "terraform").await,
        Err(Error::ScriptsMayNot)
    ));
    let refused = connections.let_scripts_have_secret(id, true).await;
    assert!(
        matches!(refused, Err(Error::ScriptsMayNot)),
        "the other switch comes first: {refused:?}"
    );
    connections.let_scripts_use(id, true).await.unwrap();
    assert!(matches!(
        connections.hand_out_secret(id, "terraform").await,
        Err(Error::SecretNotAllowed)
    ));
    assert!(
        connections.uses(id, 10).await.unwrap().is_empty(),
        "nothing was handed out so far"
    );

    connections.let_scripts_have_secret(id, true).await.unwrap();
    let handed_out = connections.hand_out_secret(id, "terraform").await.unwrap();
    assert_eq!(
        handed_out.secret.expose_secret(),
        computer.secret_of(fixtures::HEALTHY)
    );
    assert_eq!(
        (handed_out.client_id, handed_out.tenant_id),
        (fixtures::HEALTHY, fixtures::CONTOSO)
    );
    let authority = handed_out
        .authority
        .as_ref()
        .map(|url| url.as_str().trim_end_matches('/'));
    assert_eq!(
        authority,
        Some(computer.tenant.login_url()),
        "not the global cloud"
    );
    assert!(!format!("{handed_out:?}").contains(&computer.secret_of(fixtures::HEALTHY)));
    let uses = connections.uses(id, 10).await.unwrap();
    assert_eq!(uses.len(), 1);
    assert_eq!(
        (uses[0].program.as_str(), uses[0].scope.as_str()),
        ("terraform", CLIENT_SECRET)
    );
}

#[tokio::test]
async fn taking_back_the_secret_leaves_the_tokens_and_taking_back_the_tokens_takes_the_secret_too()
{
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    let switches = async |id: ConnectionId| {
        let connection = connections.get(id).await.unwrap();
        (
            connection.scripts_may_use,
            connection.scripts_may_have_secret,
        )
    };
    assert_eq!(switches(id).await, (false, false));
    connections.let_scripts_use(id, true).await.unwrap();
    assert_eq!(switches(id).await, (true, false));
    connections.let_scripts_have_secret(id, true).await.unwrap();
    connections.let_scripts_use(id, true).await.unwrap();
    assert_eq!(switches(id).await, (true, true));
    connections
        .let_scripts_have_secret(id, false)
        .await
        .unwrap();
    assert_eq!(switches(id).await, (true, false));
    connections.let_scripts_have_secret(id, true).await.unwrap();
    connections.let_scripts_use(id, false).await.unwrap();
    connections.let_scripts_use(id, true).await.unwrap();
    assert_eq!(
        switches(id).await,
        (true, false),
        "it does not come back with the other one"
    );
}

#[tokio::test]
async fn a_refresh_token_is_never_handed_out() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let (kept, _) = computer
        .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    connections.let_scripts_use(kept.id, true).await.unwrap();
    assert!(matches!(
        connections.let_scripts_have_secret(kept.id, true).await,
        Err(Error::NoClientSecret)
    ));
    assert!(matches!(
        connections.hand_out_secret(kept.id, "terraform").await,
        Err(Error::NoClientSecret)
    ));
}
