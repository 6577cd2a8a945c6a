//! Judges one request to the loopback listener: is it the answer of this sign-in, or somebody
//! else's noise?

use http_body_util::{BodyExt, Limited};
use hyper::{
    Method, Request, StatusCode,
    body::Body,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::page::Pages;

/// The most bytes of a body.
const MAX_BODY: usize = 64 * 1024;
/// The longest code. Microsoft's have grown past two thousand characters.
const MAX_CODE: usize = 8_192;

/// What came back from the browser for this sign-in.
#[derive(Debug)]
pub(crate) struct Callback {
    pub(crate) result: Result<SecretString, ProtocolError>,
    /// `iss` (RFC 9207).
    pub(crate) iss: Option<String>,
}

/// The answer that refuses (RFC 6749, 4.1.2.1).
#[derive(Debug)]
pub(crate) struct ProtocolError {
    pub(crate) error: String,
    pub(crate) description: String,
    pub(crate) suberror: Option<String>,
}

/// The answer of the page on which an administrator grants permissions for the whole tenant. It
/// says whether somebody clicked, and proves nothing: only a fresh token does.
///
/// Source:
/// <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent#successful-response>
#[derive(Debug)]
pub(crate) struct ConsentAnswer {
    pub(crate) result: Result<(), ProtocolError>,
}

/// How an answer travels and what makes one of a form.
pub(crate) trait Awaited: Sized + Send + 'static {
    /// Whether it comes in the address of a GET. An answer with a code never may: addresses end up
    /// in histories.
    const IN_ADDRESS: bool;
    /// The pages that the browser is shown.
    const PAGES: Pages;

    /// The answer, if the form is one.
    fn of(form: Form) -> Option<Self>;
}

/// What a request is.
pub(super) enum RequestKind<A> {
    /// The answer that is waited for.
    Answer(A),
    /// A well-formed answer with the state of another sign-in, or none.
    WrongState,
    /// A bare `GET /` in a browser window, as after an error page of Microsoft's.
    BareVisit,
    /// Anything else, with the status that fits.
    Rejected(StatusCode),
}

/// What holds for this listener and this sign-in.
pub(super) struct RequestFilter {
    pub(super) port: u16,
    pub(super) state: SecretString,
}

impl RequestFilter {
    /// Whether the request names this listener as its host. Anything else may come from a name that
    /// was bent to loopback (DNS rebinding).
    pub(super) fn is_host(&self, headers: &HeaderMap) -> bool {
        let Some(host) = only(headers, &header::HOST).and_then(|host| host.to_str().ok()) else {
            return false;
        };
        ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|name| host.eq_ignore_ascii_case(&format!("{name}:{}", self.port)))
    }

    /// Judges a request whose host is right. Its body is read only when everything before it fits.
    pub(super) async fn classify<A: Awaited, B>(&self, request: Request<B>) -> RequestKind<A>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        match check_head(&request, A::IN_ADDRESS) {
            Head::Form => {}
            Head::Address(query) => return self.classify_form(query.as_bytes()),
            Head::BareVisit => return RequestKind::BareVisit,
            Head::Rejected(status) => return RequestKind::Rejected(status),
        }
        let Ok(body) = Limited::new(request.into_body(), MAX_BODY).collect().await else {
            return RequestKind::Rejected(StatusCode::BAD_REQUEST);
        };
        let body = Zeroizing::new(body.to_bytes().to_vec());
        self.classify_form(&body)
    }

    fn classify_form<A: Awaited>(&self, body: &[u8]) -> RequestKind<A> {
        let Some(form) = Form::parse(body) else {
            return RequestKind::Rejected(StatusCode::BAD_REQUEST);
        };
        match form.state.as_deref() {
            Some(state)
                if bool::from(
                    state
                        .as_bytes()
                        .ct_eq(self.state.expose_secret().as_bytes()),
                ) => {}
            Some(_) | None => return RequestKind::WrongState,
        }
        A::of(form).map_or(
            RequestKind::Rejected(StatusCode::BAD_REQUEST),
            RequestKind::Answer,
        )
    }
}

enum Head {
    Form,
    /// A GET with an answer in its address, where one may come that way.
    Address(Zeroizing<String>),
    BareVisit,
    Rejected(StatusCode),
}

