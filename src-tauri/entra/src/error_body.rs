//! What the bodies of errors say, the login host's and Graph's.

use std::fmt;

use oauth2::ErrorResponse;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sent::Raw;

/// The platform's error body, as far as behaviour follows it. The rest is for people:
/// [`said_by_login_host`].
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
pub(crate) fn said_by_login_host(body: &Map<String, Value>) -> Raw<'_> {
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

/// What an error object of Graph says. Its message is for people to read, never to act on.
///
/// Source: <https://learn.microsoft.com/graph/errors>
pub(crate) fn said_by_graph(error: &Value) -> Raw<'_> {
    let inner = error.get("innerError").or_else(|| error.get("innererror"));
    let text = |name: &str| error.get(name).and_then(Value::as_str);
    let of_inner = |name: &str| inner?.get(name)?.as_str();
    Raw {
        http_status: None,
        error: text("code"),
        aadsts: None,
        text: text("message").unwrap_or_default(),
        trace_id: of_inner("request-id"),
        correlation_id: of_inner("client-request-id"),
        timestamp: of_inner("date"),
    }
}
