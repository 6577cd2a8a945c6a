//! The store's place on the disk: a folder and a file that nobody else may read, and never a
//! symbolic link.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use model::ConnectionId;

use super::{
    owner::{refuse_foreign, refuse_foreign_home},
    schema,
};
use crate::Error;

const NAME: &str = "connections.db";

/// Held shared by whoever changes a secret, and alone by whoever looks for changes that were cut
/// short.
const LOCK: &str = "connections.lock";

/// The folder of the files whose locks are those of credentials.
const TURNS: &str = "turns";

/// Files that SQLite keeps beside the store.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Makes sure that the folder and the file are there, are ours alone and are what they seem. Gives
/// back both.
///
/// The whole of an empty store appears at once, so an empty file is never mistaken for an empty
/// store.
pub(super) fn prepare(folder: &Path) -> Result<(PathBuf, PathBuf), Error> {
    prepare_folder(folder)?;
    // SQLite refuses a link anywhere in the path, but a person's home may well be behind one.
    let folder = folder.canonicalize().map_err(Error::unwritable(folder))?;
    let file = folder.join(NAME);
    // Whoever finds a file of somebody else's gets no further than this, whichever it is.
    for used in [file.clone(), folder.join(LOCK), folder.join(TURNS)]
        .into_iter()
        .chain(companions(&file))
    {
        refuse_foreign(&used)?;
    }
    for companion in companions(&file) {
        if is_ordinary_file(&companion)? {
            keep_private(&companion, 0o600).map_err(Error::unwritable(&companion))?;
        }
    }
    if !is_ordinary_file(&file)? {
        begin(&folder, &file)?;
    }
    if fs::metadata(&file).map_err(Error::unwritable(&file))?.len() == 0 {
        return Err(Error::StoreDamaged { path: file });
    }
    keep_private(&file, 0o600).map_err(Error::unwritable(&file))?;
    Ok((folder, file))
}

/// Why the store in this folder cannot be written, if it cannot: by trying, and without changing
/// it.
pub(super) fn why_unwritable(folder: &Path, file: &Path) -> Option<io::Error> {
    let there = companions(file)
        .into_iter()
        .chain([file.to_owned()])
        .filter(|path| path.exists());
    let mut each = there.filter_map(|path| OpenOptions::new().write(true).open(path).err());
    each.next().or_else(|| try_folder(folder, b"").err())
}

/// Writes a file of its own into the folder, waits until it is on the disk, and removes it.
pub(super) fn try_folder(folder: &Path, content: &[u8]) -> io::Result<()> {
    let trial = folder.join(format!("{NAME}.trial-{}", uuid::Uuid::new_v4().simple()));
    let written = create_private(&trial).and_then(|()| {
        let mut file = OpenOptions::new().write(true).open(&trial)?;
        file.write_all(content)?;
        file.sync_all()
    });
    let removed = if trial.exists() {
        fs::remove_file(&trial)
    } else {
        Ok(())
    };
    written.and(removed)
}

/// Every file of the store that is there, with those whose locks are those of credentials.
pub(super) fn all(folder: &Path) -> Vec<PathBuf> {
    let file = folder.join(NAME);
    let turns = folder.join(TURNS);
    let inside = fs::read_dir(&turns)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()));
    let mut all = vec![folder.to_owned(), file.clone(), folder.join(LOCK), turns];
    all.extend(companions(&file));
    all.extend(inside);
    all.retain(|path| fs::symlink_metadata(path).is_ok());
    all
}

fn companions(file: &Path) -> [PathBuf; 2] {
    COMPANIONS.map(|ending| beside(file, ending))
}

/// Makes sure that the folder is there and is ours.
pub(super) fn prepare_folder(folder: &Path) -> Result<(), Error> {
    refuse_foreign_home(folder)?;
    refuse_foreign(folder)?;
    create_folder(folder).map_err(Error::unwritable(folder))
}

/// Moves the store with its companions aside, under a name that says when.
pub(super) fn move_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, Error> {
    let file = folder.join(NAME);
    let aside = folder.join(format!(
        "{NAME}.damaged-{}",
        now.strftime("%Y%m%dT%H%M%S%.fZ")
    ));
    for companion in COMPANIONS.into_iter().chain([""]) {
        match fs::rename(beside(&file, companion), beside(&aside, companion)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Error::unwritable(&file)(error)),
        }
    }
    Ok(aside)
}

/// Opens the lock file; the lock itself is the caller's, and the system lifts it when the file is
/// closed.
pub(super) fn open_lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    refuse_foreign(&path)?;
    is_ordinary_file(&path)?;
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path);
    let lock = lock.map_err(Error::unwritable(&path))?;
    keep_private(&path, 0o600).map_err(Error::unwritable(&path))?;
    Ok(lock)
}

/// Opens the file whose lock is that of something, such as a connection's credential.
pub(super) fn open_lock_of(folder: &Path, name: &str) -> Result<File, Error> {
    let turns = folder.join(TURNS);
    refuse_foreign(&turns)?;
    create_folder(&turns).map_err(Error::unwritable(&turns))?;
    let path = turns.join(name);
    refuse_foreign(&path)?;
    is_ordinary_file(&path)?;
    let turn = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path);
    turn.map_err(Error::unwritable(&path))
}

/// Where that file is.
pub(super) fn lock_path(folder: &Path, id: ConnectionId) -> PathBuf {
    folder.join(TURNS).join(id.to_string())
}

fn begin(folder: &Path, file: &Path) -> Result<(), Error> {
    if beside(file, "-wal").exists() {
        // The store itself was taken away from beside its log; a new one in its place would be
        // mixed with the old one.
        return Err(Error::StoreDamaged {
            path: file.to_owned(),
        });
    }
    let draft = tempfile_in(folder);
    let made = create_private(&draft)
        .map_err(Error::unwritable(&draft))
        .and_then(|()| {
            schema::begin(&draft).map_err(|problem| problem.at(file))?;
            // A link, unlike a renaming, leaves the store alone that another program has begun
            // meanwhile.
            match fs::hard_link(&draft, file) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    Err(Error::unwritable(file)(error))
                }
                _ => sync_folder(folder).map_err(Error::unwritable(folder)),
            }
        });
    for companion in COMPANIONS.into_iter().chain([""]) {
        // Nothing is lost if a draft stays behind.
        drop(fs::remove_file(beside(&draft, companion)));
    }
    made
}

fn tempfile_in(folder: &Path) -> PathBuf {
    folder.join(format!("{NAME}.new-{}", uuid::Uuid::new_v4().simple()))
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    keep_private(folder, 0o700)
}

fn create_private(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    // SQLite gives its companions the same mode.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?;
    Ok(())
}

/// Takes away what others may do with it, if they may do anything. Windows keeps a person's folders
/// private by itself.
fn keep_private(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = fs::metadata(path)?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(mode);
            match fs::set_permissions(path, permissions) {
                // What cannot be changed can still be read, and the rest is said when something is
                // to be written.
                Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => {}
                changed => changed?,
            }
        }
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Whether the file is there. A link, a folder or anything else that is not a file is refused.
fn is_ordinary_file(path: &Path) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(true),
        Ok(_) => Err(Error::StoreUnwritable {
            path: path.to_owned(),
            source: None,
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::unwritable(path)(error)),
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
