//! Whether a terminal finds the command line, and a link that makes it do so. The package of the
//! operating system puts it where it belongs; a build or an unpacked folder has it beside the
//! window only.

#[cfg(all(test, unix))]
mod tests;

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    error::{AppError, ErrorCode},
    view::CommandLine,
};

/// The program, as a terminal is told it.
const NAME: &str = if cfg!(windows) {
    "graph-connect.exe"
} else {
    "graph-connect"
};

/// What there is to look at: the program beside this one, the person's home, and where a terminal
/// looks for programs.
#[derive(Debug)]
pub(crate) struct CliInstall {
    /// `None` when it does not lie there, or will not for long.
    program: Option<PathBuf>,
    home: PathBuf,
    path: OsString,
    /// The file that whoever started the window made for terminals beside it.
    environment: Option<PathBuf>,
}

/// The variable by which `make run` names that file.
const ENVIRONMENT: &str = "GRAPH_CONNECT_TERMINAL";

impl CliInstall {
    /// Those of this process.
    pub(crate) fn here(home: PathBuf) -> Self {
        // An AppImage is a file system of its own, which is gone when the window is closed.
        let lasts = env::var_os("APPIMAGE").is_none();
        let beside = env::current_exe()
            .ok()
            .filter(|_| lasts)
            .and_then(|exe| Some(exe.parent()?.join(NAME)));
        let program = beside.filter(|program| program.is_file());
        let environment = env::var_os(ENVIRONMENT)
            .map(PathBuf::from)
            .filter(|file| file.is_absolute() && file.is_file());
        Self {
            program,
            home,
            path: env::var_os("PATH").unwrap_or_default(),
            environment,
        }
    }

    /// What a terminal finds.
    pub(crate) fn look(&self) -> CommandLine {
        let found = env::split_paths(&self.path)
            .map(|folder| folder.join(NAME))
            .find(|file| file.is_file());
        let ours = self
            .program
            .as_deref()
            .is_some_and(|program| is_link_to(&self.link(), program));
        let folder = if cfg!(windows) {
            self.program_folder()
        } else {
            self.folder()
        };
        let folder_on_path = env::split_paths(&self.path).any(|on_path| on_path == folder);
        let link = ours.then(|| self.shown(&self.link()));
        CommandLine {
            program: self
                .program
                .as_deref()
                .map(|program| program.display().to_string()),
            found: found.is_some(),
            link,
            folder: self.shown(&folder),
            folder_on_path,
            linkable: cfg!(unix),
            path_line: "export PATH=\"$HOME/.local/bin:$PATH\"".to_owned(),
            environment: self
                .environment
                .as_deref()
                .map(|file| format!(". {}", as_a_word(file))),
        }
    }

    /// Makes the link. Whatever else has that name stays as it is.
    ///
    /// # Errors
    /// When there is nothing to link to, something else has that name, or the folder cannot be
    /// written to.
    pub(crate) fn put(&self) -> Result<(), AppError> {
        let nothing = || {
            AppError::plain(
                ErrorCode::CommandLine,
                "The program graph-connect does not lie beside the window.",
            )
        };
        let program = self.program.as_deref().ok_or_else(nothing)?;
        let link = self.link();
        if is_link_to(&link, program) {
            return Ok(());
        }
        fs::create_dir_all(self.folder())
            .and_then(|()| make_link(program, &link))
            .map_err(|error| self.refused(&error))
    }

    /// Removes the link, if it is ours.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(crate) fn take_off(&self) -> Result<(), AppError> {
        let link = self.link();
        match self.program.as_deref() {
            Some(program) if is_link_to(&link, program) => {
                fs::remove_file(&link).map_err(|error| self.refused(&error))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn refused(&self, error: &io::Error) -> AppError {
        let link = self.shown(&self.link());
        let (message, next) = if error.kind() == io::ErrorKind::AlreadyExists {
            let message =
                format!("There is already something else at {link}. It was left as it is.");
            (message, "Move it away first, if it is not needed.")
        } else {
            (
                format!("{link} could not be changed."),
                "Look at the rights of that folder.",
            )
        };
        AppError {
            next: Some(next.to_owned()),
            ..AppError::plain(ErrorCode::CommandLine, message)
        }
    }

    /// Where programs of one person go (XDG Base Directory Specification, `$HOME/.local/bin`).
    fn folder(&self) -> PathBuf {
        self.home.join(".local/bin")
    }

    fn link(&self) -> PathBuf {
        self.folder().join(NAME)
    }

    fn program_folder(&self) -> PathBuf {
        self.program
            .as_deref()
            .and_then(Path::parent)
            .unwrap_or(&self.home)
            .to_owned()
    }

    /// A path as people write it.
    fn shown(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(below) if cfg!(unix) => format!("~/{}", below.display()),
            Ok(_) | Err(_) => path.display().to_string(),
        }
    }
}

/// A path as one word of a POSIX shell.
fn as_a_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "/._-+".contains(letter));
    if plain {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn is_link_to(link: &Path, program: &Path) -> bool {
    fs::read_link(link).is_ok_and(|target| target == program)
}

/// Fails when the name is taken, so that nothing is ever written over.
#[cfg(unix)]
fn make_link(program: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(program, link)
}

/// Links need rights of their own on Windows; there the folder is shown instead.
#[cfg(not(unix))]
fn make_link(_program: &Path, _link: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
