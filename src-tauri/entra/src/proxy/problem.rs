//! A proxy as it may be shown, and what is wrong with it.

use std::fmt;

/// A proxy, as far as it may be shown: without the user name and the password in its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// The environment variable that names it.
    pub variable: &'static str,
    /// Its address, such as `http://proxy.contoso.com:8080`; empty when it cannot be read.
    pub address: String,
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address.as_str() {
            "" => f.write_str(self.variable),
            address => write!(f, "{address} ({})", self.variable),
        }
    }
}

/// What is wrong with a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyProblem {
    /// It wants a sign-in of its own (HTTP 407).
    SignIn,
    /// What the variable says cannot be used, and why.
    Unusable(&'static str),
    /// Its name is not known to the network.
    NotFound,
    /// No connection to it can be made.
    NoConnection,
    /// It does not connect to the host, and what it answered, such as `403 Forbidden`; `None` if
    /// it did not.
    Refused(Option<String>),
}

impl ProxyProblem {
    /// The sentence about it.
    pub(crate) fn sentence(&self, host: &str, proxy: Option<&Proxy>) -> String {
        let the_proxy = proxy.map_or_else(
            || "The proxy".to_owned(),
            |proxy| format!("The proxy {proxy}"),
        );
        match self {
            Self::SignIn => format!("{the_proxy} on the way to {host} asks for a sign-in."),
            Self::Unusable(why) => match proxy {
                Some(Proxy { variable, address }) if address.is_empty() => {
                    format!("{variable} does not name a proxy that can be used: {why}.")
                }
                Some(_) | None => format!("{the_proxy} cannot be used: {why}."),
            },
            Self::NotFound => format!("{the_proxy} cannot be found (DNS)."),
            Self::NoConnection => {
                format!("{the_proxy} does not answer: no connection to it can be made.")
            }
            Self::Refused(Some(answer)) => {
                format!("{the_proxy} does not connect to {host}. It answered: {answer}.")
            }
            Self::Refused(None) => {
                format!("{the_proxy} does not connect to {host} and does not say why.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Proxy, ProxyProblem};

    #[test]
    fn a_proxy_is_named_with_its_variable() {
        let proxy = Proxy {
            variable: "HTTPS_PROXY",
            address: "http://proxy:1".into(),
        };
        let said = ProxyProblem::Refused(Some("403 Forbidden".into())).sentence("h", Some(&proxy));
        assert_eq!(
            said,
            "The proxy http://proxy:1 (HTTPS_PROXY) does not connect to h. It answered: 403 Forbidden."
        );
        let unread = Proxy {
            variable: "ALL_PROXY",
            address: String::new(),
        };
        let said = ProxyProblem::Unusable("it is not an address").sentence("h", Some(&unread));
        assert_eq!(
            said,
            "ALL_PROXY does not name a proxy that can be used: it is not an address."
        );
    }
}
