//! A refusal that a test asked for, in the place of whatever the request would have got.

use axum::{
    http::{HeaderValue, Method, header, request::Parts},
    response::Response,
};

use crate::{
    aadsts::Aadsts,
    authorize,
    errors::{Refusal, Trace},
    log::{first, pairs},
    world::Shared,
};

/// The refusal as an answer to that request: JSON, or the page on which people see what
/// applications are never told.
pub(crate) fn refuse(
    shared: &Shared,
    parts: &Parts,
    body: &[u8],
    number: u32,
    told: u32,
) -> Response {
    let known = Aadsts::of(number);
    let mut sent = pairs(parts.uri.query().unwrap_or_default().as_bytes());
    sent.extend(pairs(body));
    let refusal = Refusal::forced(&known, told, known.text_for(parts, &sent));
    let header = parts
        .headers
        .get("client-request-id")
        .and_then(|id| id.to_str().ok());
    let trace = Trace::new(
        header.or(first(&sent, "client-request-id")),
        shared.world().now(),
    );
    let is_page = parts.method == Method::GET && !parts.uri.path().contains("/.well-known/");
    if is_page {
        return authorize::shown(&refusal, &trace);
    }
    let mut response = refusal.json(&shared.login, &trace);
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-cache"),
    );
    response
}
