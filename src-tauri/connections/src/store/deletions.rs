//! Deleting in two steps: a connection is out of sight at once, and gone after a while in which it
//! can be brought back.
//!
//! Until then its row stays with everything that belongs to it, and its secret stays in the
//! keychain. The lock that a [`Deletion`] holds tells other programs that somebody may still bring
//! it back; when the program that deletes has ended, whoever looks next makes an end of it
//! ([`Store::end_deletions`]).

use std::fs::File;

use jiff::{SignedDuration, Timestamp};
use model::{Connection, ConnectionId, ConnectionName};
use rusqlite::{OptionalExtension, Transaction, params};

use super::{
    Leftover, Problem, Store, found, leftovers::OBSOLETE, rows, sealed_secrets,
    settings::forget_what_is_nobodys,
};
use crate::Error;

/// After this long nobody brings a connection back, also where the disk knows no locks that would
/// tell.
const NOBODY_WAITS_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// A connection that is deleted and can still be brought back.
#[derive(Debug)]
pub(crate) struct Deletion {
    pub(crate) connection: ConnectionId,
    at: Timestamp,
    _running: Option<File>,
}

impl Store {
    /// Takes a connection out of sight. Its name is free, its kept tokens are forgotten, and nobody
    /// finds it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn set_aside(
        &self,
        id: ConnectionId,
        at: Timestamp,
    ) -> Result<Deletion, Error> {
        let running = self.running().await?;
        self.write(move |db| {
            let row = id.to_string();
            let sql = "UPDATE connections SET deleted_at = ?2, name_key = ?3 WHERE id = ?1 AND deleted_at IS NULL";
            found(db.execute(sql, params![row, at.to_string(), key_of_deleted(id)])?)?;
            db.execute("DELETE FROM token_cache WHERE connection = ?1", [row])?;
            Ok(())
        })
        .await?;
        Ok(Deletion {
            connection: id,
            at,
            _running: running,
        })
    }

    /// Brings a deleted connection back, with everything that belongs to it. If its name was given
    /// to another one meanwhile, it gets a number.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is too late.
    pub(crate) async fn bring_back(&self, id: ConnectionId) -> Result<Connection, Error> {
        self.write(move |db| {
            let row = id.to_string();
            let sql = "SELECT name FROM connections WHERE id = ?1 AND deleted_at IS NOT NULL";
            let name: Option<String> = db.query_row(sql, [&row], |row| row.get(0)).optional()?;
            let name = ConnectionName::parse(&name.ok_or(Error::NotFound)?)
                .map_err(|_| Error::NotFound)?;
            let name = free(db, &name)?;
            let sql =
                "UPDATE connections SET deleted_at = NULL, name = ?2, name_key = ?3 WHERE id = ?1";
            db.execute(sql, params![row, name.as_str(), name.key()])?;
            rows::get(db, id)
        })
        .await
    }

    /// Takes a deleted connection out of the store, and returns what is still in the keychain;
    /// `None` when it was brought back.
    pub(crate) async fn end_deletion(
        &self,
        deletion: &Deletion,
    ) -> Result<Option<Option<Leftover>>, Error> {
        let (id, at) = (deletion.connection, deletion.at.to_string());
        self.write(move |db| {
            // The moment tells it from another deletion, after it was brought back.
            let sql =
                "SELECT credential_version FROM connections WHERE id = ?1 AND deleted_at = ?2";
            let mut query = db.prepare_cached(sql)?;
            let version = query
                .query_row(params![id.to_string(), at], |row| row.get(0))
                .optional()?;
            let Some(version) = version else {
                return Ok(None);
            };
            let old = sealed_secrets::release(db, id, version)?;
            db.execute("DELETE FROM connections WHERE id = ?1", [id.to_string()])?;
            forget_what_is_nobodys(db)?;
            Ok(Some(old))
        })
        .await
    }

    /// Makes an end of every deletion that nobody can take back any more: of all when no program
    /// holds the lock (`alone`), else of those that are long over.
    pub(super) async fn end_deletions(&self, alone: bool) -> Result<(), Error> {
        let any = self.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM connections WHERE deleted_at IS NOT NULL)";
            Ok(db.query_row(sql, [], |row| row.get(0))?)
        });
        let read_only = self.blocking(|shared| Ok(shared.read_only.is_some()));
        if !any.await? || read_only.await? {
            return Ok(());
        }
        let until = if alone {
            Timestamp::MAX
        } else {
            Timestamp::now() - NOBODY_WAITS_AFTER
        };
        self.write(move |db| {
            let until = until.to_string();
            let sql = "INSERT INTO pending (connection, version, state, keychain_program, keychain_collection) \
                       SELECT id, credential_version, ?2, keychain_program, keychain_collection \
                       FROM connections WHERE deleted_at < ?1 \
                       AND NOT EXISTS (SELECT 1 FROM sealed_secrets WHERE connection = connections.id)";
            db.execute(sql, params![until, OBSOLETE])?;
            db.execute("DELETE FROM connections WHERE deleted_at < ?1", [until])?;
            forget_what_is_nobodys(db)
        })
        .await
    }
}

/// The name, or the same with a number if that is taken.
fn free(db: &Transaction<'_>, name: &ConnectionName) -> Result<ConnectionName, Problem> {
    let mut taken = Vec::new();
    loop {
        let next = name.free_like(|name| taken.contains(&name.key()));
        if !rows::name_taken(db, &next.key())? {
            return Ok(next);
        }
        taken.push(next.key());
    }
}

/// What stands in the place of the name's key: no name can have it, because of the control
/// character.
fn key_of_deleted(id: ConnectionId) -> String {
    format!("\u{1f}{id}")
}
