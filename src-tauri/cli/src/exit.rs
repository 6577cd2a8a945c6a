//! Exit codes: how a script learns what to do next.

use std::{fmt, io, process::ExitCode};

use connections::Error;
use model::{Actor, CheckReport, NotTestedReason, Outcome, Step, StepState};
use serde_json::{Value, json};

use crate::original;

/// How the program ended; the numbers are promised to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Another failure.
    Other,
    /// A wrong call.
    Usage,
    /// No connection has that name.
    NoSuchConnection,
    /// A person has to sign in or enter a new secret.
    NeedsCredential,
    /// The keychain is locked, absent or refuses.
    Keychain,
    /// A host cannot be reached.
    Network,
    /// The service asks to wait.
    Throttled,
    /// Another program is using the credential.
    Busy,
    /// As the program ended that `exec` ran: 0 to 255, and on Windows any number of 32 bits.
    Of(i32),
    /// By the signal that ended the program that `exec` ran.
    #[cfg(unix)]
    By(i32),
}

/// Why the program could not do what was asked, and the code to end with.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The code to end with.
    pub(crate) exit: Exit,
    text: String,
    code: &'static str,
}

impl Exit {
    /// The code for a finished check.
    pub(crate) fn of(report: &CheckReport) -> Self {
        if let Some(reason) = report.not_tested {
            return Self::of_untested(reason);
        }
        let failed = report
            .findings
            .iter()
            .find(|finding| finding.state == StepState::Failed);
        let step = failed.map(|finding| finding.step);
        let by_network = failed.and_then(|finding| finding.actor) == Some(Actor::NetworkTeam);
        let said = failed.and_then(|finding| finding.original.as_ref()?.error.as_deref());
        let refused = said.is_some_and(entra::refuses_credential);
        match (report.outcome, step) {
            (Outcome::Works | Outcome::WorksWithGaps, _) => Self::Done,
            (Outcome::NeedsSignIn, _) => Self::NeedsCredential,
            (Outcome::Fails, Some(Step::NameResolution | Step::Connection | Step::Tls)) => {
                Self::Network
            }
            (Outcome::Fails, _) if by_network => Self::Network,
            // An answer that cannot be used, or says what nobody knows, refuses no credential.
            (Outcome::Fails, Some(Step::Credential)) if refused => Self::NeedsCredential,
            (Outcome::Fails | Outcome::Inconclusive, _) => Self::Other,
        }
    }

    /// The code for a check that could not run.
    const fn of_untested(reason: NotTestedReason) -> Self {
        match reason {
            NotTestedReason::KeychainLocked | NotTestedReason::Keychain => Self::Keychain,
            NotTestedReason::Network => Self::Network,
            NotTestedReason::Throttled => Self::Throttled,
            NotTestedReason::Busy => Self::Busy,
            NotTestedReason::Other => Self::Other,
        }
    }

    /// The code for a use case that failed.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "everything else is an other failure"
    )]
    pub(crate) fn of_error(error: &Error) -> Self {
        match error {
            Error::NotFound => Self::NoSuchConnection,
            Error::Invalid { .. } | Error::NameTaken => Self::Usage,
            Error::Keychain(error) if error.is_loss() => Self::NeedsCredential,
            Error::Keychain(_) => Self::Keychain,
            Error::Entra(error) => Self::of_refusal(error),
            Error::Remembered { error, .. } => Self::of_refusal(error),
            Error::Busy | Error::StoreBusy => Self::Busy,
            _ => Self::Other,
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "everything else is an other failure"
    )]
    fn of_refusal(error: &entra::Error) -> Self {
        match error {
            entra::Error::NeedsSignIn { .. } | entra::Error::CredentialRefused { .. } => {
                Self::NeedsCredential
            }
            entra::Error::Throttled { .. } => Self::Throttled,
            error if error.is_network() => Self::Network,
            _ => Self::Other,
        }
    }
}

impl Exit {
    /// The same in a word, where nothing finer is known.
    const fn word(self) -> &'static str {
        match self {
            Self::Done | Self::Other | Self::Of(_) => "other",
            #[cfg(unix)]
            Self::By(_) => "other",
            Self::Usage => "invalid",
            Self::NoSuchConnection => "notFound",
            Self::NeedsCredential => "needsSignIn",
            Self::Keychain => "keychainOther",
            Self::Network => "network",
            Self::Throttled => "throttled",
            Self::Busy => "busy",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Other => 1,
            Exit::Usage => 2,
            Exit::NoSuchConnection => 3,
            Exit::NeedsCredential => 4,
            Exit::Keychain => 5,
            Exit::Network => 6,
            Exit::Throttled => 7,
            Exit::Busy => 8,
            // Only Windows has larger ones, and there the program ends with the whole (`main`).
            Exit::Of(code) => u8::try_from(code).unwrap_or(1),
            #[cfg(unix)]
            // As shells count, where this program cannot end by a signal itself.
            Exit::By(signal) => u8::try_from(128 + signal).unwrap_or(u8::MAX),
        })
    }
}

impl Failure {
    pub(crate) fn new(exit: Exit, text: impl Into<String>) -> Self {
        Self {
            exit,
            text: text.into(),
            code: exit.word(),
        }
    }

    /// The same for programs: a stable code, what happened, and what to do.
    pub(crate) fn as_json(&self) -> Value {
        let (message, next) = self
            .text
            .split_once('\n')
            .map_or((&*self.text, None), |(first, rest)| (first, Some(rest)));
        json!({ "version": 1, "error": { "code": self.code, "message": message, "next": next } })
    }

    /// The same with one more line.
    pub(crate) fn with(mut self, line: &str) -> Self {
        self.text.push('\n');
        self.text.push_str(line);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let original = error
            .entra()
            .and_then(entra::Error::original)
            .map(original::lines)
            .unwrap_or_default();
        let lines: Vec<_> = [error.to_string(), error.advice()]
            .into_iter()
            .chain(original)
            .collect();
        let failure = Self::new(Exit::of_error(&error), lines.join("\n"));
        let Error::Keychain(error) = error else {
            return failure;
        };
        Self {
            code: error.code(),
            ..failure
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(Exit::Other, format!("reading or writing failed: {error}"))
    }
}
