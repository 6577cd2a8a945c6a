//! Faults on demand: late answers, other answers, no answers.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use serde::{Deserialize, Serialize};

/// A planned misbehaviour for requests whose path begins with [`Fault::path`].
///
/// With only a latency the real answer follows late. With a status or a body the real answer is
/// replaced. With `cut_connection` the connection ends before any answer, or in the middle of the
/// body if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The beginning of the path; `*` stands for one segment (`/*/oauth2/v2.0/token`). Empty fits
    /// every request.
    pub path: String,
    /// Only requests with this method.
    pub method: Option<String>,
    /// Milliseconds to wait first.
    pub latency_ms: u64,
    /// Refuse as the login host does, with this AADSTS number and the body that it comes in; on a
    /// page where people see it.
    pub aadsts: Option<u32>,
    /// With `aadsts`: the same body, but under another number.
    pub told_as: Option<u32>,
    /// The status to answer with, in place of the real answer.
    pub status: Option<u16>,
    /// The body to answer with, in place of the real answer.
    pub body: Option<String>,
    /// Headers of that answer.
    pub headers: Vec<(String, String)>,
    /// End the connection.
    pub cut_connection: bool,
    /// How many requests it strikes; every one if absent.
    pub times: Option<u32>,
}

impl Fault {
    /// Answers have this status and an empty body.
    pub fn status(path: &str, status: u16) -> Self {
        Self {
            path: path.to_owned(),
            status: Some(status),
            ..Self::default()
        }
    }

    /// Answers come late.
    pub fn latency(path: &str, latency: Duration) -> Self {
        let latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        Self {
            path: path.to_owned(),
            latency_ms,
            ..Self::default()
        }
    }

    /// The connection ends without an answer.
    pub fn cut(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            cut_connection: true,
            ..Self::default()
        }
    }

    /// Throttling: 429 with Retry-After in seconds.
    pub fn throttle(path: &str, retry_after: u32) -> Self {
        Self::status(path, 429).header("Retry-After", &retry_after.to_string())
    }

    /// The login host refuses with that number, in the body that it really comes in; a number that
    /// nobody knows in a general one. At the addresses of pages it is shown on a page and nothing
    /// is sent to the application.
    pub fn aadsts(path: &str, number: u32) -> Self {
        Self {
            path: path.to_owned(),
            aadsts: Some(number),
            ..Self::default()
        }
    }

    /// With [`Self::aadsts`]: the same body with another number in it, for tests that behaviour
    /// does not hang on numbers.
    #[must_use]
    pub fn told_as(mut self, number: u32) -> Self {
        self.told_as = Some(number);
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    /// Limits it to so many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn strikes(&self, method: &str, path: &str) -> bool {
        let method_fits = self
            .method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method));
        method_fits && self.times != Some(0) && path_begins_with(path, &self.path)
    }

    /// The answer that takes the real one's place; None lets the real one through.
    pub(crate) fn replacement(&self) -> Option<Response> {
        if self.status.is_none() && self.body.is_none() {
            return None;
        }
        let body = self.body.clone().unwrap_or_default();
        let length = body.len();
        let mut response = Response::new(if self.cut_connection {
            half_of(body)
        } else {
            Body::from(body)
        });
        let status = self
            .status
            .and_then(|status| StatusCode::from_u16(status).ok());
        *response.status_mut() = status.unwrap_or(StatusCode::OK);
        if self.cut_connection {
            response
                .headers_mut()
                .insert("content-length", HeaderValue::from(length));
        }
        for (name, value) in &self.headers {
            let parsed = (
                HeaderName::try_from(name.as_str()),
                HeaderValue::try_from(value.as_str()),
            );
            if let (Ok(name), Ok(value)) = parsed {
                response.headers_mut().append(name, value);
            }
        }
        Some(response)
    }
}

/// The planned faults, oldest first; the first that fits strikes.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.clone()
    }

    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<Fault> {
        let fault = self
            .0
            .iter_mut()
            .find(|fault| fault.strikes(method, path))?;
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.clone())
    }
}

fn path_begins_with(path: &str, pattern: &str) -> bool {
    if !pattern.contains('*') {
        return path.starts_with(pattern);
    }
    let mut segments = path.split('/');
    let mut wanted = pattern.split('/').peekable();
    while let Some(wanted_segment) = wanted.next() {
        let Some(segment) = segments.next() else {
            return false;
        };
        let is_last = wanted.peek().is_none();
        let fits = wanted_segment == "*"
            || segment == wanted_segment
            || is_last && segment.starts_with(wanted_segment);
        if !fits {
            return false;
        }
    }
    true
}

/// A body that stops half way, which makes the server drop the connection.
fn half_of(body: String) -> Body {
    let mut half = Bytes::from(body);
    half.truncate(half.len() / 2);
    Body::new(Half::Unsent(half))
}

/// Yields its bytes, pauses so that the server sends them, and then fails.
enum Half {
    Unsent(Bytes),
    Sending,
    Sent,
}

impl hyper::body::Body for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, io::Error>>> {
        match &mut *self {
            Self::Unsent(bytes) => {
                let frame = hyper::body::Frame::data(std::mem::take(bytes));
                *self = Self::Sending;
                Poll::Ready(Some(Ok(frame)))
            }
            Self::Sending => {
                *self = Self::Sent;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Sent => Poll::Ready(Some(Err(io::Error::other("cut on demand")))),
        }
    }
}
