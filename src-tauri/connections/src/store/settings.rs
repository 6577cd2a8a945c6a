//! The rows of `settings`.

use model::ConnectionId;
use rusqlite::{OptionalExtension, Transaction};

use super::{Problem, Store};
use crate::Error;

impl Store {
    /// The value of a setting.
    pub(crate) async fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        let key = key.to_owned();
        self.read(move |db| {
            let value = db
                .query_row("SELECT value FROM settings WHERE key = ?1", [key], |row| {
                    row.get(0)
                })
                .optional()?;
            Ok(value)
        })
        .await
    }

    /// Keeps a setting, or forgets it.
    pub(crate) async fn set_setting(&self, key: &str, value: Option<&str>) -> Result<(), Error> {
        let (key, value) = (key.to_owned(), value.map(str::to_owned));
        self.write(move |db| {
            match value {
                Some(value) => db.execute(
                    "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)",
                    [key, value],
                ),
                None => db.execute("DELETE FROM settings WHERE key = ?1", [key]),
            }?;
            Ok(())
        })
        .await
    }

    /// Keeps what the next sign-in of a connection is to be asked for. Of one that is gone, nothing
    /// is kept.
    pub(crate) async fn keep_claims(&self, id: ConnectionId, claims: &str) -> Result<(), Error> {
        let claims = claims.to_owned();
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO settings (key, value) SELECT ?2, ?3 FROM connections WHERE id = ?1";
            db.execute(sql, [id.to_string(), claims_key(id), claims])?;
            Ok(())
        })
        .await
    }

    /// What the next sign-in of a connection is to be asked for.
    pub(crate) async fn claims(&self, id: ConnectionId) -> Result<Option<String>, Error> {
        self.setting(&claims_key(id)).await
    }

    /// Forgets what a sign-in has answered.
    pub(crate) async fn forget_claims(&self, id: ConnectionId) -> Result<(), Error> {
        self.set_setting(&claims_key(id), None).await
    }
}

/// Takes away what belongs to connections that are no longer there; what other tables hold of them
/// goes by itself.
pub(super) fn forget_what_is_nobodys(db: &Transaction<'_>) -> Result<(), Problem> {
    let sql = "DELETE FROM settings WHERE key LIKE 'claims/%' \
               AND substr(key, length('claims/') + 1) NOT IN (SELECT id FROM connections)";
    db.execute(sql, [])?;
    Ok(())
}

fn claims_key(id: ConnectionId) -> String {
    format!("claims/{id}")
}
