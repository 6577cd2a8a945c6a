//! What one can do with connections: create, check, sign in again, replace a secret, remove, and
//! find them again.
//!
//! This crate decides what happens before what. It keeps what is public in a database and what is
//! secret in the keychain, and moves between the two so that every change is all or nothing. What
//! is deliberately not here: how Microsoft is spoken to (`entra`), how a keychain works
//! (`keychain`), and how anything looks (`app`, `cli`, `ui`).

mod app_registration;
mod call;
mod check;
mod check_all;
mod claims;
mod clouds;
mod consent;
mod credential_lock;
mod day;
mod diagnose;
mod duplicate;
mod error;
mod export;
mod form;
mod fresh;
mod journal;
mod order;
mod replace;
mod run;
mod seal;
mod secret;
mod settings;
mod sign_in;
mod store;
mod token;
mod upkeep;
mod verdict;
mod watch;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use entra::{Clouds, Http};
use jiff::Timestamp;
use keychain::Keychain;
use model::{CheckReport, Connection, ConnectionId, ConnectionName, Integration};
use tokio::sync::{Notify, OnceCell};

pub use app_registration::{Created, ResolvedTenant, Tested};
pub use call::{Caller, MissingPermissions};
pub use check::CHECK_TIMEOUT;
pub use check_all::{CheckAllEvent, CheckAllSummary, NotTestedCount};
pub use clouds::clouds_in_use;
pub use consent::{ConsentForm, ConsentRequest};
pub use day::{DayChoice, DayVerdict, inspect_day, today};
pub use diagnose::{Component, Diagnostic, diagnose, tried};
pub use duplicate::Copy;
pub use error::Error;
pub use form::{AppRegistrationForm, AppRegistrationVerdict, SignInForm, SignInVerdict};
pub use journal::SecretRemoval;
pub use order::sort_by_name;
pub use replace::{Proof, SecretForm};
pub use secret::{CLIENT_SECRET, HandedOutSecret};
pub use settings::{Settings, Theme};
pub use sign_in::{Kept, SignInPlan, TriedSignIn};
pub use store::Use;
pub use token::{HandedOut, Request};
pub use upkeep::Edit;
pub use verdict::{FieldVerdict, TextRange};
pub use watch::{PollSchedule, Watch, WatchEnd};

use check::{Catalogues, CheckContext};
use credential_lock::{CredentialLock, CredentialLocks};
use store::Store;

/// The service under which the keychain keeps the secrets: the identifier of the app, for all
/// programs of Graph Connect.
pub const KEYCHAIN_SERVICE: &str = "dev.graphconnect.desktop";

/// The connections of one person on one computer. Cheap to clone: all clones are the same.
#[derive(Clone)]
pub struct Connections {
    inner: Arc<Inner>,
    keychain: Keychain,
}

struct Inner {
    store: Store,
    /// Made when it is first needed: it reads the certificates of the operating system, and the
    /// list needs none.
    http: OnceCell<Http>,
    clouds: Clouds,
    /// Which permissions Microsoft Graph has in which tenant.
    catalogues: Catalogues,
    locks: CredentialLocks,
    /// Wakes whoever looks after the watches.
    watches_changed: Notify,
}

/// What the list shows.
#[derive(Debug)]
pub struct List {
    /// Every connection, sorted by name.
    pub connections: Vec<Connection>,
    /// How many secrets of removed connections are still in the keychain, because it has not
    /// answered yet.
    pub removals_pending: usize,
}

impl Connections {
    /// Opens the connections that are kept in `folder`. Neither the keychain nor the network is
    /// asked for anything.
    ///
    /// # Errors
    /// When the store cannot be opened, is damaged, or was written by a newer version of the
    /// program.
    pub async fn open(folder: &Path, keychain: Keychain, clouds: Clouds) -> Result<Self, Error> {
        let folder = folder.to_owned();
        let store = tokio::task::spawn_blocking(move || Store::open(&folder))
            .await
            .map_err(|_| Error::Closing)??;
        let (http, locks, watches_changed) =
            (OnceCell::new(), CredentialLocks::default(), Notify::new());
        let catalogues = Catalogues::default();
        let inner = Inner {
            store,
            http,
            clouds,
            catalogues,
            locks,
            watches_changed,
        };
        let connections = Self {
            inner: Arc::new(inner),
            keychain,
        };
        journal::recover(connections.store()).await?;
        Ok(connections)
    }

    /// The same connections for one run over many of them: after a person has refused the keychain
    /// once, nobody is asked again on this handle and its clones, and whatever needs a secret
    /// answers the same at once.
    #[must_use]
    pub fn asking_once(&self) -> Self {
        Self {
            keychain: self.keychain.asking_once(),
            ..self.clone()
        }
    }

