//! The listener on the loopback interface that the browser returns to (RFC 8252, 7.3).
//!
//! It waits for the answer of a sign-in or of an administrator's consent, and serves every
//! connection at once and with narrow limits. Whatever is not the answer of this very sign-in gets
//! a neutral reply and changes nothing: no page on the web and no program on this computer can end,
//! delay or fail a sign-in.

mod bind;
#[cfg(windows)]
mod exclusive;
mod page;
mod request;
mod trial;

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use secrecy::SecretString;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
    task::{AbortHandle, JoinSet},
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

pub(crate) use self::request::{Awaited, Callback, ConsentAnswer, ProtocolError};
use self::{
    bind::Pair,
    page::Page,
    request::{RequestFilter, RequestKind},
};
pub use self::{bind::listen, trial::try_loopback};
use crate::error::Error;

/// How long the head of a request may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a whole exchange may take.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of a request line with all headers.
const MAX_HEAD: usize = 16 * 1024;
/// The most headers.
const MAX_HEADERS: usize = 100;
/// The most connections at a time.
const MAX_CONNECTIONS: usize = 64;
/// How many answers with a wrong state mean that another program is at work here.
const SUSPICIOUS: u32 = 5;
/// How long the port stays open after the answer, so that a page that is sent twice gets a friendly
/// reply.
const LINGER: Duration = Duration::from_millis(500);
/// How long a reply that is under way may take after that.
const LAST_REPLIES_TIMEOUT: Duration = Duration::from_secs(1);

/// What the listener noticed beside the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noticed {
    /// Several answers with a wrong state arrived.
    AnotherProgram,
    /// The browser came back with nothing in its hands.
    ReturnedWithoutAnswer,
}

/// A listener that is bound and accepting. When it is dropped, its port is closed.
#[derive(Debug)]
pub(crate) struct Listener<A> {
    port: u16,
    answer: oneshot::Receiver<A>,
    noticed: mpsc::UnboundedReceiver<Noticed>,
    finished: CancellationToken,
    server: AbortOnDropHandle<()>,
}

/// What has happened at a listener.
pub(crate) enum Event<A> {
    Answer(A),
    Noticed(Noticed),
}

impl<A: Awaited> Listener<A> {
    /// Opens the port; `start` learns the redirect address and gives the state to wait for.
    pub(crate) fn open<T>(
        start: impl FnOnce(String) -> Result<(T, SecretString), Error>,
    ) -> Result<(Self, T), Error> {
        let pair = bind::pair()?;
        let port = pair.port;
        let (started, state) = start(format!("http://localhost:{port}"))?;
        let (answered, answer) = oneshot::channel();
        let (notice, noticed) = mpsc::unbounded_channel();
        let shared = Arc::new(ListenerState {
            filter: RequestFilter { port, state },
            answered: Mutex::new(Some(answered)),
            notice,
            visited: AtomicBool::new(false),
            wrong_states: AtomicU32::new(0),
            ignored: AtomicU32::new(0),
        });
        let finished = CancellationToken::new();
        let server = AbortOnDropHandle::new(tokio::spawn(serve(pair, shared, finished.clone())));
        tracing::debug!(port, "listening for the answer of a sign-in");
        Ok((
            Self {
                port,
                answer,
                noticed,
                finished,
                server,
            },
            started,
        ))
    }

    /// Waits for the next thing to happen.
    ///
    /// # Errors
    /// When the listener has stopped, which only a fault of the operating system can bring about.
    pub(crate) async fn next(&mut self) -> Result<Event<A>, Error> {
        tokio::select! {
            biased;
            answer = &mut self.answer => match answer {
                Ok(answer) => Ok(Event::Answer(answer)),
                Err(_) => Err(Error::Listener { family: "127.0.0.1", kind: io::ErrorKind::NotConnected }),
            },
            Some(noticed) = self.noticed.recv() => Ok(Event::Noticed(noticed)),
        }
    }

    /// Lets the replies that are under way go out and closes the port a moment later.
    pub(crate) fn finish(self) {
        self.finished.cancel();
        self.server.detach();
        tracing::debug!(port = self.port, "the sign-in was answered");
    }
}

/// What all connections share.
struct ListenerState<A> {
    filter: RequestFilter,
    /// Taken by the first valid answer; whoever comes later finds nothing.
    answered: Mutex<Option<oneshot::Sender<A>>>,
    notice: mpsc::UnboundedSender<Noticed>,
    visited: AtomicBool,
    wrong_states: AtomicU32,
    ignored: AtomicU32,
}

