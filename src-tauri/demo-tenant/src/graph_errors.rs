//! How Graph refuses. Source: <https://learn.microsoft.com/graph/errors>

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{errors::Trace, jwt::TokenFault, permissions::GRAPH_APP_ID};

/// One refusal by Graph.
#[derive(Clone, Debug)]
pub(crate) struct GraphRefusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl GraphRefusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// A refusal in a service's own words.
    pub(crate) fn of(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN),
            code,
            message,
        )
    }

    pub(crate) fn token_missing() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationToken",
            "Access token is empty.",
        )
    }

    pub(crate) fn token_faulty(fault: TokenFault) -> Self {
        let message = match fault {
            TokenFault::Malformed => "CompactToken parsing failed with error code: 80049217",
            TokenFault::Signature => "Access token validation failure. Invalid signature.",
            TokenFault::Expired => "Lifetime validation failed, the token is expired.",
            TokenFault::Audience => "Access token validation failure. Invalid audience.",
        };
        Self::new(
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationToken",
            message,
        )
    }

    pub(crate) fn denied() -> Self {
        let message = "Insufficient privileges to complete the operation.";
        Self::new(
            StatusCode::FORBIDDEN,
            "Authorization_RequestDenied",
            message,
        )
    }

    pub(crate) fn role_unsupported() -> Self {
        let message = "User is not in the allowed roles";
        Self::new(
            StatusCode::FORBIDDEN,
            "Authentication_RequestFromUnsupportedUserRole",
            message,
        )
    }

    pub(crate) fn only_delegated() -> Self {
        let message = "/me request is only valid with delegated authentication flow.";
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub(crate) fn not_found(id: &str) -> Self {
        let message = format!(
            "Resource '{id}' does not exist or one of its queried reference-property objects are not present."
        );
        Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
    }

    pub(crate) fn unknown_segment(segment: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "BadRequest",
            format!("Resource not found for the segment '{segment}'."),
        )
    }

    pub(crate) fn unsupported_method() -> Self {
        let message = "Specified HTTP method is not allowed for the request target.";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "Request_BadRequest",
            message,
        )
    }

    pub(crate) fn response(&self, login: &str, trace: &Trace) -> Response {
        let body = self.body(trace);
        let mut response = (self.status, Json(body)).into_response();
        let challenge = format!(
            "Bearer realm=\"\", authorization_uri=\"{login}/common/oauth2/authorize\", \
             client_id=\"{}\"",
            GRAPH_APP_ID
        );
        if let (StatusCode::UNAUTHORIZED, Ok(challenge)) =
            (self.status, HeaderValue::try_from(challenge))
        {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// The same as one answer among several.
    pub(crate) fn in_a_batch(&self, trace: &Trace) -> (u16, Value) {
        (self.status.as_u16(), self.body(trace))
    }

    fn body(&self, trace: &Trace) -> Value {
        json!({ "error": {
            "code": self.code,
            "message": self.message,
            "innerError": {
                "date": trace.timestamp.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
                "request-id": trace.trace_id,
                "client-request-id": trace.correlation_id,
            },
        } })
    }
}
