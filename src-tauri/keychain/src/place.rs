//! Where a secret is kept: by which program, and in which of its collections.

use std::fmt;

use crate::Error;

/// The longest name of a program or collection that is taken over, in characters.
const MAX_NAME_LENGTH: usize = 60;

/// Which program keeps a secret, and in which of its collections. It holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The program, as people know it: "GNOME Keyring"; empty when the system does not name it.
    pub program: String,
    /// The collection, as the program names it to other programs: a D-Bus path on Linux.
    pub collection: String,
}

impl Place {
    /// The name of the program that moves what is removed into a bin of its own, if this is one.
    pub fn bin(&self) -> Option<&str> {
        (self.program == KEEPASSXC).then_some(KEEPASSXC)
    }

    /// The collection's name for people: the end of its path.
    pub fn label(&self) -> String {
        readable(&unescaped(
            self.collection.rsplit('/').next().unwrap_or_default(),
        ))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = if self.program.is_empty() {
            "The keychain"
        } else {
            &self.program
        };
        write!(f, "{program}, collection \"{}\"", self.label())
    }
}

/// Keeps what is removed in the bin of its database.
pub(crate) const KEEPASSXC: &str = "KeePassXC";

/// What came of unlocking the keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlock {
    /// It was locked, and is unlocked now.
    Unlocked,
    /// Nobody answered its prompt, or there is nowhere to show one.
    Dismissed,
    /// It was not locked, or asks by itself whenever it has to.
    NothingToUnlock,
}

/// What came of removing a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It was there, and is gone.
    Removed,
    /// The keychain that kept it is open, and it is not there.
    NotFound,
}

/// What is known of the keychain itself, beside its items.
pub(crate) trait Provider: Send {
    /// Where a new item would be kept; `None` where there is no such knowledge. Asks nobody.
    ///
    /// # Errors
    /// When there is no such place, or no keychain.
    fn place(&self) -> Result<Option<Place>, Error> {
        Ok(None)
    }

    /// Where an item is kept that is there.
    fn place_of(&self, _service: &str, _name: &str) -> Option<Place> {
        None
    }

    /// Why a search found nothing: [`Error::Missing`] only when it looked where the item was kept.
    fn why_missing(&self, _kept: Option<&Place>) -> Error {
        Error::Missing
    }

    /// Opens the prompt of the keychain for the collection that new items go to, and for those of
    /// `places`.
    ///
    /// # Errors
    /// When there is no collection, or no keychain.
    fn unlock(&self, _places: &[Place]) -> Result<Unlock, Error> {
        Ok(Unlock::NothingToUnlock)
    }
}

/// A store of which nothing more is known.
pub(crate) struct Unknown;

impl Provider for Unknown {}

/// A name from elsewhere, cut, without what would steer a terminal.
pub(crate) fn readable(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME_LENGTH)
        .collect()
}

/// Some programs write what a D-Bus path may not hold as `_` and two hexadecimal digits.
fn unescaped(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after
            .get(..2)
            .and_then(|digits| str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'_' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
