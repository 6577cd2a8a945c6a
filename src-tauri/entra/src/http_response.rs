//! An answer of a server: what may be read in it, and what it says when it refuses.

use jiff::Timestamp;
use model::OriginalError;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

use crate::{
    challenge::ClaimsChallenge,
    error::Error,
    error_body::{said_by_graph, said_by_login_host},
    proxy::ProxyProblem,
    sent::{Raw, Sent},
    wait::{DEFAULT_WAIT, http_date, wait_of},
};

/// A longer answer is not looked through for what was sent before it is read: it is a list of
/// Graph's own.
const MAX_SEARCHED: usize = 256 * 1024;

/// An answer that came from a server and not from something in between. Its words are shown only
/// through what was sent.
#[derive(Debug)]
pub(crate) struct HttpResponse {
    pub(crate) host: String,
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    is_coded: bool,
    sent: Sent,
}

impl HttpResponse {
    /// `body` is `None` when it is coded in a way that nobody asked for.
    pub(crate) fn new(
        host: &str,
        status: StatusCode,
        headers: HeaderMap,
        body: Option<Vec<u8>>,
        sent: Sent,
    ) -> Self {
        let is_coded = body.is_none();
        Self {
            host: host.to_owned(),
            status,
            headers,
            body: body.unwrap_or_default(),
            is_coded,
            sent,
        }
    }

    /// The body as it came.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// What was sent for this answer, which its words may repeat.
    pub(crate) fn sent(&self) -> &Sent {
        &self.sent
    }

    /// Whether Graph wrote it, and not something in between: it says which request it answers.
    pub(crate) fn is_from_graph(&self) -> bool {
        self.headers.contains_key("request-id")
    }

    /// The same where anybody may have written it: Graph's too is a JSON object, whatever the
    /// status and the type say.
    pub(crate) fn may_be_graphs(&self) -> bool {
        let bare = self.bare();
        let is_object =
            || bare.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(bare).is_ok();
        self.is_from_graph() || is_object()
    }

