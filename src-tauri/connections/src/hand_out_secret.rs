//! Handing out the client secret itself, for programs that can do with nothing less.
//!
//! It is a permission of its own, beside that for tokens, and off until a person gives it. A
//! refresh token is never handed out: it stands for a person, and the next one that uses it would
//! make it worthless for this program.

use model::{ClientId, Connection, ConnectionId, Method, TenantId};
use secrecy::SecretString;
use url::Url;

use crate::{Connections, Error, journal};

/// What [`crate::Use::scope`] says where the secret was handed out.
pub const CLIENT_SECRET: &str = "client secret";

/// The cloud that programs take for granted.
const GLOBAL: &str = "global";

/// A client secret that is handed out, with what else a program needs to use it.
#[derive(Debug)]
pub struct HandedOutSecret {
    /// The application's ID.
    pub client_id: ClientId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The client secret.
    pub secret: SecretString,
    /// The login host, unless it is that of the global cloud, which programs take for granted.
    pub authority: Option<Url>,
}

impl Connections {
    /// Hands out the client secret and writes down who got it, before that.
    ///
    /// # Errors
    /// [`Error::NoClientSecret`] for a connection by OAuth; [`Error::ScriptsMayNot`] and
    /// [`Error::SecretNotAllowed`] unless a person has allowed both; what the keychain says.
    pub async fn hand_out_secret(
        &self,
        id: ConnectionId,
        program: &str,
    ) -> Result<HandedOutSecret, Error> {
        let connection = self.get(id).await?;
        refuse_without_permission(&connection)?;
        // The secret itself goes to nobody without a word in the list of uses.
        self.store().require_writable()?;
        let cloud = self.cloud(&connection.cloud)?;
        let (connection, secret) = journal::open(self.store(), self.keychain(), id).await?;
        // The keychain may have asked a person for a while, and somebody may have taken the
        // permission back meanwhile.
        refuse_without_permission(&self.get(id).await?)?;
        self.write_down(id, program, CLIENT_SECRET).await?;
        let (client_id, tenant_id) = (connection.method.client_id(), connection.method.tenant_id());
        let authority = (cloud.id.as_str() != GLOBAL).then_some(cloud.login);
        Ok(HandedOutSecret {
            client_id,
            tenant_id,
            secret,
            authority,
        })
    }
}

fn refuse_without_permission(connection: &Connection) -> Result<(), Error> {
    if matches!(connection.method, Method::OAuth { .. }) {
        return Err(Error::NoClientSecret);
    }
    match (
        connection.scripts_may_use,
        connection.scripts_may_have_secret,
    ) {
        (true, true) => Ok(()),
        (true, false) => Err(Error::SecretNotAllowed),
        (false, _) => Err(Error::ScriptsMayNot),
    }
}
