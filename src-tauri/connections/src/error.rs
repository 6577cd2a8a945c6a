//! What can go wrong in a use case, one variant for each reaction.

use std::{io, path::PathBuf};

use thiserror::Error;

/// Why a use case did not do what was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// The keychain refused or failed.
    #[error(transparent)]
    Keychain(#[from] keychain::Error),
    /// The identity platform or Graph refused, or could not be reached.
    #[error(transparent)]
    Entra(#[from] entra::Error),
    /// Another connection has this name, perhaps in another case.
    #[error("another connection has this name already")]
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
    #[error("this connection no longer exists")]
    NotFound,
    /// Another program took this change for one that had been cut short, and undid it.
    #[error("another program undid this change before it was finished")]
    Overtaken,
    /// The store was written by a newer version of this program. It has only been read.
    #[error("the connections were saved by a newer version (format {found}, this version knows {known})")]
    NewerStore {
        /// The format of the store.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The store's file cannot be read as a store.
    #[error("the file {} is damaged", path.display())]
    StoreDamaged {
        /// The file.
        path: PathBuf,
    },
    /// The store's file or folder cannot be written, or is not an ordinary file.
    #[error("the file {} cannot be written", path.display())]
    StoreUnwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: Option<io::Error>,
    },
    /// Nothing was saved, because the disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// Another program has kept the store locked for longer than anyone should wait.
    #[error("another program is writing to the connections")]
    StoreBusy,
    /// The store failed in another way.
    #[error("the connections could not be read or saved")]
    Store(#[source] rusqlite::Error),
    /// The file with further clouds cannot be used.
    #[error("the clouds file {} cannot be used: {problem}", path.display())]
    CloudsFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Scripts may not use this connection.
    #[error("scripts may not use this connection")]
    ScriptsMayNot,
    /// Scripts may use this connection, but not have its client secret.
    #[error("scripts may not have the client secret of this connection")]
    SecretNotAllowed,
    /// There is no secret that could be handed out: a person signed in.
    #[error("this connection is by OAuth: it has no client secret, and its refresh token is never handed out")]
    NoClientSecret,
    /// Another program has been using the credential for longer than anyone should wait.
    #[error("another program is using this connection's credential")]
    Busy,
    /// The program is closing.
    #[error("the program is closing")]
    Closing,
}

impl Error {
    /// What to do about it, in one or two sentences.
    pub fn next(&self) -> String {
        match self {
            Self::Keychain(error) => error.next().to_owned(),
            Self::Entra(error) => error.help().next,
            Self::NameTaken => "Choose another name.".to_owned(),
            Self::Invalid { field, .. } => format!("Correct \"{field}\" and try again."),
            Self::NotFound => "Go back to the list of connections.".to_owned(),
            Self::Overtaken => "Try again.".to_owned(),
            Self::NewerStore { .. } => "Install the newest version. Nothing was changed.".to_owned(),
            Self::StoreDamaged { .. } => {
                "Put a backup of this file in its place, or move it aside to start with an empty list.".to_owned()
            }
            Self::StoreUnwritable { .. } => "Make sure that it is an ordinary file that you may write.".to_owned(),
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
            Self::Busy => "Try again in a moment.".to_owned(),
            Self::Store(_) | Self::Closing => "Start the program again.".to_owned(),
        }
    }
}
