//! The shape of the store and how an older shape becomes the newest.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::Problem;
use crate::Error;

/// Step `n` (from 0) brings a store of format `n` to format `n + 1`. A released step is never
/// edited, unless only so that it succeeds where it failed; what it makes of a store stays the
/// same.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/1.sql"),
    include_str!("migrations/2.sql"),
    include_str!("migrations/3.sql"),
    include_str!("migrations/4.sql"),
    include_str!("migrations/5.sql"),
    include_str!("migrations/6.sql"),
    include_str!("migrations/7.sql"),
    include_str!("migrations/8.sql"),
    include_str!("migrations/9.sql"),
    include_str!("migrations/10.sql"),
];

/// How long one program waits while another one writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens a store that exists, and brings it to the newest format.
///
/// A store of a newer format is opened for reading only and closed again.
pub(super) fn open(file: &Path) -> Result<Connection, Problem> {
    refuse_newer(file)?;
    let mut database = Connection::open_with_flags(file, flags(OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    prepare(&mut database)?;
    for table in ["connections", "pending", "sealed_secrets"] {
        // The reports of checks are left out: they can be many, and one that cannot be read says so
        // when it is.
        let verdict: String =
            database.query_row(&format!("PRAGMA quick_check({table})"), [], |row| {
                row.get(0)
            })?;
        if verdict != "ok" {
            return Err(Error::StoreDamaged {
                path: file.to_owned(),
            }
            .into());
        }
    }
    Ok(database)
}

/// Opens a store that cannot be written, for this reason; gives back the operating system's number
/// of it.
///
/// Reading one needs files beside it, too, unless it is told that nobody changes it meanwhile. It
/// is told so only where no log lies beside it, which would be left unread.
pub(super) fn open_read_only(file: &Path, reason: io::Error) -> Result<(Connection, i32), Error> {
    let number = reason.raw_os_error().unwrap_or_default();
    let log = PathBuf::from(format!("{}-wal", file.display()));
    let has_log = std::fs::metadata(log).is_ok_and(|log| log.len() > 0);
    let mode = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let unchanging =
        || Connection::open_with_flags(unchanging(file), flags(mode | OpenFlags::SQLITE_OPEN_URI));
    let opened = Connection::open_with_flags(file, flags(mode)).and_then(readable);
    let opened = match opened {
        Err(_) if !has_log => unchanging().and_then(readable),
        opened => opened,
    };
    let unwritable = Error::StoreUnwritable {
        path: file.to_owned(),
        source: Some(reason),
    };
    let Ok(database) = opened else {
        return Err(unwritable);
    };
    match version(&database) {
        Ok(found) if found > newest() => Err(Error::NewerStore {
            found,
            known: newest(),
        }),
        Ok(found) if found == newest() => Ok((database, number)),
        // It has to be brought to the newest format first.
        _ => Err(unwritable),
    }
}

/// The database, after something was read from it.
fn readable(database: Connection) -> rusqlite::Result<Connection> {
    database.busy_timeout(BUSY_TIMEOUT)?;
    database.pragma_update(None, "trusted_schema", false)?;
    database.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(database)
}

/// The file as an address that says that nobody changes it.
fn unchanging(file: &Path) -> String {
    let path = file
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    format!("file:{path}?immutable=1")
}

/// Writes an empty store of the newest format into a new file.
pub(super) fn begin(file: &Path) -> Result<(), Problem> {
    let create = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut database = Connection::open_with_flags(file, flags(create))?;
    prepare(&mut database)?;
    // Closing moves everything from the write-ahead log into the file itself.
    database.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn refuse_newer(file: &Path) -> Result<(), Problem> {
    let database = Connection::open_with_flags(file, flags(OpenFlags::SQLITE_OPEN_READ_ONLY))?;
    database.busy_timeout(BUSY_TIMEOUT)?;
    let (found, known) = (version(&database)?, newest());
    if found > known {
        return Err(Error::NewerStore { found, known }.into());
    }
    Ok(())
}

fn prepare(database: &mut Connection) -> Result<(), Problem> {
    database.busy_timeout(BUSY_TIMEOUT)?;
    database.pragma_update(None, "journal_mode", "wal")?;
    database.pragma_update(None, "synchronous", "full")?;
    database.pragma_update(None, "foreign_keys", true)?;
    // What is removed is overwritten, also a secret that was sealed.
    database.pragma_update(None, "secure_delete", true)?;
    database.pragma_update(None, "trusted_schema", false)?;
    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = version(&transaction)? as usize;
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    if done < MIGRATIONS.len() {
        transaction.pragma_update(None, "user_version", newest())?;
    }
    transaction.commit()?;
    Ok(())
}

fn version(database: &Connection) -> Result<u32, Problem> {
    let version: i64 = database.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    // A negative number is not one of ours; taken as newer, so that it is left alone.
    Ok(u32::try_from(version).unwrap_or(u32::MAX))
}

fn newest() -> u32 {
    MIGRATIONS.len() as u32
}

/// No symbolic link, and no lock of SQLite's own, because [`super::Shared`] holds one.
fn flags(mode: OpenFlags) -> OpenFlags {
    mode | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE
}
