//! What happens to each request before its handler: it is written down, and a planned fault may
//! strike.

use std::{future::pending, time::Duration};

use axum::{
    Extension,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::DATE, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::{
    forced,
    log::{Host, LoggedRequest, pairs},
    world::Shared,
};

/// Larger bodies are refused; nothing that a client sends here comes near it.
const BODY_LIMIT: usize = 1024 * 1024;

/// Ends the connection that a request came on.
#[derive(Clone)]
pub(crate) struct Connection(pub(crate) CancellationToken);

pub(crate) async fn observe(
    State((shared, host)): State<(Shared, Host)>,
    Extension(Connection(connection)): Extension<Connection>,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path().starts_with("/_demo/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let fault = {
        let mut world = shared.world();
        world.log.add(entry(host, &parts, &body));
        world.faults.strike(parts.method.as_str(), parts.uri.path())
    };
    if let Some(fault) = fault {
        tokio::time::sleep(Duration::from_millis(fault.latency_ms)).await;
        if let Some(number) = fault.aadsts {
            return forced::refuse(
                &shared,
                &parts,
                &body,
                number,
                fault.told_as.unwrap_or(number),
            );
        }
        if let Some(response) = fault.replacement() {
            return response;
        }
        if fault.cut_connection {
            connection.cancel();
            return pending().await;
        }
    }
    let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if let Ok(date) = HeaderValue::try_from(http_date(shared.world().now())) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// The time by this server's clock, which may be another than the machine's (RFC 9110, 5.6.7).
fn http_date(now: Timestamp) -> String {
    now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn entry(host: Host, parts: &Parts, body: &Bytes) -> LoggedRequest {
    let header = |name| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let is_form = header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let text =
        |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    LoggedRequest {
        host,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or("").as_bytes()),
        form: if is_form { pairs(body) } else { Vec::new() },
        body: String::from_utf8_lossy(body).into_owned(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
    }
}
