//! Several programs at one store: claims at once, locks, and a change whose program was taken for
//! dead.

use std::time::Duration;

use super::{fresh, keep, sample};
use crate::{
    Error,
    store::{Kept, Store},
};

#[tokio::test]
async fn two_who_claim_one_name_at_once_do_not_both_get_it() {
    let (_folder, store) = fresh();
    let (one, other) = (sample("Contoso"), sample("contoso"));
    let (first, second) = (
        store.begin_create(&one, None).await.unwrap(),
        store.begin_create(&other, None).await.unwrap(),
    );
    store
        .commit_create(&first, &one, Kept::InKeychain(None))
        .await
        .unwrap();
    assert!(matches!(
        store
            .commit_create(&second, &other, Kept::InKeychain(None))
            .await,
        Err(Error::NameTaken)
    ));
    assert_eq!(store.list().await.unwrap(), [one]);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_programs_write_at_once_and_nobody_is_turned_away() {
    let (folder, store) = fresh();
    let writers = (0..4).map(|writer| {
        // A store opened anew is to SQLite what another process is.
        let store = Store::open(folder.path()).unwrap();
        tokio::spawn(async move {
            for n in 0..25 {
                keep(&store, &sample(&format!("Connection {writer}-{n}")))
                    .await
                    .unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(store.list().await.unwrap().len(), 100);
}

#[tokio::test]
async fn a_program_that_keeps_the_store_locked_is_reported_and_not_waited_for() {
    let (folder, store) = fresh();
    let impatient =
        |db: &rusqlite::Transaction<'_>| Ok(db.busy_timeout(Duration::from_millis(50))?);
    store.read(impatient).await.unwrap();
    let other = rusqlite::Connection::open(folder.path().join("connections.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = keep(&store, &sample("Contoso")).await;
    assert!(matches!(refused, Err(Error::StoreBusy)), "{refused:?}");
    assert_eq!(store.list().await.unwrap(), [], "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    keep(&store, &sample("Contoso")).await.unwrap();
}

#[tokio::test]
async fn a_change_that_another_program_took_for_dead_is_not_committed() {
    let (_folder, store) = fresh();
    let connection = sample("Contoso");
    let change = store.begin_create(&connection, None).await.unwrap();
    store.adopt_strays().await.unwrap();
    assert_eq!(
        store.leftovers().await.unwrap(),
        [],
        "a running change is left alone"
    );
    let adopt =
        |db: &rusqlite::Transaction<'_>| Ok(db.execute("UPDATE pending SET state = 'stray'", [])?);
    store.write(adopt).await.unwrap();
    let refused = store
        .commit_create(&change, &connection, Kept::InKeychain(None))
        .await;
    assert!(matches!(refused, Err(Error::Overtaken)), "{refused:?}");
    assert_eq!(store.list().await.unwrap(), []);
    assert_eq!(
        store.leftovers().await.unwrap().len(),
        1,
        "its item is still known"
    );
}