fn check_head<B: Body>(request: &Request<B>, in_address: bool) -> Head {
    let (uri, headers) = (request.uri(), request.headers());
    if uri.authority().is_some() || uri.path() != "/" {
        return Head::Rejected(StatusCode::NOT_FOUND);
    }
    if !is_from_a_window(headers) {
        return Head::Rejected(StatusCode::FORBIDDEN);
    }
    if request.method() == Method::GET {
        return match uri.query() {
            None => Head::BareVisit,
            Some(query) if in_address => Head::Address(Zeroizing::new(query.to_owned())),
            Some(_) => Head::Rejected(StatusCode::BAD_REQUEST),
        };
    }
    if request.method() != Method::POST || in_address {
        return Head::Rejected(StatusCode::METHOD_NOT_ALLOWED);
    }
    if uri.query().is_some() {
        return Head::Rejected(StatusCode::NOT_FOUND);
    }
    if !is_plain_form(headers) {
        return Head::Rejected(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    match (
        headers.contains_key(header::TRANSFER_ENCODING),
        request.body().size_hint().exact(),
    ) {
        (false, Some(length)) if length > MAX_BODY as u64 => {
            Head::Rejected(StatusCode::PAYLOAD_TOO_LARGE)
        }
        (false, Some(_)) if headers.contains_key(header::CONTENT_LENGTH) => Head::Form,
        _ => Head::Rejected(StatusCode::LENGTH_REQUIRED),
    }
}

/// Whether the request comes from a whole browser window, as far as the browser says. An image, a
/// script, a frame or a `fetch` of some web page does not. `Sec-Fetch-Site` says nothing here: a
/// real answer is cross-site.
///
/// Source: <https://www.w3.org/TR/fetch-metadata/>
fn is_from_a_window(headers: &HeaderMap) -> bool {
    let says = |name: &'static str, wanted: &str| {
        let mut values = headers.get_all(HeaderName::from_static(name)).iter();
        values.all(|value| value.as_bytes() == wanted.as_bytes())
    };
    says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document")
}

fn is_plain_form(headers: &HeaderMap) -> bool {
    let Some(value) = only(headers, &header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let media_type = value.split(';').next().unwrap_or(value).trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && !headers.contains_key(header::CONTENT_ENCODING)
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

/// The parameters that mean something here. Others are read past: Microsoft adds some, and none may
/// change anything.
#[derive(Default)]
pub(crate) struct Form {
    state: Option<Zeroizing<String>>,
    code: Option<Zeroizing<String>>,
    error: Option<Zeroizing<String>>,
    description: Option<Zeroizing<String>>,
    subcode: Option<Zeroizing<String>>,
    iss: Option<Zeroizing<String>>,
    admin_consent: Option<Zeroizing<String>>,
}

impl Form {
    /// Reads a form strictly. A parameter that appears twice makes it invalid (RFC 6749, 3.1), and
    /// so does an encoding that is not one.
    fn parse(body: &[u8]) -> Option<Self> {
        let mut form = Self::default();
        for pair in body
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next()?)?;
            let value = decode(halves.next().unwrap_or_default())?;
            let place = match name.as_str() {
                "state" => &mut form.state,
                "code" => &mut form.code,
                "error" => &mut form.error,
                "error_description" => &mut form.description,
                "error_subcode" => &mut form.subcode,
                "iss" => &mut form.iss,
                "admin_consent" => &mut form.admin_consent,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        Some(form)
    }

    /// The refusal, if the form is one.
    fn refusal(&self) -> Option<ProtocolError> {
        let owned =
            |text: &Option<Zeroizing<String>>| text.as_ref().map(|text| text.as_str().to_owned());
        let error = owned(&self.error).filter(|error| !error.is_empty())?;
        let description = owned(&self.description).unwrap_or_default();
        Some(ProtocolError {
            error,
            description,
            suberror: owned(&self.subcode),
        })
    }
}

impl Awaited for Callback {
    const IN_ADDRESS: bool = false;
    const PAGES: Pages = Pages::SIGN_IN;

    fn of(form: Form) -> Option<Self> {
        let result = match (&form.code, &form.error) {
            (Some(code), None) if is_code(code) => Ok(SecretString::from(code.as_str())),
            (None, Some(_)) => Err(form.refusal()?),
            (Some(_) | None, Some(_) | None) => return None,
        };
        Some(Self {
            result,
            iss: form.iss.map(|iss| iss.as_str().to_owned()),
        })
    }
}

impl Awaited for ConsentAnswer {
    const IN_ADDRESS: bool = true;
    const PAGES: Pages = Pages::CONSENT;

    fn of(form: Form) -> Option<Self> {
        if form.error.is_some() {
            return Some(Self {
                result: Err(form.refusal()?),
            });
        }
        let granted = form
            .admin_consent
            .is_some_and(|answer| answer.eq_ignore_ascii_case("true"));
        granted.then_some(Self { result: Ok(()) })
    }
}

fn is_code(text: &str) -> bool {
    (1..=MAX_CODE).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, 0x20..=0x7e))
}

/// Decodes `+` and `%XX`. An incomplete escape or bytes that are not UTF-8 make the whole form
/// invalid.
fn decode(encoded: &[u8]) -> Option<Zeroizing<String>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(encoded.len()));
    let mut rest = encoded;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => plain.push(b' '),
            b'%' => {
                let [high, low, ..] = *after else { return None };
                plain.push(hex(high)? << 4 | hex(low)?);
                rest = &after[2..];
            }
            byte => plain.push(*byte),
        }
    }
    std::str::from_utf8(&plain)
        .ok()
        .map(|text| Zeroizing::new(text.to_owned()))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests;
