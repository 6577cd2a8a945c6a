//! A connection like another one, and another name for one that is there. A secret goes from one
//! item of the keychain to another in here, and nowhere else.

use jiff::Timestamp;
use model::{Connection, ConnectionId, ConnectionName, Method, Status};
use secrecy::ExposeSecret;

use crate::{
    Connections, Error,
    form::{invalid, parse_description, parse_name, parse_tags, refuse_shown},
    journal,
};

/// What a copy of a connection has of its own.
#[derive(Debug)]
pub struct Copy {
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
}

impl Connections {
    /// A name for a copy of a connection: the original's with a number.
    ///
    /// # Errors
    /// When there is no such connection, or the store fails.
    pub async fn suggest_copy_name(&self, id: ConnectionId) -> Result<ConnectionName, Error> {
        let name = self.get(id).await?.name;
        let taken = self.store().list().await?;
        Ok(name.free_like(|name| taken.iter().any(|other| other.name.key() == name.key())))
    }

    /// Makes a connection like another one, with a copy of its client secret. Nothing is proved of
    /// it yet, and scripts may not use it until somebody allows it.
    ///
    /// # Errors
    /// Names the field that is wrong; a sign-in cannot be copied, because the server exchanges it
    /// as soon as one of the two uses it. What the keychain says when it does not give the secret
    /// or keep the copy. Nothing is left behind then.
    pub async fn duplicate(&self, id: ConnectionId, copy: &Copy) -> Result<Connection, Error> {
        let name = parse_name(&copy.name)?;
        let (description, tags) = (
            parse_description(&copy.description)?,
            parse_tags(&copy.tags)?,
        );
        self.require_free(&name).await?;
        if matches!(self.get(id).await?.method, Method::OAuth { .. }) {
            return Err(invalid(
                "Method",
                "a sign-in cannot be copied; sign in for the new connection",
            ));
        }
        let (original, secret) = journal::open(self.store(), self.keychain(), id).await?;
        refuse_shown(secret.expose_secret(), &copy.name, &description, &tags)?;
        let now = Timestamp::now();
        let connection = Connection {
            id: ConnectionId::new(uuid::Uuid::now_v7()),
            name,
            description,
            tags,
            created_at: now,
            updated_at: now,
            credential_version: 1,
            scripts_may_use: false,
            scripts_may_have_secret: false,
            status: Status::NeverTested,
            last_checked_at: None,
            not_tested: None,
            awaits_consent: false,
            ..original
        };
        self.keep_new(&connection, &secret).await?;
        Ok(connection)
    }

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
            Err(Error::Keychain(keychain::Error::Missing | keychain::Error::Damaged)) => {
                self.store().rename(id, name, Timestamp::now()).await?;
            }
            Err(error) => return Err(error),
        }
        self.get(id).await
    }
}
