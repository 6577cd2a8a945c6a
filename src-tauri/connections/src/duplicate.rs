//! A connection like another one, with a copy of its secret, which never leaves this crate.

use jiff::Timestamp;
use model::{Connection, ConnectionId, ConnectionName, Method};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::{
    Connections, Error,
    form::{parse_description, parse_name, parse_tags, refuse_shown},
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
            return Err(Error::invalid(
                "Method",
                "a sign-in cannot be copied; sign in for the new connection",
            ));
        }
        let (original, secret) = journal::open(self.store(), self.keychain(), id).await?;
        // What was typed is looked at, and not what is left of it after it was cut.
        refuse_shown(
            secret.expose_secret(),
            &copy.name,
            &copy.description,
            &copy.tags,
        )?;
        let id = ConnectionId::new(Uuid::now_v7());
        let new = Connection::new(
            id,
            name,
            original.integration,
            original.cloud,
            original.method,
            Timestamp::now(),
        );
        // What is known of the secret goes with it; what scripts may do, and what was proved, does
        // not.
        let connection = Connection {
            need: original.need,
            tenant_name: original.tenant_name,
            secret_expires_at: original.secret_expires_at,
            secret_expired: original.secret_expired,
            description,
            tags,
            ..new
        };
        journal::create(self.store(), self.keychain(), &connection, &secret).await?;
        self.get(connection.id).await
    }
}
