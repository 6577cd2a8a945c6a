//! The pages that the loopback listener answers with: fixed text, no value of any request.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD};
use http_body_util::Full;
use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{self, HeaderName, HeaderValue},
};
use sha2::{Digest, Sha256};

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// The answer for this sign-in arrived; what it says is shown in the app.
    Received,
    /// The sign-in was answered before.
    AlreadyFinished,
    /// Somebody came without an answer.
    Waiting,
    /// The answer about an administrator's consent arrived.
    ConsentReceived,
    /// The consent was answered before.
    ConsentFinished,
    /// Somebody came without an answer about consent.
    ConsentWaiting,
    /// The request is not one that a sign-in makes.
    NotAccepted,
}

/// The pages for one kind of answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pages {
    pub(super) received: Page,
    pub(super) finished: Page,
    pub(super) waiting: Page,
}

impl Pages {
    pub(super) const SIGN_IN: Self = Self {
        received: Page::Received,
        finished: Page::AlreadyFinished,
        waiting: Page::Waiting,
    };
    pub(super) const CONSENT: Self = Self {
        received: Page::ConsentReceived,
        finished: Page::ConsentFinished,
        waiting: Page::ConsentWaiting,
    };
}

impl Page {
    pub(super) fn response(self, status: StatusCode) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.html().clone()));
        *response.status_mut() = status;
        for (name, value) in HEADERS.iter() {
            response.headers_mut().insert(name, value.clone());
        }
        response
    }

    fn html(self) -> &'static Bytes {
        match self {
            Self::Received => &RECEIVED,
            Self::AlreadyFinished => &ALREADY_FINISHED,
            Self::Waiting => &WAITING,
            Self::ConsentReceived => &CONSENT_RECEIVED,
            Self::ConsentFinished => &CONSENT_FINISHED,
            Self::ConsentWaiting => &CONSENT_WAITING,
            Self::NotAccepted => &NOT_ACCEPTED,
        }
    }
}

static RECEIVED: LazyLock<Bytes> = LazyLock::new(|| {
    html(
        "Back to Graph Connect",
        "Graph Connect has received the answer. It shows the result; you can close this page.",
    )
});
static ALREADY_FINISHED: LazyLock<Bytes> = LazyLock::new(|| {
    html(
        "Already finished",
        "This sign-in is already finished. You can close this page and go back to Graph Connect.",
    )
});
static WAITING: LazyLock<Bytes> = LazyLock::new(|| {
    html(
        "Not signed in",
        "The sign-in is not finished. Go back to Graph Connect to see what to do next.",
    )
});
static CONSENT_RECEIVED: LazyLock<Bytes> = LazyLock::new(|| {
    html(
        "Back to Graph Connect",
        "Graph Connect has received the answer. It now checks by itself what was granted; you can close this page.",
    )
});
static CONSENT_FINISHED: LazyLock<Bytes> = LazyLock::new(|| {
    html(
        "Already answered",
        "This request was already answered. You can close this page and go back to Graph Connect.",
    )
});
static CONSENT_WAITING: LazyLock<Bytes> = LazyLock::new(|| {
    html(
        "Not answered yet",
        "Nothing was granted on this page. Go back to Graph Connect to see what to do next.",
    )
});
static NOT_ACCEPTED: LazyLock<Bytes> = LazyLock::new(|| {
    html(
        "Not accepted",
        "This request was not accepted. Go back to Graph Connect to see what to do next.",
    )
});

const STYLE: &str = ":root{color-scheme:light dark}\
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#fafafa;color:#242424;\
font:1rem/1.5 'Segoe UI',system-ui,sans-serif}\
main{max-width:34rem;padding:2rem}\
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .5rem}\
p{margin:0 0 .75rem}\
.note{color:#424242}\
@media (prefers-color-scheme:dark){body{background:#1f1f1f;color:#fff}.note{color:#d6d6d6}}";

/// The icon is an empty one, so that no browser asks for `/favicon.ico`.
fn html(heading: &str, text: &str) -> Bytes {
    Bytes::from(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{heading} - Graph Connect</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{heading}</h1>\n<p role=\"status\">{text}</p>\n\
         <p class=\"note\">Do not share this page, its address or a picture of it.</p>\n</main>\n</body>\n</html>\n"
    ))
}

static HEADERS: LazyLock<Vec<(HeaderName, HeaderValue)>> = LazyLock::new(|| {
    let fixed = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (header::CONNECTION, "close"),
    ];
    let mut headers: Vec<_> = fixed
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect();
    headers.extend(
        HeaderValue::from_str(&policy()).map(|policy| (header::CONTENT_SECURITY_POLICY, policy)),
    );
    headers
});

/// Nothing may load or run but the one style above.
fn policy() -> String {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}
