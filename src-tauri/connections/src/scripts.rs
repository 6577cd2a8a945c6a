//! Which connections scripts may use, and who was handed what.

use jiff::Timestamp;
use model::ConnectionId;

use crate::{Connections, Error, Use};

/// The longest name of a program that is written down, in characters.
const MAX_PROGRAM_LENGTH: usize = 200;

impl Connections {
    /// Lets scripts use a connection, or no longer; then its kept tokens are forgotten, and scripts
    /// may not have its secret either.
    ///
    /// # Errors
    /// When there is no such connection, or the store fails.
    pub async fn let_scripts_use(&self, id: ConnectionId, yes: bool) -> Result<(), Error> {
        self.store().let_scripts_use(id, yes).await
    }

    /// Lets scripts have the client secret of a connection, or no longer. What a script has by
    /// then, it keeps.
    ///
    /// # Errors
    /// When it is to be allowed: [`Error::NoClientSecret`] for a connection by OAuth;
    /// [`Error::ScriptsMayNot`] unless scripts may use the connection. Otherwise when there is no
    /// such connection, or the store fails.
    pub async fn let_scripts_have_secret(&self, id: ConnectionId, yes: bool) -> Result<(), Error> {
        self.store().let_scripts_have_secret(id, yes).await
    }

    /// Who was handed a token or the secret of a connection, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn uses(&self, id: ConnectionId, limit: u32) -> Result<Vec<Use>, Error> {
        self.store().uses(id, limit).await
    }

    /// Writes down who was handed what.
    pub(crate) async fn write_down(
        &self,
        id: ConnectionId,
        program: &str,
        scope: &str,
    ) -> Result<(), Error> {
        let program = program
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_PROGRAM_LENGTH)
            .collect();
        self.store()
            .record_use(
                id,
                Use {
                    at: Timestamp::now(),
                    program,
                    scope: scope.to_owned(),
                },
            )
            .await
    }
}
