//! Deleting a connection: at once, or so that it can be undone for a while.

use std::time::Duration;

use jiff::Timestamp;
use model::{Connection, ConnectionId};
use tokio::task::JoinHandle;

use crate::{Connections, Error, journal, secret_removal::SecretRemoval, store::Deletion};

impl Connections {
    /// Deletes a connection in two steps: it is out of sight at once, and for as long as `undo_for`
    /// it can be brought back with [`Self::undo_delete`]. After that it is removed with its secret,
    /// also when this program ends before that: then whoever opens the connections next makes an
    /// end of it. The task that is returned waits for that and knows what became of the secret;
    /// `None` when the connection was brought back, or could not be removed yet.
    ///
    /// # Errors
    /// When there is no such connection, it is in use for longer than anyone should wait, or the
    /// store fails.
    pub async fn delete(
        &self,
        id: ConnectionId,
        undo_for: Duration,
    ) -> Result<JoinHandle<Option<SecretRemoval>>, Error> {
        // A refresh token that is being exchanged at this moment is kept first.
        let _mine = self.lock_credential(id).await?;
        let deletion = self.store().set_aside(id, Timestamp::now()).await?;
        let connections = self.clone();
        Ok(tokio::spawn(async move {
            tokio::time::sleep(undo_for).await;
            connections
                .end_deletion(deletion)
                .await
                .unwrap_or_else(|error| {
                    tracing::warn!(%error, "a deleted connection is removed at the next start");
                    None
                })
        }))
    }

    /// Brings a deleted connection back, with its secret, its reports, and what scripts may do with
    /// it. If its name was given to another one meanwhile, it gets a number.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is too late.
    pub async fn undo_delete(&self, id: ConnectionId) -> Result<Connection, Error> {
        let connection = self.store().bring_back(id).await?;
        self.watches_changed().notify_one();
        Ok(connection)
    }

    async fn end_deletion(&self, deletion: Deletion) -> Result<Option<SecretRemoval>, Error> {
        let id = deletion.connection;
        let removal = journal::end_deletion(self.store(), self.keychain(), deletion).await?;
        if removal.is_some() {
            self.store().forget_lock(id).await?;
        }
        Ok(removal)
    }

    /// Removes a connection and its secret at once, and says what became of the secret. When the
    /// keychain does not answer, or is not the one that keeps it, the connection is gone from the
    /// list and the secret is removed later.
    ///
    /// # Errors
    /// When there is no such connection, or the store fails.
    pub async fn remove(&self, id: ConnectionId) -> Result<SecretRemoval, Error> {
        let _mine = self.lock_credential(id).await?;
        let connection = self.get(id).await?;
        let removal = journal::remove(self.store(), self.keychain(), &connection).await?;
        self.store().forget_lock(id).await?;
        Ok(removal)
    }
}
