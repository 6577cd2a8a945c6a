//! Calling Microsoft Graph as a connection: for a script at the command line, and for the person at
//! the window.

use std::time::{Duration, Instant};

use entra::{CallMethod, Called, ClaimsChallenge, Cloud, GraphCall, TokenClaims};
use model::{Connection, ConnectionId, Method, PermissionKind};
use secrecy::SecretString;

use crate::{Connections, Error, fresh_token::FreshToken, hand_out_token::Request};

/// How often a call is made before the last refusal is passed on.
const MAX_TRIES: u32 = 10;
/// How often, where nobody asked to wait: after 2, 4 and 8 seconds.
const MAX_TRIES_UNASKED: u32 = 4;
/// How long before its end a token no longer does for a call.
const MIN_LIFETIME: Duration = Duration::from_secs(60);
/// The least wait grows with each refusal, up to this many seconds.
const MAX_BACKOFF_SECONDS: u64 = 60;

/// What is wrong with a path below `/me` for an application, which Graph always refuses.
const NOBODY: &str = "/me stands for the person who signed in, and nobody signs in to an App Registration connection. Name \
                      a user instead, such as /users/adele@contoso.com.";

/// Calls Graph with the tokens of one connection, and gets a new one when one ends.
pub struct Caller {
    connections: Connections,
    connection: Connection,
    cloud: Cloud,
    /// The program that the tokens are handed out to; `None` for the person at the window.
    program: Option<String>,
    token: Option<(SecretString, Instant)>,
    /// Whether the call that is under way, or was last, has left for Graph.
    sent: bool,
    /// Whether Graph has answered a call of this run.
    answered: bool,
    not_kept: Option<String>,
}

/// Permissions that a token does not hold, any of which would do for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingPermissions {
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

    /// A caller on behalf of the person at the window, who needs no switch and of whom nothing is
    /// written down.
    ///
    /// # Errors
    /// When there is no such connection.
    pub async fn caller_in_person(&self, id: ConnectionId) -> Result<Caller, Error> {
        self.caller_of(self.get(id).await?, None)
    }

    fn caller_of(&self, connection: Connection, program: Option<String>) -> Result<Caller, Error> {
        let cloud = self.cloud(&connection.cloud)?;
        let (connections, token) = (self.clone(), None);
        Ok(Caller {
            connections,
            connection,
            cloud,
            program,
            token,
            sent: false,
            answered: false,
            not_kept: None,
        })
    }
}

impl Caller {
    /// Reads the address of a call in the connection's cloud; see [`GraphCall::new`].
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn prepare(&self, method: CallMethod, text: &str, beta: bool) -> Result<GraphCall, Error> {
        let call = GraphCall::new(&self.cloud, method, text, beta)
            .map_err(|problem| Error::invalid("Path", problem))?;
        let by_application = matches!(self.connection.method, Method::AppRegistration { .. });
        if by_application && call.is_of_a_person(&self.cloud) {
            Err(Error::invalid("Path", NOBODY))
        } else {
            Ok(call)
        }
    }

    /// The call for the page that `@odata.nextLink` names.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it leads away from the cloud's Graph host.
    pub fn follow(&self, call: &GraphCall, link: &str) -> Result<GraphCall, Error> {
        call.follow(&self.cloud, link)
            .map_err(|problem| Error::invalid("Next page", problem))
    }

    /// Makes a call once. A token that Graph does not take is replaced by a new one first, once.
    ///
    /// # Errors
    /// What hinders a token or an answer; an answer that refuses is none.
    pub async fn call(&mut self, call: &GraphCall) -> Result<Called, Error> {
        let had_one = self.token.is_some();
        let called = self.call_with(call, false, None).await?;
        // Continuous access evaluation: Graph says what a new token has to carry. It is asked for
        // once.
        if let Some(claims) = called.claims_challenge() {
            return self.call_with(call, true, Some(&claims)).await;
        }
        // A token from a moment ago says nothing new; one that was kept may have been withdrawn
        // since.
        if called.status() == 401 && (had_one || self.program.is_some()) {
            return self.call_with(call, true, None).await;
        }
        Ok(called)
    }

