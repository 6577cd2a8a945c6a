//! What proves who a connection is, and the token that it is issued: for a check, a watch, a call or
//! a script.

use entra::{AccessToken, ClaimsChallenge, Cloud, Http, TokenClaims};
use model::{Account, ClientId, Method, PermissionKind, Tenant};
use secrecy::SecretString;

/// What proves who the connection is.
pub(crate) enum Credential {
    /// Client ID and client secret of an app registration.
    ClientSecret {
        client_id: ClientId,
        tenant: Tenant,
        secret: SecretString,
    },
    /// The refresh token of a person who signed in.
    RefreshToken {
        client_id: ClientId,
        account: Account,
        token: SecretString,
    },
}

/// A token, and what came with it.
pub(crate) struct IssuedToken {
    pub(crate) access: AccessToken,
    /// What can be read in the token.
    pub(crate) claims: Option<TokenClaims>,
    /// The permissions that the server named beside it; `None` where it named none, as for every
    /// app registration.
    pub(crate) granted: Option<Vec<String>>,
    /// The refresh token that takes the place of the one that was used.
    pub(crate) rotated: Option<Rotated>,
}

/// What a refresh brought that has to be kept.
#[derive(Clone)]
pub(crate) struct Rotated {
    pub(crate) token: SecretString,
    /// The permissions that the server named; empty where it named none.
    pub(crate) granted: Vec<String>,
}

impl Credential {
    /// The credential of a saved connection, with its secret from the keychain.
    pub(crate) fn of(method: &Method, secret: SecretString) -> Self {
        match method {
            Method::AppRegistration {
                client_id,
                tenant_id,
                ..
            } => Self::ClientSecret {
                client_id: *client_id,
                tenant: Tenant::Id(*tenant_id),
                secret,
            },
            Method::OAuth {
                client_id, account, ..
            } => Self::RefreshToken {
                client_id: *client_id,
                account: account.clone(),
                token: secret,
            },
        }
    }

    pub(crate) fn client_id(&self) -> ClientId {
        match self {
            Self::ClientSecret { client_id, .. } | Self::RefreshToken { client_id, .. } => {
                *client_id
            }
        }
    }

    /// The tenant that is asked for tokens.
    pub(crate) fn tenant(&self) -> Tenant {
        match self {
            Self::ClientSecret { tenant, .. } => tenant.clone(),
            Self::RefreshToken { account, .. } => Tenant::Id(account.tenant_id),
        }
    }

    /// The person who signed in, if one did.
    pub(crate) fn account(&self) -> Option<&Account> {
        match self {
            Self::ClientSecret { .. } => None,
            Self::RefreshToken { account, .. } => Some(account),
        }
    }

    /// Asks for a token, with the claims that Graph wants to see in it. `rotated` takes the place of
    /// the refresh token that was exchanged a moment ago. Nothing is kept.
    ///
    /// # Errors
    /// What the login host refuses with, or why it cannot be reached.
    pub(crate) async fn issue_token(
        &self,
        http: &Http,
        cloud: &Cloud,
        claims: Option<&ClaimsChallenge>,
        rotated: Option<&Rotated>,
    ) -> Result<IssuedToken, entra::Error> {
        let tenant = self.tenant();
        match self {
            Self::ClientSecret {
                client_id, secret, ..
            } => {
                let access =
                    entra::client_credentials(http, cloud, &tenant, client_id, secret, claims)
                        .await?;
                Ok(IssuedToken {
                    claims: access.claims(),
                    access,
                    granted: None,
                    rotated: None,
                })
            }
            Self::RefreshToken {
                client_id, token, ..
            } => {
                let token = rotated.map_or(token, |rotated| &rotated.token);
                let refreshed =
                    entra::refresh(http, cloud, &tenant, client_id, token, claims).await?;
                let granted = refreshed.granted;
                let rotated = refreshed.refresh.map(|token| Rotated {
                    token,
                    granted: granted.clone(),
                });
                Ok(IssuedToken {
                    claims: refreshed.access.claims(),
                    access: refreshed.access,
                    granted: Some(granted).filter(|names| !names.is_empty()),
                    rotated,
                })
            }
        }
    }
}

impl IssuedToken {
    /// The permissions of the token: the response's word goes before what can be read in the token
    /// itself. `None` when neither says anything.
    pub(crate) fn permissions(&self, kind: PermissionKind) -> Option<Vec<String>> {
        let claims = self.claims.as_ref();
        match kind {
            PermissionKind::Application => claims.map(|claims| claims.roles.clone()),
            PermissionKind::Delegated => self
                .granted
                .clone()
                .or_else(|| claims.map(|claims| claims.scopes.clone())),
        }
    }

    /// Whether the token carries one of these; `None` when it cannot be read.
    pub(crate) fn holds_any(&self, kind: PermissionKind, names: &[&str]) -> Option<bool> {
        let held = self.permissions(kind)?;
        let is_held = |name: &&str| held.iter().any(|held| held.eq_ignore_ascii_case(name));
        Some(names.iter().any(is_held))
    }
}
