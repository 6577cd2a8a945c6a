//! Whether a secret was refused because its time is over, which only the number says. It picks what
//! is shown, and nothing is done by it.

use model::OriginalError;

/// AADSTS7000222, "InvalidClientSecretExpiredKeysProvided".
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
const EXPIRED_KEYS: u32 = 7_000_222;

/// Whether what the server said names an expired client secret.
pub fn says_expired(original: &OriginalError) -> bool {
    original.aadsts == Some(EXPIRED_KEYS)
}