    /// Reads the body as a JSON object of type `T`. What it repeats of what was sent is not in it
    /// any more.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let flaw = || self.malformed("a member is missing, doubled or of the wrong type");
        let object = self.object()?;
        match std::str::from_utf8(object)
            .ok()
            .filter(|text| text.len() <= MAX_SEARCHED && self.sent.is_in(text))
        {
            Some(text) => serde_json::from_str(&self.sent.cleaned(text)).map_err(|_| flaw()),
            None => serde_json::from_slice(object).map_err(|_| flaw()),
        }
    }

    /// The body, if it is one JSON object and nothing else.
    pub(crate) fn object(&self) -> Result<&[u8], Error> {
        if self.is_web_page() {
            return Err(Error::NotMicrosoft {
                host: self.host.clone(),
            });
        }
        if !self.is_json() {
            return Err(self.malformed("it is not JSON"));
        }
        let bare = self.bare();
        if !bare.starts_with(b"{") {
            return Err(self.malformed("it is not a JSON object"));
        }
        Ok(bare)
    }

    /// The body as JSON, for an error body, which may be anything.
    pub(crate) fn json_if_any<T: DeserializeOwned>(&self) -> Option<T> {
        if self.is_json() {
            serde_json::from_slice(self.bare()).ok()
        } else {
            None
        }
    }

    /// The members of an error body, which is an object or says nothing.
    pub(crate) fn members(&self) -> Option<Map<String, Value>> {
        match self.json_if_any()? {
            Value::Object(members) => Some(members),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => None,
        }
    }

    pub(crate) fn malformed(&self, flaw: &'static str) -> Error {
        Error::Malformed {
            host: self.host.clone(),
            flaw,
        }
    }

    /// When the server wrote the answer, by its own clock.
    pub(crate) fn written_at(&self) -> Option<Timestamp> {
        http_date(self.headers.get(DATE)?.to_str().ok()?)
    }

    /// Whether this is HTML, by its type or, without one, by its first character.
    pub(crate) fn is_web_page(&self) -> bool {
        match self.media_type() {
            Some(media_type) => media_type == "text/html" || media_type == "application/xhtml+xml",
            None => self.bare().starts_with(b"<"),
        }
    }

    fn is_json(&self) -> bool {
        let is_json = |kind: String| {
            matches!(kind.as_str(), "application/json" | "text/json") || kind.ends_with("+json")
        };
        self.media_type().is_none_or(is_json)
    }

    /// Where the server sends the asker.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self
            .headers
            .get(CONTENT_TYPE)?
            .to_str()
            .unwrap_or("unreadable");
        Some(
            value
                .split(';')
                .next()
                .unwrap_or(value)
                .trim()
                .to_ascii_lowercase(),
        )
    }

    /// The body without blanks at its beginning and without one byte order mark, which some servers
    /// put there (RFC 8259, 8.1, lets a reader ignore it).
    fn bare(&self) -> &[u8] {
        bare(&self.body)
    }

    /// The answer, unless it says no more than that there is none. Where `may_redirect`, one of Graph
    /// that sends elsewhere is an answer too.
    pub(crate) fn refuse_what_is_no_answer(self, may_redirect: bool) -> Result<Self, Error> {
        let by_server = self.written_at().unwrap_or_else(Timestamp::now);
        let retry_after = self
            .headers
            .get(RETRY_AFTER)
            .map(|value| wait_of(value, by_server));
        match self.status.as_u16() {
            300..=399 if may_redirect && self.is_from_graph() => Ok(self),
            300..=399 | 511 => Err(Error::NotMicrosoft { host: self.host }),
            407 => Err(Error::Proxy {
                host: self.host,
                proxy: None,
                problem: ProxyProblem::SignIn,
            }),
            // A page of something in between, such as a gateway; an empty answer may be anybody's.
            429 | 500..=599 if may_redirect && !self.body.is_empty() && !self.may_be_graphs() => {
                Err(Error::NotMicrosoft { host: self.host })
            }
            429 | 500..=599 if self.status.as_u16() == 429 || retry_after.is_some() => {
                let retry_after = retry_after.unwrap_or(DEFAULT_WAIT);
                Err(Error::Throttled {
                    retry_after,
                    original: Some(Box::new(self.original())),
                })
            }
            500..=599 => Err(Error::Unavailable {
                original: Some(Box::new(self.original())),
            }),
            _ if self.is_coded => {
                Err(self.malformed("it is coded in a way that was not asked for"))
            }
            _ => Ok(self),
        }
    }

    /// The claims that Graph asks a new token for (continuous access evaluation), in any of its
    /// headers.
    pub(crate) fn claims_challenge(&self) -> Option<ClaimsChallenge> {
        let asked = self
            .headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let mut asked = asked.filter(|_| self.status == StatusCode::UNAUTHORIZED);
        asked
            .find_map(ClaimsChallenge::in_header)
            .filter(|claims| !self.sent.is_in(claims.as_str()))
    }

    /// What an error body says, whether the login host or Graph wrote it, without what was sent.
    pub(crate) fn original(&self) -> OriginalError {
        let body = self.members();
        let inner = body
            .as_ref()
            .and_then(|body| body.get("error"))
            .filter(|error| error.is_object());
        let said = match (inner, &body) {
            (Some(graph), _) => said_by_graph(graph),
            (None, Some(login)) => said_by_login_host(login),
            (None, None) => Raw::default(),
        };
        let header = |name: &str| self.headers.get(name).and_then(|value| value.to_str().ok());
        self.sent.original(Raw {
            http_status: Some(self.status.as_u16()),
            trace_id: said
                .trace_id
                .or_else(|| header("request-id"))
                .or_else(|| header("x-ms-request-id")),
            correlation_id: said.correlation_id.or_else(|| header("client-request-id")),
            ..said
        })
    }
}

/// JSON without blanks at its beginning and without one byte order mark.
pub(crate) fn bare(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(json)
        .trim_ascii_start()
}
