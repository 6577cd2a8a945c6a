//! Handing out access tokens to scripts, which never see the secret behind them.
//!
//! A token is kept sealed in the store until shortly before it expires, so that most askers are served without a request.
//! Whoever finds none takes the turn with the credential, looks again, and only then asks the service: fifty programs that
//! ask at once cause one request, and one that dies on the way blocks nobody.

use std::time::Duration;

use entra::AccessToken;
use jiff::{SignedDuration, Timestamp};
use model::{Connection, ConnectionId, ConnectionName, TenantId};
use secrecy::SecretString;

use crate::{
    Connections, Error,
    form::{find_cloud, invalid},
    journal,
    seal::Seal,
    store::{Use, Wait, WaitReason},
};

/// How long before its end a token is renewed, unless it lives so short that this would be much of its life.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_secs(300);
/// How long to leave the service alone after a failure that passes, when it did not say.
const USUAL_WAIT: SignedDuration = SignedDuration::from_secs(60);
/// How long not to ask again when only a person can help.
const WAIT_FOR_A_PERSON: SignedDuration = SignedDuration::from_secs(120);
/// The longest name of a program that is written down, in characters.
const LONGEST_PROGRAM: usize = 200;

/// Who asks for a token, and which one.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The program that asks, for the list of uses.
    pub program: &'a str,
    /// The scope; nothing means everything that is granted (`.default`).
    pub scope: Option<&'a str>,
    /// Whether a token that is kept will not do, because something was granted since.
    pub fresh: bool,
}

/// A token that is handed out.
#[derive(Debug)]
pub struct HandedOut {
    /// The access token.
    pub token: SecretString,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The tenant that issued it.
    pub tenant_id: TenantId,
    /// The name of the connection.
    pub connection: ConnectionName,
    /// The scope that was asked for.
    pub scope: String,
}

