//! What became of the secret of a removed connection, in words.

use model::ConnectionName;

/// What became of a secret that nobody needs any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRemoval {
    /// It is gone from the keychain that kept it. `bin` names a program that keeps what it removes
    /// in a bin of its own.
    Removed {
        /// The program with the bin.
        bin: Option<String>,
    },
    /// The keychain that kept it is open, and it was no longer there.
    NotFound,
    /// It was not seen to go, for this reason; it is removed when that keychain can be reached.
    Pending(keychain::Error),
}

impl SecretRemoval {
    /// What became of a connection of this name and of its secret, for a person.
    pub fn say(&self, name: &ConnectionName) -> String {
        match self {
            Self::Removed { bin: None } => format!("\"{name}\" and its secret are removed."),
            Self::Removed { bin: Some(program) } => format!(
                "\"{name}\" and its secret are removed. {program} keeps the secret in its recycle bin until you empty the bin."
            ),
            Self::NotFound => {
                format!(
                    "\"{name}\" is removed. Its secret was not found in the keychain now in use."
                )
            }
            Self::Pending(error) => format!(
                "\"{name}\" is removed, but not its secret. {error} {}\nGraph Connect removes the secret when it next finds it \
                 in the keychain.",
                advice(error)
            ),
        }
    }
}

/// What helps to get the secret removed. Nobody has to enter one again for that.
fn advice(error: &keychain::Error) -> &'static str {
    use keychain::Error as E;
    if matches!(error, E::OtherProvider { .. } | E::OtherCollection { .. }) {
        return "Use the keychain that keeps it, then start Graph Connect.";
    }
    if matches!(error, E::Missing) {
        "It may be kept by another keychain."
    } else {
        error.advice()
    }
}
