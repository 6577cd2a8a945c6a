//! The operating systems, as far as sentences about their keychains differ.

/// An operating system, as far as its keychain differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Linux,
    Windows,
    MacOs,
}

impl System {
    /// The one that this program runs on.
    pub(crate) const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };

    /// The keychain at the start of a sentence.
    pub(crate) const fn keychain(self) -> &'static str {
        match self {
            Self::Windows => "The Credential Manager",
            Self::Linux | Self::MacOs => "The keychain",
        }
    }

    /// The keychain within a sentence.
    pub(crate) const fn the_keychain(self) -> &'static str {
        match self {
            Self::Windows => "the Credential Manager",
            Self::Linux | Self::MacOs => "the keychain",
        }
    }
}
