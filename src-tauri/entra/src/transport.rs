//! What stands between the OAuth library and the one HTTP client.

use std::{
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use model::OriginalError;
use oauth2::{AsyncHttpClient, HttpRequest, RequestTokenError};
use serde_json::value::RawValue;
use url::Url;

use crate::{
    address::host_of, challenge::ClaimsChallenge, error::Error, error_body::EntraErrorResponse,
    http::Http, http_response::HttpResponse, sent::Sent,
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
    pub(crate) fn classify(&self, error: RequestTokenError<Error, EntraErrorResponse>) -> Error {
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

    async fn carry(&self, request: HttpRequest) -> Result<oauth2::HttpResponse, Error> {
        let (parts, body) = request.into_parts();
        let answer = self.http.post(self.url, parts.headers, body).await?;
        if answer.is_web_page() {
            return Err(Error::NotMicrosoft { host: answer.host });
        }
        self.hear(&answer);
        // 403 and 404 of something in between carry JSON at times; only an `error` member makes it
        // the platform's.
        let mut response = oauth2::HttpResponse::new(one_object(&answer)?);
        *response.status_mut() = answer.status;
        Ok(response)
    }

    fn hear(&self, answer: &HttpResponse) {
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
fn one_object(answer: &HttpResponse) -> Result<Vec<u8>, Error> {
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
    type Future = Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
