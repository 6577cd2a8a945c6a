//! The login keychain of macOS.
//!
//! Source: <https://developer.apple.com/documentation/security/security-framework-result-codes>

use std::{error::Error as StdError, sync::Arc};

use apple_native_keyring_store::keychain::Store;
use keyring_core::CredentialStore;

use crate::{
    Error,
    place::{Place, Provider},
};

/// It holds as much as the disk.
pub(crate) const FILLS_UP: bool = false;

/// Opens the store on the login keychain; the keychain is called only when an item is.
pub(crate) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = Store::new()?;
    Ok(store)
}

/// Service and account name an item exactly; the store takes no label.
pub(crate) fn modifiers<'a>(
    _name: &'a str,
    _label: Option<&'a str>,
) -> Vec<(&'static str, &'a str)> {
    Vec::new()
}

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
        program: "macOS Keychain".to_owned(),
        collection: "login".to_owned(),
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

/// The label was given with the item.
pub(crate) const fn describe(_entry: &keyring_core::Entry, _label: &str) {}

/// Reads the `OSStatus` beneath a store error.
pub(crate) fn explain(source: &(dyn StdError + Send + Sync + 'static)) -> Option<Error> {
    let error = source.downcast_ref::<security_framework::base::Error>()?;
    let explained = match error.code() {
        -128 | -25293 => Error::Denied, // errSecUserCanceled, errSecAuthFailed
        -61 | -25244 | -25292 => Error::Denied, // no write permission, not the owner, read-only
        -25308 => Error::Locked,        // errSecInteractionNotAllowed
        -25291 | -25294 | -25295 => Error::Unavailable, // not available, no such keychain, invalid keychain
        -25299 => Error::Ambiguous,                     // errSecDuplicateItem
        code => Error::other(code),
    };
    Some(explained)
}
