//! Whose files these are. A store that belongs to somebody else is not used, so that neither locks
//! the other out.

use std::{fs, io, io::ErrorKind, path::Path};

use crate::Error;

/// Refuses what is there and belongs to another user than the one who runs this program. What is
/// not there is nobody's.
pub(super) fn refuse_foreign(path: &Path) -> Result<(), Error> {
    match owner_of(path) {
        Ok(Some((owner, runner))) if owner != runner => Err(Error::StoreForeign {
            path: path.to_owned(),
            owner: name_of(owner),
            runs_as: name_of(runner),
        }),
        Ok(_) => Ok(()),
        Err(error) => Err(Error::unwritable(path)(error)),
    }
}

/// Refuses to begin a store for root in the home of a person, who could not use it afterwards.
pub(super) fn refuse_foreign_home(folder: &Path) -> Result<(), Error> {
    let Some(nearest) = folder.ancestors().find(|ancestor| ancestor.exists()) else {
        return Ok(());
    };
    match owner_of(nearest) {
        Ok(Some((owner, ROOT))) if owner != ROOT => Err(Error::StoreForeign {
            path: nearest.to_owned(),
            owner: name_of(owner),
            runs_as: name_of(ROOT),
        }),
        _ => Ok(()),
    }
}

const ROOT: u32 = 0;

/// Who owns it and who runs, if it is there and the system has owners.
fn owner_of(path: &Path) -> io::Result<Option<(u32, u32)>> {
    #[cfg(unix)]
    {
        let found = match fs::symlink_metadata(path) {
            // The folder itself may well be behind a link.
            Ok(found) if found.is_symlink() => fs::metadata(path),
            found => found,
        };
        match found {
            Ok(found) => Ok(Some((
                std::os::unix::fs::MetadataExt::uid(&found),
                rustix::process::geteuid().as_raw(),
            ))),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (path, fs::metadata::<&Path>, ErrorKind::NotFound);
        Ok(None)
    }
}

/// The name of a user, if the file of this computer's own users knows it.
fn name_of(user: u32) -> String {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut known = users.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let number = fields.nth(1)?;
        (number.parse() == Ok(user)).then(|| name.to_owned())
    });
    known.next().unwrap_or_else(|| format!("user {user}"))
}
