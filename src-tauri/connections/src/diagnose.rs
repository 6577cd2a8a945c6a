//! Whether this computer lets Graph Connect work: its files, its keychain, its loopback interface,
//! the way to Microsoft and its clock. No connection is used, and what is said holds neither a
//! secret nor the value of a variable.

use std::{collections::BTreeSet, env, path::Path, time::Instant};

use entra::{CLOCK_TOLERANCE, Cloud, Clouds, Http};
use keychain::{Keychain, SelfTest};
use model::CloudId;
use serde::Serialize;
use url::Url;

use crate::{Connections, Error, List, clouds::find_cloud, store::look_at_files};

/// The variables that decide where Graph Connect keeps its data, which keychain it finds and which
/// hosts it trusts.
///
/// Source: the table "Environment" in docs/COMMAND-LINE.md.
const DECIDING: [&str; 12] = [
    "XDG_DATA_HOME",
    "GRAPH_CONNECT_CLOUDS",
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_RUNTIME_DIR",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// A part of what Graph Connect stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Component {
    /// The variables that somebody has set and that Graph Connect obeys.
    Environment,
    /// The file of the connections.
    Store,
    /// The files of the store: whose they are, who else may use them, and whether the disk takes
    /// more.
    Files,
    /// The keychain of the operating system.
    Keychain,
    /// The loopback interface, which the answer of a sign-in comes through.
    Loopback,
    /// A host of Microsoft's.
    Host,
    /// This computer's clock.
    Clock,
}

/// What was found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// What was looked at.
    pub part: Component,
    /// Whether it is as it should be.
    pub good: bool,
    /// What was found, in one line.
    pub summary: String,
    /// What to do about it, where something is wrong.
    pub next: Option<String>,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// Why it is not good.
    #[serde(skip)]
    pub error: Option<Error>,
}

/// Looks at every part in turn; `on_examined` is told of each as soon as it is known.
pub async fn diagnose(
    folder: &Path,
    keychain: Keychain,
    clouds: Result<Clouds, Error>,
    on_examined: &mut (dyn FnMut(Diagnostic) + Send),
) {
    on_examined(examined(
        Component::Environment,
        Instant::now(),
        Ok(environment()),
    ));
    let (opened, clouds) = open(folder, &keychain, clouds).await;
    on_examined(opened);
    let began = Instant::now();
    on_examined(examined(Component::Files, began, files(folder).await));
    let began = Instant::now();
    let kept = keychain.self_test().await.map(tried);
    on_examined(examined(
        Component::Keychain,
        began,
        kept.map_err(Error::from),
    ));
    let began = Instant::now();
    let http = match tokio::task::spawn_blocking(Http::new).await {
        Ok(Ok(http)) => http,
        Ok(Err(error)) => return on_examined(examined(Component::Host, began, Err(error.into()))),
        Err(_) => return on_examined(examined(Component::Host, began, Err(Error::Closing))),
    };
    let began = Instant::now();
    let looped = entra::try_loopback(&http).await.map(|v6| {
        let addresses = if v6 {
            "127.0.0.1 and [::1]"
        } else {
            "127.0.0.1; this computer has no IPv6"
        };
        format!("A request to itself arrived over {addresses}.")
    });
    on_examined(examined(
        Component::Loopback,
        began,
        looped.map_err(Error::from),
    ));
    let mut skew = None;
    for cloud in clouds {
        reach(&http, &cloud, on_examined).await;
        skew = skew.or(http.route(&cloud.login).and_then(|route| route.clock_skew));
    }
    if let Some(skew) = skew {
        on_examined(clock(skew));
    }
}

/// Which variables decide something here; a value may hold a password, so it stays where it is.
fn environment() -> String {
    let is_set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let set: Vec<_> = DECIDING.into_iter().filter(is_set).collect();
    if set.is_empty() {
        "No variable is set that matters here.".to_owned()
    } else {
        format!("Set: {}.", set.join(", "))
    }
}

