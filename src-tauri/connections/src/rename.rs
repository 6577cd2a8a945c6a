//! Another name for a connection that is there: its secret gets an item of that name.

use jiff::Timestamp;
use model::{Connection, ConnectionId};

use crate::{Connections, Error, form::parse_name, journal};

impl Connections {
    /// Gives a connection another name; everything else stays. Its secret gets an item of that name
    /// in the keychain, in the same step. Whoever uses the connection by its old name finds none
    /// from then on.
    ///
    /// # Errors
    /// Names what is wrong with the name, or says that it is taken; what the keychain says. Then
    /// nothing has changed.
    pub async fn rename(&self, id: ConnectionId, name: &str) -> Result<Connection, Error> {
        let name = parse_name(name)?;
        let _mine = self.lock_credential(id).await?;
        if self.get(id).await?.name == name {
            return self.get(id).await;
        }
        self.store().name_free_for(id, &name).await?;
        match journal::open(self.store(), self.keychain(), id).await {
            Ok((_, secret)) => {
                journal::rename(self.store(), self.keychain(), id, &secret, name).await?
            }
            // There is no secret to be named.
            Err(Error::Keychain(error)) if error.is_loss() => {
                self.store().rename(id, name, Timestamp::now()).await?;
            }
            Err(error) => return Err(error),
        }
        self.get(id).await
    }
}
