//! The running platform and the handles by which a test turns it.

use std::{net::Ipv4Addr, path::Path, sync::Arc};

use jiff::SignedDuration;
use model::ClientId;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    browser::{Answer, Browser, BrowserError, Decision},
    directory::{App, User},
    faults::Fault,
    fixtures,
    jwt::Keys,
    log::LoggedRequest,
    routes, server,
    start::{MICROSOFT, Options, StartError},
    summary::Summary,
    tls::{CaFile, Tls},
    world::{IssParameter, Platform, Shared},
};

/// A running platform. Dropping it ends its connections and frees its ports.
pub struct DemoTenant {
    pub(crate) shared: Shared,
    tls: Option<(String, CaFile)>,
    _stop: DropGuard,
}

impl DemoTenant {
    /// Starts both hosts on the current tokio runtime.
    ///
    /// # Errors
    /// If a port is taken or the CA file cannot be written.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let [(login, login_url), (graph, graph_url)] = hosts(&options).await?;
        let tls = if options.tls {
            Some(Tls::create(options.ca_file)?)
        } else {
            None
        };
        let platform = Platform::new(login_url, graph_url, Keys::load()?);
        let shared = Arc::new(platform);
        let stop = CancellationToken::new();
        let acceptor = tls.as_ref().map(|tls| tls.acceptor.clone());
        tokio::spawn(server::serve(
            login,
            acceptor.clone(),
            routes::login(&shared),
            stop.clone(),
        ));
        tokio::spawn(server::serve(
            graph,
            acceptor,
            routes::graph(&shared),
            stop.clone(),
        ));
        Ok(Self {
            shared,
            tls: tls.map(|tls| (tls.ca_pem, tls.ca_file)),
            _stop: stop.drop_guard(),
        })
    }

    /// Base address of the login host, without a slash at the end.
    pub fn login_url(&self) -> &str {
        &self.shared.login
    }

    /// Base address of Graph, without a slash at the end.
    pub fn graph_url(&self) -> &str {
        &self.shared.graph
    }

    /// The clouds file that points the application here.
    pub fn clouds_json(&self) -> String {
        self.clouds_json_with(&[])
    }

    /// The clouds file for this and for other platforms: ID, name and platform of each.
    pub fn clouds_json_with(&self, others: &[(&str, &str, &Self)]) -> String {
        let clouds = [("demo", "Demo tenant", self)]
            .into_iter()
            .chain(others.iter().copied());
        let clouds = clouds.map(|(id, name, cloud)| {
            let (login, graph) = (cloud.login_url(), cloud.graph_url());
            json!({
                "id": id, "name": name, "login": login, "graph": graph, "portal": login, "client_id": fixtures::DESKTOP,
            })
        });
        Value::Array(clouds.collect()).to_string()
    }

    /// The certificate of the CA, if this runs over TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.tls.as_ref().map(|(pem, _)| pem.as_str())
    }

    /// The file that holds it.
    pub fn ca_file(&self) -> Option<&Path> {
        self.tls.as_ref().map(|(_, file)| match file {
            CaFile::Chosen(path) => path.as_path(),
            CaFile::Temporary(path) => path.as_ref(),
        })
    }

    /// Everything a person or a script needs in order to use the platform.
    pub fn summary(&self) -> Summary {
        let world = self.shared.world();
        Summary::of(
            &world.directory,
            self.login_url(),
            self.graph_url(),
            self.ca_file(),
        )
    }

    /// A copy of an application.
    pub fn app(&self, id: ClientId) -> Option<App> {
        self.shared.world().directory.app(id).cloned()
    }

    /// A copy of a person.
    pub fn user(&self, address: &str) -> Option<User> {
        self.shared.world().directory.user(address).cloned()
    }

    /// Plans a fault.
    pub fn fault(&self, fault: Fault) {
        self.shared.world().faults.add(fault);
    }

    /// Forgets all planned faults.
    pub fn clear_faults(&self) {
        self.shared.world().faults.clear();
    }

    /// What was asked so far, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.world().log.list()
    }

    /// Forgets what was asked so far.
    pub fn clear_requests(&self) {
        self.shared.world().log.clear();
    }

    /// Moves this server's clock ahead of the machine's, for clients whose clock is wrong and for
    /// tokens that age.
    pub fn set_clock_ahead(&self, ahead: SignedDuration) {
        self.shared.world().ahead = ahead;
    }

    /// Puts these members over the claims of each id_token from here on; null takes one away.
    pub fn bend_id_tokens(&self, claims: Map<String, Value>) {
        self.shared.world().quirks.id_token = claims;
    }

    /// Puts these members over those of each token response from here on; null takes one away.
    pub fn bend_token_responses(&self, members: Map<String, Value>) {
        self.shared.world().quirks.token_response = members;
    }

    /// Access tokens from here on are text that only Graph can read, as those of other clouds and
    /// of later years may be.
    pub fn issue_opaque_tokens(&self, opaque: bool) {
        self.shared.world().quirks.opaque_tokens = opaque;
    }

    /// Sets what is sent as `iss` in authorization responses.
    pub fn set_iss_parameter(&self, iss: IssParameter) {
        self.shared.world().quirks.iss = iss;
    }

    /// A browser that trusts this platform.
    ///
    /// # Errors
    /// If the HTTP client cannot be made.
    pub fn browser(&self) -> Result<Browser, BrowserError> {
        Browser::new(self.ca_pem())
    }

    /// Does at an authorize or admin consent address what a person of the fixtures would do who accepts
    /// everything.
    ///
    /// # Errors
    /// If the pages end at something else than an answer to the application.
    pub async fn sign_in(&self, url: &str, address: &str) -> Result<Answer, BrowserError> {
        self.visit(url, address, Decision::Accept).await
    }

    /// The same, with another decision at the end.
    ///
    /// # Errors
    /// If the pages end at something else than an answer to the application.
    pub async fn visit(
        &self,
        url: &str,
        address: &str,
        decision: Decision,
    ) -> Result<Answer, BrowserError> {
        let password = self
            .user(address)
            .map(|user| user.password)
            .unwrap_or_default();
        self.browser()?
            .visit(url, address, &password, decision)
            .await
    }
}

/// Both hosts' doors, and the addresses by which they are called.
async fn hosts(options: &Options) -> Result<[(TcpListener, String); 2], StartError> {
    if options.as_microsoft {
        let [(login, login_name), (graph, graph_name)] = MICROSOFT;
        let [login, graph] = [listen(login, 443).await?, listen(graph, 443).await?];
        return Ok([
            (login, format!("https://{login_name}")),
            (graph, format!("https://{graph_name}")),
        ]);
    }
    let [login, graph] = [
        listen(Ipv4Addr::LOCALHOST, options.port).await?,
        listen(Ipv4Addr::LOCALHOST, 0).await?,
    ];
    let [login_url, graph_url] = [base(&login, options.tls)?, base(&graph, options.tls)?];
    Ok([(login, login_url), (graph, graph_url)])
}

async fn listen(address: Ipv4Addr, port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((address, port))
        .await
        .map_err(|source| StartError::Listen { port, source })
}

/// Over TLS the name is `localhost`, because clients that insist on TLS tend to insist on a host
/// name, too.
fn base(listener: &TcpListener, tls: bool) -> Result<String, StartError> {
    let port = listener
        .local_addr()
        .map_err(|source| StartError::Listen { port: 0, source })?
        .port();
    Ok(if tls {
        format!("https://localhost:{port}")
    } else {
        format!("http://127.0.0.1:{port}")
    })
}
