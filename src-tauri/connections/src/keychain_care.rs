//! What is done with the keychain as a whole: unlocking it, tidying it up, trying it.

use keychain::{Keychain, SelfTest, Unlock};

use crate::{Connections, Error, journal, store_cipher::StoreCipher};

impl Connections {
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

    /// Removes from the keychain what earlier changes left there, and moves into it what it had no
    /// room for; returns how many secrets are still to be removed. This is the only part of starting up that asks the keychain, so it runs
    /// after the list is shown.
    ///
    /// # Errors
    /// When the store fails. A keychain that does not answer is no error: what is left stays in the
    /// journal.
    pub async fn tidy_keychain(&self) -> Result<usize, Error> {
        let keychain = self.keychain().with_deadline(Keychain::BACKGROUND_TIMEOUT);
        let pending = journal::tidy(self.store(), &keychain).await?;
        if let Err(error) = self.move_sealed_secrets(&keychain).await {
            tracing::info!(%error, "sealed secrets stay in the store");
        }
        Ok(pending)
    }

    /// Moves the sealed secrets into the keychain, each for which there is room.
    async fn move_sealed_secrets(&self, keychain: &Keychain) -> Result<(), Error> {
        if !self.store().has_sealed_secrets().await? {
            return Ok(());
        }
        for connection in self.store().list().await? {
            if !connection.sealed {
                continue;
            }
            let _mine = self.lock_credential(connection.id).await?;
            match journal::move_to_keychain(self.store(), keychain, &connection).await {
                Ok(()) | Err(Error::NotFound) => {}
                // Only this one has no room or cannot be read.
                Err(Error::Keychain(error)) if error.is_without_room() || error.is_loss() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Removes the key of what is sealed from the keychain, when there is no connection left whose
    /// tokens or secret it could open; says whether it did.
    ///
    /// # Errors
    /// When the store cannot be read, or the keychain does not remove it.
    pub async fn remove_unused_key(&self) -> Result<bool, Error> {
        StoreCipher::remove_unused(self.store(), self.keychain()).await
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
