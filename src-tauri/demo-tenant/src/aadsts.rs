//! Every AADSTS number that an administrator meets, with the body it comes in, so that a test can
//! force each of them. Source:
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes> and bodies in public
//! logs.

use axum::http::request::Parts;

use crate::log::first;

/// One number and the body that it comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aadsts {
    /// The number, without the letters.
    pub number: u32,
    /// The `error`.
    pub error: &'static str,
    /// The `suberror`, if it has one.
    pub suberror: Option<&'static str>,
    text: &'static str,
}

impl Aadsts {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        include_str!("aadsts.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(read)
    }

    /// One of them; a number that is none of them comes in a general body.
    pub fn of(number: u32) -> Self {
        let unknown = Self {
            number,
            error: "invalid_request",
            suberror: None,
            text: "An error has occurred.",
        };
        Self::all()
            .find(|known| known.number == number)
            .unwrap_or(unknown)
    }

    pub(crate) fn text_for(self, parts: &Parts, sent: &[(String, String)]) -> String {
        let field = |name| first(sent, name).unwrap_or_default();
        let tenant = parts.uri.path().split('/').nth(1).unwrap_or_default();
        let text = self
            .text
            .replace("{client_id}", field("client_id"))
            .replace("{tenant}", tenant);
        text.replace("{redirect_uri}", field("redirect_uri"))
    }
}

fn read(line: &'static str) -> Option<Aadsts> {
    let mut columns = line.split('\t');
    let (number, error, suberror, text) = (
        columns.next()?,
        columns.next()?,
        columns.next()?,
        columns.next()?,
    );
    Some(Aadsts {
        number: number.parse().ok()?,
        error,
        suberror: Some(suberror).filter(|text| *text != "-"),
        text,
    })
}
