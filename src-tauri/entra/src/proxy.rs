//! The proxy that the environment names: which variable does, whether its value can be used, and
//! what it answers.
//!
//! A value that cannot be used is refused and never passed by: whoever set it does not want this
//! computer to ask directly. Of the variables only those for https are obeyed, since nothing else
//! leaves this computer. Where none is set, the proxy of the operating system's settings is used on
//! Windows and macOS.

mod problem;

use std::{env, fmt, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{ClientBuilder, NoProxy};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use url::Url;

pub use self::problem::{Proxy, ProxyProblem};
use crate::{address::host_of, error::Error, sent::Sent};

/// The variables that are looked at, in this order; the first that is set and not empty counts.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// What is to be asked directly all the same.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];
/// How long a proxy that failed is asked why.
const ASKING_WHY: Duration = Duration::from_secs(5);

/// The proxy of this process's environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(Option<Set>);

#[derive(Clone)]
struct Set {
    proxy: Proxy,
    /// Its address, with the user name and the password.
    url: Result<SecretString, &'static str>,
    exceptions: String,
}

impl Proxies {
    pub(crate) fn of_environment() -> Self {
        let value = |name: &&'static str| env::var_os(name).filter(|value| !value.is_empty());
        let set = VARIABLES
            .iter()
            .find_map(|name| Some((*name, value(name)?)));
        let exceptions = EXCEPTIONS
            .iter()
            .find_map(value)
            .map(|value| value.to_string_lossy().into_owned());
        Self(set.map(|(variable, value)| {
            let url = value.to_str().ok_or("it is not text").and_then(parse);
            let address = url
                .as_ref()
                .map(|url| format!("{}://{}", url.scheme(), host_of(url)))
                .unwrap_or_default();
            let url = url
                .and_then(usable)
                .map(|url| SecretString::from(url.as_str()));
            Set {
                proxy: Proxy { variable, address },
                url,
                exceptions: exceptions.unwrap_or_default(),
            }
        }))
    }

    /// The proxy that a request to this address goes through.
    pub(crate) fn on_the_way_to(&self, url: &Url) -> Option<&Proxy> {
        self.set_for(url).map(|set| &set.proxy)
    }

    /// # Errors
    /// [`Error::Proxy`] where the way leads through a proxy that cannot be used.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Error> {
        match self.set_for(url) {
            Some(Set {
                proxy,
                url: Err(why),
                ..
            }) => Err(Error::Proxy {
                host: host_of(url),
                proxy: Some(proxy.clone()),
                problem: ProxyProblem::Unusable(why),
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// Tells the client of it, which then looks for no other.
    pub(crate) fn tell(&self, builder: ClientBuilder) -> ClientBuilder {
        let Some(set) = &self.0 else {
            // The client's own look at the environment would find what counts as not set here.
            return if cfg!(any(windows, target_os = "macos")) {
                builder
            } else {
                builder.no_proxy()
            };
        };
        let usable = set
            .url
            .as_ref()
            .ok()
            .and_then(|url| reqwest::Proxy::all(url.expose_secret()).ok());
        let exceptions = NoProxy::from_string(&set.exceptions);
        usable
            .into_iter()
            .fold(builder.no_proxy(), |builder, proxy| {
                builder.proxy(proxy.no_proxy(exceptions.clone()))
            })
    }

    /// What a failure on the way to a host is, when a proxy stands in between.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what did not happen on the way to the host is no proxy's doing"
    )]
    pub(crate) async fn explain(&self, url: &Url, error: Error) -> Error {
        let Some(set @ Set { url: Ok(_), .. }) = self.set_for(url) else {
            return error;
        };
        let problem = match error {
            Error::Dns { .. } => ProxyProblem::NotFound,
            Error::Proxy {
                problem: ProxyProblem::SignIn,
                ..
            } => ProxyProblem::SignIn,
            Error::Connect { .. } | Error::TimedOut { .. } => match set.ask_why(url).await {
                Some(problem) => problem,
                None => return error,
            },
            other => return other,
        };
        Error::Proxy {
            host: host_of(url),
            proxy: Some(set.proxy.clone()),
            problem,
        }
    }

    fn set_for(&self, url: &Url) -> Option<&Set> {
        let host = url.host_str()?;
        self.0
            .as_ref()
            .filter(|set| url.scheme() == "https" && !is_excepted(&set.exceptions, host))
    }
}

impl Set {
    /// The HTTP library does not say what a proxy answered, so the proxy is asked once more;
    /// `None` if it lets us through now, or is too slow to say.
    async fn ask_why(&self, url: &Url) -> Option<ProxyProblem> {
        let proxy = Url::parse(self.url.as_ref().ok()?.expose_secret()).ok()?;
        let at = (
            proxy.host_str()?.trim_matches(['[', ']']).to_owned(),
            proxy.port_or_known_default()?,
        );
        let Ok(Ok(mut stream)) = timeout(ASKING_WHY, TcpStream::connect(at)).await else {
            return Some(ProxyProblem::NoConnection);
        };
        if proxy.scheme() != "http" {
            return Some(ProxyProblem::Refused(None));
        }
        let target = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
        let credential = credential_of(&proxy);
        let header = credential
            .as_ref()
            .map(|it| format!("Proxy-Authorization: Basic {}\r\n", it.expose_secret()));
        let request = format!(
            "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{}\r\n",
            header.unwrap_or_default()
        );
        let asked = timeout(ASKING_WHY, async {
            stream.write_all(request.as_bytes()).await.ok()?;
            let mut line = Vec::new();
            while !line.contains(&b'\n') && line.len() < 1024 {
                if stream.read_buf(&mut line).await.ok()? == 0 {
                    break;
                }
            }
            Some(line)
        });
        let line = asked.await.ok()??;
        let line = String::from_utf8_lossy(line.split(|byte| *byte == b'\n').next()?)
            .trim()
            .to_owned();
        let answer = line
            .strip_prefix("HTTP/")
            .and_then(|line| line.split_once(' '))
            .map(|(_, answer)| answer);
        match answer.and_then(|answer| answer.get(..3)) {
            Some("200") => None,
            Some("407") => Some(ProxyProblem::SignIn),
            Some(_) => {
                let sent = Sent::of(
                    credential
                        .into_iter()
                        .chain(proxy.password().map(SecretString::from)),
                );
                Some(ProxyProblem::Refused(
                    answer.map(|answer| sent.shown(answer)),
                ))
            }
            None => Some(ProxyProblem::Refused(None)),
        }
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Set")
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

/// Reads a value as curl does: `http://` may be left out.
fn parse(value: &str) -> Result<Url, &'static str> {
    let value = value.trim();
    let has_scheme = value.contains("://");
    let whole = if has_scheme {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    let url = Url::parse(&whole).map_err(|_| "it is not an address")?;
    let is_bare = has_scheme || url.path() == "/" && url.query().is_none();
    if is_bare && url.host_str().is_some_and(|host| !host.is_empty()) {
        Ok(url)
    } else {
        Err("it is not an address")
    }
}

fn usable(url: Url) -> Result<Url, &'static str> {
    match url.scheme() {
        "http" | "https" if url.port() == Some(0) => Err("its port is 0"),
        "http" | "https" if reqwest::Proxy::all(url.as_str()).is_ok() => Ok(url),
        "http" | "https" => Err("it is not an address"),
        scheme if scheme.starts_with("socks") => {
            Err("Graph Connect does not speak SOCKS; name an HTTP proxy")
        }
        _ => Err("it is neither http nor https"),
    }
}

/// Whether `NO_PROXY` says to ask a host directly: `*`, the host, or a domain above it.
fn is_excepted(exceptions: &str, host: &str) -> bool {
    exceptions.split(',').map(str::trim).any(|exception| {
        let domain = exception.trim_start_matches('.');
        let ends = host
            .len()
            .checked_sub(domain.len())
            .and_then(|at| Some((host.get(..at)?, host.get(at..)?)));
        exception == "*"
            || !domain.is_empty()
                && ends.is_some_and(|(before, end)| {
                    end.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.'))
                })
    })
}

/// What a proxy's sign-in is sent as.
fn credential_of(proxy: &Url) -> Option<SecretString> {
    let plain = |text: &str| {
        url::form_urlencoded::parse(format!("x={}", text.replace('+', "%2B")).as_bytes())
            .next()
            .map(|(_, text)| text.into_owned())
    };
    let (user, password) = (
        plain(proxy.username())?,
        plain(proxy.password().unwrap_or_default())?,
    );
    let is_there = !user.is_empty() || !password.is_empty();
    is_there.then(|| SecretString::from(BASE64_STANDARD.encode(format!("{user}:{password}"))))
}

#[cfg(test)]
mod tests {
    use super::{is_excepted, parse, usable};

    #[test]
    fn a_value_is_read_as_a_proxy_or_refused_with_a_reason() {
        let reason = |value: &str| parse(value).and_then(usable).err();
        for value in [
            "http://proxy:8080",
            "proxy.corp:3128",
            "127.0.0.1:8888",
            "https://u:p@proxy",
            " http://proxy/ ",
        ] {
            assert_eq!(reason(value), None, "{value}");
        }
        for value in ["socks5h://127.0.0.1:1080", "socks4://x:1", "SOCKS5://x:1"] {
            assert!(reason(value).unwrap().contains("SOCKS"), "{value}");
        }
        for value in [
            "ftp://proxy:1",
            "http:/proxy:3128",
            "\"http://proxy:8080\"",
            "://",
            "http://",
            "proxy:port",
            "a b:1",
            "http://x:0",
        ] {
            assert!(reason(value).is_some(), "{value}");
        }
    }

    #[test]
    fn exceptions_are_hosts_and_the_domains_above_them() {
        let host = "login.microsoftonline.com";
        for exceptions in [
            "*",
            host,
            "microsoftonline.com",
            ".microsoftonline.com",
            "x, LOGIN.microsoftonline.com",
        ] {
            assert!(is_excepted(exceptions, host), "{exceptions}");
        }
        for exceptions in [
            "",
            ",",
            "online.com",
            "login.microsoftonline.com.evil",
            "graph.microsoft.com",
        ] {
            assert!(!is_excepted(exceptions, host), "{exceptions}");
        }
    }
}
