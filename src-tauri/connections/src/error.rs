//! What can go wrong in a use case, one variant for each reaction.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};
use model::MethodKind;
use thiserror::Error;

use crate::{Proof, sentence::sentence};

/// Why a use case did not do what was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// The keychain refused or failed.
    #[error(transparent)]
    Keychain(#[from] keychain::Error),
    /// The identity platform or Graph refused, or could not be reached.
    #[error(transparent)]
    Entra(#[from] entra::Error),
    /// The service refused a token a moment ago, and is left alone for a while.
    #[error(
        "{error} Asked at {}, asked again from {}.",
        clock(asked_at),
        clock(again_from)
    )]
    Remembered {
        /// What it refused with.
        error: Box<entra::Error>,
        /// When it was asked.
        asked_at: Timestamp,
        /// From when on it is asked again.
        again_from: Timestamp,
    },
    /// Another connection has this name, perhaps in another case.
    #[error("Another connection has this name already.")]
    NameTaken,
    /// A field of a form cannot be used as it is.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field's label.
        field: &'static str,
        /// What is wrong with it, as a sentence.
        problem: String,
    },
    /// There is no such connection; it may have been removed by another window or program.
    #[error("This connection no longer exists.")]
    NotFound,
    /// Another program took this change for one that had been cut short, and undid it.
    #[error("Another program undid this change before it was finished.")]
    Overtaken,
    /// The store was written by a newer version of this program. It has only been read.
    #[error(
        "The connections were saved by a newer version (format {found}, this version knows {known})."
    )]
    NewerStore {
        /// The format of the store.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The store's file cannot be read as a store.
    #[error("The file {} is damaged.", path.display())]
    StoreDamaged {
        /// The file.
        path: PathBuf,
    },
    /// The store's file or folder cannot be written, or is not an ordinary file.
    #[error("The file {} cannot be written: {}.", path.display(), reason(source.as_ref()))]
    StoreUnwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: Option<io::Error>,
    },
    /// The store's file or folder belongs to another user than the one who runs this program.
    #[error("{} belongs to {owner}, and this program runs as {runs_as}.", path.display())]
    StoreForeign {
        /// The file or folder.
        path: PathBuf,
        /// Who owns it.
        owner: String,
        /// Who runs this program.
        runs_as: String,
    },
    /// Others on this computer may read or write one of the store's files.
    #[error("Others may use {}: its mode is {mode:03o}.", path.display())]
    StoreOpen {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Nothing was saved, because the disk is full.
    #[error("The disk is full.")]
    DiskFull,
    /// Another program has kept the store locked for longer than anyone should wait.
    #[error("Another program is writing to the connections.")]
    StoreBusy,
    /// The store failed in another way.
    #[error("The connections could not be read or saved.")]
    Store(#[source] rusqlite::Error),
    /// The file with further clouds cannot be used.
    #[error("The clouds file {} cannot be used: {problem}.", path.display())]
    CloudsFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Scripts may not use this connection.
    #[error("Scripts may not use this connection.")]
    ScriptsMayNot,
    /// Scripts may use this connection, but not have its client secret.
    #[error("Scripts may not have the client secret of this connection.")]
    SecretNotAllowed,
    /// There is no secret that could be handed out: a person signed in.
    #[error(
        "This connection is by OAuth: it has no client secret, and its refresh token is never handed out."
    )]
    NoClientSecret,
    /// A new credential has not proved to work, so the old one stays.
    #[error("{}", proof.say(*.method))]
    NotProved {
        /// What kind of credential it is.
        method: MethodKind,
        /// What its test came to.
        proof: Proof,
    },
    /// Another program has been using the credential for longer than anyone should wait.
    #[error("Another program is using this connection's credential.")]
    Busy,
    /// The program is closing.
    #[error("The program is closing.")]
    Closing,
}

/// The time of day where the person is.
fn clock(at: &Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::system())
        .strftime("%H:%M:%S")
        .to_string()
}

impl Error {
    /// An error that names the field it is about.
    pub(crate) fn invalid(field: &'static str, problem: impl std::fmt::Display) -> Self {
        Self::Invalid {
            field,
            problem: sentence(&problem.to_string()),
        }
    }

