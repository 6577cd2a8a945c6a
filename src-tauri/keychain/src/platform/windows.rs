//! The Windows Credential Manager.
//!
//! Source: <https://learn.microsoft.com/windows/win32/api/wincred/nf-wincred-credwritew>

use std::{error::Error as StdError, sync::Arc};

use keyring_core::CredentialStore;
use windows_native_keyring_store::Store;

use crate::Error;

pub(crate) const HOW_TO_GET_A_KEYCHAIN: &str = "Sign in to Windows at the machine or by Remote Desktop; over SSH and for a service there is no Credential Manager.";

/// Opens the store; the Credential Manager is called only when an item is.
pub(crate) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = Store::new()?;
    Ok(store)
}

/// The whole name of an item is given, because the store's own `user.service` can be read two ways. `Local` keeps an
/// administrator's secret from roaming with a domain profile. There is no label.
pub(crate) fn modifiers<'a>(name: &'a str, _label: Option<&'a str>) -> Vec<(&'static str, &'a str)> {
    vec![("target", name), ("persistence", "Local")]
}

/// Reads the Win32 error beneath a store error.
///
/// The store keeps its error type to itself, but writes the number at the end of a fixed English text.
///
/// Source: <https://learn.microsoft.com/windows/win32/debug/system-error-codes>
pub(crate) fn explain(source: &(dyn StdError + Send + Sync + 'static)) -> Option<Error> {
    let text = source.to_string();
    let code = text.strip_prefix("Windows ").map(|rest| rest.trim_start_matches("error code "))?;
    let explained = match code {
        "5" | "1223" => Error::Denied, // ERROR_ACCESS_DENIED, ERROR_CANCELLED
        "ERROR_NO_SUCH_LOGON_SESSION" => Error::Unavailable,
        "1783" => Error::TooLarge { limit: 2_560 }, // RPC_X_BAD_STUB_DATA, given for a blob that is too long
        code => Error::other(code),
    };
    Some(explained)
}
