//! How a connection to a host came about: the look-up, TCP, TLS and the server's clock. It is noted
//! while connections are made anyway; nothing is ever connected only to be measured.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Instant,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_layer::Layer;
use tower_service::Service;
use url::{Host, Url};

use crate::proxy::Proxy;

/// How the last connection to a host came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The look-up of the host's name; `None` for an address, or when a proxy looks names up.
    pub lookup: Option<Lookup>,
    /// Whether a proxy stands in between.
    pub proxied: bool,
    /// Which one, where the environment names it.
    pub proxy: Option<Proxy>,
    /// How long the connection took, in milliseconds; with a proxy, its tunnel too.
    pub connect_ms: u32,
    /// What TLS came to; `None` without TLS.
    pub tls: Option<TlsFacts>,
    /// When the connection was opened.
    pub opened_at: Instant,
    /// By how many seconds this computer's clock is ahead of the server's.
    pub clock_skew: Option<i64>,
}

/// The look-up of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// What it found.
    pub addresses: Vec<IpAddr>,
}

/// What TLS came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// How long the handshake took, in milliseconds.
    pub ms: u32,
    /// `TLS 1.2` or `TLS 1.3`.
    pub version: &'static str,
    /// Who issued the server's certificate.
    pub issuer: Option<String>,
}

tokio::task_local! {
    /// The origin that the connection is for which is being made.
    static BOUND_FOR: String;
}

/// What has been noted, by origin. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes(Arc<Mutex<HashMap<String, RecordedRoute>>>);

#[derive(Debug, Default)]
struct RecordedRoute {
    lookup: Option<Lookup>,
    proxied: bool,
    /// When the step began that is under way.
    since: Option<Instant>,
    handshake_began: Option<Instant>,
    connect_ms: u32,
    tls: Option<TlsFacts>,
    opened_at: Option<Instant>,
    clock_skew: Option<i64>,
}

impl Routes {
    /// What is known of the way to an origin, once a connection to it was tried.
    pub(crate) fn of(&self, url: &Url) -> Option<Route> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = all.get(&key(url))?;
        let is_name = matches!(url.host(), Some(Host::Domain(_)));
        Some(Route {
            lookup: noted.lookup.clone(),
            // A name to which a connection was made without a look-up here was looked up by a
            // proxy.
            proxied: noted.proxied
                || is_name && noted.lookup.is_none() && noted.opened_at.is_some(),
            proxy: None,
            connect_ms: noted.connect_ms,
            tls: noted.tls.clone(),
            opened_at: noted.opened_at.or(noted.since)?,
            clock_skew: noted.clock_skew,
        })
    }

    /// Sends a request; what is noted while a connection is made for it is noted of its origin.
    pub(crate) async fn follow<F: Future>(&self, url: &Url, request: F) -> F::Output {
        BOUND_FOR.scope(key(url), request).await
    }

    pub(crate) fn clock_was_off_by(&self, url: &Url, seconds: i64) {
        self.note_of(key(url), |noted| noted.clock_skew = Some(seconds));
    }

    fn connecting(&self) {
        self.note(|noted| {
            noted.since = Some(Instant::now());
            noted.handshake_began = None;
        });
    }

    /// A name was looked up: the origin's own, or that of a proxy on the way to it.
    fn looked_up(&self, name: &str, began: Instant, addresses: Vec<IpAddr>) {
        let own = BOUND_FOR.try_with(|key| {
            Url::parse(key)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
        });
        let is_own = own
            .ok()
            .flatten()
            .is_some_and(|own| own.eq_ignore_ascii_case(name));
        self.note(|noted| {
            let now = Instant::now();
            noted.since = Some(now);
            noted.proxied = !is_own;
            noted.lookup = is_own.then(|| Lookup {
                ms: milliseconds(began, now),
                addresses,
            });
        });
    }

    /// TCP is up, with a proxy its tunnel too, and TLS begins.
    pub(crate) fn handshake_began(&self) {
        self.note(|noted| {
            let now = Instant::now();
            noted.handshake_began = Some(now);
            noted.connect_ms = noted.since.map_or(0, |since| milliseconds(since, now));
        });
    }

    /// The server's certificate was accepted.
    pub(crate) fn secured(&self, version: &'static str, issuer: Option<String>) {
        self.note(|noted| {
            noted.tls = Some(TlsFacts {
                ms: 0,
                version,
                issuer,
            })
        });
    }

    /// The connection is made. A TLS session that went on from an earlier one has that one's facts.
    fn connected(&self) {
        self.note(|noted| {
            let now = Instant::now();
            match (noted.handshake_began.take(), &mut noted.tls) {
                (Some(began), Some(tls)) => tls.ms = milliseconds(began, now),
                (Some(_), None) => {}
                (None, _) => {
                    noted.connect_ms = noted.since.map_or(0, |since| milliseconds(since, now))
                }
            }
            noted.opened_at = Some(now);
        });
    }

    fn note(&self, change: impl FnOnce(&mut RecordedRoute)) {
        if let Ok(key) = BOUND_FOR.try_with(Clone::clone) {
            self.note_of(key, change);
        }
    }

    fn note_of(&self, key: String, change: impl FnOnce(&mut RecordedRoute)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(all.entry(key).or_default());
    }
}

/// Notes when a connection begins and when it is made, around whatever makes it.
#[derive(Clone)]
pub(crate) struct Timing(pub(crate) Routes);

impl<S> Layer<S> for Timing {
    type Service = Timed<S>;

    fn layer(&self, inner: S) -> Timed<S> {
        Timed {
            inner,
            routes: self.0.clone(),
        }
    }
}

/// What makes connections, timed.
#[derive(Clone)]
pub(crate) struct Timed<S> {
    inner: S,
    routes: Routes,
}

impl<S, R> Service<R> for Timed<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    /// The client may finish a connection in the background when an older one became free first, so
    /// the origin is carried along.
    fn call(&mut self, request: R) -> Self::Future {
        let connecting = self.inner.call(request);
        let Ok(key) = BOUND_FOR.try_with(Clone::clone) else {
            return Box::pin(connecting);
        };
        let routes = self.routes.clone();
        Box::pin(BOUND_FOR.scope(key, async move {
            routes.connecting();
            let made = connecting.await;
            if made.is_ok() {
                routes.connected();
            }
            made
        }))
    }
}

/// The system's own look-up of names, with a note of what it found.
pub(crate) struct RecordingResolver(Routes);

impl RecordingResolver {
    pub(crate) fn new(routes: &Routes) -> Self {
        Self(routes.clone())
    }
}

impl Resolve for RecordingResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let routes = self.0.clone();
        Box::pin(async move {
            let began = Instant::now();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            routes.looked_up(
                name.as_str(),
                began,
                found.iter().map(SocketAddr::ip).collect(),
            );
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn key(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn milliseconds(from: Instant, to: Instant) -> u32 {
    u32::try_from(to.saturating_duration_since(from).as_millis()).unwrap_or(u32::MAX)
}
