//! Handing out access tokens to scripts, which never see the secret behind them.
//!
//! A token is kept sealed in the store until shortly before it expires, so that most askers are
//! served without a request. Whoever finds none takes the lock of the credential, looks again,
//! and only then asks the service: fifty programs that ask at once cause one request, and one that
//! dies on the way blocks nobody.

mod refusal;
mod scope;

use std::time::Duration;

use entra::ClaimsChallenge;
use jiff::{SignedDuration, Timestamp};
use model::{Connection, ConnectionId, ConnectionName, TenantId};
use secrecy::SecretString;

use crate::{
    Connections, Error, fresh_token::FreshToken, journal, not_kept::not_kept, store::SealedToken,
    store_cipher::StoreCipher,
};

/// How long to leave the service alone after a failure that passes, when it did not say.
const DEFAULT_WAIT: SignedDuration = SignedDuration::from_secs(60);

const TOKEN: &str = "It is not kept for the next one who asks";
const HAND_OUT: &str = "Who it was handed to is not written down";

/// Who asks for a token, and which one.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The program that asks, for the list of uses.
    pub program: &'a str,
    /// The scope; `None` means everything that is granted (`.default`).
    pub scope: Option<&'a str>,
    /// Whether a token that is kept will not do, because something was granted since.
    pub fresh: bool,
}

/// A token that is handed out.
#[derive(Debug)]
pub struct HandedOut {
    /// The access token.
    pub token: SecretString,
    /// When it expires, by the clock of the service where its answer told the time.
    pub expires_at: Timestamp,
    /// For how long it is good from now on, whatever this computer's clock says.
    pub life_left: Duration,
    /// The tenant that issued it.
    pub tenant_id: TenantId,
    /// The name of the connection.
    pub connection: ConnectionName,
    /// The scope that was asked for.
    pub scope: String,
    /// What could not be kept and why, such as a full disk, as a sentence: the refresh token that
    /// came with it, the token for the next one who asks, or who it was handed to.
    pub not_kept: Option<String>,
}

impl Connections {
    /// Hands out an access token and writes down who got it.
    ///
    /// # Errors
    /// [`Error::ScriptsMayNot`] unless scripts may use the connection; [`Error::Busy`]; what the
    /// keychain says; what the service refuses with, [`entra::Error::Throttled`] also while it has
    /// asked to wait.
    pub async fn hand_out(
        &self,
        id: ConnectionId,
        request: &Request<'_>,
    ) -> Result<HandedOut, Error> {
        self.hand_out_with(id, request, None).await
    }

    /// The same; a new token with the claims that Graph wants to see in it, where it has said so.
    pub(crate) async fn hand_out_with(
        &self,
        id: ConnectionId,
        request: &Request<'_>,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<HandedOut, Error> {
        let connection = self.get(id).await?;
        if !connection.scripts_may_use {
            return Err(Error::ScriptsMayNot);
        }
        let scope = self.scope(&connection, request.scope)?;
        let fresh = request.fresh || claims.is_some();
        let kept = if fresh {
            None
        } else {
            self.kept(&connection, &scope).await?
        };
        let mut handed_out = match kept {
            Some(kept) => kept,
            None => self.renew(&connection, scope, fresh, claims).await?,
        };
        // Whoever may have a token that is in hand gets it, whatever the disk says.
        let written = self
            .write_down(id, request.program, &handed_out.scope)
            .await;
        handed_out.not_kept = handed_out.not_kept.or(not_kept(HAND_OUT, written)?);
        Ok(handed_out)
    }

    /// The scope in full. Only Graph's own: a token for anything else would be of no use to a Graph
    /// connection.
    fn scope(&self, connection: &Connection, asked: Option<&str>) -> Result<String, Error> {
        let cloud = self.cloud(&connection.cloud)?;
        let everything = cloud.default_scope();
        match asked.map(str::trim) {
            None | Some("" | ".default") => Ok(everything),
            Some(asked) if scope::is_graph(&cloud, asked) => Ok(everything),
            Some(_) => {
                let problem = format!(
                    "This connection hands out tokens for Microsoft Graph only ({everything})."
                );
                Err(Error::invalid("Scope", problem))
            }
        }
    }

    /// The token that is kept, unless it is due for renewal or cannot be unsealed. A keychain whose
    /// person has just refused is not asked for anything else.
    async fn kept(&self, connection: &Connection, scope: &str) -> Result<Option<HandedOut>, Error> {
        let sealed = self.store().token(connection.id, scope).await?;
        let now = Timestamp::now();
        let Some(sealed) = sealed.filter(|sealed| sealed.is_good(now)) else {
            return Ok(None);
        };
        let seal = match StoreCipher::read(self.keychain()).await {
            Err(Error::Keychain(error)) if !is_refusal(&error) => {
                tracing::warn!(%error, "the key of the kept tokens cannot be read");
                None
            }
            seal => seal?,
        };
        let Some(seal) = seal else { return Ok(None) };
        let life_left = sealed.life_left(now);
        let token = seal.open(connection, scope, &sealed);
        Ok(token.map(|token| {
            handed_out(
                connection,
                scope.to_owned(),
                token,
                (sealed.expires_at, life_left),
            )
        }))
    }

