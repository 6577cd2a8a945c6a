//! Files that a person asked for, in the folder where downloads go.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::error::{AppError, ErrorCode};

/// The longest title that becomes part of a file's name, in bytes: file systems take 255 for the
/// whole.
const MAX_TITLE_BYTES: usize = 150;
/// How many files of the same title there may be before it is given up.
const MAX_FILES_OF_A_TITLE: u32 = 1_000;

/// Writes a new file and never over one that exists; returns where.
///
/// # Errors
/// [`ErrorCode::SavedFile`] when the folder cannot be written.
pub(crate) async fn save(
    folder: &Path,
    title: &str,
    extension: &str,
    content: Vec<u8>,
) -> Result<PathBuf, AppError> {
    let (at, title, extension) = (folder.to_owned(), file_title(title), extension.to_owned());
    let written =
        tauri::async_runtime::spawn_blocking(move || write(&at, &title, &extension, &content))
            .await;
    match written {
        Ok(Ok(path)) => Ok(path),
        Ok(Err(error)) => Err(refused(folder, &error.to_string())),
        Err(_) => Err(refused(folder, "the program is closing")),
    }
}

fn refused(folder: &Path, reason: &str) -> AppError {
    let message = format!(
        "The file could not be saved in {}: {reason}.",
        folder.display()
    );
    let next = Some(
        "Make sure that the folder exists and that there is room on the disk, then try again."
            .to_owned(),
    );
    AppError {
        next,
        ..AppError::plain(ErrorCode::SavedFile, message)
    }
}

fn write(folder: &Path, title: &str, extension: &str, content: &[u8]) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    for number in 1..MAX_FILES_OF_A_TITLE {
        let again = if number == 1 {
            String::new()
        } else {
            format!(" ({number})")
        };
        let path = folder.join(format!("{title}{again}.{extension}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(content)
                    .and_then(|()| file.sync_all())
                    .inspect_err(|_| {
                        // Half a file is worse than none.
                        let _ = std::fs::remove_file(&path);
                    })?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// A title that every file system takes: no separators, nothing reserved, nothing hidden, not too
/// long.
fn file_title(title: &str) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() || " -_()".contains(c) {
            c
        } else {
            '-'
        }
    };
    let mut kept = String::new();
    for c in title.chars().map(plain) {
        if kept.len() + c.len_utf8() > MAX_TITLE_BYTES {
            break;
        }
        kept.push(c);
    }
    format!("Graph Connect - {}", kept.trim())
}

#[cfg(test)]
mod tests {
    use super::{file_title, write};

    #[test]
    fn a_hostile_name_stays_inside_the_folder() {
        for hostile in [
            "../../x",
            "a/b",
            "a\\b",
            "CON",
            ".hidden",
            "name.",
            "a\u{0}b",
            "a\nb",
            "\u{202e}gpj.exe",
        ] {
            let title = file_title(hostile);
            assert!(title.starts_with("Graph Connect - "), "{title:?}");
            let safe = |c: char| c.is_alphanumeric() || " -_()".contains(c);
            assert!(title.chars().all(safe), "{title:?}");
        }
        for long in ["x", "é", "漢", "𝒳"] {
            assert!(file_title(&long.repeat(10_000)).len() < 200, "{long}");
        }
    }

    #[test]
    fn a_second_file_of_the_same_title_stands_beside_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("Downloads");
        let first = write(&at, "Report", "json", b"1").unwrap();
        let second = write(&at, "Report", "json", b"2").unwrap();
        assert_eq!(second.file_name().unwrap(), "Report (2).json");
        assert_eq!(std::fs::read(first).unwrap(), b"1");
        assert_eq!(std::fs::read(second).unwrap(), b"2");
    }
}
