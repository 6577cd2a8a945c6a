//! A fresh token of a saved connection, whoever wants it: a watch for consent or a script.

use entra::{AccessToken, ClaimsChallenge, Cloud};
use model::{Connection, ConnectionId, Method, Tenant};
use secrecy::SecretString;

use crate::{
    Connections, Error, journal,
    run::{NEW_TOKEN, not_kept},
};

/// A token, and what came with it.
pub(crate) struct Fresh {
    pub(crate) access: AccessToken,
    /// The permissions that the server named beside it; `None` where it named none.
    pub(crate) granted: Option<Vec<String>>,
    /// Why the refresh token that came with it is not kept, as a sentence.
    pub(crate) not_kept: Option<String>,
}

impl Connections {
    /// Asks for a token as the connection, with the claims that Graph wants to see in it. A refresh
    /// token that comes with it is kept before the token is given on; where it cannot be kept, the
    /// token is given on all the same.
    ///
    /// The caller has the turn with the connection's credential.
    pub(crate) async fn fresh_token(
        &self,
        connection: &Connection,
        cloud: &Cloud,
        secret: &SecretString,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<Fresh, Error> {
        let fresh = self
            .ask_for_token(connection, cloud, secret, claims)
            .await?;
        self.forget_refusal(connection).await;
        Ok(fresh)
    }

    async fn ask_for_token(
        &self,
        connection: &Connection,
        cloud: &Cloud,
        secret: &SecretString,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<Fresh, Error> {
        let http = self.http().await?;
        match &connection.method {
            Method::AppRegistration {
                client_id,
                tenant_id,
                ..
            } => {
                let tenant = Tenant::Id(*tenant_id);
                let access =
                    entra::client_credentials_with(http, cloud, &tenant, client_id, secret, claims)
                        .await?;
                Ok(Fresh {
                    access,
                    granted: None,
                    not_kept: None,
                })
            }
            Method::OAuth {
                client_id, account, ..
            } => {
                let home = Tenant::Id(account.tenant_id);
                let refreshed = match entra::refresh_with(
                    http, cloud, &home, client_id, secret, claims,
                )
                .await
                {
                    Ok(refreshed) => refreshed,
                    Err(error) => {
                        if let Some(asked) = error.claims_challenge() {
                            self.remember_claims(connection.id, asked).await;
                        }
                        return Err(error.into());
                    }
                };
                let granted = (!refreshed.granted.is_empty()).then_some(refreshed.granted);
                let kept = match &refreshed.refresh {
                    Some(token) => {
                        self.keep_rotated(connection.id, &connection.method, token, granted.clone())
                            .await
                    }
                    None => Ok(()),
                };
                Ok(Fresh {
                    access: refreshed.access,
                    granted,
                    not_kept: not_kept(NEW_TOKEN, kept)?,
                })
            }
        }
    }

    /// Keeps the refresh token that took the place of the one before, with what was granted by now.
    /// Where the server did not say, what it said last still holds.
    pub(crate) async fn keep_rotated(
        &self,
        id: ConnectionId,
        method: &Method,
        token: &SecretString,
        granted: Option<Vec<String>>,
    ) -> Result<(), Error> {
        let mut method = method.clone();
        if let (Method::OAuth { granted: kept, .. }, Some(granted)) = (&mut method, granted) {
            *kept = granted;
        }
        let kept = journal::rotate(self.store(), self.keychain(), id, token, method).await;
        kept.inspect_err(|error| tracing::warn!(%error, "the new token of a sign-in is not kept"))
    }
}
