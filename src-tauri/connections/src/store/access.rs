//! How a transaction begins: what it may do, and whether it waits for the disk.

use rusqlite::{Connection, Transaction, TransactionBehavior, config::DbConfig};

use super::Problem;

/// How long the write-ahead log may be, in bytes, to be left to the next program, which has to read
/// all of it.
const MAX_LOG_BYTES: u64 = 400 * 1024;

/// What a transaction does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Access {
    /// Reads.
    Read,
    /// Writes, and waits until it is on the disk.
    Write,
    /// Writes what may be lost in a power cut, and waits for no disk: not when it ends and, as long
    /// as the log is short, not when the store is closed.
    WriteRelaxed,
}

impl Access {
    pub(super) fn begin(self, database: &mut Connection) -> Result<Transaction<'_>, Problem> {
        let behaviour = match self {
            Self::Read => TransactionBehavior::Deferred,
            Self::Write => {
                configure(database, "full", false)?;
                TransactionBehavior::Immediate
            }
            Self::WriteRelaxed => {
                configure(database, "normal", log_length(database) < MAX_LOG_BYTES)?;
                TransactionBehavior::Immediate
            }
        };
        Ok(database.transaction_with_behavior(behaviour)?)
    }
}

/// The log is moved into the file when the store is closed, unless it is left to the next program.
fn configure(database: &Connection, synchronous: &str, leaves_log: bool) -> Result<(), Problem> {
    database.pragma_update(None, "synchronous", synchronous)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leaves_log)?;
    Ok(())
}

fn log_length(database: &Connection) -> u64 {
    let log = database.path().map(|file| format!("{file}-wal"));
    log.and_then(|log| std::fs::metadata(log).ok())
        .map_or(0, |log| log.len())
}
