//! What is done with a connection that exists: editing what may change, removing it, and tidying up
//! at the keychain.

use std::time::Duration;

use jiff::Timestamp;
use keychain::{Keychain, SelfTest, Unlock};
use model::{Connection, ConnectionId, Method, Need, Status};
use tokio::task::JoinHandle;

use crate::{
    Connections, Error,
    form::{parse_date, parse_description, parse_need, parse_tags},
    journal::{self, SecretRemoval},
    store::Deletion,
};

/// What may be edited after creation. The name is fixed, and a credential has ways of its own.
#[derive(Debug)]
pub struct Edit {
    /// Free text.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// The day on which the client secret expires, `yyyy-mm-dd`; `None` for OAuth.
    pub secret_expires_on: Option<String>,
    /// How much it is meant to do.
    pub need: Need,
}

impl Connections {
    /// Changes the description, the tags, the expiry date, and what the connection is meant to do.
    /// Its last test was judged by that, so another choice asks for a new one.
    ///
    /// # Errors
    /// When there is no such connection, the date or the choice cannot be read, or the store fails.
    pub async fn edit(&self, id: ConnectionId, edit: &Edit) -> Result<Connection, Error> {
        let mut connection = self.get(id).await?;
        connection.description = parse_description(&edit.description)?;
        connection.tags = parse_tags(&edit.tags)?;
        connection.updated_at = Timestamp::now();
        if let Method::AppRegistration {
            secret_expires_on, ..
        } = &mut connection.method
        {
            *secret_expires_on = parse_date(edit.secret_expires_on.as_deref())?;
        }
        let need = parse_need(
            edit.need.clone(),
            connection.integration,
            connection.method.permission_kind(),
        )?;
        if need != connection.need {
            (connection.need, connection.status) = (need, Status::NeverTested);
        }
        self.store().update_facts(&connection).await?;
        Ok(connection)
    }

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

    /// Opens the keychain's own prompt, for the collection that new secrets go to and for those
    /// that keep the connections'.
    ///
    /// # Errors
    /// When there is no keychain or no collection, or the store cannot be read.
    pub async fn unlock_keychain(&self) -> Result<Unlock, Error> {
        let places = self.store().places().await?;
        let unlocked = self.keychain().unlock(&places).await?;
        // Looks that were refused by the locked keychain may ask again.
        self.watches_changed().notify_one();
        Ok(unlocked)
    }

    /// Removes from the keychain what earlier changes left there; returns how many secrets are
    /// still to be removed. This is the only part of starting up that asks the keychain, so it runs
    /// after the list is shown.
    ///
    /// # Errors
    /// When the store fails. A keychain that does not answer is no error: what is left stays in the
    /// journal.
    pub async fn tidy_keychain(&self) -> Result<usize, Error> {
        journal::tidy(
            self.store(),
            &self.keychain().with_deadline(Keychain::BACKGROUND_TIMEOUT),
        )
        .await
    }

    /// Writes, reads and removes an item of its own in the keychain; says what was done.
    ///
    /// # Errors
    /// Says what the keychain said.
    pub async fn test_keychain(&self) -> Result<SelfTest, Error> {
        let tested = self.keychain().self_test().await?;
        Ok(tested)
    }
}
