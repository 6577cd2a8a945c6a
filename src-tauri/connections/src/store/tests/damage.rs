//! A store of a newer format, and files that are not whole.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use model::Connection;
use tempfile::TempDir;

use super::{fresh, keep, sample};
use crate::{Error, store::Store};

#[tokio::test]
async fn a_store_of_a_newer_format_is_refused_and_stays_as_it_is() {
    for newer in [11, 9_999, i64::from(i32::MAX), -1] {
        let (folder, file, _) = written().await;
        let database = rusqlite::Connection::open(&file).unwrap();
        database.pragma_update(None, "user_version", newer).unwrap();
        database.close().unwrap();
        let before = fs::read(&file).unwrap();
        let refused = Store::open(folder.path()).err();
        assert!(
            matches!(refused, Some(Error::NewerStore { known: 10, .. })),
            "{newer}: {refused:?}"
        );
        assert_eq!(
            fs::read(&file).unwrap(),
            before,
            "{newer}: not a byte has changed"
        );
    }
}

#[tokio::test]
async fn a_damaged_store_is_named_and_moved_aside_only_when_asked() {
    for content in [
        &b""[..],
        b"this is another program's file, and long enough to have a header of a hundred bytes and more in it",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("connections.db");
        fs::write(&file, content).unwrap();
        let refused = Store::open(folder.path()).err();
        let Some(Error::StoreDamaged { path }) = refused else { panic!("{refused:?}") };
        assert_eq!(path.file_name(), file.file_name());
        assert_eq!(fs::read(&file).unwrap(), content, "it is left as it was");

        let aside = Store::move_aside(folder.path(), Timestamp::from_second(1_790_000_000).unwrap()).unwrap();
        assert_eq!(aside.file_name().unwrap(), "connections.db.damaged-20260921T141320Z");
        assert_eq!(fs::read(&aside).unwrap(), content, "nothing of it is lost");
        assert_eq!(Store::open(folder.path()).unwrap().list().await.unwrap(), [], "then an empty list begins");
    }
}

// Windows removes no file that is open.
#[cfg(unix)]
#[tokio::test]
async fn a_log_without_its_store_is_damage_and_not_an_empty_list() {
    let (folder, store) = fresh();
    keep(&store, &sample("Contoso")).await.unwrap();
    // The store is still open, so its log is there.
    fs::remove_file(folder.path().join("connections.db")).unwrap();
    assert!(matches!(
        Store::open(folder.path()),
        Err(Error::StoreDamaged { .. })
    ));
}

#[tokio::test]
async fn cut_short_anywhere_a_store_is_whole_or_refused_but_never_empty() {
    let (_folder, file, connections) = written().await;
    let whole = fs::read(&file).unwrap();
    for length in (0..whole.len()).step_by(509) {
        match reopened(&whole[..length]).await {
            // The end of the last page may hold nothing yet.
            Ok(found) => assert_eq!(found, connections, "{length} bytes"),
            Err(error) => assert!(
                matches!(error, Error::StoreDamaged { .. }),
                "{length} bytes: {error:?}"
            ),
        }
    }
    assert_eq!(reopened(&whole).await.unwrap(), connections);
}

#[tokio::test]
async fn a_flipped_bit_loses_no_connection_without_a_word() {
    let (_folder, file, connections) = written().await;
    let whole = fs::read(&file).unwrap();
    let (mut refused, mut read) = (0, 0);
    for (n, at) in (0..whole.len()).step_by(61).enumerate() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (n % 8);
        match reopened(&bytes).await {
            Ok(found) => {
                assert_eq!(found.len(), connections.len(), "byte {at}");
                read += 1;
            }
            Err(Error::StoreDamaged { .. } | Error::NewerStore { .. } | Error::Store(_)) => {
                refused += 1
            }
            Err(other) => panic!("byte {at}: {other:?}"),
        }
    }
    assert!(
        refused > 0 && read > 0,
        "bits were flipped where it matters ({refused}) and where it does not ({read})"
    );
}

#[tokio::test]
async fn a_value_that_this_program_never_writes_is_damage() {
    for sql in [
        "UPDATE connections SET status = 'splendid'",
        "UPDATE connections SET method = '{'",
        "UPDATE connections SET created_at = 'yesterday'",
        "UPDATE connections SET name = 'two' || char(10) || 'lines'",
    ] {
        let (folder, file, _) = written().await;
        rusqlite::Connection::open(&file)
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let found = Store::open(folder.path()).unwrap().list().await;
        assert!(
            matches!(found, Err(Error::StoreDamaged { .. })),
            "{sql}: {found:?}"
        );
    }
}

/// A closed store with five connections, all in its one file.
async fn written() -> (TempDir, PathBuf, Vec<Connection>) {
    let (folder, store) = fresh();
    for name in ["A", "B", "C", "D", "E"] {
        keep(&store, &sample(name)).await.unwrap();
    }
    let connections = store.list().await.unwrap();
    drop(store);
    let file = folder.path().join("connections.db");
    assert!(
        !Path::new(&format!("{}-wal", file.display())).exists(),
        "closing has emptied the log"
    );
    (folder, file, connections)
}

async fn reopened(bytes: &[u8]) -> Result<Vec<Connection>, Error> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("connections.db"), bytes).unwrap();
    Store::open(folder.path())?.list().await
}
