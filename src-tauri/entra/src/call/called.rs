//! What came of a call.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::{
    address::is_loopback, challenge::ClaimsChallenge, error::Error, graph::refusal,
    http_response::HttpResponse,
};

/// What Graph answered, whatever the status.
#[derive(Debug)]
pub struct Called {
    /// How long the answer took.
    pub took: Duration,
    pub(super) answer: HttpResponse,
}

impl Called {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.answer.status.as_u16()
    }

    /// The body as it came: data for whoever called, which may repeat the token if the server does.
    pub fn body(&self) -> &[u8] {
        self.answer.body()
    }

    /// The beginning of the body as text for a person, without the token, whatever its spelling.
    pub fn shown_body(&self) -> String {
        self.answer
            .sent()
            .cleaned(&String::from_utf8_lossy(self.answer.body()))
    }

    /// Graph's `request-id`, which Microsoft's support asks for.
    pub fn request_id(&self) -> Option<String> {
        self.answer.original().trace_id
    }

    /// Where Graph keeps what was asked for: an address that needs no token, and gets none. One
    /// that repeats the token is not Graph's.
    ///
    /// Source: <https://learn.microsoft.com/graph/api/driveitem-get-content>
    pub fn kept_at(&self) -> Option<Url> {
        let is_elsewhere = self.answer.status.is_redirection();
        let kept_at = Url::parse(self.answer.location().filter(|_| is_elsewhere)?).ok()?;
        let repeats = self.answer.sent().is_in(kept_at.as_str());
        (!repeats && (kept_at.scheme() == "https" || is_loopback(&kept_at))).then_some(kept_at)
    }

    /// What kind of failure this is, unless it is none.
    pub fn failure(&self) -> Option<Error> {
        (!self.answer.status.is_success()).then(|| refusal(&self.answer))
    }

    /// The claims that Graph asks a new token for, when that is why it refused this one. Ask for a
    /// token with them once ([`client_credentials`](crate::client_credentials),
    /// [`refresh`](crate::refresh)) and call again.
    pub fn claims_challenge(&self) -> Option<ClaimsChallenge> {
        self.answer.claims_challenge()
    }

    /// Whether Graph wrote the answer, and not something in between.
    pub fn is_from_graph(&self) -> bool {
        self.answer.is_from_graph()
    }

    /// Whether the body is text by its type, JSON included.
    pub fn is_text(&self) -> bool {
        self.answer
            .media_type()
            .is_some_and(|kind| kind.starts_with("text/") || kind.ends_with("json"))
    }

    /// The body as JSON, if that is what it is.
    pub fn json(&self) -> Option<Value> {
        self.answer.json_if_any()
    }
}
