//! The rows of `settings`.

use rusqlite::OptionalExtension;

use super::Store;
use crate::Error;

impl Store {
    /// The value of a setting.
    pub(crate) async fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        let key = key.to_owned();
        self.read(move |db| {
            let value =
                db.query_row("SELECT value FROM settings WHERE key = ?1", [key], |row| row.get(0)).optional()?;
            Ok(value)
        })
        .await
    }

    /// Keeps a setting, or forgets it.
    pub(crate) async fn set_setting(&self, key: &str, value: Option<&str>) -> Result<(), Error> {
        let (key, value) = (key.to_owned(), value.map(str::to_owned));
        self.write(move |db| {
            match value {
                Some(value) => db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)", [key, value]),
                None => db.execute("DELETE FROM settings WHERE key = ?1", [key]),
            }?;
            Ok(())
        })
        .await
    }
}
