//! A file that a person names: read whole if it is an ordinary one of no more than 1 MiB.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::Path,
};

/// No more is read, in bytes, whatever the file says of its length.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads a file that a person named: a list of clouds, certificates, the body of a call. A device,
/// a pipe or a folder is not read, since it may never end.
///
/// # Errors
/// Why it cannot be read, as the end of a sentence: "it does not exist".
pub fn read_named_file(path: &Path) -> Result<Vec<u8>, String> {
    let about = fs::metadata(path).map_err(|error| reason(&error))?;
    if about.is_dir() {
        return Err("it is a folder".to_owned());
    }
    if !about.is_file() {
        return Err("it is not an ordinary file".to_owned());
    }
    let mut read = Vec::new();
    let file = File::open(path).map_err(|error| reason(&error))?;
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut read)
        .map_err(|error| reason(&error))?;
    if read.len() as u64 > MAX_BYTES {
        Err("it is larger than 1 MiB".to_owned())
    } else {
        Ok(read)
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system's own words do for every other reason"
)]
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it does not exist".to_owned(),
        ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{MAX_BYTES, read_named_file};

    #[test]
    fn only_an_ordinary_file_of_at_most_a_mebibyte_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        for (length, fits) in [(0, true), (MAX_BYTES, true), (MAX_BYTES + 1, false)] {
            std::fs::write(&file, vec![b'x'; length as usize]).unwrap();
            assert_eq!(read_named_file(&file).is_ok(), fits, "{length}");
        }
        let missing = read_named_file(&folder.path().join("missing"));
        assert_eq!(missing, Err("it does not exist".to_owned()));
        assert_eq!(
            read_named_file(folder.path()),
            Err("it is a folder".to_owned())
        );
        #[cfg(unix)]
        for device in ["/dev/zero", "/dev/null", "/dev/stdin"] {
            if std::fs::metadata(device).is_ok_and(|about| !about.is_file()) {
                assert!(read_named_file(Path::new(device)).is_err(), "{device}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_nobody_writes_to_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(
            read_named_file(&pipe),
            Err("it is not an ordinary file".to_owned())
        );
    }
}
