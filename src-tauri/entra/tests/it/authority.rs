//! A scripted authority: a login host and Graph that answer what a test wants, byte for byte.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entra::{Cloud, Clouds, Http};
use model::{ClientId, CloudId, Tenant, TenantId};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::task::AbortOnDropHandle;

pub(crate) const TENANT: &str = "11112222-3333-4444-5555-666677778888";
pub(crate) const CLIENT: &str = "00001111-aaaa-2222-bbbb-3333cccc4444";
pub(crate) const ACCOUNT: &str = "99990000-1111-2222-3333-444455556666";

pub(crate) fn tenant_id() -> TenantId {
    TENANT.parse().unwrap()
}

pub(crate) fn tenant() -> Tenant {
    Tenant::Id(tenant_id())
}

pub(crate) fn client_id() -> ClientId {
    CLIENT.parse().unwrap()
}

pub(crate) fn http() -> Http {
    Http::new().unwrap()
}

/// One request that the authority heard.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Heard {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The form, decoded.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    pub(crate) fn field(&self, name: &str) -> Option<String> {
        self.form().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn is_token_request(&self) -> bool {
        self.path().ends_with("/token")
    }
}

/// What the authority answers.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// A head, then a body without end.
    Endless,
    /// Nothing, ever.
    Silence,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::typed(status, "application/json; charset=utf-8", &body.to_string())
    }

    pub(crate) fn html(status: u16) -> Self {
        Self::typed(status, "text/html", "<!doctype html><title>Welcome to the hotel</title>")
    }

    pub(crate) fn typed(status: u16, media_type: &str, body: &str) -> Self {
        Self::with(status, &format!("Content-Type: {media_type}\r\n"), body.as_bytes())
    }

    pub(crate) fn with(status: u16, headers: &str, body: &[u8]) -> Self {
        let head =
            format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        Self::Raw([head.as_bytes(), body].concat())
    }

    pub(crate) fn error(status: u16, error: &str, number: u32) -> Self {
        Self::json(status, &error_body(error, number))
    }
}

/// An error body as Entra writes it.
pub(crate) fn error_body(error: &str, number: u32) -> Value {
    json!({
        "error": error,
        "error_description": format!("AADSTS{number}: Something was refused.\r\nTrace ID: 0d7c\r\nCorrelation ID: c0ffee\r\nTimestamp: 2026-11-24 06:00:00Z"),
        "error_codes": [number],
        "timestamp": "2026-11-24 06:00:00Z",
        "trace_id": "trace-0d7c",
        "correlation_id": "correlation-c0ffee",
        "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
    })
}

type Script = Box<dyn FnMut(&Heard) -> Option<Reply> + Send>;

struct Shared {
    base: String,
    heard: Mutex<Vec<Heard>>,
    script: Mutex<Script>,
    nonce: Mutex<String>,
}

/// The authority itself; it ends when it is dropped.
pub(crate) struct Authority {
    shared: Arc<Shared>,
    _server: AbortOnDropHandle<()>,
}

impl Authority {
    /// An authority that behaves well.
    pub(crate) async fn start() -> Self {
        Self::scripted(|_| None).await
    }

    /// An authority that answers with what `script` gives, and behaves well where that is `None`.
    pub(crate) async fn scripted(script: impl FnMut(&Heard) -> Option<Reply> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            base: format!("http://{address}"),
            heard: Mutex::default(),
            script: Mutex::new(Box::new(script)),
            nonce: Mutex::default(),
        });
        let server = AbortOnDropHandle::new(tokio::spawn(accept(listener, Arc::clone(&shared))));
        Self { shared, _server: server }
    }

    /// An authority whose token endpoint gives one reply to everything.
    pub(crate) async fn with_token_reply(reply: Reply) -> Self {
        Self::scripted(move |heard| heard.is_token_request().then(|| reply.clone())).await
    }

    pub(crate) fn base(&self) -> &str {
        &self.shared.base
    }

    pub(crate) fn cloud(&self) -> Cloud {
        custom_cloud(self.base(), self.base())
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    pub(crate) fn token_requests(&self) -> Vec<Heard> {
        self.heard().into_iter().filter(Heard::is_token_request).collect()
    }

    /// The nonce that its next ID tokens carry.
    pub(crate) fn expect_nonce(&self, nonce: &str) {
        nonce.clone_into(&mut self.shared.nonce.lock().unwrap());
    }

    /// The claims of a good ID token.
    pub(crate) fn id_claims(&self) -> Value {
        self.shared.id_claims()
    }

    /// The success answer to a code, with an ID token of these claims.
    pub(crate) fn tokens_with(claims: &Value) -> Value {
        json!({
            "token_type": "Bearer", "expires_in": 3599, "scope": "openid profile User.Read",
            "access_token": access_token(&json!({"tid": TENANT, "oid": ACCOUNT, "scp": "User.Read"})),
            "refresh_token": "refresh-token-of-the-test", "id_token": jwt(&json!({"alg": "RS256"}), claims),
        })
    }
}

