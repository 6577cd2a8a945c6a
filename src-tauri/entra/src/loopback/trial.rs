//! A request from this computer to itself, by the way that the answer of a sign-in takes.

use std::{convert::Infallible, time::Duration};

use http_body_util::Full;
use hyper::{Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use reqwest::header::HeaderMap;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::task::AbortOnDropHandle;
use url::Url;
use uuid::Uuid;

use super::bind;
use crate::{error::Error, http::Http};

/// How long a request to this computer itself may take.
const TRIAL_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens a port as for a sign-in and asks it for a word over each address that it has; no proxy is
/// used. Says whether the computer has IPv6 beside IPv4.
///
/// # Errors
/// [`Error::Listener`] when no port can be opened; those of the network, and
/// [`Error::NotMicrosoft`] when somebody else answers.
pub async fn try_loopback(http: &Http) -> Result<bool, Error> {
    let pair = bind::pair()?;
    let word = Uuid::new_v4().to_string();
    let has_ipv6 = pair.v6.is_some();
    let hosts = [("127.0.0.1", Some(pair.v4)), ("[::1]", pair.v6)];
    for (host, listener) in hosts
        .into_iter()
        .filter_map(|(host, listener)| Some((host, listener?)))
    {
        let url = format!("http://{host}:{}/", pair.port);
        let url = Url::parse(&url).map_err(|_| Error::AddressRefused { host: url })?;
        let serving = AbortOnDropHandle::new(tokio::spawn(say(listener, word.clone())));
        let answer = tokio::time::timeout(TRIAL_TIMEOUT, http.get(&url, HeaderMap::new())).await;
        drop(serving);
        let answer = answer.unwrap_or_else(|_| {
            Err(Error::TimedOut {
                host: host.to_owned(),
            })
        });
        if answer?.body() != word.as_bytes() {
            return Err(Error::NotMicrosoft {
                host: host.to_owned(),
            });
        }
    }
    Ok(has_ipv6)
}

/// Answers everybody with the word, each on a connection of its own, so that a stranger who stays
/// silent hinders nobody.
async fn say(listener: TcpListener, word: String) {
    let word = Bytes::from(word);
    let mut talks = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let word = word.clone();
        let answer = service_fn(move |_| {
            let word = word.clone();
            async move { Ok::<_, Infallible>(Response::new(Full::new(word))) }
        });
        talks.spawn(
            http1::Builder::new()
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), answer),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::try_loopback;
    use crate::http::Http;

    #[tokio::test]
    async fn this_computer_reaches_itself_without_a_proxy() {
        assert!(
            try_loopback(&Http::new().unwrap()).await.unwrap(),
            "over IPv4 and IPv6"
        );
    }
}
