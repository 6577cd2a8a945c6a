//! What kind of failure it is when no answer came.

use std::error::Error as _;

use crate::{error::Error, proxy::ProxyProblem, tls};

/// Sorts a failure by what is in its chain of causes, since the outermost one only says "error
/// sending request".
pub(super) fn classify(error: &reqwest::Error, host: &str) -> Error {
    let host = host.to_owned();
    if error.is_dns() {
        return Error::Dns { host };
    }
    if let Some(refused) = tls_refusal(error) {
        let (reason, unknown_issuer) = (tls::reason(refused), tls::unknown_issuer(refused));
        return Error::Tls {
            host,
            reason,
            unknown_issuer,
            of_dates: tls::is_about_dates(refused),
        };
    }
    if error.is_timeout() {
        return Error::TimedOut { host };
    }
    if is_proxy_refusal(error) {
        return Error::Proxy {
            host,
            proxy: None,
            problem: ProxyProblem::SignIn,
        };
    }
    if error.is_connect() {
        Error::Connect { host }
    } else {
        Error::CutOff { host }
    }
}

/// An `io::Error` names the cause of what it wraps as its own, so what it wraps has to be taken out
/// by hand, and at times from under a second one.
fn tls_refusal<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(refused) = error.downcast_ref::<rustls::Error>() {
        return Some(refused);
    }
    match error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
    {
        Some(wrapped) => tls_refusal(wrapped),
        None => tls_refusal(error.source()?),
    }
}

/// The tunnel's error type is not public, so its one sentence is all there is; a test against a
/// real proxy watches it.
fn is_proxy_refusal(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.to_string().contains("proxy authorization required") {
            return true;
        }
        cause = inner.source();
    }
    false
}
