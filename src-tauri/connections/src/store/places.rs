//! Where the secrets are kept, as far as it is known: so that a keychain in which one is not found
//! can be told from one that never had it.

use keychain::Place;
use model::ConnectionId;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{Problem, Store};
use crate::Error;

impl Store {
    /// Where the current secret of a connection was when it was written or read last.
    pub(crate) async fn place_of(&self, id: ConnectionId) -> Result<Option<Place>, Error> {
        self.read(move |db| {
            let sql = "SELECT keychain_program, keychain_collection FROM connections WHERE id = ?1";
            let found = db
                .prepare_cached(sql)?
                .query_row([id.to_string()], |row| place(row, 0))
                .optional()?;
            Ok(found.flatten())
        })
        .await
    }

    /// Where secrets are kept: each place once.
    pub(crate) async fn places(&self) -> Result<Vec<Place>, Error> {
        self.read(|db| {
            let sql = "SELECT DISTINCT keychain_program, keychain_collection FROM connections";
            let mut query = db.prepare(sql)?;
            let found = query
                .query_map([], |row| place(row, 0))?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(found.into_iter().flatten().collect())
        })
        .await
    }

    /// Keeps where a version of a secret was found. Lost in a power cut, it is learnt again.
    pub(crate) async fn learn_place(
        &self,
        id: ConnectionId,
        version: u32,
        place: Place,
    ) -> Result<(), Error> {
        self.write_relaxed(move |db| {
            let sql = "UPDATE connections SET keychain_program = ?3, keychain_collection = ?4 \
                       WHERE id = ?1 AND credential_version = ?2";
            db.execute(
                sql,
                params![id.to_string(), version, place.program, place.collection],
            )?;
            Ok(())
        })
        .await
    }

    /// As a store of an older format is: nothing is known.
    #[cfg(all(test, target_os = "linux"))]
    pub(crate) async fn forget_places(&self) {
        let forget = |db: &rusqlite::Transaction<'_>| {
            let sql = "UPDATE connections SET keychain_program = NULL, keychain_collection = NULL";
            Ok(db.execute(sql, [])?)
        };
        self.write(forget).await.expect("forgotten");
    }
}

/// Where the current secret of a connection is kept.
pub(super) fn kept(db: &Transaction<'_>, id: ConnectionId) -> Result<Option<Place>, Problem> {
    let sql = "SELECT keychain_program, keychain_collection FROM connections WHERE id = ?1";
    Ok(db
        .query_row(sql, [id.to_string()], |row| place(row, 0))
        .optional()?
        .flatten())
}

/// Remembers where the current secret of a connection is kept.
pub(super) fn keep(
    db: &Transaction<'_>,
    id: ConnectionId,
    place: Option<&Place>,
) -> Result<(), Problem> {
    let (program, collection) = columns(place);
    let sql =
        "UPDATE connections SET keychain_program = ?2, keychain_collection = ?3 WHERE id = ?1";
    db.execute(sql, params![id.to_string(), program, collection])?;
    Ok(())
}

/// Reads the two columns of a place, from the one with this number on.
pub(super) fn place(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Place>> {
    let (program, collection): (Option<String>, Option<String>) =
        (row.get(first)?, row.get(first + 1)?);
    Ok(program.zip(collection).map(|(program, collection)| Place {
        program,
        collection,
    }))
}

/// The two columns of a place.
pub(super) fn columns(place: Option<&Place>) -> (Option<&str>, Option<&str>) {
    place
        .map(|place| (place.program.as_str(), place.collection.as_str()))
        .unzip()
}
