//! What a person can do about an error, in the words of their system: which program shows the items
//! there, and what opens it.

use crate::{Error, system::System};

impl Error {
    /// What a person can do about it, in one or two sentences.
    pub const fn advice(&self) -> &'static str {
        advice(self, System::HERE)
    }
}

/// What can be done about an error on that system, in one or two sentences.
const fn advice(error: &Error, system: System) -> &'static str {
    match (error, system) {
        (Error::Unavailable, System::Linux) => {
            "Start a keychain such as GNOME Keyring, KWallet or KeePassXC, and make sure that it has a default keyring."
        }
        (Error::Unavailable | Error::NoCollection, System::Windows) => {
            "Sign in to Windows at the machine or by Remote Desktop; over SSH and for a service there is no Credential Manager. A scheduled task has one if it is stored with its password. If you are signed in there, ask your administrator whether a policy keeps passwords from being stored."
        }
        (Error::Unavailable | Error::NoCollection, System::MacOs) => {
            "Sign in to macOS at the machine, and make sure that Keychain Access shows a login keychain."
        }
        (Error::NoCollection, System::Linux) => {
            "Open a database in KeePassXC, or create a default keyring in Passwords and Keys, then try again."
        }
        (Error::Locked, System::Linux) => "Unlock the keychain, then try again.",
        (Error::Locked, System::MacOs) => {
            "Unlock the login keychain in Keychain Access, then try again."
        }
        (Error::Locked, System::Windows) => {
            "Sign out of Windows and in again with your password, then try again."
        }
        (Error::Denied, System::Linux | System::MacOs) => {
            "Try again, and allow access when the keychain asks."
        }
        (Error::Denied, System::Windows) => {
            "Try again. If it stays, ask your administrator whether a policy keeps passwords from being stored."
        }
        (Error::Missing | Error::KeyMissing | Error::Damaged, _) => {
            "Enter the secret or sign in again."
        }
        (Error::OtherProvider { .. }, System::Linux) => {
            "Let the program that keeps the secret be the keychain of this session, then try again. To keep the secret in the \
             keychain now in use, enter the secret or sign in again."
        }
        (Error::OtherProvider { .. }, System::Windows | System::MacOs) => {
            "Secrets do not move from one computer to another. Enter the secret or sign in again to keep it here."
        }
        (Error::OtherCollection { .. }, _) => {
            "Open the collection that keeps the secret, then try again. To keep the secret in the collection now in use, enter \
             the secret or sign in again."
        }
        (Error::TooLarge { .. }, _) => "Use a shorter secret, or another keychain.",
        (Error::Full, System::Linux) => {
            "Remove what nothing needs any more in the keychain's own program, then try again."
        }
        (Error::Full, System::Windows) => {
            "Open Control Panel > Credential Manager > Windows Credentials, remove what nothing needs any more, then try again."
        }
        (Error::Full, System::MacOs) => {
            "Remove what nothing needs any more in Keychain Access, then try again."
        }
        (Error::Ambiguous, System::Linux) => {
            "Remove the items of this connection in the keychain's own program, then enter the secret or sign in again."
        }
        (Error::Ambiguous, System::Windows) => {
            "Remove the items of this connection under Control Panel > Credential Manager > Windows Credentials, then enter the \
             secret or sign in again."
        }
        (Error::Ambiguous, System::MacOs) => {
            "Remove the items of this connection in Keychain Access, then enter the secret or sign in again."
        }
        (Error::Busy, System::Linux | System::MacOs) => {
            "If a window asks for its password, answer it, then try again."
        }
        (Error::Busy, System::Windows) => "Try again in a moment.",
        (Error::NotRemoved, System::Linux) => "Remove the item in the keychain's own program.",
        (Error::NotRemoved, System::Windows) => {
            "Remove the item under Control Panel > Credential Manager > Windows Credentials."
        }
        (Error::NotRemoved, System::MacOs) => "Remove the item in Keychain Access.",
        (Error::Other { .. }, _) => "Try again. If it stays, test the keychain in Settings.",
    }
}

#[cfg(test)]
mod tests {
    use super::advice;
    use crate::{Error, system::System};

    /// One of each.
    fn all() -> Vec<Error> {
        let (one, other) = ("One".to_owned(), "Other".to_owned());
        vec![
            Error::Unavailable,
            Error::NoCollection,
            Error::Locked,
            Error::Denied,
            Error::Missing,
            Error::KeyMissing,
            Error::OtherProvider {
                kept_by: one.clone(),
                in_use: other.clone(),
            },
            Error::OtherCollection {
                kept_in: one,
                in_use: other,
            },
            Error::TooLarge { limit: 1 },
            Error::Full,
            Error::Ambiguous,
            Error::Busy,
            Error::Damaged,
            Error::NotRemoved,
            Error::other("x"),
        ]
    }

    #[test]
    fn each_system_is_told_of_its_own_programs_and_of_no_other_s() {
        let linux = ["GNOME", "KWallet", "KeePassXC", "Passwords and Keys"];
        let windows = ["Windows", "Credential Manager", "Control Panel"];
        let macos = ["macOS", "Keychain Access", "login keychain"];
        for error in all() {
            for (system, foreign) in [
                (System::Linux, [&windows[..], &macos].concat()),
                (System::Windows, [&linux[..], &macos].concat()),
                (System::MacOs, [&linux[..], &windows].concat()),
            ] {
                let said = advice(&error, system);
                assert!(said.ends_with('.'), "{error:?}, {system:?}: {said}");
                for name in &foreign {
                    assert!(!said.contains(name), "{error:?}, {system:?}: {said}");
                }
            }
        }
    }

    #[test]
    fn what_is_repaired_in_the_keychain_s_own_program_names_it() {
        for error in [Error::Full, Error::Ambiguous, Error::NotRemoved] {
            assert!(advice(&error, System::Windows).contains("Credential Manager"));
            assert!(advice(&error, System::MacOs).contains("Keychain Access"));
        }
    }
}