impl<A: Awaited> ListenerState<A> {
    async fn reply(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if !self.filter.is_host(request.headers()) {
            self.ignore();
            return Page::NotAccepted.response(StatusCode::MISDIRECTED_REQUEST);
        }
        if self.is_finished() {
            return A::PAGES.finished.response(StatusCode::GONE);
        }
        match self.filter.classify(request).await {
            RequestKind::Answer(answer) => self.take(answer),
            RequestKind::WrongState => {
                self.count_wrong_state();
                Page::NotAccepted.response(StatusCode::BAD_REQUEST)
            }
            RequestKind::BareVisit => {
                self.count_visit();
                A::PAGES.waiting.response(StatusCode::OK)
            }
            RequestKind::Rejected(status) => {
                self.ignore();
                Page::NotAccepted.response(status)
            }
        }
    }

    fn take(&self, answer: A) -> Response<Full<Bytes>> {
        let first = self
            .answered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match first.map(|answered| answered.send(answer)) {
            Some(Ok(())) => A::PAGES.received.response(StatusCode::OK),
            Some(Err(_)) | None => A::PAGES.finished.response(StatusCode::GONE),
        }
    }

    fn is_finished(&self) -> bool {
        self.answered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_none()
    }

    fn count_wrong_state(&self) {
        if self.wrong_states.fetch_add(1, Ordering::Relaxed) + 1 == SUSPICIOUS {
            tracing::warn!(
                port = self.filter.port,
                "another program is talking to the port of a sign-in"
            );
            let _unheard = self.notice.send(Noticed::AnotherProgram);
        }
    }

    fn count_visit(&self) {
        if !self.visited.swap(true, Ordering::Relaxed) {
            let _unheard = self.notice.send(Noticed::ReturnedWithoutAnswer);
        }
    }

    /// One line for the first, the tenth, the hundredth…: a flood must not fill the log.
    fn ignore(&self) {
        let ignored = self
            .ignored
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1);
        if ignored == 10_u32.pow(ignored.ilog10()) {
            tracing::debug!(
                port = self.filter.port,
                ignored,
                "requests that are no answer"
            );
        }
    }
}

async fn serve<A: Awaited>(pair: Pair, shared: Arc<ListenerState<A>>, finished: CancellationToken) {
    let Pair { v4, v6, .. } = pair;
    let mut sockets = OpenSockets::default();
    let end = async {
        finished.cancelled().await;
        tokio::time::sleep(LINGER).await;
    };
    tokio::pin!(end);
    loop {
        let stream = tokio::select! {
            () = &mut end => break,
            Some(_) = sockets.running.join_next() => continue,
            stream = accept(Some(&v4)) => stream,
            stream = accept(v6.as_ref()) => stream,
        };
        match stream {
            Ok(stream) => sockets.add(converse(stream, Arc::clone(&shared))),
            // Out of file descriptors, most likely: those of closed connections come back in a
            // moment.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    drop((v4, v6));
    let _cut_off = tokio::time::timeout(LAST_REPLIES_TIMEOUT, sockets.drain()).await;
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

/// The connections that are open. When there is no room, the oldest one has to go: it had the most
/// time, and so a newcomer is served at once however many connections somebody holds open.
#[derive(Default)]
struct OpenSockets {
    running: JoinSet<()>,
    by_age: VecDeque<AbortHandle>,
}

impl OpenSockets {
    fn add(&mut self, conversation: impl Future<Output = ()> + Send + 'static) {
        self.by_age.retain(|handle| !handle.is_finished());
        if self.by_age.len() >= MAX_CONNECTIONS
            && let Some(oldest) = self.by_age.pop_front()
        {
            oldest.abort();
        }
        let handle = self.running.spawn(conversation);
        self.by_age.push_back(handle);
    }

    async fn drain(&mut self) {
        while self.running.join_next().await.is_some() {}
    }
}

/// One request and one reply, within the limits.
async fn converse<A: Awaited>(stream: TcpStream, shared: Arc<ListenerState<A>>) {
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(shared.reply(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // Whatever went wrong with one connection is nobody's concern; its error may quote the request.
    let _ended = tokio::time::timeout(EXCHANGE_TIMEOUT, connection).await;
}
