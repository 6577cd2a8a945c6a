//! How an error crosses to the window: a code to act on, sentences to show, and what the server
//! said.

use model::{Actor, OriginalError, PortalPage, Retry};
use serde::Serialize;

/// An error as the window gets it. No field ever holds a secret.
#[derive(Clone, Debug, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppError {
    /// What the window reacts to.
    pub(crate) code: ErrorCode,
    /// What happened, in one sentence.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) next: Option<String>,
    /// Whose job that is.
    pub(crate) actor: Option<Actor>,
    /// Whether trying again can help.
    pub(crate) retry: Option<Retry>,
    /// The portal page where it is done.
    pub(crate) page: Option<PortalPage>,
    /// What the server said, where one spoke.
    pub(crate) detail: Option<Box<OriginalError>>,
}

/// The reactions of the window; a code exists only while the window tells it apart from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ErrorCode {
    NameTaken,
    NotFound,
    Invalid,
    KeychainUnavailable,
    KeychainNoCollection,
    KeychainLocked,
    KeychainDenied,
    KeychainMissing,
    KeychainOtherProvider,
    KeychainOtherCollection,
    KeychainTooLarge,
    KeychainFull,
    KeychainAmbiguous,
    KeychainBusy,
    KeychainDamaged,
    KeychainKeyMissing,
    KeychainOther,
    Network,
    Throttled,
    Unavailable,
    NeedsSignIn,
    Credential,
    Refused,
    Declined,
    Expired,
    Cancelled,
    OtherAccount,
    TooManySignIns,
    Listener,
    /// This sign-in has ended, one way or the other.
    SignInOver,
    Browser,
    /// There is no page that could be opened.
    NoPage,
    FileManager,
    /// A file could not be written where downloads go, or none has been written yet.
    SavedFile,
    /// The command line cannot be put where a terminal finds it.
    CommandLine,
    NewerStore,
    Store,
    StoreDamaged,
    StoreUnwritable,
    DiskFull,
    /// Another program uses what is needed, for longer than anyone should wait.
    Busy,
    /// Another program undid the change.
    Overtaken,
    CloudsFile,
    ScriptsMayNot,
    Closing,
    Internal,
}

impl AppError {
    /// The person stopped it.
    pub(crate) fn cancelled() -> Self {
        Self::plain(ErrorCode::Cancelled, "Cancelled.")
    }

    /// An error that needs no more than a sentence.
    pub(crate) fn plain(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            next: None,
            actor: None,
            retry: None,
            page: None,
            detail: None,
        }
    }
}

impl From<connections::Error> for AppError {
    fn from(error: connections::Error) -> Self {
        let plain = Self::plain(code_of(&error), error.to_string());
        let next = Some(error.advice());
        let Some(error) = error.entra() else {
            return Self { next, ..plain };
        };
        let help = error.help();
        let detail = error.original().cloned().map(Box::new);
        Self {
            next,
            actor: Some(help.actor),
            retry: Some(help.retry),
            page: help.page,
            detail,
            ..plain
        }
    }
}

impl From<entra::Error> for AppError {
    fn from(error: entra::Error) -> Self {
        connections::Error::from(error).into()
    }
}

const fn code_of(error: &connections::Error) -> ErrorCode {
    use connections::Error as E;
    match error {
        E::Keychain(error) => keychain_code(error),
        E::Entra(error) => entra_code(error),
        E::Remembered { error, .. } => entra_code(error),
        E::NameTaken => ErrorCode::NameTaken,
        E::Invalid { .. } | E::NoClientSecret => ErrorCode::Invalid,
        E::NotFound => ErrorCode::NotFound,
        E::Overtaken => ErrorCode::Overtaken,
        E::NewerStore { .. } => ErrorCode::NewerStore,
        E::StoreDamaged { .. } => ErrorCode::StoreDamaged,
        E::StoreUnwritable { .. } | E::StoreForeign { .. } | E::StoreOpen { .. } => {
            ErrorCode::StoreUnwritable
        }
        E::DiskFull => ErrorCode::DiskFull,
        E::StoreBusy | E::Busy => ErrorCode::Busy,
        E::Store(_) => ErrorCode::Store,
        E::CloudsFile { .. } => ErrorCode::CloudsFile,
        E::ScriptsMayNot | E::SecretNotAllowed => ErrorCode::ScriptsMayNot,
        E::NotProved { .. } => ErrorCode::Credential,
        E::Closing => ErrorCode::Closing,
    }
}

const fn keychain_code(error: &keychain::Error) -> ErrorCode {
    match error {
        keychain::Error::Unavailable => ErrorCode::KeychainUnavailable,
        keychain::Error::NoCollection => ErrorCode::KeychainNoCollection,
        keychain::Error::Locked => ErrorCode::KeychainLocked,
        keychain::Error::Denied => ErrorCode::KeychainDenied,
        keychain::Error::Missing => ErrorCode::KeychainMissing,
        keychain::Error::OtherProvider { .. } => ErrorCode::KeychainOtherProvider,
        keychain::Error::OtherCollection { .. } => ErrorCode::KeychainOtherCollection,
        keychain::Error::TooLarge { .. } => ErrorCode::KeychainTooLarge,
        keychain::Error::Full => ErrorCode::KeychainFull,
        keychain::Error::Ambiguous => ErrorCode::KeychainAmbiguous,
        keychain::Error::Busy => ErrorCode::KeychainBusy,
        keychain::Error::Damaged => ErrorCode::KeychainDamaged,
        keychain::Error::KeyMissing => ErrorCode::KeychainKeyMissing,
        keychain::Error::NotRemoved | keychain::Error::Other { .. } => ErrorCode::KeychainOther,
    }
}

const fn entra_code(error: &entra::Error) -> ErrorCode {
    use entra::Error as E;
    match error {
        E::Dns { .. }
        | E::Connect { .. }
        | E::CutOff { .. }
        | E::Proxy { .. }
        | E::NoCertificates { .. }
        | E::Tls { .. }
        | E::TimedOut { .. }
        | E::NotMicrosoft { .. }
        | E::AddressRefused { .. }
        | E::GraphAbsent { .. }
        | E::NoSecurity => ErrorCode::Network,
        E::Throttled { .. } => ErrorCode::Throttled,
        E::Unavailable { .. } => ErrorCode::Unavailable,
        E::NeedsSignIn { .. } => ErrorCode::NeedsSignIn,
        E::CredentialRefused { .. } => ErrorCode::Credential,
        E::Declined { .. } => ErrorCode::Declined,
        E::Expired => ErrorCode::Expired,
        E::TooManyAttempts => ErrorCode::TooManySignIns,
        E::Listener { .. } => ErrorCode::Listener,
        E::Malformed { .. }
        | E::OtherCloud { .. }
        | E::LicenceMissing { .. }
        | E::TenantNotFound { .. }
        | E::ApplicationNotFound { .. }
        | E::ConsentMissing { .. }
        | E::ApplicationRefused { .. }
        | E::RequestRefused { .. }
        | E::TokenMissing
        | E::IdTokenRefused { .. }
        | E::IssuerRefused
        | E::NotAuthorized { .. }
        | E::Forbidden { .. }
        | E::LinkTooLong => ErrorCode::Refused,
    }
}
