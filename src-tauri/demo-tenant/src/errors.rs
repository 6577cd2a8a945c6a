//! What the login host says when it refuses: numbers, `error` values and texts as Entra words them
//! (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).

mod grants;
mod parties;
mod policies;
mod requests;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) use self::{grants::*, parties::*, policies::*, requests::*};
use crate::aadsts::Aadsts;

/// One refusal.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) number: u32,
    pub(crate) error: &'static str,
    pub(crate) text: String,
    suberror: Option<&'static str>,
    claims: Option<&'static str>,
    status: StatusCode,
}

/// What identifies one request in Entra's logs.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) trace_id: Uuid,
    pub(crate) correlation_id: Uuid,
    pub(crate) timestamp: Timestamp,
}

impl Trace {
    /// A new trace; the correlation ID is the caller's `client-request-id` when that is a GUID.
    pub(crate) fn new(client_request_id: Option<&str>, now: Timestamp) -> Self {
        let correlation_id = client_request_id
            .and_then(|id| Uuid::parse_str(id).ok())
            .unwrap_or_else(Uuid::new_v4);
        Self {
            trace_id: Uuid::new_v4(),
            correlation_id,
            timestamp: now,
        }
    }

    fn time(&self) -> String {
        self.timestamp.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
    }
}

impl Refusal {
    fn new(number: u32, error: &'static str, text: impl Into<String>) -> Self {
        let status = if error == "invalid_client" {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::BAD_REQUEST
        };
        Self {
            number,
            error,
            text: text.into(),
            suberror: None,
            claims: None,
            status,
        }
    }

    /// A refusal from the table, under a number that may be another one.
    pub(crate) fn forced(known: &Aadsts, number: u32, text: String) -> Self {
        let refusal = Self {
            suberror: known.suberror,
            ..Self::new(number, known.error, text)
        };
        match known.error {
            "temporarily_unavailable" => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                ..refusal
            },
            _ => refusal,
        }
    }

    fn with_suberror(mut self, suberror: &'static str) -> Self {
        self.suberror = Some(suberror);
        self
    }

    fn with_claims(mut self, claims: &'static str) -> Self {
        self.claims = Some(claims);
        self
    }

    /// The text of `error_description`.
    pub(crate) fn description(&self, trace: &Trace) -> String {
        let Self { number, text, .. } = self;
        let Trace {
            trace_id,
            correlation_id,
            ..
        } = trace;
        let time = trace.time();
        format!(
            "AADSTS{number}: {text}\r\nTrace ID: {trace_id}\r\nCorrelation ID: {correlation_id}\r\nTimestamp: {time}"
        )
    }

    /// The answer of an endpoint that speaks JSON.
    pub(crate) fn json(&self, login: &str, trace: &Trace) -> Response {
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(trace),
            "error_codes": [self.number],
            "timestamp": trace.time(),
            "trace_id": trace.trace_id,
            "correlation_id": trace.correlation_id,
            "error_uri": format!("{login}/error?code={}", self.number),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = Value::from(suberror);
        }
        if let Some(claims) = self.claims {
            body["claims"] = Value::from(claims);
        }
        (self.status, Json(body)).into_response()
    }
}
