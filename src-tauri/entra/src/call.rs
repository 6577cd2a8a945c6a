//! A call of Microsoft Graph that somebody else thought of. Its address is read here, so that a
//! token never goes anywhere but to the Graph host of its cloud.

mod address;
mod called;
mod needs;
#[cfg(test)]
mod tests;

use std::time::Instant;

use model::PermissionKind;
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::SecretString;
use thiserror::Error;
use url::Url;

use address::Plus;

pub use called::Called;

use crate::{cloud::Cloud, error::Error, graph::bearer, http::Http};

/// The longest address that is sent, in bytes.
const MAX_ADDRESS: usize = 16 * 1024;

/// What to do with what the address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallMethod {
    /// Read it.
    Get,
    /// Add to it, or do what it stands for.
    Post,
    /// Change a part of it.
    Patch,
    /// Replace it.
    Put,
    /// Remove it.
    Delete,
}

/// A call of Microsoft Graph in one cloud. Its address is on that cloud's Graph host, whatever text
/// it was read from.
#[derive(Clone, Debug)]
pub struct GraphCall {
    method: CallMethod,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

/// Why a text is not the address or a header of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CallProblem {
    /// Nothing is there.
    #[error("The path is empty. Enter one such as /users?$top=3.")]
    Empty,
    /// An address of another host, or one with a user name in it.
    #[error(
        "This address belongs to another host. For your safety the token is only sent to this connection's Graph. Enter a \
         path such as /users."
    )]
    OtherHost,
    /// The path leads out of the version, or two versions are asked for.
    #[error("The path has to stay below one version, v1.0 or beta.")]
    Version,
    /// A `#`, which ends an address.
    #[error("The path contains #. Write it as %23.")]
    Fragment,
    /// A `%` that begins no escape beside one that does, or escapes that are no text.
    #[error(
        "The path contains % without the two digits of a character after it. Write the percent sign as %25."
    )]
    Percent,
    /// A `+` in a whole address: a blank to some programs, itself to others.
    #[error(
        "The address contains +, which Microsoft Graph reads as a blank. Write it as %2B, or a blank as %20."
    )]
    Plus,
    /// A quotation that does not end, with a `&` in it.
    #[error("A quotation mark in the path has no end. Write & as %26 where it belongs to a text.")]
    Quote,
    /// A line break, a tab or another character that no address has.
    #[error("The path contains a line break or another control character. Take it out.")]
    Control,
    /// It cannot be read as an address.
    #[error("The path cannot be read as an address.")]
    Unreadable,
    /// It is longer than any server takes.
    #[error("The path is too long.")]
    TooLong,
    /// It is no header, or one that is not the caller's to set.
    #[error("Write a header as Name: value. Authorization, Host and the length are set here.")]
    Header,
}

