//! The store: what is known of each connection except its secret, in one SQLite file.
//!
//! The file is only ever changed in transactions that are on the disk before they count
//! (`synchronous=FULL`), so a power cut leaves the state before or after. Two programs may write at
//! once: every transaction that writes takes the write lock at its beginning and waits up to five
//! seconds for it.
//!
//! SQLite blocks; each call runs on tokio's blocking threads, one at a time.

mod access;
mod changes;
mod checks;
mod deletions;
mod file;
mod health;
mod leftovers;
mod owner;
mod places;
mod rows;
mod schema;
mod sealed_secrets;
mod settings;
#[cfg(test)]
pub(crate) mod tests;
mod token_cache;
mod watches;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use model::{Connection, ConnectionId, Method};
use rusqlite::{ErrorCode, Transaction, params};

pub(crate) use changes::{Change, Kept, Renewal};
pub(crate) use deletions::Deletion;
pub(crate) use health::look_at_files;
pub(crate) use leftovers::Leftover;
pub use token_cache::Use;
pub(crate) use token_cache::{SealedToken, Wait, WaitReason};

use crate::Error;
use access::Access;

/// The open store. Clones share one database connection.
#[derive(Clone)]
pub(crate) struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    file: PathBuf,
    /// The operating system's number for why nothing can be written, if so.
    read_only: Option<i32>,
    database: Mutex<rusqlite::Connection>,
}

impl Store {
    /// Opens the store in `folder`, or begins one where there is none. Blocks for a moment. One
    /// that cannot be written is opened all the same, and refuses every change with the reason.
    ///
    /// # Errors
    /// [`Error::NewerStore`], [`Error::StoreDamaged`], [`Error::StoreForeign`] and
    /// [`Error::StoreUnwritable`] leave the file as it was.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let (folder, file) = file::prepare(folder)?;
        let (database, read_only) = match schema::open(&file) {
            // SQLite opens for reading what it was to open for writing, and says so only when
            // asked.
            Ok(database) if database.is_readonly("main").is_ok_and(|yes| yes) => {
                let reason =
                    file::why_unwritable(&folder, &file).and_then(|reason| reason.raw_os_error());
                (database, Some(reason.unwrap_or_default()))
            }
            Ok(database) => (database, None),
            Err(problem) if problem.is_unwritable() => {
                let Some(reason) = file::why_unwritable(&folder, &file) else {
                    return Err(problem.at(&file));
                };
                let (database, number) = schema::open_read_only(&file, reason)?;
                (database, Some(number))
            }
            Err(problem) => return Err(problem.at(&file)),
        };
        let shared = Shared {
            folder,
            file,
            read_only,
            database: Mutex::new(database),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Refuses where nothing can be written.
    ///
    /// # Errors
    /// [`Error::StoreUnwritable`] with the reason.
    pub(crate) fn require_writable(&self) -> Result<(), Error> {
        self.shared.require_writable()
    }

    /// Makes the folder, if it is not there and may be.
    ///
    /// # Errors
    /// [`Error::StoreForeign`] or [`Error::StoreUnwritable`].
    pub(crate) fn prepare_folder(folder: &Path) -> Result<(), Error> {
        file::prepare_folder(folder)
    }

    /// Moves a damaged store aside, so that the next [`Store::open`] begins an empty one. Says
    /// where it went.
    ///
    /// # Errors
    /// [`Error::StoreUnwritable`] when the folder cannot be changed.
    pub(crate) fn move_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, Error> {
        file::move_aside(folder, now)
    }

    /// Every connection, in the order of their names.
    pub(crate) async fn list(&self) -> Result<Vec<Connection>, Error> {
        self.read(|db| {
            let mut query = db.prepare_cached(rows::LIST)?;
            let found = query
                .query_map([], rows::connection)?
                .collect::<Result<_, _>>()?;
            Ok(found)
        })
        .await
    }

    /// One connection.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn get(&self, id: ConnectionId) -> Result<Connection, Error> {
        self.read(move |db| rows::get(db, id)).await
    }

    /// Whether a connection has a name with this key ([`model::ConnectionName::key`]).
    pub(crate) async fn name_taken(&self, key: String) -> Result<bool, Error> {
        self.read(move |db| rows::name_taken(db, &key)).await
    }

