//! What the store keeps for scripts: sealed tokens, who asked for one, and how long the service
//! asked to wait.

use std::{fs::File, io, time::Duration};

use jiff::{SignedDuration, Timestamp};
use model::{Connection, ConnectionId, MethodKind, OriginalError};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Store, file, found, rows};
use crate::Error;

/// Uses kept of each connection.
const USES_KEPT: u32 = 200;

/// Beside the locks of credentials, which are named by a connection's ID.
const KEY_FILE: &str = "token-cache";

/// How long before its end a token is renewed, unless it lives so short that this would be much of
/// its life.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_secs(300);

/// A token as it lies in the store, sealed.
#[derive(Debug)]
pub(crate) struct SealedToken {
    pub(crate) sealed: Vec<u8>,
    /// By the clock of the service.
    pub(crate) expires_at: Timestamp,
    /// By the clock of this computer.
    pub(crate) fetched_at: Timestamp,
    /// From then on.
    pub(crate) life: SignedDuration,
}

impl SealedToken {
    /// Whether it is not yet due for renewal. It is not trusted when the clock says that it was
    /// fetched in the future: the clock was ahead then, or is behind now, and nobody knows how much
    /// of its life is left.
    pub(crate) fn is_good(&self, now: Timestamp) -> bool {
        let renew_at = self.fetched_at + (self.life - RENEW_BEFORE.min(self.life / 10));
        (self.fetched_at..renew_at).contains(&now)
    }

    /// How much of its life is left.
    pub(crate) fn life_left(&self, now: Timestamp) -> Duration {
        let left = self.life - now.duration_since(self.fetched_at);
        left.max(SignedDuration::ZERO).unsigned_abs()
    }
}

/// Until when no token is asked for, and why. Both moments are by the clock of this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) asked_at: Timestamp,
    pub(crate) until: Timestamp,
    /// How often it was refused in a row.
    pub(crate) times: u32,
    pub(crate) reason: WaitReason,
    /// What the service said.
    pub(crate) original: Option<Box<OriginalError>>,
}

/// Why to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WaitReason {
    /// The service asked to.
    Throttled,
    /// The service had a problem of its own.
    Unavailable,
    /// Only a person can help; asking again at once would look like an attack.
    NeedsSignIn,
    /// The same, where it is an application that gets no token.
    ApplicationRefused,
    /// The same, where consent is what is missing.
    ConsentMissing,
}

/// One token, or the client secret itself, that was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// When.
    pub at: Timestamp,
    /// The program that asked, as far as the operating system names it.
    pub program: String,
    /// For which scope; [`crate::CLIENT_SECRET`] where it was the secret.
    pub scope: String,
}

impl Store {
    /// A connection by the key of its name ([`model::ConnectionName::key`]).
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn find(&self, key: String) -> Result<Connection, Error> {
        self.read(move |db| rows::find(db, &key)).await
    }

