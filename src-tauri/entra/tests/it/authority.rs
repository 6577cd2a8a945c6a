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
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};
use tokio_util::task::AbortOnDropHandle;

use crate::wire::{Heard, Reply, hear};

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
    pub(crate) async fn scripted(
        script: impl FnMut(&Heard) -> Option<Reply> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            base: format!("http://{address}"),
            heard: Mutex::default(),
            script: Mutex::new(Box::new(script)),
            nonce: Mutex::default(),
        });
        let server = AbortOnDropHandle::new(tokio::spawn(accept(listener, Arc::clone(&shared))));
        Self {
            shared,
            _server: server,
        }
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
        self.heard()
            .into_iter()
            .filter(Heard::is_token_request)
            .collect()
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
            let issuer = if tenant == "organizations" {
                "{tenantid}"
            } else {
                TENANT
            };
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
            (_, None) => Reply::json(
                404,
                &json!({"error": "invalid_request", "error_description": "unknown path"}),
            ),
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        tokio::spawn(converse(stream, Arc::clone(&shared)));
    }
}

async fn converse(mut stream: TcpStream, shared: Arc<Shared>) {
    let Some(heard) = hear(&mut stream).await else {
        return;
    };
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