    /// The error for a file or folder of the store that the system does not let be written.
    pub(crate) fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| {
            if matches!(
                error.kind(),
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded
            ) {
                return Self::DiskFull;
            }
            Self::StoreUnwritable {
                path,
                source: Some(error),
            }
        }
    }

    /// What the identity platform or Graph refused with, now or a moment ago, or why it could not
    /// be reached.
    pub fn entra(&self) -> Option<&entra::Error> {
        if let Self::Remembered { error, .. } = self {
            return Some(error);
        }
        if let Self::Entra(error) = self {
            Some(error)
        } else {
            None
        }
    }

    /// What to do about it, in one or two sentences.
    pub fn advice(&self) -> String {
        match self {
            Self::Keychain(error) => error.advice().to_owned(),
            Self::Entra(error) => error.help().next,
            Self::Remembered { error, .. } => error.help().next,
            Self::NameTaken => "Choose another name.".to_owned(),
            Self::Invalid { field, .. } => format!("Correct \"{field}\" and try again."),
            Self::NotFound => "Go back to the list of connections.".to_owned(),
            Self::Overtaken => "Try again.".to_owned(),
            Self::NewerStore { .. } => "Install the newest version. Nothing was changed.".to_owned(),
            Self::StoreDamaged { .. } => {
                "Put a backup of this file in its place, or set it aside to start with an empty list.".to_owned()
            }
            Self::StoreUnwritable { source, .. } => advice(source.as_ref()).to_owned(),
            Self::StoreForeign { path, owner, runs_as } => format!(
                "Run it as {owner}. If it should belong to {runs_as}, let an administrator run: chown -R {runs_as} '{}'",
                path.display()
            ),
            Self::StoreOpen { path, .. } => format!("Close it to others: chmod go= '{}'", path.display()),
            Self::DiskFull => "Free some space and try again. What was saved before is unchanged.".to_owned(),
            Self::StoreBusy => "Wait until the other program has finished, then try again.".to_owned(),
            Self::CloudsFile { .. } => "Correct the file that GRAPH_CONNECT_CLOUDS names, and start again.".to_owned(),
            Self::ScriptsMayNot => {
                "Switch on \"Scripts may use this connection\" on its page in Graph Connect, or run `graph-connect allow NAME`."
                    .to_owned()
            }
            Self::SecretNotAllowed => {
                "Let the program get its tokens without the secret (`graph-connect exec` without `--env secret`). If it \
                 must have the secret itself, run `graph-connect allow NAME --secret` first."
                    .to_owned()
            }
            Self::NoClientSecret => {
                "Let the program get its tokens without a secret (`graph-connect exec` without `--env secret`), or make a \
                 connection by App Registration."
                    .to_owned()
            }
            Self::NotProved { proof: Proof::NotTested, .. } => "Try again when Microsoft can be reached.".to_owned(),
            Self::NotProved { .. } => "Read the report of its test for the reason.".to_owned(),
            Self::Busy => "Try again in a moment.".to_owned(),
            Self::Store(_) | Self::Closing => "Start the program again.".to_owned(),
        }
    }
}

/// Why something cannot be written, as the operating system has it; without its word, it is
/// something else than a file.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system has many reasons, and says the others itself"
)]
fn reason(source: Option<&io::Error>) -> String {
    let Some(source) = source else {
        return "it is not an ordinary file".to_owned();
    };
    match source.kind() {
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a part of its path is a file".to_owned()
        }
        ErrorKind::NotFound => "its folder cannot be made".to_owned(),
        _ => source.to_string(),
    }
}

/// What to do about that.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system has many reasons, and says the others itself"
)]
fn advice(source: Option<&io::Error>) -> &'static str {
    let Some(source) = source else {
        return "Put an ordinary file that you may write in its place, or move it away.";
    };
    match source.kind() {
        ErrorKind::ReadOnlyFilesystem => {
            "Nothing can be changed until the file system can be written. What is kept there can still be read."
        }
        ErrorKind::PermissionDenied => {
            "Let your account write the file and its folder, then try again."
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "Move that file away, then try again."
        }
        _ => "Make sure that your account can write there, then try again.",
    }
}
