//! Deleting in two steps: out of sight at once, and back with everything for as long as it can be
//! undone.

mod common;

use std::time::Duration;

use common::{Computer, lockable::Lockable, names};
use connections::{Edit, Error, Request, SecretRemoval};
use demo_tenant::fixtures;
use model::{ConnectionId, ConnectionName, Integration, Outcome};

const LONG: Duration = Duration::from_secs(3_600);
const REQUEST: Request<'_> = Request {
    program: "bash",
    scope: None,
    fresh: false,
};

#[tokio::test]
async fn a_deleted_connection_is_found_by_nobody_and_comes_back_with_everything() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let id = used(&computer).await;
    let before = connections.get(id).await.expect("there");
    let uses = connections.uses(id, 10).await.expect("uses");
    connections.delete(id, LONG).await.expect("deleted");

    let other = computer.another_program().await;
    for connections in [connections, &other] {
        assert!(names(connections).await.is_empty());
        assert!(matches!(connections.get(id).await, Err(Error::NotFound)));
        assert!(matches!(
            connections.find(&before.name).await,
            Err(Error::NotFound)
        ));
        assert!(
            matches!(
                connections.hand_out(id, &REQUEST).await,
                Err(Error::NotFound)
            ),
            "no script gets a token"
        );
        assert!(matches!(
            connections.check(id, &|_| {}).await,
            Err(Error::NotFound)
        ));
        assert!(
            matches!(connections.delete(id, LONG).await, Err(Error::NotFound)),
            "it is deleted once"
        );
        assert!(matches!(connections.remove(id).await, Err(Error::NotFound)));
        assert_eq!(connections.tidy_keychain().await.expect("tidied"), 0);
    }
    assert_eq!(
        computer.secrets_in_keychain(),
        2,
        "its secret is still there, and so is the key of the kept tokens"
    );

    let back = other.undo_delete(id).await.expect("back");
    assert_eq!(
        back, before,
        "reports, tags, status and what scripts may do"
    );
    assert_eq!(connections.uses(id, 10).await.expect("uses"), uses);
    assert_eq!(
        connections
            .last_report(id)
            .await
            .expect("read")
            .expect("kept")
            .outcome,
        Outcome::Works
    );
    connections
        .hand_out(id, &REQUEST)
        .await
        .expect("its secret works");
    assert!(
        matches!(connections.undo_delete(id).await, Err(Error::NotFound)),
        "it is brought back once"
    );
}

#[tokio::test]
async fn after_a_while_a_deleted_connection_is_gone_with_its_secret() {
    let computer = Computer::new().await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .connections
        .delete(id, Duration::ZERO)
        .await
        .expect("deleted");
    while computer.secrets_in_keychain() > 0 {
        tokio::task::yield_now().await;
    }
    assert!(
        matches!(
            computer.connections.undo_delete(id).await,
            Err(Error::NotFound)
        ),
        "it is too late"
    );
}

#[tokio::test]
async fn whoever_deletes_hears_what_became_of_the_secret() {
    let keychain = Lockable::new();
    let computer = Computer::with_keychain(&keychain).await;
    let connections = &computer.connections;
    let create = async |name: &str| {
        computer
            .create(name, fixtures::HEALTHY, Integration::EntraId)
            .await
    };
    let gone = connections
        .delete(create("Gone").await, Duration::ZERO)
        .await
        .expect("deleted");
    assert_eq!(
        gone.await.expect("it ends"),
        Some(SecretRemoval::Removed { bin: None })
    );

    let back = create("Back").await;
    let deleted = connections
        .delete(back, Duration::from_millis(50))
        .await
        .expect("deleted");
    connections.undo_delete(back).await.expect("back");
    assert_eq!(deleted.await.expect("it ends"), None);

    let locked = create("Locked").await;
    keychain.lock(true);
    let waits = connections
        .delete(locked, Duration::ZERO)
        .await
        .expect("deleted")
        .await
        .expect("it ends");
    let waits = waits.expect("it was not brought back");
    assert!(matches!(waits, SecretRemoval::Pending(_)), "{waits:?}");
    let said = waits.say(&ConnectionName::parse("Locked").expect("a name"));
    assert!(
        said.starts_with(&format!(
            "\"Locked\" is removed, but not its secret. {}",
            keychain::Error::Locked
        )),
        "{said}"
    );
    assert_eq!(
        connections.list().await.expect("a list").removals_pending,
        1
    );
}

#[tokio::test]
async fn one_that_was_brought_back_and_deleted_again_has_the_whole_time_once_more() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    connections
        .delete(id, Duration::from_millis(200))
        .await
        .expect("deleted");
    connections.undo_delete(id).await.expect("back");
    connections.delete(id, LONG).await.expect("deleted again");
    tokio::time::sleep(Duration::from_millis(600)).await;
    connections
        .undo_delete(id)
        .await
        .expect("the end of the first deletion is not the end of the second");
    assert_eq!(computer.secrets_in_keychain(), 1);
}

#[tokio::test]
async fn the_name_is_free_at_once_and_one_that_was_taken_meanwhile_comes_back_with_a_number() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let first = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    connections.delete(first, LONG).await.expect("deleted");
    let second = computer
        .create("contoso AUDIT", fixtures::HEALTHY, Integration::EntraId)
        .await;
    connections.delete(second, LONG).await.expect("two at once");
    let third = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    assert_eq!(
        connections
            .undo_delete(second)
            .await
            .expect("back")
            .name
            .as_str(),
        "contoso AUDIT 2"
    );
    assert_eq!(
        connections
            .undo_delete(first)
            .await
            .expect("back")
            .name
            .as_str(),
        "Contoso audit 3"
    );
    let name = ConnectionName::parse("Contoso audit").expect("a name");
    assert_eq!(
        connections.find(&name).await.expect("there").id,
        third,
        "whoever has the name keeps it"
    );
    assert_eq!(
        connections.list().await.expect("a list").connections.len(),
        3
    );
    assert_eq!(computer.secrets_in_keychain(), 3, "nothing is lost");
}

#[tokio::test]
async fn a_sign_in_comes_back_too_and_so_does_waiting_for_consent() {
    let computer = Computer::new().await;
    let connections = &computer.connections;
    let id = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    connections.watch_consent(id).await.expect("watched");
    connections.delete(id, LONG).await.expect("deleted");
    assert!(
        connections.watch_of(id).await.expect("read").is_none(),
        "nobody watches a deleted connection"
    );
    connections.undo_delete(id).await.expect("back");
    assert!(connections.watch_of(id).await.expect("read").is_some());
    assert_eq!(
        connections
            .check(id, &|_| {})
            .await
            .expect("a report")
            .outcome,
        Outcome::Works
    );
}

/// A connection with a history: tested, described, tagged, and used by a script.
async fn used(computer: &Computer) -> ConnectionId {
    let connections = &computer.connections;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    let need = connections.get(id).await.expect("there").need;
    let edit = Edit {
        description: "Nightly".into(),
        tags: vec!["audit".into()],
        secret_expires_on: None,
        need,
    };
    connections.edit(id, &edit).await.expect("edited");
    connections
        .let_scripts_use(id, true)
        .await
        .expect("allowed");
    connections.hand_out(id, &REQUEST).await.expect("a token");
    connections.check(id, &|_| {}).await.expect("a report");
    id
}
