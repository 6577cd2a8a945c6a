//! What stands between the OAuth library and the one HTTP client, and the shape of the platform's
//! errors.

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
use serde_json::{Map, Value, value::RawValue};
use url::Url;

use crate::{
    answer::Answer,
    challenge::ClaimsChallenge,
    error::Error,
    http::{Http, host_of},
    sent::{Raw, Sent},
};

/// Carries one token request. The OAuth library hands on neither the status of an error nor the
/// server's clock, so both are kept here.
pub(crate) struct Transport<'a> {
    http: &'a Http,
    url: &'a Url,
    heard: Mutex<Heard>,
}

#[derive(Clone, Default)]
struct Heard {
    original: OriginalError,
    claims: Option<ClaimsChallenge>,
    written_at: Option<Timestamp>,
    sent: Sent,
}

impl<'a> Transport<'a> {
    pub(crate) fn new(http: &'a Http, url: &'a Url) -> Self {
        Self {
            http,
            url,
            heard: Mutex::default(),
        }
    }

    /// What was sent, which the words of the answer may repeat.
    pub(crate) fn sent(&self) -> Sent {
        self.heard().sent
    }

    /// When the server wrote its answer, by its own clock.
    pub(crate) fn written_at(&self) -> Option<Timestamp> {
        self.heard().written_at
    }

    /// Turns the library's error into ours. It must never be printed itself: its `Debug` shows
    /// whole bodies.
    pub(crate) fn sort(&self, error: RequestTokenError<Error, EntraErrorResponse>) -> Error {
        let malformed = |flaw| Error::Malformed {
            host: host_of(self.url),
            flaw,
        };
        match error {
            RequestTokenError::Request(error) => error,
            RequestTokenError::ServerResponse(said) => {
                let Heard {
                    original, claims, ..
                } = self.heard();
                Error::from_protocol(&said.error, said.suberror.as_deref(), original)
                    .asking_for(claims)
            }
            RequestTokenError::Parse(..) => {
                malformed("a member is missing, doubled or of the wrong type")
            }
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
        // 403 and 404 of something in between carry JSON at times; only an `error` member makes it
        // the platform's.
        let mut response = HttpResponse::new(one_object(&answer)?);
        *response.status_mut() = answer.status;
        Ok(response)
    }

    fn hear(&self, answer: &Answer) {
        let refused = !answer.status.is_success();
        let original = if refused {
            answer.original()
        } else {
            OriginalError::default()
        };
        let claims = answer
            .members()
            .filter(|_| refused)
            .and_then(|said| ClaimsChallenge::in_body(said.get("claims")?));
        let claims = claims.filter(|claims| !answer.sent().is_in(claims.as_str()));
        let (written_at, sent) = (answer.written_at(), answer.sent().clone());
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Heard {
            original,
            claims,
            written_at,
            sent,
        };
    }

    fn heard(&self) -> Heard {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The body for the OAuth library, which would take members by their position and stop reading at
/// the end of an object: one object and nothing else, or nothing.
fn one_object(answer: &Answer) -> Result<Vec<u8>, Error> {
    if answer.body().trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    let object = answer.object()?;
    let is_one = serde_json::from_slice::<&RawValue>(object).is_ok();
    if is_one {
        Ok(object.to_owned())
    } else {
        Err(answer.malformed("it is not one JSON object"))
    }
}

impl<'c> AsyncHttpClient<'c> for Transport<'_> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}

/// The platform's error body, as far as behaviour follows it. The rest is for people: [`said_by`].
///
/// Source:
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application>
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct EntraErrorResponse {
    /// `error`.
    pub(crate) error: String,
    /// `suberror`.
    pub(crate) suberror: Option<String>,
}

impl fmt::Display for EntraErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the platform refused the request")
    }
}

impl ErrorResponse for EntraErrorResponse {}

/// Reads what an error body of the platform says; members of a wrong type count as missing.
/// `error_uri` is left out: it is meant for developers and must not be shown.
pub(crate) fn said_by(body: &Map<String, Value>) -> Raw<'_> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let description = text("error_description").unwrap_or_default();
    let number = body
        .get("error_codes")
        .and_then(|codes| codes.get(0))
        .and_then(Value::as_u64);
    Raw {
        http_status: None,
        error: text("error"),
        aadsts: number
            .and_then(|number| u32::try_from(number).ok())
            .or_else(|| number_in(description)),
        text: description,
        trace_id: text("trace_id"),
        correlation_id: text("correlation_id"),
        timestamp: text("timestamp"),
    }
}

/// The number at the start of a description such as `AADSTS65004: …`; the answer at the loopback
/// address has it nowhere else.
pub(crate) fn number_in(description: &str) -> Option<u32> {
    let digits = description.trim_start().strip_prefix("AADSTS")?;
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().ok()
}
