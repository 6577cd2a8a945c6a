//! Sign-in by the system browser, from the link to the tokens.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>

use std::time::Duration;

use jiff::Timestamp;
use model::Account;
use oauth2::TokenResponse;
use secrecy::SecretString;
use tokio::sync::{OwnedSemaphorePermit, mpsc::UnboundedSender};
use url::Url;
use uuid::Uuid;

use crate::{
    attempt::{self, Notice},
    authorize::{Flow, SignInRequest},
    discovery::{TENANT_PLACEHOLDER, discover},
    error::Error,
    http::Http,
    id_token::{self, Expected},
    loopback::{Callback, Listener},
    token,
    token_response::EntraTokenResponse,
    transport::Transport,
};

/// How long a sign-in may take unless the caller says otherwise.
const DEFAULT_LASTING: Duration = Duration::from_secs(300);

/// A sign-in that waits for the browser: its listener is bound and accepting. When it is dropped,
/// the port is closed and its link leads nowhere.
#[derive(Debug)]
pub struct Attempt {
    http: Http,
    flow: Flow,
    url: Url,
    listener: Listener<Callback>,
    deadline: Timestamp,
    _attempt_slot: OwnedSemaphorePermit,
}

/// A finished sign-in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who signed in.
    pub account: Account,
    /// What keeps the connection alive; the only thing worth keeping.
    pub refresh: SecretString,
    /// The Graph permissions that were granted.
    pub granted: Vec<String>,
}

impl Attempt {
    /// Asks the login host about the tenant and opens the port. The sign-in may take five minutes.
    ///
    /// # Errors
    /// [`Error::TenantNotFound`], [`Error::TooManyAttempts`], [`Error::Listener`],
    /// [`Error::LinkTooLong`] and those of the network.
    pub async fn begin(http: &Http, request: SignInRequest) -> Result<Self, Error> {
        Self::begin_lasting(http, request, DEFAULT_LASTING).await
    }

    /// The same for a sign-in that may take longer or shorter, 15 minutes at most.
    ///
    /// # Errors
    /// As [`Attempt::begin`].
    pub async fn begin_lasting(
        http: &Http,
        request: SignInRequest,
        lasting: Duration,
    ) -> Result<Self, Error> {
        let permit = attempt::acquire_attempt_slot()?;
        let facts = discover(http, &request.cloud, &request.tenant).await?;
        let (hint, claims) = (request.login_hint.clone(), request.claims.clone());
        let (listener, (flow, url)) = Listener::open(|redirect_uri| {
            let flow = Flow::new(request, facts, redirect_uri)?;
            let url = flow.link(hint.as_deref(), claims.as_ref())?;
            let state = flow.state.clone();
            Ok(((flow, url), state))
        })?;
        let deadline = attempt::deadline(lasting);
        tracing::info!(client_id = %flow.client_id, "sign-in begun");
        Ok(Self {
            http: http.clone(),
            flow,
            url,
            listener,
            deadline,
            _attempt_slot: permit,
        })
    }

    /// The link for the browser. It may be opened again, and holds no secret that redeems anything
    /// by itself; all the same it belongs into no log.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The redirect address of this sign-in, `http://localhost` with its port.
    pub fn redirect_uri(&self) -> &str {
        &self.flow.redirect_uri
    }

    /// When the sign-in ends by itself, on the wall clock, so that time asleep counts.
    pub fn deadline(&self) -> Timestamp {
        self.deadline
    }

    /// Waits for the browser and exchanges its code. To cancel, drop the future: the port closes at
    /// once.
    ///
    /// # Errors
    /// [`Error::Declined`], [`Error::Expired`], [`Error::IdTokenRefused`], [`Error::TokenMissing`],
    /// what the platform refuses with, and those of the network. Nothing is kept after an error.
    pub async fn finish(mut self, notices: UnboundedSender<Notice>) -> Result<SignedIn, Error> {
        let callback = attempt::answer(&mut self.listener, self.deadline, &notices).await?;
        self.listener.finish();
        let code = code_of(&self.flow, callback)?;
        let _unheard = notices.send(Notice::Exchanging);
        let signed_in = exchange(&self.http, &self.flow, &code).await?;
        tracing::info!(tenant_id = %signed_in.account.tenant_id, client_id = %self.flow.client_id, "signed in");
        Ok(signed_in)
    }
}

/// The code, if the answer has one and comes from the issuer that was asked (RFC 9207, 2.4).
fn code_of(flow: &Flow, callback: Callback) -> Result<SecretString, Error> {
    let issuer_fits = match callback.iss.as_deref() {
        Some(iss) => is_issuer(iss, &flow.facts.issuer),
        None => !flow.facts.iss_in_response,
    };
    if !issuer_fits {
        tracing::warn!(client_id = %flow.client_id, "the answer of a sign-in names another issuer");
        return Err(Error::IssuerRefused);
    }
    callback
        .result
        .map_err(|refused| attempt::refusal(&refused, &flow.sent()))
}

/// Compares exactly; where any tenant may sign in, the issuer's place for the tenant takes any
/// GUID.
fn is_issuer(iss: &str, expected: &str) -> bool {
    let Some((before, after)) = expected.split_once(TENANT_PLACEHOLDER) else {
        return iss == expected;
    };
    let tenant = iss
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    tenant.is_some_and(|tenant| tenant.len() == 36 && Uuid::try_parse(tenant).is_ok())
}

/// Trades the code for tokens, once: a code that was sent may have been redeemed although no answer
/// came.
async fn exchange(http: &Http, flow: &Flow, code: &SecretString) -> Result<SignedIn, Error> {
    let client = token::client(&flow.client_id, &flow.facts.token_endpoint)
        .set_redirect_uri(flow.redirect()?);
    let transport = Transport::new(http, &flow.facts.token_endpoint);
    let request = client
        .exchange_code(Flow::code(code))
        .set_pkce_verifier(flow.verifier());
    let response: EntraTokenResponse = request
        .request_async(&transport)
        .await
        .map_err(|error| transport.classify(error))?;
    let sent = transport.sent();
    let expected = Expected {
        client_id: flow.client_id,
        tenant: &flow.tenant,
        facts: &flow.facts,
        nonce: &flow.nonce,
        sent: &sent,
    };
    let proof = response.id_token.as_deref().ok_or(Error::IdTokenRefused {
        reason: "none was sent",
    })?;
    let account = id_token::accept(proof, &expected, transport.written_at())?;
    let refresh = response.refresh_token().ok_or(Error::TokenMissing)?;
    Ok(SignedIn {
        account,
        granted: token::granted(&flow.cloud, response.scopes(), &sent)
            .unwrap_or_else(|| flow.scopes.clone()),
        refresh: SecretString::from(refresh.secret().as_str()),
    })
}

#[cfg(test)]
mod tests;
