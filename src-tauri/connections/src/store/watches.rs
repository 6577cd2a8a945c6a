//! The rows of `watches`: for which connections somebody else was asked to consent.

use model::ConnectionId;
use rusqlite::{OptionalExtension, Row, params};

use super::{Store, found, rows};
use crate::{Error, watch::Watch};

impl Store {
    /// Begins a watch, in the place of an earlier one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such connection.
    pub(crate) async fn begin_watch(&self, watch: Watch) -> Result<(), Error> {
        self.write(move |db| {
            rows::get(db, watch.connection)?;
            let sql = "INSERT OR REPLACE INTO watches (connection, began_at, ends_at, next_at, looks) \
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let [began_at, ends_at, next_at] = [watch.began_at, watch.ends_at, watch.next_at].map(|at| at.to_string());
            found(db.execute(sql, params![watch.connection.to_string(), began_at, ends_at, next_at, watch.looks])?)
        })
        .await
    }

    /// Keeps when the next look is due. A watch that was stopped meanwhile stays stopped, and
    /// another one stays as it is.
    pub(crate) async fn go_on_watching(&self, watch: Watch) -> Result<(), Error> {
        self.write(move |db| {
            let sql = "UPDATE watches SET next_at = ?3, looks = ?4 WHERE connection = ?1 AND began_at = ?2";
            let [began_at, next_at] = [watch.began_at, watch.next_at].map(|at| at.to_string());
            db.execute(sql, params![watch.connection.to_string(), began_at, next_at, watch.looks])?;
            Ok(())
        })
        .await
    }

    /// Ends whatever watch a connection has.
    pub(crate) async fn stop_watch(&self, id: ConnectionId) -> Result<(), Error> {
        self.write(move |db| {
            db.execute(
                "DELETE FROM watches WHERE connection = ?1",
                [id.to_string()],
            )?;
            Ok(())
        })
        .await
    }

    /// Ends this watch; says whether it was still there, and not stopped or begun anew meanwhile.
    pub(crate) async fn end_watch(&self, watch: &Watch) -> Result<bool, Error> {
        let (id, began_at) = (watch.connection.to_string(), watch.began_at.to_string());
        self.write(move |db| {
            let sql = "DELETE FROM watches WHERE connection = ?1 AND began_at = ?2";
            Ok(db.execute(sql, [id, began_at])? > 0)
        })
        .await
    }

    /// The watch of a connection.
    pub(crate) async fn watch(&self, id: ConnectionId) -> Result<Option<Watch>, Error> {
        self.read(move |db| {
            let sql = "SELECT connection, began_at, ends_at, next_at, looks FROM watches WHERE connection = ?1 \
                       AND connection IN (SELECT id FROM connections WHERE deleted_at IS NULL)";
            Ok(db.query_row(sql, [id.to_string()], watch).optional()?)
        })
        .await
    }

    /// Every watch.
    pub(crate) async fn watches(&self) -> Result<Vec<Watch>, Error> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT connection, began_at, ends_at, next_at, looks FROM watches \
                 WHERE connection IN (SELECT id FROM connections WHERE deleted_at IS NULL)",
            )?;
            Ok(query.query_map([], watch)?.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn watch(row: &Row<'_>) -> rusqlite::Result<Watch> {
    Ok(Watch {
        connection: rows::parsed(row, 0)?,
        began_at: rows::parsed(row, 1)?,
        ends_at: rows::parsed(row, 2)?,
        next_at: rows::parsed(row, 3)?,
        looks: row.get(4)?,
    })
}
