//! The one HTTP client: no redirects, no cookies, deadlines everywhere, a cap on every body, and
//! typed failures.

mod failures;

use std::{
    collections::HashSet,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use reqwest::{
    Client, Method, Request, Response,
    header::{
        ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
    },
    redirect::Policy,
};
use url::Url;
use uuid::Uuid;

use crate::{
    address::{host_of, is_loopback, is_safe},
    cloud::Cloud,
    error::Error,
    http_response::HttpResponse,
    proxy::{Proxies, Proxy},
    route::{RecordingResolver, Route, Routes, Timing},
    sent::Sent,
    tls,
    trust::Untrusting,
};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const MIB: usize = 1024 * 1024;

/// What an answer may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The most bytes that are read of it, and how that is said.
    largest: (usize, &'static str),
    /// How long the server may stay silent.
    silence: Duration,
    /// How long it may take in all.
    total: Duration,
    /// Whether Graph may send elsewhere, which is then an answer too. Nothing is followed.
    may_redirect: bool,
}

/// What this program asks for by itself.
const DEFAULT_LIMITS: Limits = Limits {
    largest: (MIB, "it is larger than 1 MiB"),
    silence: Duration::from_secs(20),
    total: Duration::from_secs(30),
    may_redirect: false,
};
/// The list of all of Graph's permissions, which is longer than 1 MiB.
pub(crate) const LONG_LIST_LIMITS: Limits = Limits {
    largest: (4 * MIB, "it is larger than 4 MiB"),
    ..DEFAULT_LIMITS
};
/// A call that somebody else thought of: larger than any page of Graph, and a report may be long in
/// the making.
const CALL_LIMITS: Limits = Limits {
    largest: (16 * MIB, "it is larger than 16 MiB"),
    silence: Duration::from_secs(100),
    total: Duration::from_secs(120),
    may_redirect: true,
};

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

/// The HTTP client. It honours the system's proxies and trusts the certificates that the operating
/// system trusts; on Linux the variable `SSL_CERT_FILE` names the file to trust instead of the
/// system's. There is no switch to trust others.
#[derive(Clone, Debug)]
pub struct Http {
    outside: Client,
    /// Never goes through a proxy.
    loopback: Client,
    /// The login hosts of clouds from a file that have shown to keep their endpoints where Entra
    /// does.
    as_entra: Arc<Mutex<HashSet<Url>>>,
    routes: Routes,
    proxies: Proxies,
    /// Why no certificate can be judged; then nothing is asked over TLS.
    untrusting: Option<Untrusting>,
}

impl Http {
    /// Sets the client up; nothing is sent. Certificates or a proxy that cannot be used are told
    /// when something is asked that needs them.
    ///
    /// # Errors
    /// [`Error::NoSecurity`] when the TLS library cannot start.
    pub fn new() -> Result<Self, Error> {
        let (routes, proxies) = (Routes::default(), Proxies::of_environment());
        let (judge, untrusting) = match tls::judge() {
            Ok(judge) => (Some(judge), None),
            Err(untrusting) => (None, Some(untrusting)),
        };
        let tls = tls::config(&routes, judge).map_err(|_| Error::NoSecurity)?;
        let builder = |tls| {
            builder(tls)
                .dns_resolver(RecordingResolver::new(&routes))
                .connector_layer(Timing(routes.clone()))
        };
        let outside = proxies
            .tell(builder(tls.clone()).https_only(true))
            .build()
            .map_err(|_| Error::NoSecurity)?;
        let loopback = builder(tls)
            .no_proxy()
            .build()
            .map_err(|_| Error::NoSecurity)?;
        Ok(Self {
            outside,
            loopback,
            as_entra: Arc::default(),
            routes,
            proxies,
            untrusting,
        })
    }

    /// How the last connection to the host of `url` came about; `None` if there was none.
    pub fn route(&self, url: &Url) -> Option<Route> {
        let route = self.routes.of(url)?;
        let proxy = self.proxy_on_the_way_to(url).cloned();
        Some(Route {
            proxied: route.proxied || proxy.is_some(),
            proxy,
            ..route
        })
    }

    /// The proxy that requests to `url` go through, where the environment names one.
    pub fn proxy_on_the_way_to(&self, url: &Url) -> Option<&Proxy> {
        if is_loopback(url) {
            None
        } else {
            self.proxies.on_the_way_to(url)
        }
    }

    /// Whether it is known, without asking, where this cloud's tokens are asked for.
    pub fn endpoints_known(&self, cloud: &Cloud) -> bool {
        cloud.uses_entra_endpoints
            || self
                .as_entra
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .contains(&cloud.login)
    }

    pub(crate) fn remember_endpoints(&self, cloud: &Cloud) {
        self.as_entra
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(cloud.login.clone());
    }

    /// Gets `url`, with `headers` beside the usual ones.
    pub(crate) async fn get(&self, url: &Url, headers: HeaderMap) -> Result<HttpResponse, Error> {
        self.get_within(DEFAULT_LIMITS, url, headers).await
    }

    /// The same, for an answer that is longer than the usual ones.
    pub(crate) async fn get_within(
        &self,
        limits: Limits,
        url: &Url,
        headers: HeaderMap,
    ) -> Result<HttpResponse, Error> {
        let client = self.client_for(url)?;
        self.send(client.get(url.clone()).headers(headers), url, limits)
            .await
    }

    /// Posts a form that is already encoded.
    pub(crate) async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<HttpResponse, Error> {
        let client = self.client_for(url)?;
        self.send(
            client.post(url.clone()).headers(headers).body(body),
            url,
            DEFAULT_LIMITS,
        )
        .await
    }

    /// Makes a call of Graph that is not one of this crate's own: its answer may be long, and may
    /// take its time. Graph's own redirects (to a download) come back as answers; they are not
    /// followed.
    pub(crate) async fn call(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Option<Vec<u8>>,
    ) -> Result<HttpResponse, Error> {
        let request = self
            .client_for(url)?
            .request(method, url.clone())
            .headers(headers);
        let request = body
            .into_iter()
            .fold(request, reqwest::RequestBuilder::body);
        self.send(request, url, CALL_LIMITS).await
    }

    fn client_for(&self, url: &Url) -> Result<&Client, Error> {
        // A name before the host would be sent as a credential.
        if !is_safe(url) || !url.username().is_empty() || url.password().is_some() {
            return Err(Error::AddressRefused { host: host_of(url) });
        }
        if let Some(Untrusting { named, reason }) =
            self.untrusting.clone().filter(|_| url.scheme() == "https")
        {
            return Err(Error::NoCertificates { named, reason });
        }
        if is_loopback(url) {
            return Ok(&self.loopback);
        }
        self.proxies.check(url)?;
        Ok(&self.outside)
    }

    /// Sends a request. What is secret in it is known from here on, and no word of the answer is
    /// shown without it.
    ///
    /// On the heap: the many requests of a check, side by side, would fill a thread's stack.
    fn send<'a>(
        &'a self,
        request: reqwest::RequestBuilder,
        url: &'a Url,
        limits: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'a>> {
        Box::pin(self.send_and_read(request, url, limits))
    }

    async fn send_and_read(
        &self,
        request: reqwest::RequestBuilder,
        url: &Url,
        limits: Limits,
    ) -> Result<HttpResponse, Error> {
        let host = host_of(url);
        let request_id = Uuid::new_v4().to_string();
        let request = request
            .header(CLIENT_REQUEST_ID, &request_id)
            .header("return-client-request-id", "true");
        let built = request.timeout(limits.total).build();
        let mut request = built.map_err(|_| Error::AddressRefused { host: host.clone() })?;
        request
            .headers_mut()
            .insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let sent = Sent::with(&request);
        let sent_at = Timestamp::now();
        let reading = read(self.client_for(url)?, request, sent, &host, limits);
        let answer = match self.routes.follow(url, reading).await {
            Ok(answer) => answer,
            Err(error) if is_loopback(url) => return Err(error),
            Err(error) => return Err(self.proxies.explain(url, error).await),
        };
        tracing::debug!(
            host,
            client_request_id = request_id,
            status = answer.status.as_u16(),
            "answered"
        );
        if let Some(written_at) = answer.written_at() {
            let took = Timestamp::now().as_second() - sent_at.as_second();
            self.routes
                .clock_was_off_by(url, sent_at.as_second() + took / 2 - written_at.as_second());
        }
        answer.refuse_what_is_no_answer(limits.may_redirect)
    }
}