    /// Saves what a person may edit: description, tags, the day on which a client secret expires,
    /// and what the connection is meant to do. Only with another choice its status becomes that of
    /// `connection`.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn update_facts(&self, connection: &Connection) -> Result<(), Error> {
        let edited = connection.clone();
        self.write(move |db| {
            let before = rows::get(db, edited.id)?;
            let status = if before.need == edited.need { before.status } else { edited.status };
            let mut method = before.method.clone();
            // The rest of the method may have changed with a new credential since the edit began.
            if let (
                Method::AppRegistration { secret_expires_on: kept, .. },
                Method::AppRegistration { secret_expires_on: new, .. },
            ) = (&mut method, edited.method)
            {
                *kept = new;
            }
            let (id, at) = (edited.id.to_string(), edited.updated_at.to_string());
            // Another day than the one that was known is the person's own; the tenant did not say
            // its hour.
            let hour = before.secret_expires_at.filter(|_| method == before.method).map(|at| at.to_string());
            let sql = "UPDATE connections SET description = ?2, tags = ?3, method = ?4, updated_at = ?5, \
                       secret_expires_at = ?6, need = ?7, status = ?8 WHERE id = ?1";
            let (tags, method) = (rows::json(&edited.tags)?, rows::json(&method)?);
            let (need, status) = (rows::json(&edited.need)?, rows::word(&status)?);
            found(db.execute(sql, params![id, edited.description, tags, method, at, hour, need, status])?)
        })
        .await
    }

    /// Runs `work` in one reading transaction, so that it sees one state.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Error> {
        self.transact(Access::Read, work).await
    }

    /// Runs `work` in one writing transaction: all of it is saved, or nothing.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Error> {
        self.transact(Access::Write, work).await
    }

    /// The same for what may be lost in a power cut, so that nobody waits for the disk. The store
    /// itself stays whole.
    async fn write_relaxed<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Error> {
        self.transact(Access::WriteRelaxed, work).await
    }

    async fn transact<T: Send + 'static>(
        &self,
        access: Access,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Error> {
        self.blocking(move |shared| {
            if !matches!(access, Access::Read) {
                shared.require_writable()?;
            }
            let mut database = shared
                .database
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let run = || {
                let transaction = access.begin(&mut database)?;
                let result = work(&transaction)?;
                transaction.commit()?;
                Ok(result)
            };
            run().map_err(|problem: Problem| problem.at(&shared.file))
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let shared = Arc::clone(&self.shared);
        match tokio::task::spawn_blocking(move || work(&shared)).await {
            Ok(result) => result,
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Error::Closing),
            },
        }
    }
}

impl Shared {
    fn require_writable(&self) -> Result<(), Error> {
        let Some(number) = self.read_only else {
            return Ok(());
        };
        let source = Some(std::io::Error::from_raw_os_error(number));
        Err(Error::StoreUnwritable {
            path: self.file.clone(),
            source,
        })
    }
}

/// A failure inside a transaction, before the name of the file is put to it.
pub(crate) enum Problem {
    Sqlite(rusqlite::Error),
    Other(Error),
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl Problem {
    /// Whether the file or its folder could not be written.
    fn is_unwritable(&self) -> bool {
        let Self::Sqlite(error) = self else {
            return false;
        };
        matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied)
        )
    }

    fn at(self, file: &Path) -> Error {
        let error = match self {
            Self::Sqlite(error) => error,
            Self::Other(error) => return error,
        };
        // A value that cannot be read back was not written by this program.
        if matches!(
            error,
            rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..)
        ) {
            return Error::StoreDamaged {
                path: file.to_owned(),
            };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::StoreDamaged {
                path: file.to_owned(),
            },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Error::StoreUnwritable {
                    path: file.to_owned(),
                    source: None,
                }
            }
            Some(ErrorCode::DiskFull) => Error::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::StoreBusy,
            _ => Error::Store(error),
        }
    }
}

fn found(rows: usize) -> Result<(), Problem> {
    if rows == 0 {
        Err(Error::NotFound.into())
    } else {
        Ok(())
    }
}