    /// Makes a call, waits as long as the service asks, and tries again; `on_wait` is told for how
    /// long, and why. What may do something twice is made again only after 429, which says that
    /// nothing was done.
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
                Err(Error::Entra(error)) if tries < MAX_TRIES => {
                    match pause(&error, call, tries, self.answered) {
                        Some(wait) => {
                            on_wait(wait, &error);
                            wait
                        }
                        None => return Err(error.into()),
                    }
                }
                result => return result,
            };
            tokio::time::sleep(wait).await;
            tries += 1;
        }
    }

    /// The permissions that the last token lacks for a call that was refused for want of one, where
    /// it is known which do.
    pub fn missing_permissions(
        &self,
        call: &GraphCall,
        called: &Called,
    ) -> Option<MissingPermissions> {
        if called.status() != 403 {
            return None;
        }
        let kind = self.connection.method.permission_kind();
        let any_of = call.needs(&self.cloud, kind);
        let claims = self
            .token
            .as_ref()
            .and_then(|(token, _)| TokenClaims::of(token))?;
        let held = match kind {
            PermissionKind::Application => claims.roles,
            PermissionKind::Delegated => claims.scopes,
        };
        let holds_one = held.iter().any(|name| {
            any_of
                .iter()
                .any(|wanted| wanted.eq_ignore_ascii_case(name))
        });
        (!any_of.is_empty() && !holds_one).then_some(MissingPermissions { kind, any_of })
    }

    /// Whether nobody knows what a failed call did: it left for Graph, and no answer of Graph's
    /// came that says so.
    pub fn may_have_been_done(&self, call: &GraphCall, error: &Error) -> bool {
        use entra::Error as E;
        let Error::Entra(error) = error else {
            return false;
        };
        let did_nothing = error
            .original()
            .is_some_and(|said| said.http_status == Some(429));
        let unknown = matches!(
            error,
            E::Throttled { .. }
                | E::Unavailable { .. }
                | E::TimedOut { .. }
                | E::CutOff { .. }
                | E::NotMicrosoft { .. }
                | E::Malformed { .. }
        );
        self.sent && call.changes_something() && unknown && !did_nothing
    }

    /// What could not be kept of the tokens so far ([`crate::HandedOut::not_kept`]); it is told
    /// once.
    pub const fn take_not_kept(&mut self) -> Option<String> {
        self.not_kept.take()
    }

    async fn call_with(
        &mut self,
        call: &GraphCall,
        fresh: bool,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<Called, Error> {
        self.sent = false;
        let kept = self
            .token
            .take()
            .filter(|(_, ends)| !fresh && *ends > Instant::now() + MIN_LIFETIME);
        let (token, ends) = match kept {
            Some(kept) => kept,
            None => self.new_token(fresh, claims).await?,
        };
        let http = self.connections.http().await?;
        self.sent = true;
        let called = entra::call(http, &token, call).await;
        self.token = Some((token, ends));
        self.answered |= called.is_ok();
        Ok(called?)
    }

    /// A token, and when it ends by a clock that nobody sets.
    async fn new_token(
        &mut self,
        fresh: bool,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<(SecretString, Instant), Error> {
        let got = Instant::now();
        let Some(program) = &self.program else {
            let FreshToken { issued, not_kept } = self
                .connections
                .token_in_person(&self.connection, claims)
                .await?;
            self.not_kept = not_kept;
            let access = issued.access;
            return Ok((access.secret().clone(), got + access.expires_in));
        };
        let request = Request {
            program,
            scope: None,
            fresh,
        };
        let handed_out = self
            .connections
            .hand_out_with(self.connection.id, &request, claims)
            .await?;
        self.not_kept = handed_out.not_kept;
        Ok((handed_out.token, got + handed_out.life_left))
    }
}

/// How long to wait before the same call is made again; `None` if it is not to be. `answered` says
/// whether Graph has answered a call of this run.
///
/// A time-out is not tried again: it has taken its time already, and would take it each time.
fn pause(error: &entra::Error, call: &GraphCall, tries: u32, answered: bool) -> Option<Duration> {
    let did_nothing = error
        .original()
        .is_none_or(|said| said.http_status == Some(429));
    if let entra::Error::Throttled { retry_after, .. } = error {
        let least = Duration::from_secs((1 << (tries - 1).min(6)).min(MAX_BACKOFF_SECONDS));
        return (call.may_be_repeated() || did_nothing).then_some(least.max(*retry_after));
    }
    // A gateway's page after answers of Graph's own is a hitch; before them it is a network that
    // wants a sign-in.
    let is_hitch = answered && matches!(error, entra::Error::NotMicrosoft { .. });
    let passes = error.is_transient() && !matches!(error, entra::Error::TimedOut { .. });
    let again = (passes || is_hitch) && call.may_be_repeated() && tries < MAX_TRIES_UNASKED;
    again.then(|| Duration::from_secs(1 << tries))
}

#[cfg(test)]
mod tests;
