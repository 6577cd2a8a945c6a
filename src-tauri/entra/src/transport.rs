//! What stands between the OAuth library and the one HTTP client, and the shape of the platform's errors.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use model::OriginalError;
use oauth2::{AsyncHttpClient, ErrorResponse, HttpRequest, HttpResponse, RequestTokenError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::{
    error::Error,
    http::{Answer, Http, host_of},
    sanitise::visible,
};

/// Carries one token request. The OAuth library hands on neither the status of an error nor the server's clock, so both
/// are kept here.
pub(crate) struct Transport<'a> {
    http: &'a Http,
    url: &'a Url,
    heard: Mutex<Heard>,
}

#[derive(Clone, Default)]
struct Heard {
    original: OriginalError,
    written_at: Option<Timestamp>,
}

impl<'a> Transport<'a> {
    pub(crate) fn new(http: &'a Http, url: &'a Url) -> Self {
        Self { http, url, heard: Mutex::default() }
    }

    /// When the server wrote its answer, by its own clock.
    pub(crate) fn written_at(&self) -> Option<Timestamp> {
        self.heard().written_at
    }

    /// Turns the library's error into ours. It must never be printed itself: its `Debug` shows whole bodies.
    pub(crate) fn sort(&self, error: RequestTokenError<Error, EntraErrorResponse>) -> Error {
        let malformed = |flaw| Error::Malformed { host: host_of(self.url), flaw };
        match error {
            RequestTokenError::Request(error) => error,
            RequestTokenError::ServerResponse(said) => {
                Error::from_protocol(&said.error, said.suberror.as_deref(), self.heard().original)
            }
            RequestTokenError::Parse(..) => malformed("a member is missing, doubled or of the wrong type"),
            RequestTokenError::Other(_) => malformed("it is neither tokens nor an error"),
        }
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        let (parts, body) = request.into_parts();
        let answer = self.http.post(self.url, parts.headers, body).await?;
        if answer.is_web_page() {
            return Err(Error::NotMicrosoft { host: answer.host });
        }
        self.hear(&answer);
        // 403 and 404 of something in between carry JSON at times; only an `error` member makes it the platform's.
        let mut response = HttpResponse::new(answer.body);
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }

    fn hear(&self, answer: &Answer) {
        let original = if answer.status.is_success() { OriginalError::default() } else { answer.original() };
        let written_at = answer.written_at();
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Heard { original, written_at };
    }

    fn heard(&self) -> Heard {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<'c> AsyncHttpClient<'c> for Transport<'_> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}

/// The platform's error body, as far as behaviour follows it. The rest is for people: [`original_of`].
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application>
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct EntraErrorResponse {
    /// `error`.
    pub(crate) error: String,
    /// `suberror`.
    pub(crate) suberror: Option<String>,
}

impl fmt::Display for EntraErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.error))
    }
}

impl ErrorResponse for EntraErrorResponse {}

/// Reads what an error body of the platform says; members of a wrong type count as missing. `error_uri` is left out: it
/// is meant for developers and must not be shown.
pub(crate) fn original_of(body: &Value) -> OriginalError {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(visible);
    let description = body.get("error_description").and_then(Value::as_str).unwrap_or_default();
    let number = body.get("error_codes").and_then(|codes| codes.get(0)).and_then(Value::as_u64);
    OriginalError {
        http_status: None,
        error: text("error"),
        aadsts: number.and_then(|number| u32::try_from(number).ok()).or_else(|| number_in(description)),
        text: visible(description),
        trace_id: text("trace_id"),
        correlation_id: text("correlation_id"),
        timestamp: text("timestamp"),
    }
}

/// The number at the start of a description such as `AADSTS65004: …`; the answer at the loopback address has it nowhere
/// else.
pub(crate) fn number_in(description: &str) -> Option<u32> {
    let digits = description.trim_start().strip_prefix("AADSTS")?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}
