//! Consent for the whole tenant by an administrator: the link, and the answer when it is given in
//! the browser of this computer.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>

use std::time::Duration;

use jiff::Timestamp;
use model::{ClientId, Tenant, TenantId};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, mpsc::UnboundedSender};
use url::Url;

use crate::{
    attempt::{self, MAX_LASTING, Notice},
    authorize::random,
    cloud::Cloud,
    discovery::discover,
    error::Error,
    http::Http,
    link,
    loopback::{ConsentAnswer, Listener},
    sent::Sent,
};

/// What an administrator is asked to grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentTo {
    /// Everything in the registration, application permissions included. They cannot be asked for
    /// by name.
    Application,
    /// These delegated permissions of Microsoft Graph, by their plain names.
    Delegated(Vec<String>),
}

/// The link to the consent page, for somebody else: without an address to return to, so it works in
/// any browser and as long as the application exists.
///
/// # Errors
/// [`Error::LinkTooLong`].
pub fn admin_consent_link(
    cloud: &Cloud,
    tenant: &TenantId,
    client_id: &ClientId,
    to: &ConsentTo,
) -> Result<Url, Error> {
    link(cloud, tenant, client_id, to, &[])
}

/// A consent page that is answered on this computer: the listener is bound and accepting. When it
/// is dropped, the port is closed.
#[derive(Debug)]
pub struct ConsentAttempt {
    url: Url,
    redirect_uri: String,
    listener: Listener<ConsentAnswer>,
    deadline: Timestamp,
    /// What nobody may see of it, in case the answer repeats it.
    sent: Sent,
    _attempt_slot: OwnedSemaphorePermit,
}

impl ConsentAttempt {
    /// Asks the login host about the tenant and opens the port. An administrator has 15 minutes:
    /// there is much to read on that page, and a role may have to be activated first.
    ///
    /// # Errors
    /// [`Error::TenantNotFound`], [`Error::TooManyAttempts`], [`Error::Listener`],
    /// [`Error::LinkTooLong`] and those of the network.
    pub async fn begin(
        http: &Http,
        cloud: &Cloud,
        tenant: TenantId,
        client_id: ClientId,
        to: &ConsentTo,
    ) -> Result<Self, Error> {
        Self::begin_lasting(http, cloud, tenant, client_id, to, MAX_LASTING).await
    }

    /// The same for one that ends sooner.
    ///
    /// # Errors
    /// As [`ConsentAttempt::begin`].
    pub async fn begin_lasting(
        http: &Http,
        cloud: &Cloud,
        tenant: TenantId,
        client_id: ClientId,
        to: &ConsentTo,
        lasting: Duration,
    ) -> Result<Self, Error> {
        let permit = attempt::acquire_attempt_slot()?;
        discover(http, cloud, &Tenant::Id(tenant)).await?;
        let (listener, (redirect_uri, url, sent)) = Listener::open(|redirect_uri| {
            let state: SecretString = random()?;
            let answered = [
                ("redirect_uri", redirect_uri.as_str()),
                ("state", state.expose_secret()),
            ];
            let url = link(cloud, &tenant, &client_id, to, &answered)?;
            Ok(((redirect_uri, url, Sent::of([state.clone()])), state))
        })?;
        tracing::info!(tenant_id = %tenant, client_id = %client_id, "waiting for an administrator's consent");
        let deadline = attempt::deadline(lasting);
        Ok(Self {
            url,
            redirect_uri,
            listener,
            deadline,
            sent,
            _attempt_slot: permit,
        })
    }

    /// The link for the browser of this computer. It may be opened again.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The address to which the page returns, `http://localhost` with its port.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// When waiting ends by itself, on the wall clock.
    pub fn deadline(&self) -> Timestamp {
        self.deadline
    }

    /// Waits for the page's answer. That the answer says yes proves nothing: whoever asks has to
    /// look at a fresh token. To cancel, drop the future: the port closes at once.
    ///
    /// # Errors
    /// [`Error::Declined`], [`Error::Expired`], and what the page refuses with.
    pub async fn finish(mut self, notices: UnboundedSender<Notice>) -> Result<(), Error> {
        let answer = attempt::answer(&mut self.listener, self.deadline, &notices).await?;
        self.listener.finish();
        answer
            .result
            .map_err(|refused| attempt::refusal(&refused, &self.sent))
    }
}

fn link(
    cloud: &Cloud,
    tenant: &TenantId,
    client_id: &ClientId,
    to: &ConsentTo,
    more: &[(&str, &str)],
) -> Result<Url, Error> {
    let (tenant, client_id) = (tenant.to_string(), client_id.to_string());
    let with = |scope: &str| {
        let mut url = cloud.login_url([tenant.as_str(), "v2.0", "adminconsent"]);
        url.query_pairs_mut()
            .append_pair("client_id", &client_id)
            .append_pair("scope", scope)
            .extend_pairs(more);
        url
    };
    link::shortened(cloud, |written| Ok(with(&scope(to, written))))
}

/// A person who signs in later also asks for these three, which nobody could grant where users may
/// not consent.
const OF_A_SIGN_IN: [&str; 3] = ["openid", "profile", "offline_access"];

fn scope(to: &ConsentTo, written: impl Fn(&str) -> String) -> String {
    match to {
        ConsentTo::Application => written(".default"),
        ConsentTo::Delegated(names) => {
            let mut scopes: Vec<String> = names.iter().map(|name| written(name)).collect();
            scopes.extend(OF_A_SIGN_IN.map(str::to_owned));
            scopes.join(" ")
        }
    }
}
