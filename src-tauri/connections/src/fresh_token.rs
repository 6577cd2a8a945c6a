//! A fresh token of a saved connection, whoever wants it: a watch for consent, a call or a script.

use entra::{ClaimsChallenge, Cloud};
use model::{Connection, ConnectionId, Method};
use secrecy::SecretString;

use crate::{
    Connections, Error,
    credential::{Credential, IssuedToken, Rotated},
    journal,
    not_kept::{NEW_TOKEN, not_kept},
};

/// A token, and what could not be kept.
pub(crate) struct FreshToken {
    pub(crate) issued: IssuedToken,
    /// Why the refresh token that came with it is not kept, as a sentence.
    pub(crate) not_kept: Option<String>,
}

impl Connections {
    /// Asks for a token as the connection, with the claims that Graph wants to see in it. A refresh
    /// token that comes with it is kept before the token is given on; where it cannot be kept, the
    /// token is given on all the same.
    ///
    /// The caller holds the lock of the connection's credential.
    ///
    /// # Errors
    /// What the login host refuses with; [`Error::NotFound`] when the connection is gone.
    pub(crate) async fn fresh_token(
        &self,
        connection: &Connection,
        cloud: &Cloud,
        secret: &SecretString,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<FreshToken, Error> {
        let credential = Credential::of(&connection.method, secret.clone());
        let issued = credential
            .issue_token(self.http().await?, cloud, claims, None)
            .await;
        if let (Err(error), Some(_)) = (&issued, credential.account())
            && let Some(asked) = error.claims_challenge()
        {
            self.remember_claims(connection.id, asked).await;
        }
        let mut issued = issued?;
        let kept = match issued.rotated.take() {
            Some(rotated) => {
                self.keep_rotated(connection.id, &connection.method, &rotated)
                    .await
            }
            None => Ok(()),
        };
        let not_kept = not_kept(NEW_TOKEN, kept)?;
        self.forget_refusal(connection).await;
        Ok(FreshToken { issued, not_kept })
    }

    /// Keeps the refresh token that took the place of the one before, with what was granted by now.
    /// Where the server did not say, what it said last still holds.
    pub(crate) async fn keep_rotated(
        &self,
        id: ConnectionId,
        method: &Method,
        rotated: &Rotated,
    ) -> Result<(), Error> {
        let mut method = method.clone();
        if let Method::OAuth { granted, .. } = &mut method
            && !rotated.granted.is_empty()
        {
            granted.clone_from(&rotated.granted);
        }
        let kept = journal::rotate(self.store(), self.keychain(), id, &rotated.token, method).await;
        kept.inspect_err(|error| tracing::warn!(%error, "the new token of a sign-in is not kept"))
    }
}
