//! How a connection to a host came about: the look-up, TCP, TLS and the server's clock. It is noted while connections are
//! made anyway; nothing is ever connected only to be measured.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// How the last connection to a host came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The look-up of the host's name; nothing for an address, or when a proxy looks names up.
    pub lookup: Option<Lookup>,
    /// Whether a proxy stands in between.
    pub proxied: bool,
    /// How long the connection took, in milliseconds; with a proxy, its tunnel too.
    pub connect_ms: u32,
    /// What TLS came to; nothing without TLS.
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

/// What has been noted, by host. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes(Arc<Mutex<HashMap<String, Noted>>>);

#[derive(Debug, Default)]
struct Noted {
    lookup: Option<Lookup>,
    looked_up_at: Option<Instant>,
    handshake_began: Option<Instant>,
    connect_ms: u32,
    tls: Option<TlsFacts>,
    opened_at: Option<Instant>,
    clock_skew: Option<i64>,
}

impl Routes {
    pub(crate) fn of(&self, url: &Url) -> Option<Route> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = all.get(&key(url.host_str()?))?;
        let is_name = matches!(url.host(), Some(Host::Domain(_)));
        Some(Route {
            lookup: noted.lookup.clone(),
            // A name that was never looked up here was looked up by a proxy.
            proxied: is_name && noted.lookup.is_none() && noted.tls.is_some(),
            connect_ms: noted.connect_ms,
            tls: noted.tls.clone(),
            opened_at: noted.opened_at.unwrap_or_else(Instant::now),
            clock_skew: noted.clock_skew,
        })
    }

    pub(crate) fn looked_up(&self, host: &str, began: Instant, addresses: Vec<IpAddr>) {
        self.note(host, |noted| {
            noted.lookup = Some(Lookup { ms: milliseconds(began, Instant::now()), addresses });
            noted.looked_up_at = Some(Instant::now());
        });
    }

    /// TCP is up and TLS begins.
    pub(crate) fn handshake_began(&self, host: &str) {
        self.note(host, |noted| {
            let now = Instant::now();
            noted.handshake_began = Some(now);
            noted.connect_ms = noted.looked_up_at.take().map_or(noted.connect_ms, |at| milliseconds(at, now));
        });
    }

    /// The server's certificate was accepted.
    pub(crate) fn secured(&self, host: &str, version: &'static str, issuer: Option<String>) {
        self.note(host, |noted| {
            let now = Instant::now();
            let ms = noted.handshake_began.take().map_or(0, |began| milliseconds(began, now));
            noted.tls = Some(TlsFacts { ms, version, issuer });
            noted.opened_at = Some(now);
        });
    }

    pub(crate) fn clock_was_off_by(&self, url: &Url, seconds: i64) {
        self.note(url.host_str().unwrap_or_default(), |noted| noted.clock_skew = Some(seconds));
    }

    fn note(&self, host: &str, change: impl FnOnce(&mut Noted)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(all.entry(key(host)).or_default());
    }
}

/// The system's own look-up of names, with a note of what it found.
pub(crate) struct LookingUp(Routes);

impl LookingUp {
    pub(crate) fn new(routes: &Routes) -> Self {
        Self(routes.clone())
    }
}

impl Resolve for LookingUp {
    fn resolve(&self, name: Name) -> Resolving {
        let routes = self.0.clone();
        Box::pin(async move {
            let began = Instant::now();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            routes.looked_up(name.as_str(), began, found.iter().map(SocketAddr::ip).collect());
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn key(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn milliseconds(from: Instant, to: Instant) -> u32 {
    u32::try_from(to.saturating_duration_since(from).as_millis()).unwrap_or(u32::MAX)
}
