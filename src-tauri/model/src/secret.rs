//! What can be said about a client secret by looking at it. The secret itself is never kept here,
//! only looked at.

use serde::Serialize;
use thiserror::Error;

use crate::{
    hidden::is_hidden,
    id::ClientId,
    paste::{CleanUp, Cleaned, clean, parse_exactly},
    pasted::bare,
    tenant::Tenant,
};

/// A secret of Entra ID has 40 characters; a shorter word with a tilde may be anything.
const MIN_ENTRA_SECRET_LENGTH: usize = 32;

/// What is shorter may stand in a text by chance.
const MIN_COMPARED_LENGTH: usize = 8;

/// Whether a text that is shown and kept in the clear holds this client secret.
pub fn contains_secret(text: &str, secret: &str) -> bool {
    let secret = secret.trim();
    secret.len() >= MIN_COMPARED_LENGTH && text.contains(secret)
}

/// Whether a word of a text has the form of Entra's client secrets: letters, digits, a tilde, and
/// `_`, `.` or `-`.
pub fn contains_entra_secret(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '~' | '_' | '.' | '-')))
        .any(|word| {
            word.len() >= MIN_ENTRA_SECRET_LENGTH
                && word.bytes().any(|byte| byte.is_ascii_digit())
                && word.trim_matches('~').contains('~')
        })
}

/// Why a text cannot be a client secret.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum SecretProblem {
    /// Nothing is there.
    #[error("enter the client secret")]
    Empty,
    /// Longer than any client secret.
    #[error("this is far too long for a client secret")]
    TooLong,
    /// A GUID: the Secret ID from the column beside the value.
    #[error("this is the Secret ID; paste the Value of the secret")]
    SecretId,
    /// The client ID once more.
    #[error("this is the client ID; paste the Value of the secret")]
    SameAsClientId,
    /// The tenant once more.
    #[error("this is the tenant; paste the Value of the secret")]
    SameAsTenant,
    /// What the portal shows after the first view.
    #[error("the portal has masked this value; create a new secret and copy its Value at once")]
    Masked,
    /// A private key or a certificate.
    #[error("this is a certificate or a private key; paste the Value of a client secret")]
    Certificate,
}

/// What may be wrong with a secret that is accepted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum SecretWarning {
    /// White space at the start or the end, which is sent as it is.
    SpaceAround,
    /// Invisible characters within, which are sent as they are.
    Invisible,
    /// Forty hexadecimal digits, as a certificate's thumbprint has.
    Thumbprint,
    /// A text of several words with an ID among them.
    Several,
}

/// The most bytes that are taken for a client secret. Microsoft's have 16 to 64 characters, older
/// ones a few more.
const MAX_SECRET_LENGTH: usize = 4_096;

/// Looks at a pasted client secret: gives it back without line breaks at its end (byte for byte
/// otherwise), with warnings.
///
/// `override_secret_id` accepts a GUID, for the few secrets that were chosen to look like one.
///
/// # Errors
/// Says what the text looks like when it cannot be a client secret.
pub fn inspect_secret<'a>(
    text: &'a str,
    client_id: Option<ClientId>,
    tenant: Option<&Tenant>,
    override_secret_id: bool,
) -> Result<(Cleaned<&'a str>, Vec<SecretWarning>), SecretProblem> {
    if text.len() > MAX_SECRET_LENGTH {
        return Err(SecretProblem::TooLong);
    }
    let value = text.trim_end_matches(['\r', '\n']);
    let visible = clean(value).value;
    if visible.is_empty() {
        return Err(SecretProblem::Empty);
    }
    if is_masked(&visible) {
        return Err(SecretProblem::Masked);
    }
    if visible.starts_with("-----BEGIN") || (visible.len() > 300 && visible.starts_with("MI")) {
        return Err(SecretProblem::Certificate);
    }
    if let Some(guid) = parse_exactly(&visible).filter(|_| visible.len() == 36) {
        if client_id.is_some_and(|id| id.guid() == guid) {
            return Err(SecretProblem::SameAsClientId);
        }
        if matches!(tenant, Some(Tenant::Id(id)) if id.guid() == guid) {
            return Err(SecretProblem::SameAsTenant);
        }
        if !override_secret_id {
            return Err(SecretProblem::SecretId);
        }
    }
    if matches!(tenant, Some(Tenant::Domain(domain)) if domain.as_str().eq_ignore_ascii_case(&visible))
    {
        return Err(SecretProblem::SameAsTenant);
    }
    let notes = if value.len() == text.len() {
        Vec::new()
    } else {
        vec![CleanUp::LineBreakRemoved]
    };
    Ok((Cleaned { value, notes }, warnings(value)))
}

/// The part of a pasted text that is meant as the secret: without the white space, the line breaks
/// and the invisible characters around it, which no secret of Microsoft's has.
pub fn secret_within(text: &str) -> &str {
    bare(text)
}

fn is_masked(visible: &str) -> bool {
    let dots = visible
        .chars()
        .all(|c| matches!(c, '\u{2022}' | '\u{25cf}' | '*'));
    let tail = visible.ends_with("*****") && visible.trim_end_matches('*').chars().count() <= 4;
    dots || tail || visible.eq_ignore_ascii_case("hidden")
}

fn warnings(value: &str) -> Vec<SecretWarning> {
    let mut found = Vec::new();
    if value.trim().len() != value.len() {
        found.push(SecretWarning::SpaceAround);
    }
    if value.chars().any(is_hidden) {
        found.push(SecretWarning::Invisible);
    }
    if value.len() == 40 && value.chars().all(|c| c.is_ascii_hexdigit()) {
        found.push(SecretWarning::Thumbprint);
    }
    let mut words = value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '='));
    if value.trim().contains(char::is_whitespace)
        && words.any(|word| parse_exactly(bare(word)).is_some())
    {
        found.push(SecretWarning::Several);
    }
    found
}
