//! Between a row of the store and a connection.

use std::str::FromStr;

use model::{CloudId, Connection, ConnectionId, ConnectionName};
use rusqlite::{OptionalExtension, Row, params, types::Type};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::Problem;
use crate::Error;

type Result<T> = rusqlite::Result<T>;

/// The columns that [`connection`] reads, in its order.
macro_rules! columns {
    () => {
        "id, name, integration, cloud, method, description, tags, created_at, updated_at, credential_version, \
         scripts_may_use, status, last_checked_at, tenant_name, scripts_may_have_secret, \
         not_tested, secret_expires_at, secret_expired, need"
    };
}

/// Whether consent is awaited and whether the secret is sealed, which are rows of other tables and
/// nothing that is written with a connection.
macro_rules! from_connections {
    () => {
        ", EXISTS (SELECT 1 FROM watches WHERE watches.connection = connections.id), \
         EXISTS (SELECT 1 FROM sealed_secrets WHERE sealed_secrets.connection = connections.id) FROM connections "
    };
}

/// Every connection in the order of their names. One that is deleted is in none of these, also
/// while it can be brought back.
pub(super) const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    from_connections!(),
    "WHERE deleted_at IS NULL ORDER BY name_key"
);

const GET: &str = concat!(
    "SELECT ",
    columns!(),
    from_connections!(),
    "WHERE id = ?1 AND deleted_at IS NULL"
);

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    from_connections!(),
    "WHERE name_key = ?1 AND deleted_at IS NULL"
);

const INSERT: &str = concat!(
    "INSERT INTO connections (",
    columns!(),
    ", name_key, last_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, \
     ?19, ?20, ?10)"
);

/// Reads one row with the columns of [`LIST`].
pub(super) fn connection(row: &Row<'_>) -> Result<Connection> {
    Ok(Connection {
        id: parsed(row, 0)?,
        name: name(row, 1)?,
        integration: from_json_word(row, 2)?,
        cloud: CloudId::new(row.get::<_, String>(3)?),
        method: from_json(row, 4)?,
        description: row.get(5)?,
        tags: from_json(row, 6)?,
        created_at: parsed(row, 7)?,
        updated_at: parsed(row, 8)?,
        credential_version: row.get(9)?,
        scripts_may_use: row.get(10)?,
        status: from_json_word(row, 11)?,
        last_checked_at: row
            .get::<_, Option<String>>(12)?
            .map(|_| parsed(row, 12))
            .transpose()?,
        tenant_name: row.get(13)?,
        scripts_may_have_secret: row.get(14)?,
        not_tested: row
            .get::<_, Option<String>>(15)?
            .map(|_| from_json(row, 15))
            .transpose()?,
        secret_expires_at: row
            .get::<_, Option<String>>(16)?
            .map(|_| parsed(row, 16))
            .transpose()?,
        secret_expired: row.get(17)?,
        need: from_json(row, 18)?,
        awaits_consent: row.get(19)?,
        sealed: row.get(20)?,
    })
}

pub(super) fn get(
    db: &rusqlite::Connection,
    id: ConnectionId,
) -> std::result::Result<Connection, Problem> {
    let found = db
        .prepare_cached(GET)?
        .query_row([id.to_string()], connection)
        .optional()?;
    found.ok_or(Error::NotFound.into())
}

/// A connection by the key of its name.
pub(super) fn find(
    db: &rusqlite::Connection,
    key: &str,
) -> std::result::Result<Connection, Problem> {
    let found = db
        .prepare_cached(FIND)?
        .query_row([key], connection)
        .optional()?;
    found.ok_or(Error::NotFound.into())
}

/// Adds a connection. Its name has to be free.
pub(super) fn insert(
    db: &rusqlite::Connection,
    connection: &Connection,
) -> std::result::Result<(), Problem> {
    let name_key = connection.name.key();
    if name_taken(db, &name_key)? {
        return Err(Error::NameTaken.into());
    }
    let values = params![
        connection.id.to_string(),
        connection.name.as_str(),
        word(&connection.integration)?,
        connection.cloud.as_str(),
        json(&connection.method)?,
        connection.description,
        json(&connection.tags)?,
        connection.created_at.to_string(),
        connection.updated_at.to_string(),
        connection.credential_version,
        connection.scripts_may_use,
        word(&connection.status)?,
        connection.last_checked_at.map(|at| at.to_string()),
        connection.tenant_name,
        connection.scripts_may_have_secret,
        connection.not_tested.as_ref().map(json).transpose()?,
        connection.secret_expires_at.map(|at| at.to_string()),
        connection.secret_expired,
        json(&connection.need)?,
        name_key,
    ];
    db.execute(INSERT, values)?;
    Ok(())
}

pub(super) fn name_taken(
    db: &rusqlite::Connection,
    key: &str,
) -> std::result::Result<bool, Problem> {
    let taken = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM connections WHERE name_key = ?1)",
        [key],
        |row| row.get(0),
    )?;
    Ok(taken)
}

/// A value as JSON text.
pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// The one word that stands for a value without fields.
pub(super) fn word(value: &impl Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(_) => Err(rusqlite::Error::ToSqlConversionFailure(
            "not a single word".into(),
        )),
        Err(error) => Err(rusqlite::Error::ToSqlConversionFailure(Box::new(error))),
    }
}

pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error))
}

pub(super) fn from_json_word<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    let word: String = row.get(column)?;
    serde_json::from_value(Value::String(word)).map_err(|error| unreadable(column, error))
}

pub(super) fn parsed<T>(row: &Row<'_>, column: usize) -> Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| unreadable(column, error))
}

/// A name is read by today's rules again, because it is shown.
fn name(row: &Row<'_>, column: usize) -> Result<ConnectionName> {
    let text: String = row.get(column)?;
    ConnectionName::parse(&text).map_err(|error| unreadable(column, error))
}

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