    /// Makes sure that there is a folder for the store and that it is this person's; nothing else
    /// is opened. Blocks for a moment.
    ///
    /// # Errors
    /// [`Error::StoreForeign`], or [`Error::StoreUnwritable`] when it is not there and cannot be
    /// made.
    pub fn prepare_folder(folder: &Path) -> Result<(), Error> {
        Store::prepare_folder(folder)
    }

    /// Moves a damaged store out of the way, so that an empty one can be opened; says where it
    /// went.
    ///
    /// Only for when a person has asked for it: the connections of the damaged store are gone from
    /// the list.
    ///
    /// # Errors
    /// When the folder cannot be changed.
    pub fn move_aside(folder: &Path) -> Result<PathBuf, Error> {
        Store::move_aside(folder, Timestamp::now())
    }

    /// The clouds that connections can be made in.
    pub fn clouds(&self) -> &Clouds {
        &self.inner.clouds
    }

    /// Everything for the list, from the store alone, in the order of the names.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self) -> Result<List, Error> {
        let mut connections = self.store().list().await?;
        sort_by_name(&mut connections, |connection| connection.name.as_str());
        let removals_pending = journal::removals_pending(self.store()).await?;
        Ok(List {
            connections,
            removals_pending,
        })
    }

    /// One connection.
    ///
    /// # Errors
    /// When there is none, or the store cannot be read.
    pub async fn get(&self, id: ConnectionId) -> Result<Connection, Error> {
        self.store().get(id).await
    }

    /// The report of a connection's last check.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn last_report(&self, id: ConnectionId) -> Result<Option<CheckReport>, Error> {
        self.store().last_report(id).await
    }

    /// A number that changes whenever another program has changed something that is kept here, and
    /// never by this one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn data_version(&self) -> Result<i64, Error> {
        self.store().data_version().await
    }

    /// A name for a new connection: the integration's own, with a number if that is taken.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn suggest_name(&self, integration: Integration) -> Result<ConnectionName, Error> {
        let taken = self.store().list().await?;
        let is_taken = |name: &ConnectionName| taken.iter().any(|c| c.name.key() == name.key());
        Ok(ConnectionName::free(integration.name(), is_taken))
    }

    /// Looks at the form of an App Registration connection as it stands.
    ///
    /// # Errors
    /// When the store cannot be read. What is wrong with the form is in the verdict.
    pub async fn inspect_app_registration(
        &self,
        form: &AppRegistrationForm,
    ) -> Result<AppRegistrationVerdict, Error> {
        let taken = self.is_taken(&form.name).await?;
        Ok(form.inspect(|_| taken))
    }

    /// Looks at the form of an OAuth connection as it stands.
    ///
    /// # Errors
    /// When the store cannot be read. What is wrong with the form is in the verdict.
    pub async fn inspect_sign_in(&self, form: &SignInForm) -> Result<SignInVerdict, Error> {
        let taken = self.is_taken(&form.name).await?;
        Ok(form.inspect(|_| taken))
    }

    /// What checks share.
    pub(crate) async fn check_context(&self) -> Result<CheckContext<'_>, Error> {
        Ok(CheckContext {
            http: self.http().await?,
            clouds: self.clouds(),
            catalogues: &self.inner.catalogues,
        })
    }

    pub(crate) async fn keep_new(
        &self,
        connection: &Connection,
        secret: &secrecy::SecretString,
    ) -> Result<(), Error> {
        journal::create(self.store(), &self.keychain, connection, secret).await
    }

    pub(crate) async fn require_free(&self, name: &ConnectionName) -> Result<(), Error> {
        if self.store().name_taken(name.key()).await? {
            Err(Error::NameTaken)
        } else {
            Ok(())
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) async fn http(&self) -> Result<&Http, Error> {
        let make = || async {
            tokio::task::spawn_blocking(Http::new)
                .await
                .map_err(|_| Error::Closing)?
                .map_err(Error::from)
        };
        self.inner.http.get_or_try_init(make).await
    }

    pub(crate) fn watches_changed(&self) -> &Notify {
        &self.inner.watches_changed
    }

    pub(crate) fn keychain(&self) -> &Keychain {
        &self.keychain
    }

    async fn is_taken(&self, text: &str) -> Result<bool, Error> {
        match ConnectionName::parse(text) {
            Ok(name) => self.store().name_taken(name.key()).await,
            Err(_) => Ok(false),
        }
    }

    /// Waits until nobody else uses or changes the credential of a connection.
    pub(crate) async fn lock_credential(&self, id: ConnectionId) -> Result<CredentialLock, Error> {
        self.inner.locks.take(self.store(), id).await
    }
}
