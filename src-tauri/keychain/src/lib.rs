//! Secrets in the keychain of the operating system: one door, one worker, one error enum.
//!
//! The keychain is the Secret Service on Linux, the Credential Manager on Windows and the login keychain on macOS. Every
//! call runs on one thread of its own with a deadline for the caller ([`Error::Busy`]), every write is read back, and
//! every removal is verified. Nothing touches the keychain before the first call, and a keychain that fails is looked for
//! again at the next one.
//!
//! What is deliberately not here: what a secret is good for, which version of it is current and what happens before what
//! (crate `connections`); and any other place to keep a secret. Without a keychain there is an error, never a file.

mod error;
mod items;
mod platform;
#[cfg(all(target_os = "linux", any(test, feature = "testing")))]
pub mod testing;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
mod worker;

use std::{fmt, sync::Arc, time::Duration};

use keyring_core::CredentialStore;
use secrecy::SecretString;

pub use error::Error;
use worker::Worker;

/// The keychain, as one application sees it. Clones share one worker.
#[derive(Clone)]
pub struct Keychain {
    worker: Arc<Worker>,
    deadline: Duration,
}

impl Keychain {
    /// How long a call waits while a person may have to answer a prompt.
    pub const PATIENT: Duration = Duration::from_secs(60);

    /// How long a call waits when nobody asked for it.
    pub const BACKGROUND: Duration = Duration::from_secs(5);

    /// The keychain of this machine. Nothing happens before the first call.
    ///
    /// `service` is the application's identifier, under which all its items are filed.
    pub fn native(service: &str) -> Self {
        let worker = Worker::new(service, Arc::new(platform::connect), platform::modifiers);
        Self { worker: Arc::new(worker), deadline: Self::PATIENT }
    }

    /// A keychain on a given store, which is told service and name of an item and nothing else.
    pub fn with_store(service: &str, store: Arc<CredentialStore>) -> Self {
        let connect = move || Ok(Arc::clone(&store));
        let worker = Worker::new(service, Arc::new(connect), |_, _| Vec::new());
        Self { worker: Arc::new(worker), deadline: Self::PATIENT }
    }

    /// The same keychain, with another deadline for each call.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self { worker: Arc::clone(&self.worker), deadline }
    }

    /// Begins to open the link to the keychain and waits for nothing: for a program that is going to call and has other
    /// things to do until then. Nobody is asked anything, and what fails is told by the first call.
    pub fn open_ahead(&self) {
        self.worker.connect_ahead();
    }

    /// Writes a secret, reads it back and compares. `label` is what a person sees in the keychain's own program.
    ///
    /// After an error the item may be there or not, and [`Keychain::delete`] clears whatever is; it is never read as a
    /// secret that nobody wrote.
    ///
    /// # Errors
    /// Any variant of [`Error`]; [`Error::Damaged`] when the keychain gives back something else.
    pub async fn write(&self, item: &Item, secret: &SecretString, label: &str) -> Result<(), Error> {
        let (item, secret, label) = (item.clone(), secret.clone(), label.to_owned());
        self.worker.call(self.deadline, move |items| items.write(&item, &secret, &label)).await
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// [`Error::Missing`] when it or a part of it is not there, [`Error::Damaged`] when it is not what was written.
    pub async fn read(&self, item: &Item) -> Result<SecretString, Error> {
        let item = item.clone();
        self.worker.call(self.deadline, move |items| items.read(&item)).await
    }

    /// Removes a secret and makes sure that it is gone. Removing what is not there succeeds.
    ///
    /// # Errors
    /// [`Error::NotRemoved`] when the keychain reports success and keeps the item, or any other variant of [`Error`].
    pub async fn delete(&self, item: &Item) -> Result<(), Error> {
        let item = item.clone();
        self.worker.call(self.deadline, move |items| items.delete(&item)).await
    }

    /// Writes, reads, compares and removes an item of its own, longer than one part, to see whether the keychain works.
    ///
    /// # Errors
    /// The first thing that fails.
    pub async fn self_test(&self) -> Result<(), Error> {
        let test = move |items: &items::Items<'_>| {
            let item = Item { name: "self-test".into() };
            let sample = SecretString::from("Graph Connect tests this keychain. ".repeat(2 * items::PART / 35));
            items.write(&item, &sample, "Graph Connect: test of the keychain")?;
            items.delete(&item)?;
            match items.read(&item) {
                Err(Error::Missing) => Ok(()),
                Ok(_) => Err(Error::NotRemoved),
                Err(error) => Err(error),
            }
        };
        self.worker.call(self.deadline, test).await
    }
}

impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keychain").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

/// The name of a secret: a connection and a version of its credential. It holds no text that a person typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    name: String,
}

impl Item {
    /// The item `<connection>/<version>`.
    pub fn new(connection: impl fmt::Display, version: u32) -> Self {
        Self { name: format!("{connection}/{version}") }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn part(&self, number: usize) -> String {
        format!("{}/{number}", self.name)
    }
}
