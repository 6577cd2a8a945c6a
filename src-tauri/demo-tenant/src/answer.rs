//! How the answer to an authorization request travels: as a posted form, in the query or in the
//! fragment.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::Url;

use crate::pages::{self, Fields};

/// `response_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    FormPost,
    Query,
    Fragment,
}

impl Mode {
    /// Reads the parameter; `query` is what a code comes by if nothing is said.
    pub(crate) fn read(text: Option<&str>) -> Option<Self> {
        match text {
            None | Some("query") => Some(Self::Query),
            Some("form_post") => Some(Self::FormPost),
            Some("fragment") => Some(Self::Fragment),
            Some(_) => None,
        }
    }
}

pub(crate) fn deliver(mode: Mode, redirect_uri: &str, fields: &Fields) -> Response {
    match mode {
        Mode::FormPost => pages::auto_submit(redirect_uri, fields).into_response(),
        Mode::Query => redirect(redirect_uri, |url| {
            url.query_pairs_mut().extend_pairs(fields);
        }),
        Mode::Fragment => redirect(redirect_uri, |url| {
            let text: String = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish();
            url.set_fragment(Some(&text));
        }),
    }
}

/// A URI without a path comes back with `/`, as from Entra: that is what parsing it does.
fn redirect(redirect_uri: &str, add: impl FnOnce(&mut Url)) -> Response {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    add(&mut url);
    let Ok(location) = HeaderValue::try_from(url.as_str()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    (
        StatusCode::FOUND,
        [
            (header::LOCATION, location),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
    )
        .into_response()
}