fn builder(tls: rustls::ClientConfig) -> reqwest::ClientBuilder {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!("GraphConnect/", env!("CARGO_PKG_VERSION")))
}

async fn read(
    client: &Client,
    request: Request,
    sent: Sent,
    host: &str,
    limits: Limits,
) -> Result<HttpResponse, Error> {
    let mut response = heard(client.execute(request), host, limits).await?;
    let headers = std::mem::take(response.headers_mut());
    // What is coded cannot be read, and its status may still say enough.
    let body = if is_coded(&headers) {
        None
    } else {
        Some(read_body(&mut response, host, limits).await?)
    };
    Ok(HttpResponse::new(
        host,
        response.status(),
        headers,
        body,
        sent,
    ))
}

/// Whether a body comes in a coding, although `identity` was asked for.
fn is_coded(headers: &HeaderMap) -> bool {
    let codings = [
        (CONTENT_ENCODING, "identity"),
        (TRANSFER_ENCODING, "chunked"),
    ];
    codings.into_iter().any(|(name, plain)| {
        headers.get_all(name).iter().any(|value| {
            let mut codings = value
                .as_bytes()
                .split(|byte| *byte == b',')
                .map(<[u8]>::trim_ascii);
            codings
                .any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(plain.as_bytes()))
        })
    })
}

async fn read_body(response: &mut Response, host: &str, limits: Limits) -> Result<Vec<u8>, Error> {
    let (largest, flaw) = limits.largest;
    let mut body = Vec::new();
    while let Some(chunk) = heard(response.chunk(), host, limits).await? {
        if body.len() + chunk.len() > largest {
            return Err(Error::Malformed {
                host: host.to_owned(),
                flaw,
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The next thing that the server says, unless it stays silent for too long.
async fn heard<T>(
    next: impl Future<Output = Result<T, reqwest::Error>>,
    host: &str,
    limits: Limits,
) -> Result<T, Error> {
    match tokio::time::timeout(limits.silence, next).await {
        Ok(said) => said.map_err(|error| failures::classify(&error, host)),
        Err(_) => Err(Error::TimedOut {
            host: host.to_owned(),
        }),
    }
}