impl GraphCall {
    /// Reads the address of a call: a path below the version (`/users?$top=3`), one that begins
    /// with the version (`/beta/users`), or a whole address on the cloud's Graph host. What a
    /// person left unescaped is escaped: a blank, a `+`, a `&` in a quotation, and every other
    /// character that an address cannot hold as it is.
    ///
    /// # Errors
    /// When the text is no address of a call in this cloud.
    pub fn new(
        cloud: &Cloud,
        method: CallMethod,
        text: &str,
        beta: bool,
    ) -> Result<Self, CallProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(CallProblem::Empty);
        }
        if text.len() > MAX_ADDRESS {
            return Err(CallProblem::TooLong);
        }
        if text.contains('#') {
            return Err(CallProblem::Fragment);
        }
        let url = if is_whole(text) {
            whole(text)?
        } else {
            below(cloud, text, beta)?
        };
        Self::at(cloud, method, &url, beta)
    }

    /// The call of an address that is escaped already.
    fn at(cloud: &Cloud, method: CallMethod, text: &str, beta: bool) -> Result<Self, CallProblem> {
        let url = Url::parse(text).map_err(|_| CallProblem::Unreadable)?;
        let bare = url.username().is_empty() && url.password().is_none();
        if url.origin() != cloud.graph.origin() || !bare {
            return Err(CallProblem::OtherHost);
        }
        let version = relative(cloud, &url).map(|(version, _)| version);
        if !(version == Some("beta") || version == Some("v1.0") && !beta) {
            return Err(CallProblem::Version);
        }
        Ok(Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: None,
        })
    }

    /// Sends this JSON with it.
    #[must_use]
    pub fn with_body(mut self, body: Vec<u8>) -> Self {
        self.headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static("application/json"));
        self.body = Some(body);
        self
    }

    /// Sends this header with it, written as `Name: value`: some of Graph's queries need
    /// `ConsistencyLevel: eventual`.
    ///
    /// # Errors
    /// When it cannot be read, or carries the token or the shape of the request, which are set
    /// here.
    pub fn with_header(mut self, text: &str) -> Result<Self, CallProblem> {
        let (name, value) = text.split_once(':').ok_or(CallProblem::Header)?;
        let name: HeaderName = name.trim().parse().map_err(|_| CallProblem::Header)?;
        let value = HeaderValue::from_str(value.trim()).map_err(|_| CallProblem::Header)?;
        let is_ours = [AUTHORIZATION, HOST].contains(&name)
            || [
                "content-length",
                "transfer-encoding",
                "connection",
                "client-request-id",
                "accept-encoding",
            ]
            .contains(&name.as_str());
        if is_ours {
            return Err(CallProblem::Header);
        }
        self.headers.insert(name, value);
        Ok(self)
    }

    /// The call for the next page, with the headers of this one. `link` is what `@odata.nextLink`
    /// says.
    ///
    /// Source: <https://learn.microsoft.com/graph/paging>
    ///
    /// # Errors
    /// When the link is not on the Graph host of this cloud.
    pub fn follow(&self, cloud: &Cloud, link: &str) -> Result<Self, CallProblem> {
        if !is_whole(link) {
            return Err(CallProblem::OtherHost);
        }
        if link.len() > MAX_ADDRESS {
            return Err(CallProblem::TooLong);
        }
        let next = Self::at(cloud, self.method, link, false)?;
        Ok(Self {
            headers: self.headers.clone(),
            ..next
        })
    }

    /// What all spellings of this address have in common: the order of the parameters, the case of
    /// names and of the path, and what is escaped make no difference to Graph.
    pub fn identity(&self) -> String {
        let path = String::from_utf8_lossy(&address::decode(self.url.path())).to_lowercase();
        let name = |name: &str| name.trim_start_matches('$').to_lowercase();
        let pairs = self.url.query_pairs();
        let mut parameters: Vec<_> = pairs
            .map(|(key, value)| (name(&key), value.into_owned()))
            .collect();
        parameters.sort();
        format!(
            "{}\n{}\n{parameters:?}",
            self.url.origin().ascii_serialization(),
            path.trim_end_matches('/')
        )
    }

    /// Whether its path is that of the person who signed in, whom an application has not got.
    pub fn is_of_a_person(&self, cloud: &Cloud) -> bool {
        let path =
            relative(cloud, &self.url).map(|(_, path)| path.split('/').next().unwrap_or_default());
        path.is_some_and(|first| first.eq_ignore_ascii_case("me"))
    }

    /// Whether it changes something, so that nobody knows what it did where no answer came.
    pub fn changes_something(&self) -> bool {
        self.method != CallMethod::Get
    }

    /// Whether sending it twice does what sending it once does (RFC 9110, 9.2.2).
    pub fn may_be_repeated(&self) -> bool {
        match self.method {
            CallMethod::Get | CallMethod::Put | CallMethod::Delete => true,
            CallMethod::Post | CallMethod::Patch => false,
        }
    }

    /// The permissions any of which suffices for this call, the least one first; none where that is
    /// not known here.
    ///
    /// Source: the "Permissions" table of each call in
    /// <https://learn.microsoft.com/graph/api/overview>
    pub fn needs(&self, cloud: &Cloud, kind: PermissionKind) -> &'static [&'static str] {
        let path = relative(cloud, &self.url).map(|(_, path)| path);
        match (self.method, path) {
            (CallMethod::Get, Some(path)) => needs::of(path, kind),
            _ => &[],
        }
    }
}

/// Makes a call. An answer that refuses is an answer too, which [`Called::failure`] sorts.
///
/// # Errors
/// [`Error::Throttled`], [`Error::Unavailable`], and those of the network.
pub async fn call(http: &Http, token: &SecretString, call: &GraphCall) -> Result<Called, Error> {
    let mut headers = bearer(token)?;
    headers.extend(call.headers.clone());
    let method = match call.method {
        CallMethod::Get => Method::GET,
        CallMethod::Post => Method::POST,
        CallMethod::Patch => Method::PATCH,
        CallMethod::Put => Method::PUT,
        CallMethod::Delete => Method::DELETE,
    };
    let began = Instant::now();
    let answer = http
        .call(method, &call.url, headers, call.body.clone())
        .await?;
    if !answer.may_be_graphs() {
        return Err(Error::NotMicrosoft { host: answer.host });
    }
    Ok(Called {
        took: began.elapsed(),
        answer,
    })
}

fn is_whole(text: &str) -> bool {
    let begins_with = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    begins_with("https://") || begins_with("http://")
}

/// A whole address as a person typed or pasted it.
fn whole(text: &str) -> Result<String, CallProblem> {
    let authority = text.find("://").map_or(0, |at| at + 3);
    let end = text[authority..]
        .find(['/', '?', '\\'])
        .map_or(text.len(), |at| authority + at);
    let (host, path) = text.split_at(end);
    if path.starts_with('\\') {
        return Err(CallProblem::Unreadable);
    }
    Ok(format!("{host}{}", address::escape(path, Plus::Unclear)?))
}

/// The address of a path, which may begin with the version.
fn below(cloud: &Cloud, text: &str, beta: bool) -> Result<String, CallProblem> {
    let path = text.trim_start_matches('/');
    let first = path.split(['/', '?']).next().unwrap_or_default();
    let version = match first {
        "v1.0" | "beta" => "",
        _ if beta => "beta/",
        _ => "v1.0/",
    };
    let path = address::escape(path, Plus::Itself)?;
    Ok(format!(
        "{}/{version}{path}",
        cloud.graph.as_str().trim_end_matches('/')
    ))
}

/// The version and the path below it.
fn relative<'a>(cloud: &Cloud, url: &'a Url) -> Option<(&'a str, &'a str)> {
    let below = url
        .path()
        .strip_prefix(cloud.graph.path().trim_end_matches('/'))?;
    below.strip_prefix('/')?.split_once('/')
}
