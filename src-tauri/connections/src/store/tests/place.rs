//! The folder and the files: who may read them, and what is not taken for them.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use super::{fresh, keep, sample};
use crate::{Error, store::Store};

#[tokio::test]
async fn nobody_else_may_read_the_folder_or_any_file_in_it() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("deep/data");
    let store = Store::open(&folder).unwrap();
    keep(&store, &sample("Contoso")).await.unwrap();
    assert_eq!(mode(&folder), 0o700);
    let mut names = Vec::new();
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(
        names,
        [
            "connections.db",
            "connections.db-shm",
            "connections.db-wal",
            "connections.lock"
        ]
    );
}

#[test]
fn a_folder_and_a_file_that_others_may_read_are_closed() {
    let (folder, store) = fresh();
    drop(store);
    let file = folder.path().join("connections.db");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    Store::open(folder.path()).unwrap();
    assert_eq!((mode(folder.path()), mode(&file)), (0o700, 0o600));
}

#[test]
fn a_symbolic_link_in_the_place_of_a_file_is_refused_and_not_followed() {
    for name in ["connections.db", "connections.db-wal", "connections.db-shm"] {
        let (folder, elsewhere) = (
            tempfile::tempdir().unwrap(),
            tempfile::NamedTempFile::new().unwrap(),
        );
        if name != "connections.db" {
            drop(Store::open(folder.path()).unwrap());
        }
        symlink(elsewhere.path(), folder.path().join(name)).unwrap();
        let refused = Store::open(folder.path()).err();
        assert!(
            matches!(refused, Some(Error::StoreUnwritable { .. })),
            "{name}: {refused:?}"
        );
        assert_eq!(
            fs::metadata(elsewhere.path()).unwrap().len(),
            0,
            "{name}: nothing was written to where it points"
        );
    }
}

#[test]
fn a_dangling_link_is_refused_too() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    symlink(&target, folder.path().join("connections.db")).unwrap();
    assert!(matches!(
        Store::open(folder.path()),
        Err(Error::StoreUnwritable { .. })
    ));
    assert!(!target.exists());
}

#[test]
fn a_home_folder_behind_a_link_is_none_of_our_business() {
    let parent = tempfile::tempdir().unwrap();
    fs::create_dir(parent.path().join("disk")).unwrap();
    symlink(parent.path().join("disk"), parent.path().join("home")).unwrap();
    Store::open(&parent.path().join("home/data")).unwrap();
    assert!(parent.path().join("disk/data/connections.db").is_file());
}

#[test]
fn what_is_not_a_file_or_not_a_folder_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("connections.db")).unwrap();
    let refused = Store::open(folder.path()).err().unwrap();
    assert!(
        refused
            .to_string()
            .contains("connections.db cannot be written"),
        "{refused}"
    );

    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = Store::open(file.path()).err();
    assert!(
        matches!(refused, Some(Error::StoreUnwritable { .. })),
        "{refused:?}"
    );
    let refused = Store::open(Path::new("/proc/nowhere")).err();
    assert!(
        matches!(refused, Some(Error::StoreUnwritable { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_draft_left_by_a_crash_is_no_store_and_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("connections.db.new-0123"),
        b"half a store",
    )
    .unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.list().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_begin_a_store_at_once_begin_the_same_one() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let openers = (0..4).map(|n| {
            let path = folder.path().to_owned();
            tokio::spawn(async move {
                let open = tokio::task::spawn_blocking(move || Store::open(&path).unwrap());
                keep(&open.await.unwrap(), &sample(&format!("Connection {n}")))
                    .await
                    .unwrap();
            })
        });
        for opener in openers.collect::<Vec<_>>() {
            opener.await.unwrap();
        }
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(
            store.list().await.unwrap().len(),
            4,
            "no store has taken the place of another"
        );
    }
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_full_and_what_was_saved_stays() {
    let (_folder, store) = fresh();
    let kept = sample("Contoso");
    keep(&store, &kept).await.unwrap();
    // SQLite gives the same error for a file that may not grow as for a disk that is full.
    let limit = |db: &rusqlite::Transaction<'_>| {
        let pages: i64 = db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        Ok(())
    };
    store.read(limit).await.unwrap();
    let mut large = sample("Fabrikam");
    large.description = "x".repeat(100_000);
    let refused = keep(&store, &large).await;
    assert!(matches!(refused, Err(Error::DiskFull)), "{refused:?}");
    assert_eq!(store.list().await.unwrap(), [kept]);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