    /// A new token for the person at the window. It is not kept: scripts may have no right to it.
    pub(crate) async fn token_in_person(
        &self,
        connection: &Connection,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<FreshToken, Error> {
        let opened = self.open_ahead(connection.id).await?;
        let _mine = self.lock_credential(connection.id).await?;
        self.ask(&self.get(connection.id).await?, opened, claims)
            .await
    }

    /// Asks the service, unless somebody else has done so by the time the lock is ours.
    async fn renew(
        &self,
        connection: &Connection,
        scope: String,
        fresh: bool,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<HandedOut, Error> {
        let opened = self.open_ahead(connection.id).await?;
        let _mine = self.lock_credential(connection.id).await?;
        let connection = self.get(connection.id).await?;
        // The secret is in hand: a key that cannot be read is no reason to do without a token.
        if !fresh
            && let Some(kept) = self
                .kept(&connection, &scope)
                .await
                .or_else(unless_of_keychain)?
        {
            return Ok(kept);
        }
        // The key is read while the service is asked.
        let (asked, seal) = tokio::join!(
            self.ask(&connection, opened, claims),
            StoreCipher::read(self.keychain())
        );
        self.keep(connection.id, scope, asked?, seal).await
    }

    /// Reads the secret before the lock is ours, so that a locked keychain asks its person while
    /// nobody waits behind us; and meanwhile makes what speaks to the service, which reads the
    /// certificates of the operating system.
    async fn open_ahead(&self, id: ConnectionId) -> Result<(Connection, SecretString), Error> {
        // Why that cannot be made is told when it is needed.
        let (opened, _http) = tokio::join!(
            journal::open(self.store(), self.keychain(), id),
            self.http()
        );
        opened
    }

    /// Asks the service, unless it has asked to be left alone. The caller holds the lock; `opened` is
    /// from before it, and still holds if the credential is of the same version.
    async fn ask(
        &self,
        connection: &Connection,
        opened: (Connection, SecretString),
        claims: Option<&ClaimsChallenge>,
    ) -> Result<FreshToken, Error> {
        self.obey_wait(connection).await?;
        let (connection, secret) = match opened {
            (before, secret) if before.credential_version == connection.credential_version => {
                (connection.clone(), secret)
            }
            _ => journal::open(self.store(), self.keychain(), connection.id).await?,
        };
        let cloud = self.cloud(&connection.cloud)?;
        match self.fresh_token(&connection, &cloud, &secret, claims).await {
            Ok(fresh) => Ok(fresh),
            // What is refused with those claims may be given without.
            Err(error) if claims.is_some() => Err(error),
            Err(error) => {
                self.remember_refusal(&connection, &error).await;
                Err(error)
            }
        }
    }

    /// Keeps a token for those who ask next. The refresh that brought it may have changed the
    /// credential's version.
    async fn keep(
        &self,
        id: ConnectionId,
        scope: String,
        fresh: FreshToken,
        seal: Result<Option<StoreCipher>, Error>,
    ) -> Result<HandedOut, Error> {
        let connection = self.get(id).await?;
        // Taken back while the service was asked: then nobody gets it.
        if !connection.scripts_may_use {
            return Err(Error::ScriptsMayNot);
        }
        let token = fresh.issued.access;
        let (fetched_at, life) = (Timestamp::now(), whole_seconds(token.expires_in));
        let expires_at = token.answered_at.unwrap_or(fetched_at) + life;
        let mut handed_out = handed_out(
            &connection,
            scope,
            token.secret().clone(),
            (expires_at, life.unsigned_abs()),
        );
        let key = match seal {
            Ok(Some(seal)) => Ok(seal),
            Ok(None) => StoreCipher::make(self.store(), self.keychain()).await,
            Err(error) => Err(error),
        };
        let seal = |key: StoreCipher| {
            key.seal(
                &connection,
                &handed_out.scope,
                token.secret(),
                (expires_at, fetched_at, life),
            )
        };
        let sealed: Result<SealedToken, Error> = key.and_then(seal);
        let kept = match sealed {
            Ok(sealed) => self.store().keep_token(id, &handed_out.scope, sealed).await,
            Err(error) => Err(error),
        };
        // A token in hand is worth more than one that is kept.
        handed_out.not_kept = fresh.not_kept.or(not_kept(TOKEN, kept)?);
        Ok(handed_out)
    }
}

/// Whether a person has said no, or nobody answers.
const fn is_refusal(error: &keychain::Error) -> bool {
    use keychain::Error as E;
    matches!(error, E::Locked | E::Denied | E::Busy)
}

/// Nothing, where it was the keychain that failed.
fn unless_of_keychain<T>(error: Error) -> Result<Option<T>, Error> {
    if let Error::Keychain(_) = error {
        Ok(None)
    } else {
        Err(error)
    }
}

/// No more than whole seconds are kept.
fn whole_seconds(life: Duration) -> SignedDuration {
    i64::try_from(life.as_secs()).map_or(DEFAULT_WAIT, SignedDuration::from_secs)
}

fn handed_out(
    connection: &Connection,
    scope: String,
    token: SecretString,
    (expires_at, life_left): (Timestamp, Duration),
) -> HandedOut {
    let (tenant_id, connection) = (connection.method.tenant_id(), connection.name.clone());
    HandedOut {
        token,
        expires_at,
        life_left,
        tenant_id,
        connection,
        scope,
        not_kept: None,
    }
}
