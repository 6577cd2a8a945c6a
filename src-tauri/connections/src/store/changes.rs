//! The store's half of a change that also touches the keychain: the rows of `pending`.
//!
//! A row stands for one keychain item to which no connection points. It is there before the item is
//! written and goes in the transaction that makes a connection point to the item. So whatever a
//! crash leaves, an item is either a connection's own or in this table.

use std::fs::File;

use jiff::Timestamp;
use keychain::Place;
use model::{CheckReport, Connection, ConnectionId, ConnectionName, Method, Status};
use rusqlite::{OptionalExtension, Transaction, params};

use super::{
    Leftover, Problem, Store,
    checks::record,
    file, found,
    leftovers::{STRAY, WRITING, announce},
    places, rows, sealed_secrets,
    settings::forget_what_is_nobodys,
};
use crate::{Error, store_cipher::KeyLock};

/// A running change: its row in `pending`, and the lock that tells other programs that it runs.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) connection: ConnectionId,
    pub(crate) version: u32,
    pub(crate) name: String,
    place: Option<Place>,
    _running: Option<File>,
}

impl Change {
    /// Where the new secret was going to be kept.
    pub(crate) const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }
}

/// Where a new secret lies, before a connection points to it.
#[derive(Debug)]
pub(crate) enum Kept {
    /// In the item of its version, in this place of the keychain as far as that is known.
    InKeychain(Option<Place>),
    /// Nowhere yet: there was no room, and it goes into the store with the connection.
    Sealed {
        /// The secret.
        sealed: Vec<u8>,
        /// Where the key lies that opens it.
        key: Option<Place>,
        /// Keeps the key from being removed until the store knows of the secret.
        _lock: KeyLock,
    },
}

/// Why a secret takes the place of another one, and what changes with it.
#[derive(Debug)]
pub(crate) enum Renewal {
    /// A person entered a secret or signed in. What was found out with the old one no longer
    /// counts; what the test of the new one found, if it was tested, is kept at the same moment.
    ByPerson {
        /// With what is public about the new secret.
        method: Method,
        /// When.
        at: Timestamp,
        /// The report of its test.
        tested: Option<Box<CheckReport>>,
    },
    /// The server exchanged it.
    ByServer {
        /// With what the server says is granted now.
        method: Method,
    },
    /// It is the same secret; the keychain has room for it now.
    Moved,
    /// It is the same secret; the connection has another name.
    Renamed {
        /// The name.
        name: ConnectionName,
        /// When.
        at: Timestamp,
    },
}

impl Store {
    /// Announces the first secret of a new connection, which is going to be kept in that place.
    ///
    /// # Errors
    /// [`Error::NameTaken`].
    pub(crate) async fn begin_create(
        &self,
        connection: &Connection,
        place: Option<Place>,
    ) -> Result<Change, Error> {
        let (id, version) = (connection.id, connection.credential_version);
        let (name, key) = (connection.name.to_string(), connection.name.key());
        self.begin(place, move |db, place| {
            if rows::name_taken(db, &key)? {
                return Err(Error::NameTaken.into());
            }
            announce(db, id, version, WRITING, place)?;
            Ok((id, version, name))
        })
        .await
    }

    /// Announces the next secret of a connection, under a version that was never used, which is
    /// going to be kept in that place.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn begin_replace(
        &self,
        id: ConnectionId,
        place: Option<Place>,
    ) -> Result<Change, Error> {
        self.begin(place, move |db, place| {
            let sql = "UPDATE connections SET last_version = last_version + 1 WHERE id = ?1 AND deleted_at IS NULL \
                       RETURNING last_version, name";
            let next = db.query_row(sql, [id.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (version, name) = next.ok_or(Error::NotFound)?;
            announce(db, id, version, WRITING, place)?;
            Ok((id, version, name))
        })
        .await
    }

    /// Adds the connection whose first secret is kept there.
    ///
    /// # Errors
    /// [`Error::NameTaken`], or [`Error::Overtaken`] when the secret may have been removed
    /// meanwhile.
    pub(crate) async fn commit_create(
        &self,
        change: &Change,
        connection: &Connection,
        kept: Kept,
    ) -> Result<(), Error> {
        let (id, version, connection) = (change.connection, change.version, connection.clone());
        self.write(move |db| {
            claim(db, id, version)?;
            rows::insert(db, &connection)?;
            keep(db, id, version, &kept)?;
            Ok(kept)
        })
        .await
        .map(drop)
    }

    /// Makes the connection point to its new secret, and lets go of the old one; returns what of
    /// that is still in the keychain.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the connection was removed meanwhile, or [`Error::Overtaken`].
    pub(crate) async fn commit_replace(
        &self,
        change: &Change,
        renewal: Renewal,
        kept: Kept,
    ) -> Result<Option<Leftover>, Error> {
        let (id, version) = (change.connection, change.version);
        self.write(move |db| {
            claim(db, id, version)?;
            let old = rows::get(db, id)?;
            let before = old.credential_version;
            let old = sealed_secrets::release(db, id, before)?;
            if matches!(renewal, Renewal::Moved | Renewal::Renamed { .. }) {
                // It is the same credential, and the service still asks to wait.
                let sql = "UPDATE waits SET version = ?3 WHERE connection = ?1 AND version = ?2";
                db.execute(sql, params![id.to_string(), before, version])?;
            }
            renew(db, id, renewal)?;
            let sql = "UPDATE connections SET credential_version = ?2 WHERE id = ?1";
            found(db.execute(sql, params![id.to_string(), version])?)?;
            keep(db, id, version, &kept)?;
            Ok((old, kept))
        })
        .await
        .map(|(old, _kept)| old)
    }

    /// Whether a connection may have this name.
    ///
    /// # Errors
    /// [`Error::NameTaken`] when another one has it.
    pub(crate) async fn name_free_for(
        &self,
        id: ConnectionId,
        name: &ConnectionName,
    ) -> Result<(), Error> {
        let name = name.clone();
        self.read(move |db| require_free_for(db, id, &name)).await
    }

    /// Gives a connection another name, where there is no secret to go with it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NameTaken`].
    pub(crate) async fn rename(
        &self,
        id: ConnectionId,
        name: ConnectionName,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.write(move |db| rename(db, id, &name, at)).await
    }

    /// Gives a change up. Its item may have been written.
    pub(crate) async fn give_up(&self, change: Change) -> Result<Leftover, Error> {
        self.write(move |db| {
            let sql = "UPDATE pending SET state = ?3 WHERE connection = ?1 AND version = ?2 AND state = ?4";
            db.execute(sql, params![change.connection.to_string(), change.version, STRAY, WRITING])?;
            let Change { connection, version, place, .. } = change;
            Ok(Leftover { connection, version, place, was_kept: false })
        })
        .await
    }

    /// Takes a connection out of the store, with everything that belongs to it; returns what is
    /// still in the keychain.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn commit_remove(&self, id: ConnectionId) -> Result<Option<Leftover>, Error> {
        self.write(move |db| {
            let version = rows::get(db, id)?.credential_version;
            let old = sealed_secrets::release(db, id, version)?;
            db.execute("DELETE FROM connections WHERE id = ?1", [id.to_string()])?;
            forget_what_is_nobodys(db)?;
            Ok(old)
        })
        .await
    }

    async fn begin(
        &self,
        place: Option<Place>,
        work: impl FnOnce(
            &Transaction<'_>,
            Option<&Place>,
        ) -> Result<(ConnectionId, u32, String), Problem>
        + Send
        + 'static,
    ) -> Result<Change, Error> {
        let running = self.running().await?;
        let going_to = place.clone();
        let (connection, version, name) = self.write(move |db| work(db, going_to.as_ref())).await?;
        Ok(Change {
            connection,
            version,
            name,
            place,
            _running: running,
        })
    }

    /// The lock that tells other programs that something runs here, until it is dropped or this
    /// program ends.
    pub(super) async fn running(&self) -> Result<Option<File>, Error> {
        self.blocking(|shared| {
            shared.require_writable()?;
            let lock = file::open_lock(&shared.folder)?;
            // Some network disks know no locks; there an interrupted change is only found when no
            // program runs.
            Ok(lock.lock_shared().ok().map(|()| lock))
        })
        .await
    }
}