    /// Lets scripts use a connection, or no longer; then they may not have its secret either.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn let_scripts_use(&self, id: ConnectionId, yes: bool) -> Result<(), Error> {
        self.write(move |db| {
            let sql = "UPDATE connections SET scripts_may_use = ?2, \
                       scripts_may_have_secret = scripts_may_have_secret AND ?2 WHERE id = ?1";
            found(db.execute(sql, params![id.to_string(), yes])?)?;
            if !yes {
                db.execute(
                    "DELETE FROM token_cache WHERE connection = ?1",
                    [id.to_string()],
                )?;
            }
            Ok(())
        })
        .await
    }

    /// Lets scripts have the client secret itself, or no longer.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NoClientSecret`] and [`Error::ScriptsMayNot`] when it is to be
    /// allowed.
    pub(crate) async fn let_scripts_have_secret(
        &self,
        id: ConnectionId,
        yes: bool,
    ) -> Result<(), Error> {
        self.write(move |db| {
            let connection = rows::get(db, id)?;
            if yes && connection.method.kind() == MethodKind::OAuth {
                return Err(Error::NoClientSecret.into());
            }
            if yes && !connection.scripts_may_use {
                return Err(Error::ScriptsMayNot.into());
            }
            let sql = "UPDATE connections SET scripts_may_have_secret = ?2 WHERE id = ?1";
            found(db.execute(sql, params![id.to_string(), yes])?)
        })
        .await
    }

    /// The token that is kept for a scope.
    pub(crate) async fn token(
        &self,
        id: ConnectionId,
        scope: &str,
    ) -> Result<Option<SealedToken>, Error> {
        let scope = scope.to_owned();
        self.read(move |db| {
            let sql =
                "SELECT sealed, expires_at, fetched_at, life_s FROM token_cache WHERE connection = ?1 AND scope = ?2";
            let read = |row: &rusqlite::Row<'_>| {
                Ok(SealedToken {
                    sealed: row.get(0)?,
                    expires_at: rows::parsed(row, 1)?,
                    fetched_at: rows::parsed(row, 2)?,
                    life: SignedDuration::from_secs(row.get(3)?),
                })
            };
            Ok(db.prepare_cached(sql)?.query_row(params![id.to_string(), scope], read).optional()?)
        })
        .await
    }

    /// Keeps a token; it takes the place of the one before.
    /// Not if scripts may no longer use the connection.
    pub(crate) async fn keep_token(
        &self,
        id: ConnectionId,
        scope: &str,
        token: SealedToken,
    ) -> Result<(), Error> {
        let scope = scope.to_owned();
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO token_cache (connection, scope, sealed, expires_at, fetched_at, life_s) \
                       SELECT ?1, ?2, ?3, ?4, ?5, ?6 FROM connections WHERE id = ?1 AND scripts_may_use";
            let (expires_at, fetched_at) = (token.expires_at.to_string(), token.fetched_at.to_string());
            let life = token.life.as_secs();
            db.execute(sql, params![id.to_string(), scope, token.sealed, expires_at, fetched_at, life])?;
            Ok(())
        })
        .await
    }

    /// Until when no token of this version of the credential is asked for.
    pub(crate) async fn wait_of(
        &self,
        id: ConnectionId,
        version: u32,
    ) -> Result<Option<Wait>, Error> {
        self.read(move |db| {
            let sql =
                "SELECT asked_at, until, times, reason, original FROM waits WHERE connection = ?1 AND version = ?2";
            let read = |row: &rusqlite::Row<'_>| {
                Ok(Wait {
                    asked_at: rows::parsed(row, 0)?,
                    until: rows::parsed(row, 1)?,
                    times: row.get(2)?,
                    reason: rows::from_json_word(row, 3)?,
                    original: rows::from_json(row, 4)?,
                })
            };
            Ok(db.query_row(sql, params![id.to_string(), version], read).optional()?)
        })
        .await
    }

    /// Remembers until when to wait, or that there is nothing to wait for.
    pub(crate) async fn set_wait(
        &self,
        id: ConnectionId,
        version: u32,
        wait: Option<Wait>,
    ) -> Result<(), Error> {
        self.write(move |db| {
            match wait {
                Some(wait) => {
                    let sql = "INSERT OR REPLACE INTO waits (connection, version, asked_at, until, times, reason, original) \
                               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                    let (asked_at, until) = (wait.asked_at.to_string(), wait.until.to_string());
                    let (reason, original) = (rows::word(&wait.reason)?, rows::json(&wait.original)?);
                    db.execute(sql, params![id.to_string(), version, asked_at, until, wait.times, reason, original])
                }
                None => db.execute("DELETE FROM waits WHERE connection = ?1", [id.to_string()]),
            }?;
            Ok(())
        })
        .await
    }

    /// Writes down that a token was handed out. The last 200 of each connection are kept.
    ///
    /// This one write may be lost in a power cut: a script should not wait for the disk to learn a
    /// token it already has. Where nothing can be written, a token that is kept is still of use.
    pub(crate) async fn record_use(&self, id: ConnectionId, used: Use) -> Result<(), Error> {
        if self.require_writable().is_err() {
            return Ok(());
        }
        self.write_relaxed(move |db| {
            let id = id.to_string();
            let sql = "INSERT INTO uses (connection, used_at, program, scope) VALUES (?1, ?2, ?3, ?4)";
            db.prepare_cached(sql)?.execute(params![id, used.at.to_string(), used.program, used.scope])?;
            let sql = "DELETE FROM uses WHERE connection = ?1 AND id <= \
                       (SELECT id FROM uses WHERE connection = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
            db.prepare_cached(sql)?.execute(params![id, USES_KEPT])?;
            Ok(())
        })
        .await
    }

    /// Who was handed a token, newest first.
    pub(crate) async fn uses(&self, id: ConnectionId, limit: u32) -> Result<Vec<Use>, Error> {
        self.read(move |db| {
            let sql = "SELECT used_at, program, scope FROM uses WHERE connection = ?1 ORDER BY id DESC LIMIT ?2";
            let mut query = db.prepare_cached(sql)?;
            let read = |row: &rusqlite::Row<'_>| {
                Ok(Use { at: rows::parsed(row, 0)?, program: row.get(1)?, scope: row.get(2)? })
            };
            let uses = query.query_map(params![id.to_string(), limit], read)?.collect::<Result<_, _>>()?;
            Ok(uses)
        })
        .await
    }

    /// The file whose lock is that of a connection's credential.
    pub(crate) async fn lock_file(&self, id: ConnectionId) -> Result<File, Error> {
        self.blocking(move |shared| {
            shared.require_writable()?;
            file::open_lock_of(&shared.folder, &id.to_string())
        })
        .await
    }

    /// The file whose lock is held by whoever makes the key of the kept tokens.
    pub(crate) async fn key_file(&self) -> Result<File, Error> {
        self.blocking(|shared| {
            shared.require_writable()?;
            file::open_lock_of(&shared.folder, KEY_FILE)
        })
        .await
    }

    /// Removes the file of a lock. Whoever still waits for it finds that the connection is gone.
    pub(crate) async fn forget_lock(&self, id: ConnectionId) -> Result<(), Error> {
        self.blocking(move |shared| {
            // A file that stays behind holds nothing and stands in nobody's way.
            let _ = std::fs::remove_file(file::lock_path(&shared.folder, id));
            Ok(())
        })
        .await
    }

    /// That a file of the store cannot be written.
    pub(crate) fn unwritable(&self, error: io::Error) -> Error {
        Error::StoreUnwritable {
            path: self.shared.folder.clone(),
            source: Some(error),
        }
    }
}
