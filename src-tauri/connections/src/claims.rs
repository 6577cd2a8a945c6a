//! What the next sign-in of a connection has to be asked for: the claims with which the login host
//! or Graph refused. They are kept in the store, since the refusal may come to one program and the
//! sign-in be made in another.

use entra::ClaimsChallenge;
use model::ConnectionId;

use crate::Connections;

impl Connections {
    /// Keeps the claims for the next sign-in. That they could not be kept makes no answer worse.
    pub(crate) async fn remember_claims(&self, id: ConnectionId, claims: &ClaimsChallenge) {
        if let Err(error) = self.store().keep_claims(id, claims.as_str()).await {
            tracing::warn!(%error, "what the next sign-in is to be asked for could not be kept");
        }
    }

    /// The claims that a sign-in now has to be asked for, if there are any.
    pub(crate) async fn claims_for_sign_in(&self, id: ConnectionId) -> Option<ClaimsChallenge> {
        let kept = self.store().claims(id).await.ok().flatten();
        kept.as_deref().and_then(ClaimsChallenge::parse)
    }

    /// Forgets them, once a sign-in has answered them.
    pub(crate) async fn forget_claims(&self, id: ConnectionId) {
        if self.claims_for_sign_in(id).await.is_some()
            && let Err(error) = self.store().forget_claims(id).await
        {
            tracing::warn!(%error, "what a sign-in was asked for could not be forgotten");
        }
    }
}
