//! The endpoint from which one child gets its tokens.
//!
//! The shape is that of App Service: `GET IDENTITY_ENDPOINT?api-version=2019-08-01&resource=…` with
//! the header `X-IDENTITY-HEADER`. Whoever has not got the right header learns nothing, not even
//! whether a resource is known.
//!
//! Source:
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference>

use std::{convert::Infallible, net::Ipv4Addr, sync::Arc, time::Duration};

use connections::{Connections, Error, HandedOut, Request as TokenRequest};
use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CACHE_CONTROL, CONTENT_TYPE, HOST, RETRY_AFTER},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use model::Connection;
use rand::{TryRng, rngs::SysRng};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    exit::{Exit, Failure},
    original,
    token::say_not_kept,
};

/// How long the head of a request may take, and how long the rest of an exchange.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(60);
/// The most bytes of a request line with all headers.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// The most connections at a time; more wait.
const MAX_SOCKETS: usize = 32;
const PATH: &str = "/msi/token";

/// An open endpoint; closed when dropped.
pub(crate) struct Endpoint {
    address: String,
    header: SecretString,
    _server: AbortOnDropHandle<()>,
}

struct EndpointState {
    connections: Connections,
    connection: Connection,
    program: String,
    port: u16,
    /// SHA-256 of the header's value, so that comparing takes the same time whatever is sent.
    expected: [u8; 32],
}