/// Refuses a name that another connection has; one may change the case of its own.
fn require_free_for(
    db: &Transaction<'_>,
    id: ConnectionId,
    name: &ConnectionName,
) -> Result<(), Problem> {
    let sql = "SELECT EXISTS (SELECT 1 FROM connections WHERE name_key = ?2 AND id <> ?1)";
    let taken: bool = db.query_row(sql, params![id.to_string(), name.key()], |row| row.get(0))?;
    if taken {
        Err(Error::NameTaken.into())
    } else {
        Ok(())
    }
}

fn rename(
    db: &Transaction<'_>,
    id: ConnectionId,
    name: &ConnectionName,
    at: Timestamp,
) -> Result<(), Problem> {
    require_free_for(db, id, name)?;
    let sql = "UPDATE connections SET name = ?2, name_key = ?3, updated_at = ?4 WHERE id = ?1 AND deleted_at IS NULL";
    found(db.execute(
        sql,
        params![id.to_string(), name.as_str(), name.key(), at.to_string()],
    )?)
}

/// What changes beside the secret.
fn renew(db: &Transaction<'_>, id: ConnectionId, renewal: Renewal) -> Result<(), Problem> {
    let row = id.to_string();
    match renewal {
        Renewal::ByServer { method } => {
            let sql = "UPDATE connections SET method = ?2 WHERE id = ?1";
            found(db.execute(sql, params![row, rows::json(&method)?])?)
        }
        Renewal::Moved => Ok(()),
        Renewal::Renamed { name, at } => rename(db, id, &name, at),
        Renewal::ByPerson { method, at, tested } => {
            let sql = "UPDATE connections SET method = ?2, updated_at = ?3, status = ?4, last_checked_at = NULL, \
                       not_tested = NULL, secret_expires_at = NULL, secret_expired = 0, \
                       reports_after = (SELECT coalesce(max(id), 0) FROM checks WHERE connection = ?1) WHERE id = ?1";
            let untested = rows::word(&Status::NeverTested)?;
            found(db.execute(
                sql,
                params![row, rows::json(&method)?, at.to_string(), untested],
            )?)?;
            match tested {
                Some(report) => {
                    record(db, id, &report, Status::after(&report, Status::NeverTested))
                }
                None => Ok(()),
            }
        }
    }
}

/// Keeps where the secret of this version lies, and the secret itself if it is sealed.
fn keep(db: &Transaction<'_>, id: ConnectionId, version: u32, kept: &Kept) -> Result<(), Problem> {
    match kept {
        Kept::InKeychain(place) => places::keep(db, id, place.as_ref()),
        Kept::Sealed { sealed, key, .. } => {
            places::keep(db, id, key.as_ref())?;
            sealed_secrets::keep(db, id, version, sealed)
        }
    }
}

/// Takes the row of a running change away, which is allowed as long as nobody has declared it a
/// stray.
fn claim(db: &Transaction<'_>, id: ConnectionId, version: u32) -> Result<(), Problem> {
    let sql = "DELETE FROM pending WHERE connection = ?1 AND version = ?2 AND state = ?3";
    if db.execute(sql, params![id.to_string(), version, WRITING])? == 0 {
        return Err(Error::Overtaken.into());
    }
    Ok(())
}
