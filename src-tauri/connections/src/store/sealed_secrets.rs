//! Secrets that lie in the store, sealed, because the keychain had no room for them.

use keychain::Place;
use model::ConnectionId;
use rusqlite::{OptionalExtension, Transaction, params};

use super::{
    Leftover, Problem, Store,
    leftovers::{self, OBSOLETE},
    places,
};
use crate::Error;

impl Store {
    /// The sealed secret of a connection; `None` when that version of it is in the keychain.
    pub(crate) async fn sealed_secret(
        &self,
        id: ConnectionId,
        version: u32,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.read(move |db| {
            let sql = "SELECT sealed FROM sealed_secrets WHERE connection = ?1 AND version = ?2";
            let mut query = db.prepare_cached(sql)?;
            let found = query.query_row(params![id.to_string(), version], |row| row.get(0));
            Ok(found.optional()?)
        })
        .await
    }

    /// Where the key lay with which a secret was sealed last; `None` while none is sealed.
    pub(crate) async fn place_of_key(&self) -> Result<Option<Place>, Error> {
        self.read(|db| {
            let sql = "SELECT keychain_program, keychain_collection FROM connections \
                       JOIN sealed_secrets ON connection = id ORDER BY sealed_secrets.rowid DESC LIMIT 1";
            let mut query = db.prepare(sql)?;
            let found = query.query_row([], |row| places::place(row, 0));
            Ok(found.optional()?.flatten())
        })
        .await
    }

    /// Whether there is any connection, also a deleted one that can be brought back.
    pub(crate) async fn has_connections(&self) -> Result<bool, Error> {
        self.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM connections)";
            Ok(db.query_row(sql, [], |row| row.get(0))?)
        })
        .await
    }

    /// Takes what was sealed out of the log, too, where nobody is reading it; otherwise a later
    /// write does.
    pub(crate) async fn shorten_log(&self) {
        let shortened =
            self.read(|db| Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?));
        if let Err(error) = shortened.await {
            tracing::debug!(%error, "the log of the store stays as long as it is");
        }
    }

    /// Whether any secret is sealed, also that of a deleted connection that can be brought back.
    pub(crate) async fn has_sealed_secrets(&self) -> Result<bool, Error> {
        self.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM sealed_secrets)";
            Ok(db.query_row(sql, [], |row| row.get(0))?)
        })
        .await
    }
}

/// Keeps the sealed secret of the version that the connection points to from now on.
pub(super) fn keep(
    db: &Transaction<'_>,
    id: ConnectionId,
    version: u32,
    sealed: &[u8],
) -> Result<(), Problem> {
    let sql = "INSERT INTO sealed_secrets (connection, version, sealed) VALUES (?1, ?2, ?3)";
    db.execute(sql, params![id.to_string(), version, sealed])?;
    Ok(())
}

/// Lets go of the secret that a connection points to, before the connection points to another one
/// or goes itself. A sealed one is gone with that. One in the keychain becomes obsolete, and is
/// returned.
pub(super) fn release(
    db: &Transaction<'_>,
    id: ConnectionId,
    version: u32,
) -> Result<Option<Leftover>, Problem> {
    let place = places::kept(db, id)?;
    let sql = "DELETE FROM sealed_secrets WHERE connection = ?1 AND version = ?2";
    if db.execute(sql, params![id.to_string(), version])? > 0 {
        return Ok(None);
    }
    leftovers::announce(db, id, version, OBSOLETE, place.as_ref())?;
    Ok(Some(Leftover {
        connection: id,
        version,
        place,
        was_kept: true,
    }))
}
