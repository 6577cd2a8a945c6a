//! What one can do with connections: create, check, sign in again, replace a secret, remove, and
//! find them again.
//!
//! This crate decides what happens before what. It keeps what is public in a database and what is
//! secret in the keychain, and moves between the two so that every change is all or nothing. What
//! is deliberately not here: how Microsoft is spoken to (`entra`), how a keychain works
//! (`keychain`), and how anything looks (`app`, `cli`, `ui`).
//!
//! Each use case is a method of [`Connections`] and stands in the file that is named for it:
//!
//! | to do | file | what is public there, chiefly |
//! |---|---|---|
//! | find connections | `list` | `list`, `get`, `find`, `last_report`, `suggest_name`; [`List`], [`sort_by_name`] |
//! | look at a form | `form` | `inspect_app_registration`, `inspect_sign_in`; the forms and their verdicts |
//! | create with a secret | `app_registration` | `test_form`, `create_app_registration`; [`Tested`], [`Created`] |
//! | sign in, also again | `sign_in` | `plan_sign_in`, `begin_attempt`, `try_sign_in`, `keep_sign_in`; [`SignInPlan`], [`TriedSignIn`], [`Kept`] |
//! | name a tenant | `tenant` | `resolve_tenant`; [`ResolvedTenant`] |
//! | test one | `check_one` | `check`; how a check runs stands in `check` |
//! | test all | `check_all` | `check_all`; [`CheckAllEvent`], [`CheckAllSummary`] |
//! | ask an admin for consent | `consent` | `consent_request`, `begin_consent`; [`ConsentRequest`], [`ConsentForm`] |
//! | wait for consent | `watch` | `watch_consent`, `stop_watching`, `run_watches`; [`Watch`], [`PollSchedule`] |
//! | replace a secret | `replace_secret` | `test_secret`, `replace_secret`; [`SecretForm`], [`Proof`] |
//! | edit | `edit` | `edit`; [`Edit`] |
//! | copy | `duplicate` | `duplicate`, `suggest_copy_name`; [`Copy`](struct@Copy) |
//! | rename | `rename` | `rename` |
//! | delete | `delete` | `delete`, `undo_delete`, `remove`; [`SecretRemoval`] |
//! | allow scripts | `scripts` | `let_scripts_use`, `let_scripts_have_secret`, `uses`; [`Use`] |
//! | hand out a token | `hand_out_token` | `hand_out`; [`Request`], [`HandedOut`] |
//! | hand out the secret | `hand_out_secret` | `hand_out_secret`; [`HandedOutSecret`] |
//! | call Graph | `caller` | `caller`, `caller_in_person`; [`Caller`] |
//! | export a report | `export_report` | `export_report` |
//! | care for the keychain | `keychain_care` | `unlock_keychain`, `tidy_keychain`, `test_keychain` |
//! | settings | `settings` | `settings`, `save_settings`, `default_client_id`; [`Settings`] |
//! | find out what is wrong | `diagnose` | [`diagnose`], [`tried`]; [`Diagnostic`], [`Component`] |
//! | begin, or begin anew | `data_folder` | `prepare_folder`, `move_aside` |
//!
//! What they share: `journal` (a change of a secret, whole or not at all), `store` (SQLite),
//! `credential_lock` (one credential, one user at a time), `credential` and `fresh_token` (a token
//! is issued), `store_cipher` (what lies sealed in the store), [`Error`] (one variant for each reaction).

mod app_registration;
mod caller;
mod check;
mod check_all;
mod check_one;
mod claims;
mod clouds;
mod consent;
mod credential;
mod credential_lock;
mod data_folder;
mod day;
mod delete;
mod diagnose;
mod duplicate;
mod edit;
mod error;
mod export_report;
mod form;
mod fresh_token;
mod hand_out_secret;
mod hand_out_token;
mod journal;
mod keychain_care;
mod list;
mod not_kept;
mod order;
mod proof;
mod rename;
mod replace_secret;
mod scripts;
mod secret_removal;
mod sentence;
mod settings;
mod sign_in;
mod store;
mod store_cipher;
mod task;
mod tenant;
mod verdict;
mod watch;

use std::{path::Path, sync::Arc};

use entra::{Clouds, Http};
use keychain::Keychain;
use model::ConnectionId;
use tokio::sync::{Notify, OnceCell};

pub use app_registration::{Created, Tested};
pub use caller::{Caller, MissingPermissions};
pub use check::{CHECK_TIMEOUT, EXPIRES_SOON_DAYS};
pub use check_all::{CheckAllEvent, CheckAllSummary, NotTestedCount};
pub use clouds::clouds_in_use;
pub use consent::{ConsentForm, ConsentRequest};
pub use data_folder::data_folder;
pub use day::{DayChoice, DayVerdict, inspect_day, today};
pub use diagnose::{Component, Diagnostic, diagnose, tried};
pub use duplicate::Copy;
pub use edit::Edit;
pub use error::Error;
pub use form::{AppRegistrationForm, AppRegistrationVerdict, SignInForm, SignInVerdict};
pub use hand_out_secret::{CLIENT_SECRET, HandedOutSecret};
pub use hand_out_token::{HandedOut, Request};
pub use list::List;
pub use order::sort_by_name;
pub use proof::Proof;
pub use replace_secret::SecretForm;
pub use secret_removal::SecretRemoval;
pub use settings::{Settings, Theme};
pub use sign_in::{Kept, SignInPlan, TriedSignIn};
pub use store::Use;
pub use tenant::ResolvedTenant;
pub use verdict::{FieldVerdict, TextRange};
pub use watch::{PollSchedule, Watch, WatchEnd};

use check::Catalogues;
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

    /// The clouds that connections can be made in.
    pub fn clouds(&self) -> &Clouds {
        &self.inner.clouds
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

    pub(crate) fn catalogues(&self) -> &Catalogues {
        &self.inner.catalogues
    }

    pub(crate) fn watches_changed(&self) -> &Notify {
        &self.inner.watches_changed
    }

    pub(crate) fn keychain(&self) -> &Keychain {
        &self.keychain
    }

    /// Waits until nobody else uses or changes the credential of a connection.
    pub(crate) async fn lock_credential(&self, id: ConnectionId) -> Result<CredentialLock, Error> {
        self.inner.locks.take(self.store(), id).await
    }
}
