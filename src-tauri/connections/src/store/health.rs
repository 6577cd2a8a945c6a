//! Whether the files of the store are as they should be, for `doctor`.

use std::{fs::OpenOptions, path::Path};

use super::{
    file::{all, try_folder},
    owner::refuse_foreign,
};
use crate::Error;

/// How much is written to see whether the disk takes it, in bytes: more than a report or a token
/// needs.
const TRIAL: usize = 256 * 1024;

/// Looks at every file that is used, and writes one of its own; says how many files there are.
///
/// # Errors
/// [`Error::StoreForeign`], [`Error::StoreOpen`], [`Error::StoreUnwritable`] or
/// [`Error::DiskFull`]: the first that is found.
pub(crate) fn look_at_files(folder: &Path) -> Result<usize, Error> {
    let all = all(folder);
    for path in &all {
        refuse_foreign(path)?;
        refuse_open(path)?;
        if path.is_file() {
            OpenOptions::new()
                .write(true)
                .open(path)
                .map_err(Error::unwritable(path))?;
        }
    }
    // A disk may be full although every file can be opened; zeros could be left out by a clever
    // one.
    let content: Vec<u8> = (0..TRIAL).map(|n| (n * 31 % 251) as u8).collect();
    try_folder(folder, &content).map_err(Error::unwritable(folder))?;
    Ok(all.len())
}

/// Refuses what others may read or write.
fn refuse_open(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::symlink_metadata(path)
            .map_err(Error::unwritable(path))?
            .permissions()
            .mode()
            & 0o777;
        // What lies in a turn is nothing, and what lies in the folder is out of reach with it.
        let is_inside_turns = path
            .parent()
            .is_some_and(|parent| parent.ends_with("turns"));
        if mode & 0o077 != 0 && !is_inside_turns {
            return Err(Error::StoreOpen {
                path: path.to_owned(),
                mode,
            });
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
