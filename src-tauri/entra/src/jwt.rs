//! The parts of a JWT (RFC 7519), without any judgement about them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;

use crate::http_response::bare;

/// No token that is longer than this is looked into.
pub(crate) const MAX_TOKEN: usize = 256 * 1024;

/// Splits a token into header, payload and signature, each still encoded.
pub(crate) fn parts(token: &str) -> Option<[&str; 3]> {
    if token.len() > MAX_TOKEN {
        return None;
    }
    let mut parts = token.split('.');
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

/// Reads one part as a JSON object. A list is none, although its members could be taken by their
/// position.
pub(crate) fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
    let object = bare(&bytes);
    if object.starts_with(b"{") {
        serde_json::from_slice(object).ok()
    } else {
        None
    }
}
