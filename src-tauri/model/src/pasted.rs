//! Several values in one pasted text: JSON of the Azure CLI, `KEY=value` lines, the portal's
//! Overview, rows of tables.
//!
//! The window and the command line read with this and with nothing else. What comes out names the
//! place of the secret and never the secret, so that it can be told to whoever has the text
//! already.

mod json;
mod label;
mod lines;
mod table;

use std::ops::Range;

use crate::{
    hidden::is_hidden,
    id::{ClientId, IdProblem},
    tenant::Tenant,
};
use label::Label;

/// The most bytes of a text that are looked at.
pub const MAX_PASTE_LENGTH: usize = 64 * 1024;

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The Application (client) ID, as it was written.
    pub client_id: Option<String>,
    /// The tenant's ID or a domain, as it was written.
    pub tenant: Option<String>,
    /// Where the client secret stands.
    pub secret: Option<SecretPlace>,
    /// Whether the text is one of several values, though none of use was found: JSON or lines with
    /// names.
    pub structured: bool,
    /// Whether the text is so long that its end was not looked at.
    pub cut: bool,
}

/// Where in a text the client secret stands, and how it is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPlace {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// How it is written.
    pub written: Written,
}

/// How a value is written in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As it is.
    Plain,
    /// As the inside of a string of JSON, with escape sequences.
    Json,
    /// As the inside of a quoted cell of CSV, with each quotation mark twice.
    Csv,
}

impl Written {
    /// The value that is written so. None if it is no string of JSON after all.
    fn read(self, raw: &str) -> Option<String> {
        match self {
            Self::Plain => Some(raw.to_owned()),
            Self::Json => json::unescaped(raw),
            Self::Csv => Some(raw.replace("\"\"", "\"")),
        }
    }
}

impl Pasted {
    /// Whether the text is more than one value for one field.
    pub const fn is_something(&self) -> bool {
        self.client_id.is_some() || self.tenant.is_some() || self.secret.is_some()
    }

    /// The secret itself, out of the text that was read.
    pub fn secret_in(&self, text: &str) -> Option<String> {
        let place = self.secret.as_ref()?;
        place.written.read(text.get(place.range.clone())?)
    }
}

/// Reads the values out of a text. One value alone is none of them: it belongs to the field that it
/// was pasted into.
pub fn parse_pasted(text: &str) -> Pasted {
    let end = (0..=text.len().min(MAX_PASTE_LENGTH))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default();
    let (head, cut) = (text.get(..end).unwrap_or_default(), end < text.len());
    // The first way that knows a name in it is the right one, also where it finds nothing of use.
    let found = [json::read, table::with_header, lines::read, table::row]
        .into_iter()
        .find_map(|read| {
            let mut found = Finds::new(head);
            read(&mut found);
            found.pasted.structured.then_some(found.pasted)
        });
    Pasted {
        cut,
        ..found.unwrap_or_default()
    }
}

/// What one way of reading has found so far.
struct Finds<'a> {
    text: &'a str,
    pasted: Pasted,
}

impl<'a> Finds<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            pasted: Pasted::default(),
        }
    }

    /// Takes a value for what its label says; the first of each kind counts. `raw` is a part of the
    /// text.
    fn put(&mut self, label: Label, raw: &'a str, written: Written) {
        self.pasted.structured = true;
        let Some(value) = written.read(raw) else {
            return;
        };
        match label {
            Label::ClientId if self.pasted.client_id.is_none() && is_client_id(&value) => {
                self.pasted.client_id = Some(bare(&value).to_owned());
            }
            Label::Tenant if self.pasted.tenant.is_none() && is_tenant(&value) => {
                self.pasted.tenant = Some(bare(&value).to_owned());
            }
            Label::Secret if self.pasted.secret.is_none() && may_be_secret(&value) => {
                self.pasted.secret = self.place(raw, written);
            }
            Label::ClientId | Label::Tenant | Label::Secret | Label::Value | Label::Other => {}
        }
    }

    fn place(&self, raw: &str, written: Written) -> Option<SecretPlace> {
        let start = (raw.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        Some(SecretPlace {
            range: start..start.checked_add(raw.len())?,
            written,
        })
    }
}

/// A text without blanks and invisible characters around it.
pub(crate) fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_hidden(c))
}

/// What goes into a field that everybody sees has to look like an ID: a secret under the wrong name
/// stays out.
fn is_client_id(value: &str) -> bool {
    match ClientId::parse(value) {
        Ok(_) | Err(IdProblem::Placeholder) => true,
        Err(problem) => problem.hint().is_some(),
    }
}

fn is_tenant(value: &str) -> bool {
    !looks_like_secret(value)
        && match Tenant::parse_for_sign_in(value) {
            Ok(_) => true,
            Err(problem) => problem.hint().is_some(),
        }
}

/// A name of another variable, a blank to fill in, or a label is no secret.
fn may_be_secret(value: &str) -> bool {
    let value = bare(value);
    let refers = ["${", "$(", "{{"]
        .iter()
        .any(|start| value.starts_with(start));
    let blank = value.starts_with('<') && value.ends_with('>');
    // Letters alone may be the name of another field; what has a digit or a sign in it is a value,
    // whatever it ends with.
    let spelled = value
        .chars()
        .all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '_' | '-' | '(' | ')' | ':'));
    let names = spelled && label::of(value).is_some();
    !value.is_empty() && !refers && !blank && !names
}

/// Whether a text looks like a client secret beside other values. Entra's have 40 characters with
/// `8Q~` or the like in fourth place.
fn looks_like_secret(text: &str) -> bool {
    let text = bare(text);
    let plain = !text.contains("://") && !text.contains(['\\', '/', '@']) && text.is_ascii();
    let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
    let mixed =
        has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase) && has(char::is_ascii_digit);
    let long = (30..=64).contains(&text.len()) && !text.contains(' ') && mixed;
    let entra = text.contains('~') && (8..=128).contains(&text.len()) && !text.starts_with('~');
    !is_guid(text) && ((plain && long) || (entra && text.is_ascii()))
}

fn is_guid(text: &str) -> bool {
    crate::paste::parse_exactly(bare(text)).is_some()
}
