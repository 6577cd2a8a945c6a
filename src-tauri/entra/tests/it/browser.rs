//! Plays the browser: starts sign-ins, reads their links, and sends bytes to the loopback port.

use std::{net::Ipv4Addr, time::Duration};

use entra::{Attempt, Error, Notice, SignInRequest, SignedIn};
use model::Tenant;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Semaphore, SemaphorePermit, mpsc},
};
use url::Url;

use crate::authority::{Authority, client_id, http, tenant};

/// One process takes four sign-ins at a time; tests of one process share them.
static TURNS: Semaphore = Semaphore::const_new(4);

pub(crate) async fn turns(count: u32) -> SemaphorePermit<'static> {
    TURNS.acquire_many(count).await.unwrap()
}

pub(crate) fn request(authority: &Authority, tenant: Tenant) -> SignInRequest {
    SignInRequest {
        cloud: authority.cloud(),
        client_id: client_id(),
        tenant,
        scopes: vec!["User.Read".to_owned()],
        login_hint: None,
        claims: None,
    }
}

/// A sign-in that waits for the browser, with what its link says.
pub(crate) struct Waiting {
    pub(crate) attempt: Attempt,
    pub(crate) port: u16,
    pub(crate) state: String,
    pub(crate) nonce: String,
    _turn: Option<SemaphorePermit<'static>>,
}

pub(crate) async fn begin(authority: &Authority) -> Waiting {
    let turn = turns(1).await;
    let attempt = Attempt::begin(&http(), request(authority, tenant()))
        .await
        .unwrap();
    let mut waiting = Waiting::of(attempt);
    waiting._turn = Some(turn);
    authority.expect_nonce(&waiting.nonce);
    waiting
}

impl Waiting {
    pub(crate) fn of(attempt: Attempt) -> Self {
        let port = Url::parse(attempt.redirect_uri()).unwrap().port().unwrap();
        let (state, nonce) = (in_link(&attempt, "state"), in_link(&attempt, "nonce"));
        Self {
            attempt,
            port,
            state,
            nonce,
            _turn: None,
        }
    }

    /// Lets the sign-in wait in the background.
    pub(crate) fn waits(self) -> Running {
        let (notices, noticed) = mpsc::unbounded_channel();
        let Self {
            attempt,
            port,
            state,
            _turn,
            ..
        } = self;
        Running {
            port,
            state,
            noticed,
            task: tokio::spawn(attempt.finish(notices)),
            _turn,
        }
    }
}

/// A sign-in in the background.
pub(crate) struct Running {
    pub(crate) port: u16,
    pub(crate) state: String,
    pub(crate) noticed: mpsc::UnboundedReceiver<Notice>,
    pub(crate) task: tokio::task::JoinHandle<Result<SignedIn, Error>>,
    _turn: Option<SemaphorePermit<'static>>,
}

impl Running {
    /// Sends the answer with a code, and gives the reply.
    pub(crate) async fn answer(&self) -> String {
        let body = format!("code=the-code&state={}&session_state=0000", self.state);
        send(self.port, post(self.port, &body)).await
    }

    /// Sends a form of its own.
    pub(crate) async fn answer_with(&self, body: &str) -> String {
        send(self.port, post(self.port, body)).await
    }

    pub(crate) async fn result(self) -> Result<SignedIn, Error> {
        tokio::time::timeout(Duration::from_secs(20), self.task)
            .await
            .expect("the sign-in ends")
            .unwrap()
    }
}

pub(crate) fn in_link(attempt: &Attempt, name: &str) -> String {
    let mut pairs = attempt.url().query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// A form as Chromium posts it.
pub(crate) fn post(port: u16, body: &str) -> Vec<u8> {
    post_with(
        port,
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: cross-site\r\n",
        body,
    )
}

pub(crate) fn post_with(port: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: null\r\n{headers}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Sends bytes and gives everything that comes back; an empty text when the other side just closes.
pub(crate) async fn send(port: u16, bytes: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .expect("the port is open");
    // A request that is refused early may be cut while it is still being written.
    let _cut = stream.write_all(bytes.as_ref()).await;
    let mut reply = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(15), stream.read_to_end(&mut reply)).await;
    let _reset = read.expect("the listener always ends the connection");
    String::from_utf8_lossy(&reply).into_owned()
}

pub(crate) fn status_of(reply: &str) -> &str {
    reply.get(9..12).unwrap_or_default()
}

/// Waits until nobody listens on the port any more.
pub(crate) async fn closes_within(port: u16, limit: Duration) -> bool {
    tokio::time::timeout(limit, async {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_ok()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .is_ok()
}
