//! The folder in which everything is kept, before it is opened.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{Connections, Error, store::Store};

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