impl Endpoint {
    /// Opens it for one child.
    ///
    /// # Errors
    /// When no port can be opened or there are no random numbers.
    pub(crate) fn open(
        connections: Connections,
        connection: Connection,
        program: String,
    ) -> Result<Self, Failure> {
        let no_port =
            |error| Failure::new(Exit::Other, format!("no local port can be opened: {error}"));
        let listener = entra::listen((Ipv4Addr::LOCALHOST, 0).into()).map_err(no_port)?;
        let port = listener.local_addr().map_err(no_port)?.port();
        let mut bytes = [0_u8; 32];
        let no_random =
            |_| Failure::new(Exit::Other, "the operating system gives no random numbers");
        SysRng.try_fill_bytes(&mut bytes).map_err(no_random)?;
        let header: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let expected = Sha256::digest(&header).into();
        let state = Arc::new(EndpointState {
            connections,
            connection,
            program,
            port,
            expected,
        });
        let server = AbortOnDropHandle::new(tokio::spawn(serve(listener, state)));
        Ok(Self {
            address: format!("http://127.0.0.1:{port}{PATH}"),
            header: header.into(),
            _server: server,
        })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn header(&self) -> &SecretString {
        &self.header
    }
}

async fn serve(listener: TcpListener, state: Arc<EndpointState>) {
    let room = Arc::new(Semaphore::new(MAX_SOCKETS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = Arc::clone(&state);
                tokio::spawn(async move {
                    converse(stream, state).await;
                    drop(place);
                });
            }
            // Out of file descriptors, most likely: those of closed connections come back in a
            // moment.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn converse(stream: TcpStream, state: Arc<EndpointState>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { Ok::<_, Infallible>(state.reply(&request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // Whatever went wrong with one connection is nobody's concern; its error may quote the request.
    let _ended = tokio::time::timeout(EXCHANGE_TIMEOUT, connection).await;
}

impl EndpointState {
    async fn reply(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        if !self.is_the_child(request) {
            return refusal(
                StatusCode::UNAUTHORIZED,
                "This endpoint serves one program, and not this one.",
            );
        }
        if request.method() != Method::GET || request.uri().path() != PATH {
            return refusal(StatusCode::NOT_FOUND, "There is only GET /msi/token here.");
        }
        let query = request.uri().query().unwrap_or_default();
        let value = |name: &str| {
            let found = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
            found
                .map(|(_, value)| value)
                .filter(|value| !value.trim().is_empty())
        };
        let Some(resource) = value("resource").or_else(|| value("scope")) else {
            return refusal(
                StatusCode::BAD_REQUEST,
                "The parameter `resource` is missing or empty.",
            );
        };
        let asked = TokenRequest {
            program: &self.program,
            scope: Some(&resource),
            fresh: false,
        };
        match self.connections.hand_out(self.connection.id, &asked).await {
            Ok(handed_out) => {
                say_not_kept(handed_out.not_kept.as_deref());
                token(&handed_out, &resource, &self.connection)
            }
            Err(error) => refused(&error),
        }
    }

    /// The right header, sent to the right name: a web page cannot send the one, and one that has
    /// its own name resolve to this computer (DNS rebinding) sends the wrong other. A browser tells
    /// that it is one by `Sec-Fetch-Site` or `Origin`.
    fn is_the_child(&self, request: &Request<Incoming>) -> bool {
        let headers = request.headers();
        let hosts: Vec<&[u8]> = headers
            .get_all(HOST)
            .iter()
            .map(|host| host.as_bytes())
            .collect();
        let own = [
            format!("127.0.0.1:{}", self.port),
            format!("localhost:{}", self.port),
        ];
        let right_host =
            matches!(hosts.as_slice(), [host] if own.iter().any(|own| own.as_bytes() == *host));
        let browser = headers.contains_key("sec-fetch-site") || headers.contains_key("origin");
        let given: Vec<_> = headers.get_all("x-identity-header").iter().collect();
        let [given] = given.as_slice() else {
            return false;
        };
        let given: [u8; 32] = Sha256::digest(given.as_bytes()).into();
        let right_header = bool::from(given.ct_eq(&self.expected));
        right_host && !browser && right_header
    }
}

fn token(handed_out: &HandedOut, resource: &str, connection: &Connection) -> Response<Full<Bytes>> {
    let body = json!({
        "access_token": handed_out.token.expose_secret(),
        "expires_on": handed_out.expires_at.as_second().to_string(),
        "resource": resource,
        "token_type": "Bearer",
        "client_id": connection.method.client_id(),
    });
    response(StatusCode::OK, &body)
}

/// The SDKs of Microsoft ask again after 429 and 5xx, so only what passes by itself is answered so.
///
/// Source:
/// <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance>
fn refused(error: &Error) -> Response<Full<Bytes>> {
    use entra::Error as E;
    let original = error
        .entra()
        .and_then(E::original)
        .map(original::lines)
        .unwrap_or_default();
    let said = [
        format!("{}.", error.to_string().trim_end_matches('.')),
        error.advice(),
    ]
    .into_iter()
    .chain(original);
    let text = said.collect::<Vec<_>>().join(" ");
    match (error, error.entra()) {
        (_, Some(E::Throttled { retry_after, .. })) => {
            later(StatusCode::TOO_MANY_REQUESTS, &text, retry_after.as_secs())
        }
        (Error::Remembered { again_from, .. }, Some(E::Unavailable { .. })) => {
            let left = again_from.duration_since(Timestamp::now()).as_secs();
            later(
                StatusCode::SERVICE_UNAVAILABLE,
                &text,
                u64::try_from(left).unwrap_or_default(),
            )
        }
        (Error::Busy | Error::StoreBusy | Error::Keychain(keychain::Error::Busy), _)
        | (
            _,
            Some(
                E::Unavailable { .. }
                | E::Dns { .. }
                | E::Connect { .. }
                | E::CutOff { .. }
                | E::TimedOut { .. },
            ),
        ) => refusal(StatusCode::SERVICE_UNAVAILABLE, &text),
        (Error::ScriptsMayNot, _) => refusal(StatusCode::FORBIDDEN, &text),
        _ => refusal(StatusCode::BAD_REQUEST, &text),
    }
}

fn later(status: StatusCode, message: &str, seconds: u64) -> Response<Full<Bytes>> {
    let mut response = refusal(status, message);
    response
        .headers_mut()
        .insert(RETRY_AFTER, seconds.max(1).into());
    response
}

fn refusal(status: StatusCode, message: &str) -> Response<Full<Bytes>> {
    response(
        status,
        &json!({ "statusCode": status.as_u16(), "message": message }),
    )
}

fn response(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        hyper::header::HeaderValue::from_static("application/json"),
    );
    headers.insert(
        CACHE_CONTROL,
        hyper::header::HeaderValue::from_static("no-store"),
    );
    response
}
