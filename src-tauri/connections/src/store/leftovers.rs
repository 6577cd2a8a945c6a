//! The rows of `pending` that no running change owns: what is still to be removed from the keychain.

use std::fs::TryLockError;

use keychain::Place;
use model::ConnectionId;
use rusqlite::{Row, Transaction, params};

use super::{Problem, Store, file, places, rows};
use crate::Error;

/// The state of an item that a running change writes.
pub(super) const WRITING: &str = "writing";

/// The state of an item that a change may have written which was given up or cut short.
pub(super) const STRAY: &str = "stray";

/// The state of an item to which a connection pointed once; it is there until it is removed.
pub(super) const OBSOLETE: &str = "obsolete";

/// An item that is to be removed from the keychain, and where it was written or was going to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leftover {
    pub(crate) connection: ConnectionId,
    pub(crate) version: u32,
    pub(crate) place: Option<Place>,
    /// Whether a connection pointed to it once, so that it is known to have been written.
    pub(crate) was_kept: bool,
}

impl Store {
    /// Forgets an item that has been removed from the keychain.
    pub(crate) async fn forget(&self, leftover: Leftover) -> Result<(), Error> {
        self.write(move |db| {
            let sql = "DELETE FROM pending WHERE connection = ?1 AND version = ?2 AND state <> ?3";
            db.execute(
                sql,
                params![leftover.connection.to_string(), leftover.version, WRITING],
            )?;
            Ok(())
        })
        .await
    }

    /// Declares every change that was cut short a stray, unless a change runs anywhere; then the
    /// next time will do. A connection that was deleted and that nobody can bring back any more is
    /// gone from then on.
    pub(crate) async fn adopt_strays(&self) -> Result<(), Error> {
        let alone = self.blocking(|shared| {
            // Where nothing can be written, nothing was cut short by this program, and nothing can
            // be done about it.
            if shared.read_only.is_some() {
                return Ok(None);
            }
            let lock = file::open_lock(&shared.folder)?;
            match lock.try_lock() {
                Ok(()) => Ok(Some(lock)),
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => Ok(None),
            }
        });
        let alone = alone.await?;
        self.end_deletions(alone.is_some()).await?;
        if alone.is_none() {
            return Ok(());
        }
        self.write(|db| {
            db.execute(
                "UPDATE pending SET state = ?1 WHERE state = ?2",
                [STRAY, WRITING],
            )?;
            Ok(())
        })
        .await
    }

    /// Every item that can be removed from the keychain, oldest first.
    pub(crate) async fn leftovers(&self) -> Result<Vec<Leftover>, Error> {
        self.read(|db| {
            let sql = "SELECT connection, version, keychain_program, keychain_collection, state FROM pending \
                       WHERE state <> ?1 ORDER BY id";
            let mut query = db.prepare(sql)?;
            let found = query.query_map([WRITING], leftover)?.collect::<Result<_, _>>()?;
            Ok(found)
        })
        .await
    }

    /// How many secrets are known to be in the keychain although nothing points to them any more.
    pub(crate) async fn obsolete_count(&self) -> Result<usize, Error> {
        self.read(|db| {
            let count: u32 = db.query_row(
                "SELECT count(*) FROM pending WHERE state = ?1",
                [OBSOLETE],
                |row| row.get(0),
            )?;
            Ok(count as usize)
        })
        .await
    }
}

/// Writes down an item to which no connection points.
pub(super) fn announce(
    db: &Transaction<'_>,
    id: ConnectionId,
    version: u32,
    state: &str,
    place: Option<&Place>,
) -> Result<(), Problem> {
    let (program, collection) = places::columns(place);
    let sql = "INSERT INTO pending (connection, version, state, keychain_program, keychain_collection) \
               VALUES (?1, ?2, ?3, ?4, ?5)";
    db.execute(
        sql,
        params![id.to_string(), version, state, program, collection],
    )?;
    Ok(())
}

fn leftover(row: &Row<'_>) -> rusqlite::Result<Leftover> {
    let was_kept = row.get::<_, String>(4)? == OBSOLETE;
    Ok(Leftover {
        connection: rows::parsed(row, 0)?,
        version: row.get(1)?,
        place: places::place(row, 2)?,
        was_kept,
    })
}
