//! What can go wrong at the keychain, one variant for each thing that a person or a caller does
//! about it.

use thiserror::Error;
use zeroize::Zeroize;

use crate::{platform, system::System};

/// Why the keychain did not do what was asked.
///
/// No variant holds a secret, an item's content or the text of a foreign error.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// There is no keychain to talk to: no session bus, no provider, or it has just gone.
    #[error("No keychain can be reached.")]
    Unavailable,
    /// A keychain runs, and has no collection that secrets are kept in: nobody has made or opened
    /// one.
    #[error("The keychain has no default collection.")]
    NoCollection,
    /// The keychain, or the collection that keeps the secret, is locked, and nobody answered its
    /// request to unlock it.
    #[error("{} is locked.", System::HERE.keychain())]
    Locked,
    /// The keychain, or the person it asked, refused.
    #[error("Access to {} was denied.", System::HERE.the_keychain())]
    Denied,
    /// The item is not there, or not whole, in the keychain that kept it.
    #[error("The secret is not in {}.", System::HERE.the_keychain())]
    Missing,
    /// The item is not there, because another program is the keychain now.
    #[error("The secret is kept by {kept_by}, and the keychain now in use is {in_use}.")]
    OtherProvider {
        /// The program that keeps the secret.
        kept_by: String,
        /// The program that answered.
        in_use: String,
    },
    /// The item is not there, because the collection that keeps it is not open.
    #[error(
        "The secret is kept in the collection \"{kept_in}\", and the keychain now uses \"{in_use}\"."
    )]
    OtherCollection {
        /// The collection that keeps the secret.
        kept_in: String,
        /// The default collection now.
        in_use: String,
    },
    /// The secret is longer than the keychain takes.
    #[error("The secret is too long for {}, which takes {limit} bytes.", System::HERE.the_keychain())]
    TooLarge {
        /// The most that is taken, in bytes.
        limit: u32,
    },
    /// There is room for no further item: the Credential Manager holds about a thousand, for all
    /// programs together.
    #[error("{} is full.", System::HERE.keychain())]
    Full,
    /// More than one item has this name; another program may have planted one of them.
    #[error("{} holds more than one item with this name.", System::HERE.keychain())]
    Ambiguous,
    /// The keychain has not answered in time, or is still stuck in an earlier call.
    #[error("{} is not responding.", System::HERE.keychain())]
    Busy,
    /// What came back is not what was stored.
    #[error("The secret in {} is damaged.", System::HERE.the_keychain())]
    Damaged,
    /// The secret is sealed in the store, and the key that opens it is gone or another one.
    #[error("The key that opens this secret is not in {}.", System::HERE.the_keychain())]
    KeyMissing,
    /// The keychain said that the item was removed, and it is still there.
    #[error("{} did not remove the secret.", System::HERE.keychain())]
    NotRemoved,
    /// Anything else.
    #[error("{} failed ({code}).", System::HERE.keychain())]
    Other {
        /// The keychain's own error: a D-Bus error name, an `OSStatus` or a Win32 error number.
        code: String,
    },
}

impl Error {
    /// Which error this is, for programs: stable, in the words of the JSON of the command line and
    /// of the window.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable => "keychainUnavailable",
            Self::NoCollection => "keychainNoCollection",
            Self::Locked => "keychainLocked",
            Self::Denied => "keychainDenied",
            Self::Missing => "keychainMissing",
            Self::OtherProvider { .. } => "keychainOtherProvider",
            Self::OtherCollection { .. } => "keychainOtherCollection",
            Self::TooLarge { .. } => "keychainTooLarge",
            Self::Full => "keychainFull",
            Self::Ambiguous => "keychainAmbiguous",
            Self::Busy => "keychainBusy",
            Self::Damaged => "keychainDamaged",
            Self::KeyMissing => "keychainKeyMissing",
            Self::NotRemoved => "keychainNotRemoved",
            Self::Other { .. } => "keychainOther",
        }
    }

    /// Whether the secret was looked for and not found, wherever it may be.
    pub const fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::Missing
                | Self::KeyMissing
                | Self::OtherProvider { .. }
                | Self::OtherCollection { .. }
                | Self::NoCollection
        )
    }

    /// Whether the keychain has no room for a secret, and may have some for a short one.
    pub const fn is_without_room(&self) -> bool {
        matches!(self, Self::Full | Self::TooLarge { .. })
    }

    /// Whether the secret is lost for good, so that it has to be entered again.
    pub const fn is_loss(&self) -> bool {
        matches!(self, Self::Missing | Self::KeyMissing | Self::Damaged)
    }

    /// Whether a person was asked, or still is, and has not said yes: then nobody else has to be
    /// asked the same.
    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(self, Self::Locked | Self::Denied | Self::Busy)
    }

    pub(crate) fn other(code: impl ToString) -> Self {
        Self::Other {
            code: code.to_string(),
        }
    }

    /// Whether a new link to the keychain may get further: the old one can be stale after the
    /// provider was restarted.
    pub(crate) const fn may_be_stale(&self) -> bool {
        matches!(self, Self::Unavailable | Self::Other { .. })
    }
}

/// Converts at the door, because some of these errors hold the secret's bytes and print them.
impl From<keyring_core::Error> for Error {
    fn from(error: keyring_core::Error) -> Self {
        use keyring_core::Error as Store;
        match error {
            Store::PlatformFailure(source) => {
                platform::explain(source.as_ref()).unwrap_or(Self::other("platform"))
            }
            Store::NoStorageAccess(source) => {
                platform::explain(source.as_ref()).unwrap_or(Self::Locked)
            }
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
