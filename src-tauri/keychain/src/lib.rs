//! Secrets in the keychain of the operating system: one door, one worker, one error enum.
//!
//! The keychain is the Secret Service on Linux, the Credential Manager on Windows and the login
//! keychain on macOS. Every call runs on one thread of its own with a deadline for the caller
//! ([`Error::Busy`]), every write is read back, and every removal is verified. Nothing touches the
//! keychain before the first call, and a keychain that fails is looked for again at the next one.
//!
//! What is deliberately not here: what a secret is good for, which version of it is current and
//! what happens before what (crate `connections`); and any other place to keep a secret. Without a
//! keychain there is an error, never a file that holds it unsealed.

mod advice;
mod error;
mod items;
mod once;
mod place;
mod platform;
mod self_test;
mod system;
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
use once::Once;
pub use place::{Place, Removal, Unlock};
#[cfg(target_os = "linux")]
pub use platform::restart_without_unusable_variables;
pub use self_test::SelfTest;
use worker::Worker;

/// Hears that the keychain keeps a caller waiting, and the name of its program where that is known.
type OnWait = dyn Fn(Option<&str>) + Send + Sync;

/// The keychain, as one application sees it. Clones share one worker.
#[derive(Clone)]
pub struct Keychain {
    worker: Arc<Worker>,
    deadline: Duration,
    once: Option<Arc<Once>>,
    on_wait: Option<Arc<OnWait>>,
    fills_up: bool,
}

impl Keychain {
    /// How long a call waits while a person may have to answer a prompt.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

    /// How long a call waits when nobody asked for it.
    pub const BACKGROUND_TIMEOUT: Duration = Duration::from_secs(5);

    /// The keychain of this machine. Nothing happens before the first call.
    ///
    /// `service` is the application's identifier, under which all its items are filed.
    pub fn native(service: &str) -> Self {
        let native = Self::on(Worker::new(
            service,
            Arc::new(platform::connect),
            platform::modifiers,
            platform::provider,
        ));
        Self {
            fills_up: platform::FILLS_UP,
            ..native
        }
    }

    /// A keychain on a given store, which is told service and name of an item and nothing else.
    pub fn with_store(service: &str, store: Arc<CredentialStore>) -> Self {
        let connect = move || Ok(Arc::clone(&store));
        Self::on(Worker::new(
            service,
            Arc::new(connect),
            |_, _| Vec::new(),
            || Box::new(place::Unknown),
        ))
    }

    fn on(worker: Worker) -> Self {
        Self {
            worker: Arc::new(worker),
            deadline: Self::DEFAULT_TIMEOUT,
            once: None,
            on_wait: None,
            fills_up: false,
        }
    }

    /// Whether it may run out of room for further items, as that of Windows does.
    pub const fn fills_up(&self) -> bool {
        self.fills_up
    }

