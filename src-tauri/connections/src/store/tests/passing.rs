//! What is written in passing: nobody waits for the disk, and nothing is lost that way unless the
//! power is.

use std::{fs, path::Path};

use jiff::Timestamp;
use model::ConnectionId;
use tempfile::TempDir;

use super::{fresh, keep, sample};
use crate::store::{Store, Use};

#[tokio::test]
async fn what_is_written_in_passing_stays_in_the_log_and_is_found_by_the_next_program() {
    let (folder, id) = with_a_connection().await;
    for number in 1..=3 {
        let store = Store::open(folder.path()).unwrap();
        used(&store, id).await;
        assert_eq!(store.uses(id, 10).await.unwrap().len(), number);
        drop(store);
        assert!(
            length_of_log(&folder) > 0,
            "closing did not wait for the disk"
        );
    }
    let store = Store::open(folder.path()).unwrap();
    store.set_setting("key", Some("value")).await.unwrap();
    drop(store);
    assert_eq!(
        length_of_log(&folder),
        0,
        "any other writing has emptied the log"
    );
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.uses(id, 10).await.unwrap().len(), 3);
    assert_eq!(
        store.setting("key").await.unwrap().as_deref(),
        Some("value")
    );
}

#[tokio::test]
async fn the_log_stays_short_however_often_something_is_written_in_passing() {
    let (folder, id) = with_a_connection().await;
    for _ in 0..150 {
        let store = Store::open(folder.path()).unwrap();
        used(&store, id).await;
    }
    let length = length_of_log(&folder);
    assert!((1..1024 * 1024).contains(&length), "{length} bytes");
    assert_eq!(
        Store::open(folder.path())
            .unwrap()
            .uses(id, 1000)
            .await
            .unwrap()
            .len(),
        150
    );
}

async fn with_a_connection() -> (TempDir, ConnectionId) {
    let (folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    (folder, connection.id)
}

async fn used(store: &Store, id: ConnectionId) {
    let used = Use {
        at: Timestamp::now(),
        program: "bash".into(),
        scope: "a scope".into(),
    };
    store.record_use(id, used).await.unwrap();
}

fn length_of_log(folder: &TempDir) -> u64 {
    let log = folder.path().join("connections.db-wal");
    if Path::new(&log).exists() {
        fs::metadata(log).unwrap().len()
    } else {
        0
    }
}

#[cfg(windows)]
#[tokio::test]
async fn a_file_that_a_virus_scanner_holds_for_a_moment_is_waited_for() {
    use std::os::windows::fs::OpenOptionsExt as _;

    let (folder, store) = fresh();
    keep(&store, &sample("Contoso")).await.unwrap();
    drop(store);
    let file = folder.path().join("connections.db");
    let held = std::fs::OpenOptions::new()
        .read(true)
        .share_mode(0)
        .open(file)
        .unwrap();
    std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(200));
        drop(held);
    });
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.list().await.unwrap().len(), 1);
}
