//! Calling Microsoft Graph as a connection: for a script at the command line, and for the person at the window.

use std::time::Duration;

use entra::{CallMethod, Called, Cloud, GraphCall, TokenClaims};
use jiff::{SignedDuration, Timestamp};
use model::{Connection, ConnectionId, Method, PermissionKind};
use secrecy::SecretString;

use crate::{
    Connections, Error,
    form::{find_cloud, invalid},
    token::Request,
};

/// How often a call is made before the last refusal is passed on.
const TRIES: u32 = 10;
/// How often, where nobody asked to wait: after 2, 4 and 8 seconds.
const TRIES_UNASKED: u32 = 4;
/// How long before its end a token no longer does for a call.
const LEAST_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// Calls Graph with the tokens of one connection, and gets a new one when one ends.
pub struct Caller {
    connections: Connections,
    connection: Connection,
    cloud: Cloud,
    /// The program that the tokens are handed out to; nothing for the person at the window.
    program: Option<String>,
    token: Option<(SecretString, Timestamp)>,
}

/// Permissions that a token does not hold, any of which would do for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// Whether they are an application's or a person's.
    pub kind: PermissionKind,
    /// The permissions, the least one first.
    pub any_of: &'static [&'static str],
}

impl Connections {
    /// A caller on behalf of a script; the use is written down once.
    ///
    /// # Errors
    /// [`Error::ScriptsMayNot`]; when there is no such connection.
    pub async fn caller(&self, id: ConnectionId, program: &str) -> Result<Caller, Error> {
        let connection = self.get(id).await?;
        if !connection.scripts_may_use {
            return Err(Error::ScriptsMayNot);
        }
        self.caller_of(connection, Some(program.to_owned()))
    }

    /// A caller on behalf of the person at the window, who needs no switch and of whom nothing is written down.
    ///
    /// # Errors
    /// When there is no such connection.
    pub async fn caller_in_person(&self, id: ConnectionId) -> Result<Caller, Error> {
        self.caller_of(self.get(id).await?, None)
    }

    fn caller_of(&self, connection: Connection, program: Option<String>) -> Result<Caller, Error> {
        let cloud = find_cloud(self.clouds(), &connection.cloud)?;
        Ok(Caller { connections: self.clone(), connection, cloud, program, token: None })
    }
}

impl Caller {
    /// Reads the address of a call in the connection's cloud; see [`GraphCall::new`].
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn read(&self, method: CallMethod, text: &str, beta: bool) -> Result<GraphCall, Error> {
        GraphCall::new(&self.cloud, method, text, beta).map_err(|problem| invalid("Path", problem))
    }

    /// The call for the page that `@odata.nextLink` names.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it leads away from the cloud's Graph host.
    pub fn follow(&self, call: &GraphCall, link: &str) -> Result<GraphCall, Error> {
        call.follow(&self.cloud, link).map_err(|problem| invalid("Next page", problem))
    }

    /// Makes a call once. A token that Graph does not take is replaced by a new one first, once.
    ///
    /// # Errors
    /// What hinders a token or an answer; an answer that refuses is none.
    pub async fn call(&mut self, call: &GraphCall) -> Result<Called, Error> {
        let had_one = self.token.is_some();
        let called = self.call_with(call, false).await?;
        // A token from a moment ago says nothing new; one that was kept may have been withdrawn since.
        if called.status() == 401 && (had_one || self.program.is_some()) {
            return self.call_with(call, true).await;
        }
        Ok(called)
    }

    /// Makes a call, waits as long as the service asks, and tries again; `on_wait` is told for how long, and why. What may do
    /// something twice is made again only after 429, which says that nothing was done.
    ///
    /// # Errors
    /// As [`Self::call`], after ten tries.
    pub async fn call_patiently(
        &mut self,
        call: &GraphCall,
        mut on_wait: impl FnMut(Duration, &entra::Error),
    ) -> Result<Called, Error> {
        let mut tries = 1;
        loop {
            let wait = match self.call(call).await {
                Err(Error::Entra(error)) if tries < TRIES => match pause(&error, call, tries) {
                    Some(wait) => {
                        on_wait(wait, &error);
                        wait
                    }
                    None => return Err(error.into()),
                },
                result => return result,
            };
            tokio::time::sleep(wait).await;
            tries += 1;
        }
    }

    /// The permissions that the last token lacks for a call that was refused for want of one, where it is known which do.
    pub fn lacking(&self, call: &GraphCall, called: &Called) -> Option<Lacking> {
        if called.status() != 403 {
            return None;
        }
        let kind = match self.connection.method {
            Method::AppRegistration { .. } => PermissionKind::Application,
            Method::OAuth { .. } => PermissionKind::Delegated,
        };
        let any_of = call.needs(&self.cloud, kind);
        let claims = self.token.as_ref().and_then(|(token, _)| TokenClaims::of(token))?;
        let held = match kind {
            PermissionKind::Application => claims.roles,
            PermissionKind::Delegated => claims.scopes,
        };
        let holds_one = held.iter().any(|name| any_of.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)));
        (!any_of.is_empty() && !holds_one).then_some(Lacking { kind, any_of })
    }

    async fn call_with(&mut self, call: &GraphCall, fresh: bool) -> Result<Called, Error> {
        let kept = self.token.take().filter(|(_, ends)| !fresh && *ends - LEAST_LIFE > Timestamp::now());
        let (token, ends) = match kept {
            Some(kept) => kept,
            None => self.new_token(fresh).await?,
        };
        let called = entra::call(self.connections.http().await?, &token, call).await;
        self.token = Some((token, ends));
        Ok(called?)
    }

    async fn new_token(&self, fresh: bool) -> Result<(SecretString, Timestamp), Error> {
        let Some(program) = &self.program else { return self.connections.token_in_person(&self.connection).await };
        let request = Request { program, scope: None, fresh };
        let handed_out = self.connections.hand_out(self.connection.id, &request).await?;
        Ok((handed_out.token, handed_out.expires_at))
    }
}

/// How long to wait before the same call is made again; nothing if it is not to be.
fn pause(error: &entra::Error, call: &GraphCall, tries: u32) -> Option<Duration> {
    let did_nothing = error.original().is_none_or(|said| said.http_status == Some(429));
    if let entra::Error::Throttled { retry_after, .. } = error {
        return (call.may_be_repeated() || did_nothing).then_some(*retry_after);
    }
    let again = error.is_passing() && call.may_be_repeated() && tries < TRIES_UNASKED;
    again.then(|| Duration::from_secs(1 << tries))
}