    /// The same keychain, with another deadline for each call.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self {
            deadline,
            ..self.clone()
        }
    }

    /// The same keychain for one run of many calls, such as testing all connections: after a person
    /// has refused once (a prompt that was dismissed or not answered), every further call on this
    /// handle and its clones answers the same at once, and nobody is asked again.
    #[must_use]
    pub fn asking_once(&self) -> Self {
        Self {
            once: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// The same keychain; `tell` hears, once, that a call has waited for two seconds, and the name
    /// of the keychain's program where that is known.
    #[must_use]
    pub fn telling_waits(&self, tell: impl Fn(Option<&str>) + Send + Sync + 'static) -> Self {
        Self {
            on_wait: Some(Arc::new(once::only_once(tell))),
            ..self.clone()
        }
    }

    /// Begins to open the link to the keychain and waits for nothing: for a program that is going
    /// to call and has other things to do until then. Nobody is asked anything, and what fails is
    /// told by the first call.
    pub fn open_ahead(&self) {
        self.worker.connect_ahead();
    }

    /// Writes a secret, reads it back and compares. `label` is what a person sees in the keychain's
    /// own program. Says where the secret is kept, where that is known.
    ///
    /// After an error the item may be there or not, and [`Keychain::delete`] clears whatever is; it
    /// is never read as a secret that nobody wrote.
    ///
    /// # Errors
    /// Any variant of [`Error`]; [`Error::Damaged`] when the keychain gives back something else.
    pub async fn write(
        &self,
        item: &Item,
        secret: &SecretString,
        label: &str,
    ) -> Result<Option<Place>, Error> {
        let (item, secret, label) = (item.clone(), secret.clone(), label.to_owned());
        self.call(move |items| items.write(&item, &secret, &label))
            .await
    }

    /// Reads a secret of which nobody remembers where it is kept.
    ///
    /// # Errors
    /// As [`Keychain::open`].
    pub async fn read(&self, item: &Item) -> Result<SecretString, Error> {
        let (secret, _) = self.open(item, None).await?;
        Ok(secret)
    }

    /// Reads a secret that was `kept` there when it was written or read last, and says where it is
    /// now.
    ///
    /// # Errors
    /// [`Error::Missing`] when it or a part of it is not there, although the keychain that kept it
    /// is open; [`Error::Locked`], [`Error::OtherProvider`], [`Error::OtherCollection`] and
    /// [`Error::NoCollection`] when it may be somewhere else; [`Error::Damaged`] when it is not
    /// what was written.
    pub async fn open(
        &self,
        item: &Item,
        kept: Option<&Place>,
    ) -> Result<(SecretString, Option<Place>), Error> {
        let (item, kept) = (item.clone(), kept.cloned());
        self.call(move |items| items.open(&item, kept.as_ref()))
            .await
    }

    /// Removes a secret that was `kept` there when it was written or read last, and makes sure that
    /// it is gone.
    ///
    /// # Errors
    /// [`Error::NotRemoved`] when the keychain reports success and keeps the item;
    /// [`Error::Missing`] when it is not there and nobody knows whether it was; or any other
    /// variant of [`Error`]. Nothing is known to be removed then.
    pub async fn delete(&self, item: &Item, kept: Option<&Place>) -> Result<Removal, Error> {
        let (item, kept) = (item.clone(), kept.cloned());
        self.call(move |items| items.delete(&item, kept.as_ref()))
            .await
    }

    /// Removes every item of one name, however many there are: for what can be made anew at any
    /// time.
    ///
    /// # Errors
    /// What the keychain says.
    pub async fn clear(&self, item: &Item) -> Result<(), Error> {
        let item = item.clone();
        self.call(move |items| items.clear(&item)).await
    }

    /// Where a new secret would be kept now; `None` where a store knows no places. Nobody is asked
    /// for a password.
    ///
    /// # Errors
    /// [`Error::NoCollection`], or [`Error::Unavailable`].
    pub async fn place(&self) -> Result<Option<Place>, Error> {
        self.call(|items| items.provider.place()).await
    }

    /// Opens the keychain's own prompt, for the collection that new secrets go to and for those of
    /// `places`.
    ///
    /// # Errors
    /// [`Error::NoCollection`], [`Error::Unavailable`], or [`Error::Busy`] after the deadline.
    pub async fn unlock(&self, places: &[Place]) -> Result<Unlock, Error> {
        let places = places.to_vec();
        // A person asks for it, whatever was answered before.
        let asked = Self {
            once: None,
            ..self.clone()
        };
        asked
            .call(move |items| items.provider.unlock(&places))
            .await
    }

    /// Writes, reads, compares and removes an item of its own, longer than one part, to see whether
    /// the keychain works. Where the keychain would keep it in a bin, nothing is written: it is
    /// only seen to be open.
    ///
    /// # Errors
    /// The first thing that fails.
    pub async fn self_test(&self) -> Result<SelfTest, Error> {
        self.call(self_test::run).await
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl Fn(&items::Items<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let once = self.once.clone().unwrap_or_default();
        let asked = Arc::clone(&once);
        let called = self.worker.call(self.deadline, move |items| {
            asked.unless_refused(items, &work)
        });
        let result = match &self.on_wait {
            None => called.await,
            Some(tell) => once::telling(called, &**tell).await,
        };
        if matches!(result, Err(Error::Busy)) {
            once.refuse(Error::Busy);
        }
        result
    }
}

impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keychain")
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// The name of a secret: a connection and a version of its credential. It holds no text that a
/// person typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    name: String,
}

impl Item {
    /// The item `<connection>/<version>`.
    pub fn new(connection: impl fmt::Display, version: u32) -> Self {
        Self {
            name: format!("{connection}/{version}"),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn part(&self, number: usize) -> String {
        format!("{}/{number}", self.name)
    }
}
