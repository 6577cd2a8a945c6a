//! The Windows Credential Manager.
//!
//! Source: <https://learn.microsoft.com/windows/win32/api/wincred/nf-wincred-credwritew>

use std::{collections::HashMap, error::Error as StdError, sync::Arc};

use keyring_core::{CredentialStore, Entry};
use windows_native_keyring_store::Store;

use crate::{
    Error,
    place::{Place, Provider},
};

/// It holds about a thousand items, for all programs together.
pub(crate) const FILLS_UP: bool = true;

/// Opens the store; the Credential Manager is called only when an item is.
pub(crate) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = Store::new()?;
    Ok(store)
}

/// The whole name of an item is given, because the store's own `user.service` can be read two ways.
/// `Local` keeps an administrator's secret from roaming with a domain profile. The label is not
/// among them ([`describe`]).
pub(crate) fn modifiers<'a>(
    name: &'a str,
    _label: Option<&'a str>,
) -> Vec<(&'static str, &'a str)> {
    vec![("target", name), ("persistence", "Local")]
}

/// Says whose an item is: the Credential Manager lists the user name beside the target. That it
/// cannot be said is no reason to refuse what was written.
pub(crate) fn describe(entry: &Entry, label: &str) {
    let end = (0..=MAX_LABEL.min(label.len()))
        .rev()
        .find(|at| label.is_char_boundary(*at))
        .unwrap_or_default();
    let shown = &label[..end];
    let _undescribed =
        entry.update_attributes(&HashMap::from([("username", shown), ("comment", shown)]));
}

/// The most bytes of a label, below the Credential Manager's 256 characters of a comment.
const MAX_LABEL: usize = 250;

/// The one keychain of this system. It asks by itself whenever it has to, so there is nothing to
/// unlock beforehand.
struct Native;

impl Provider for Native {
    fn place(&self) -> Result<Option<Place>, Error> {
        Ok(Some(here()))
    }

    fn place_of(&self, _service: &str, _name: &str) -> Option<Place> {
        Some(here())
    }

    fn why_missing(&self, kept: Option<&Place>) -> Error {
        match kept {
            // The connections were brought here from another system.
            Some(kept) if *kept != here() => Error::OtherProvider {
                kept_by: kept.program.clone(),
                in_use: here().program,
            },
            _ => Error::Missing,
        }
    }
}

fn here() -> Place {
    Place {
        program: "Credential Manager".to_owned(),
        collection: "local".to_owned(),
    }
}

/// What is known of the keychain itself.
pub(crate) fn provider() -> Box<dyn Provider> {
    Box::new(Native)
}

/// Its name.
pub(crate) fn program_in_use() -> Option<String> {
    Some(here().program)
}

/// Reads the Win32 error beneath a store error.
///
/// The store keeps its error type to itself, but writes the number at the end of a fixed English
/// text.
///
/// Source: <https://learn.microsoft.com/windows/win32/debug/system-error-codes>
pub(crate) fn explain(source: &(dyn StdError + Send + Sync + 'static)) -> Option<Error> {
    let text = source.to_string();
    let code = text
        .strip_prefix("Windows ")
        .map(|rest| rest.trim_start_matches("error code "))?;
    let explained = match code {
        "5" | "1223" => Error::Denied, // ERROR_ACCESS_DENIED, ERROR_CANCELLED
        "ERROR_NO_SUCH_LOGON_SESSION" => Error::Unavailable,
        "8" | "14" => Error::Full, // ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY
        "1783" => Error::TooLarge { limit: 2_560 }, // RPC_X_BAD_STUB_DATA, given for a blob that is too long
        code => Error::other(code),
    };
    Some(explained)
}

#[cfg(test)]
#[path = "windows/tests.rs"]
mod tests;