impl Connections {
    /// Finds a connection by its name; case does not matter.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find(&self, name: &ConnectionName) -> Result<Connection, Error> {
        self.store().find(name.key()).await
    }

    /// Lets scripts use a connection, or no longer; then its kept tokens are forgotten, and scripts may not have its
    /// secret either.
    ///
    /// # Errors
    /// When there is no such connection, or the store fails.
    pub async fn let_scripts_use(&self, id: ConnectionId, yes: bool) -> Result<(), Error> {
        self.store().let_scripts_use(id, yes).await
    }

    /// Who was handed a token or the secret of a connection, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn uses(&self, id: ConnectionId, limit: u32) -> Result<Vec<Use>, Error> {
        self.store().uses(id, limit).await
    }

    /// Hands out an access token and writes down who got it.
    ///
    /// # Errors
    /// [`Error::ScriptsMayNot`] unless scripts may use the connection; [`Error::Busy`]; what the keychain says; what the
    /// service refuses with, [`entra::Error::Throttled`] also while it has asked to wait.
    pub async fn hand_out(&self, id: ConnectionId, request: &Request<'_>) -> Result<HandedOut, Error> {
        let connection = self.get(id).await?;
        if !connection.scripts_may_use {
            return Err(Error::ScriptsMayNot);
        }
        let scope = self.scope(&connection, request.scope)?;
        let kept = if request.fresh { None } else { self.kept(&connection, &scope).await? };
        let handed_out = match kept {
            Some(kept) => kept,
            None => self.renew(&connection, scope, request.fresh).await?,
        };
        self.write_down(id, request.program, &handed_out.scope).await?;
        Ok(handed_out)
    }

    /// Writes down who was handed what.
    pub(crate) async fn write_down(&self, id: ConnectionId, program: &str, scope: &str) -> Result<(), Error> {
        let program = program.chars().filter(|c| !c.is_control()).take(LONGEST_PROGRAM).collect();
        self.store().record_use(id, Use { at: Timestamp::now(), program, scope: scope.to_owned() }).await
    }

    /// The scope in full. Only Graph's own: a token for anything else would be of no use to a Graph connection.
    fn scope(&self, connection: &Connection, asked: Option<&str>) -> Result<String, Error> {
        let cloud = find_cloud(self.clouds(), &connection.cloud)?;
        let everything = cloud.default_scope();
        let resource = everything.trim_end_matches(".default");
        match asked.map(str::trim) {
            None | Some("" | ".default") => Ok(everything),
            Some(asked) if asked == everything || asked == resource || asked == resource.trim_end_matches('/') => {
                Ok(everything)
            }
            Some(_) => {
                let problem = format!("this connection hands out tokens for Microsoft Graph only ({everything})");
                Err(invalid("Scope", problem))
            }
        }
    }

    /// The token that is kept, unless it is due for renewal.
    async fn kept(&self, connection: &Connection, scope: &str) -> Result<Option<HandedOut>, Error> {
        let sealed = self.store().token(connection.id, scope).await?;
        let Some(sealed) = sealed.filter(|sealed| sealed.renew_at > Timestamp::now()) else { return Ok(None) };
        let Some(seal) = Seal::read(self.keychain()).await? else { return Ok(None) };
        let token = seal.open(connection, scope, &sealed);
        Ok(token.map(|token| handed_out(connection, scope.to_owned(), token, sealed.expires_at)))
    }

    /// A new token for the person at the window, and when it ends. It is not kept: scripts may have no right to it.
    pub(crate) async fn token_in_person(&self, connection: &Connection) -> Result<(SecretString, Timestamp), Error> {
        let opened = self.open_ahead(connection.id).await?;
        let _mine = self.turn(connection.id).await?;
        let access = self.ask(&self.get(connection.id).await?, opened).await?;
        Ok((access.secret().clone(), Timestamp::now() + life(&access)))
    }

    /// Asks the service, unless somebody else has done so by the time it is our turn.
    async fn renew(&self, connection: &Connection, scope: String, fresh: bool) -> Result<HandedOut, Error> {
        let opened = self.open_ahead(connection.id).await?;
        let _mine = self.turn(connection.id).await?;
        let connection = self.get(connection.id).await?;
        if !fresh && let Some(kept) = self.kept(&connection, &scope).await? {
            return Ok(kept);
        }
        // The key is read while the service is asked.
        let (access, seal) = tokio::join!(self.ask(&connection, opened), Seal::read(self.keychain()));
        self.keep(connection.id, scope, &access?, seal?).await
    }

    /// Reads the secret before it is our turn, so that a locked keychain asks its person while nobody waits behind us; and
    /// meanwhile makes what speaks to the service, which reads the certificates of the operating system.
    async fn open_ahead(&self, id: ConnectionId) -> Result<(Connection, SecretString), Error> {
        // Why that cannot be made is told when it is needed.
        let (opened, _http) = tokio::join!(journal::open(self.store(), self.keychain(), id), self.http());
        opened
    }

    /// Asks the service, unless it has asked to be left alone. The caller has the turn; `opened` is from before it, and
    /// still holds if the credential is of the same version.
    async fn ask(&self, connection: &Connection, opened: (Connection, SecretString)) -> Result<AccessToken, Error> {
        self.obey_wait(connection).await?;
        let (connection, secret) = match opened {
            (before, secret) if before.credential_version == connection.credential_version => {
                (connection.clone(), secret)
            }
            _ => journal::open(self.store(), self.keychain(), connection.id).await?,
        };
        let cloud = find_cloud(self.clouds(), &connection.cloud)?;
        let asked = self.fresh_token(&connection, &cloud, &secret).await;
        self.remember_wait(&connection, asked.as_ref().err()).await?;
        Ok(asked?.access)
    }

    /// Refuses while nobody may ask, whoever learned that first.
    async fn obey_wait(&self, connection: &Connection) -> Result<(), Error> {
        let Some(wait) = self.store().wait_of(connection.id, connection.credential_version).await? else {
            return Ok(());
        };
        let left = wait.until.duration_since(Timestamp::now());
        if left <= SignedDuration::ZERO {
            return Ok(());
        }
        let refused = match wait.reason {
            WaitReason::Throttled => {
                let retry_after = Duration::from_secs(left.unsigned_abs().as_secs().max(1));
                entra::Error::Throttled { retry_after, original: None }
            }
            WaitReason::NeedsSignIn if matches!(connection.method, model::Method::AppRegistration { .. }) => {
                entra::Error::ApplicationRefused { original: None, claims: None }
            }
            WaitReason::NeedsSignIn => entra::Error::NeedsSignIn { original: None, claims: None },
        };
        Err(refused.into())
    }

    async fn remember_wait(&self, connection: &Connection, error: Option<&Error>) -> Result<(), Error> {
        let wait = match error {
            Some(Error::Entra(entra::Error::Throttled { retry_after, .. })) => {
                Some((WaitReason::Throttled, SignedDuration::try_from(*retry_after).unwrap_or(USUAL_WAIT)))
            }
            Some(Error::Entra(entra::Error::Unavailable { .. })) => Some((WaitReason::Throttled, USUAL_WAIT)),
            Some(Error::Entra(
                entra::Error::NeedsSignIn { .. }
                | entra::Error::ApplicationRefused { .. }
                | entra::Error::ConsentMissing { .. },
            )) => Some((WaitReason::NeedsSignIn, WAIT_FOR_A_PERSON)),
            Some(_) | None => None,
        };
        let (id, version) = (connection.id, connection.credential_version);
        if wait.is_none() && self.store().wait_of(id, version).await?.is_none() {
            return Ok(());
        }
        let wait = wait.map(|(reason, wait)| Wait { until: Timestamp::now() + wait, reason });
        self.store().set_wait(id, version, wait).await
    }

    /// Keeps a token for those who ask next. The refresh that brought it may have changed the credential's version.
    async fn keep(
        &self,
        id: ConnectionId,
        scope: String,
        token: &AccessToken,
        seal: Option<Seal>,
    ) -> Result<HandedOut, Error> {
        let lives = life(token);
        let expires_at = Timestamp::now() + lives;
        let renew_at = expires_at - RENEW_BEFORE.min(lives / 10);
        let connection = self.get(id).await?;
        let seal = match seal {
            Some(seal) => seal,
            None => Seal::make(self.store(), self.keychain()).await?,
        };
        // Taken back while the service was asked: then nobody gets it.
        if !connection.scripts_may_use {
            return Err(Error::ScriptsMayNot);
        }
        let sealed = seal.seal(&connection, &scope, token.secret(), expires_at, renew_at)?;
        self.store().keep_token(id, &scope, sealed).await?;
        Ok(handed_out(&connection, scope, token.secret().clone(), expires_at))
    }
}

fn life(token: &AccessToken) -> SignedDuration {
    SignedDuration::try_from(token.expires_in).unwrap_or(USUAL_WAIT)
}

fn handed_out(connection: &Connection, scope: String, token: SecretString, expires_at: Timestamp) -> HandedOut {
    let (tenant_id, connection) = (connection.method.tenant_id(), connection.name.clone());
    HandedOut { token, expires_at, tenant_id, connection, scope }
}
