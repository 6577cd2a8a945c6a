//! The folder in which everything is kept, before it is opened.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{Connections, Error, KEYCHAIN_SERVICE, store::Store};

/// The folder of this person's connections, the same for the window and the command line; `None`
/// where the system names none.
///
/// On Windows it is `%LOCALAPPDATA%`: a database must not roam with a profile, which copies files
/// that are open and puts the last copy over all others.
///
/// Source: <https://learn.microsoft.com/windows/win32/shell/knownfolderid>
pub fn data_folder() -> Option<PathBuf> {
    Some(dirs::data_local_dir()?.join(KEYCHAIN_SERVICE))
}

impl Connections {
    /// Makes sure that there is a folder for the store and that it is this person's; nothing else
    /// is opened. Blocks for a moment.
    ///
    /// # Errors
    /// [`Error::StoreForeign`], or [`Error::StoreUnwritable`] when it is not there and cannot be
    /// made.
    pub fn prepare_folder(folder: &Path) -> Result<(), Error> {
        Store::prepare_folder(folder)
    }

    /// Moves a damaged store out of the way, so that an empty one can be opened; says where it
    /// went.
    ///
    /// Only for when a person has asked for it: the connections of the damaged store are gone from
    /// the list.
    ///
    /// # Errors
    /// When the folder cannot be changed.
    pub fn move_aside(folder: &Path) -> Result<PathBuf, Error> {
        Store::move_aside(folder, Timestamp::now())
    }
}