/// Opens the store, and tells which clouds its connections are in: the first of the list, if there
/// are none.
async fn open(
    folder: &Path,
    keychain: &Keychain,
    clouds: Result<Clouds, Error>,
) -> (Diagnostic, Vec<Cloud>) {
    let began = Instant::now();
    let known = clouds
        .as_ref()
        .map_or_else(|_| Clouds::built_in(), Clone::clone);
    let opened = async {
        let connections = Connections::open(folder, keychain.clone(), clouds?).await?;
        connections.list().await
    };
    let (found, used) = match opened.await {
        Ok(List {
            connections,
            removals_pending,
        }) => {
            let used: BTreeSet<_> = connections
                .iter()
                .map(|connection| connection.cloud.as_str().to_owned())
                .collect();
            let lost = used
                .iter()
                .find_map(|id| find_cloud(&known, &CloudId::new(id.as_str())).err());
            let pending = match removals_pending {
                0 => String::new(),
                pending => {
                    format!(" {pending} secrets of removed connections are still to be removed.")
                }
            };
            let summary = format!(
                "{} holds {} connections.{pending}",
                folder.display(),
                connections.len()
            );
            (lost.map_or(Ok(summary), Err), used)
        }
        Err(error) => (Err(error), BTreeSet::new()),
    };
    let mut chosen: Vec<Cloud> = known
        .iter()
        .filter(|cloud| used.contains(cloud.id.as_str()))
        .cloned()
        .collect();
    if chosen.is_empty() {
        chosen.push(known.default_cloud().clone());
    }
    (examined(Component::Store, began, found), chosen)
}

async fn files(folder: &Path) -> Result<String, Error> {
    let folder = folder.to_owned();
    let looked = tokio::task::spawn_blocking(move || look_at_files(&folder))
        .await
        .map_err(|_| Error::Closing)?;
    looked
        .map(|count| format!("{count} files and folders are yours alone, and the disk takes more."))
}

/// What the test of the keychain did, as a sentence.
pub fn tried(test: SelfTest) -> String {
    match test {
        SelfTest::Written { place: Some(place) } => {
            format!("{place}: an item was written, read and removed again.")
        }
        SelfTest::Written { place: None } => {
            "An item was written, read and removed again.".to_owned()
        }
        SelfTest::OnlyLooked { place } => {
            format!(
                "{place}: it is open. Nothing was written, because {} keeps removed items in its bin.",
                place.program
            )
        }
    }
}

async fn reach(http: &Http, cloud: &Cloud, on_examined: &mut (dyn FnMut(Diagnostic) + Send)) {
    let began = Instant::now();
    let login = entra::reach_login(http, cloud).await;
    let login = login.map(|()| way_to(http, &cloud.login, "sign-ins"));
    on_examined(examined(Component::Host, began, login.map_err(Error::from)));
    let began = Instant::now();
    let graph = entra::reach_graph(http, cloud).await;
    let graph = graph.map(|()| way_to(http, &cloud.graph, "Microsoft Graph"));
    on_examined(examined(Component::Host, began, graph.map_err(Error::from)));
}

/// That a host answers, and how the connection to it came about.
fn way_to(http: &Http, url: &Url, what: &str) -> String {
    let host = url.authority();
    let Some(route) = http.route(url) else {
        return format!("{host} answers for {what}.");
    };
    let proxy = match (&route.proxy, route.proxied) {
        (Some(proxy), _) => format!(" through the proxy {proxy}"),
        (None, true) => " through a proxy".to_owned(),
        (None, false) => String::new(),
    };
    let tls = route.tls.map(|tls| match tls.issuer {
        Some(issuer) => format!(" with {} and a certificate of {issuer}", tls.version),
        None => format!(" with {}", tls.version),
    });
    format!(
        "{host} answers for {what}{proxy}{}.",
        tls.unwrap_or_default()
    )
}

fn clock(skew: i64) -> Diagnostic {
    let good = skew.unsigned_abs() <= CLOCK_TOLERANCE.as_secs();
    let summary = match skew {
        -5..=5 => "The clock is right.".to_owned(),
        6.. => format!("The clock is {skew} s ahead."),
        _ => format!("The clock is {} s behind.", -skew),
    };
    let next = (!good).then(|| "Set it by a time server; signing in depends on it.".to_owned());
    Diagnostic {
        part: Component::Clock,
        good,
        summary,
        next,
        ms: 0,
        error: None,
    }
}

fn examined(part: Component, began: Instant, found: Result<String, Error>) -> Diagnostic {
    let ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
    match found {
        Ok(summary) => Diagnostic {
            part,
            good: true,
            summary,
            next: None,
            ms,
            error: None,
        },
        Err(error) => {
            let (summary, next) = (error.to_string(), Some(error.advice()));
            Diagnostic {
                part,
                good: false,
                summary,
                next,
                ms,
                error: Some(error),
            }
        }
    }
}