pub(crate) fn custom_cloud(login: &str, graph: &str) -> Cloud {
    let file = json!([{"id": "scripted", "name": "Scripted", "login": login, "graph": graph, "portal": login}]);
    let clouds = Clouds::built_in().with_custom(&file.to_string()).unwrap();
    clouds.get(&CloudId::new("scripted")).unwrap().clone()
}

pub(crate) fn jwt(header: &Value, payload: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(header), part(payload))
}

pub(crate) fn access_token(claims: &Value) -> String {
    jwt(&json!({"typ": "JWT", "alg": "RS256"}), claims)
}

impl Shared {
    fn id_claims(&self) -> Value {
        let now = jiff::Timestamp::now().as_second();
        json!({
            "aud": CLIENT, "iss": format!("{}/{TENANT}/v2.0", self.base), "tid": TENANT, "oid": ACCOUNT, "sub": "pairwise",
            "nonce": *self.nonce.lock().unwrap(), "iat": now - 300, "nbf": now - 300, "exp": now + 3600,
            "name": "Ada Admin", "preferred_username": "ada@contoso.example",
        })
    }

    fn good_reply(&self, heard: &Heard) -> Reply {
        let path = heard.path().to_owned();
        if path.ends_with("/.well-known/openid-configuration") {
            let tenant = path.split('/').nth(1).unwrap();
            let issuer = if tenant == "organizations" { "{tenantid}" } else { TENANT };
            return Reply::json(
                200,
                &json!({
                    "issuer": format!("{}/{issuer}/v2.0", self.base),
                    "authorization_endpoint": format!("{}/{tenant}/oauth2/v2.0/authorize", self.base),
                    "token_endpoint": format!("{}/{tenant}/oauth2/v2.0/token", self.base),
                    "tenant_region_scope": "EU",
                }),
            );
        }
        match (path.as_str(), heard.field("grant_type").as_deref()) {
            ("/v1.0/me", _) => Reply::json(
                200,
                &json!({"id": ACCOUNT, "displayName": "Ada Admin", "userPrincipalName": "ada@contoso.example"}),
            ),
            ("/v1.0/organization", _) => Reply::json(
                200,
                &json!({"value": [
                {"id": TENANT, "displayName": "Contoso", "verifiedDomains": [{"name": "contoso.example"}]}]}),
            ),
            (_, Some("client_credentials")) => Reply::json(
                200,
                &json!({
                    "token_type": "Bearer", "expires_in": 3599,
                    "access_token": access_token(&json!({"tid": TENANT, "appid": CLIENT, "roles": ["User.Read.All"]})),
                }),
            ),
            (_, Some(_)) => Reply::json(200, &Authority::tokens_with(&self.id_claims())),
            (_, None) => Reply::json(404, &json!({"error": "invalid_request", "error_description": "unknown path"})),
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        tokio::spawn(converse(stream, Arc::clone(&shared)));
    }
}

async fn converse(mut stream: TcpStream, shared: Arc<Shared>) {
    let Some(heard) = hear(&mut stream).await else { return };
    let reply = (shared.script.lock().unwrap())(&heard);
    let reply = reply.unwrap_or_else(|| shared.good_reply(&heard));
    shared.heard.lock().unwrap().push(heard);
    match reply {
        Reply::Raw(bytes) => {
            let _gone = stream.write_all(&bytes).await;
            let _gone = stream.shutdown().await;
        }
        Reply::Endless => {
            let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
            let _gone = stream.write_all(head).await;
            let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
            while stream.write_all(&chunk).await.is_ok() {}
        }
        Reply::Silence => tokio::time::sleep(Duration::from_secs(120)).await,
    }
}

/// Reads one request with its body.
async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(bytes[end + 4..].to_vec()).ok()?;
    Some(Heard { method: first.next()?.to_owned(), target: first.next()?.to_owned(), headers, body })
}
