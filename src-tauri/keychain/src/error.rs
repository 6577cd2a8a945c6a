//! What can go wrong at the keychain, one variant for each thing that a person or a caller does about it.

use thiserror::Error;
use zeroize::Zeroize;

use crate::platform;

/// Why the keychain did not do what was asked.
///
/// No variant holds a secret, an item's content or the text of a foreign error.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// There is no keychain to talk to: no session bus, no provider, no default collection, or it has just gone.
    #[error("no keychain can be reached")]
    Unavailable,
    /// The keychain is locked, and nobody answered its request to unlock it.
    #[error("the keychain is locked")]
    Locked,
    /// The keychain, or the person it asked, refused.
    #[error("access to the keychain was denied")]
    Denied,
    /// The item is not there, or not whole.
    #[error("the secret is not in the keychain")]
    Missing,
    /// The secret is longer than the keychain takes.
    #[error("the secret is too long for the keychain, which takes {limit} bytes")]
    TooLarge {
        /// The most that is taken, in bytes.
        limit: u32,
    },
    /// More than one item has this name; another program may have planted one of them.
    #[error("the keychain holds more than one item with this name")]
    Ambiguous,
    /// The keychain has not answered in time, or is still stuck in an earlier call.
    #[error("the keychain does not answer")]
    Busy,
    /// What came back is not what was stored.
    #[error("the secret in the keychain is damaged")]
    Damaged,
    /// The keychain said that the item was removed, and it is still there.
    #[error("the keychain did not remove the secret")]
    NotRemoved,
    /// Anything else.
    #[error("the keychain failed ({code})")]
    Other {
        /// The keychain's own error: a D-Bus error name, an `OSStatus` or a Win32 error number.
        code: String,
    },
}

impl Error {
    /// What a person can do about it, in one or two sentences.
    pub const fn next(&self) -> &'static str {
        match self {
            Self::Unavailable => platform::HOW_TO_GET_A_KEYCHAIN,
            Self::Locked => "Unlock the keychain, or enter its password when it asks, and try again.",
            Self::Denied => "Try again, and allow access when the keychain asks.",
            Self::Missing => {
                "It was removed by another program, or a different keychain is in use. Enter the secret or sign in again."
            }
            Self::TooLarge { .. } => "Use a shorter secret.",
            Self::Ambiguous => {
                "Remove the items of this connection in the keychain's own program, then enter the secret or sign in again."
            }
            Self::Busy => "Answer any window in which the keychain asks for something, then try again.",
            Self::Damaged => "Enter the secret or sign in again.",
            Self::NotRemoved => "Remove the item in the keychain's own program.",
            Self::Other { .. } => "Try again. If it stays, test the keychain in Settings.",
        }
    }

    pub(crate) fn other(code: impl ToString) -> Self {
        Self::Other { code: code.to_string() }
    }

    /// Whether a new link to the keychain may get further: the old one can be stale after the provider was restarted.
    pub(crate) const fn may_be_stale(&self) -> bool {
        matches!(self, Self::Unavailable | Self::Other { .. })
    }
}

/// Converts at the door, because some of these errors hold the secret's bytes and print them.
impl From<keyring_core::Error> for Error {
    fn from(error: keyring_core::Error) -> Self {
        use keyring_core::Error as Store;
        match error {
            Store::PlatformFailure(source) => platform::explain(source.as_ref()).unwrap_or(Self::other("platform")),
            Store::NoStorageAccess(source) => platform::explain(source.as_ref()).unwrap_or(Self::Locked),
            Store::NoEntry => Self::Missing,
            Store::BadEncoding(mut bytes) | Store::BadDataFormat(mut bytes, _) => {
                bytes.zeroize();
                Self::Damaged
            }
            Store::BadStoreFormat(_) => Self::other("store-format"),
            Store::TooLong(_, limit) => Self::TooLarge { limit },
            Store::Invalid(..) => Self::other("invalid"),
            Store::Ambiguous(_) => Self::Ambiguous,
            Store::NoDefaultStore => Self::Unavailable,
            Store::NotSupportedByStore(_) => Self::other("not-supported"),
            _ => Self::other("unknown"),
        }
    }
}
