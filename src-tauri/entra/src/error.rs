//! One error for the whole crate: a variant for each thing a person or a program does next.

use std::{path::PathBuf, time::Duration};

use model::OriginalError;
use thiserror::Error as ThisError;

use crate::{
    challenge::ClaimsChallenge,
    proxy::{Proxy, ProxyProblem},
};

/// Why something did not work. `Display` is one sentence that says what happened; [`Error::help`]
/// says what to do.
///
/// Where a server spoke, `original` keeps what it said, cleaned for display.
#[derive(Debug, ThisError)]
pub enum Error {
    /// The host's name could not be resolved.
    #[error("{host} cannot be found (DNS).")]
    Dns {
        /// The host.
        host: String,
    },
    /// No connection to the host could be made.
    #[error("No connection to {host} can be made.")]
    Connect {
        /// The host.
        host: String,
    },
    /// The connection ended in the middle of the answer.
    #[error("The connection to {host} was cut in the middle of the answer.")]
    CutOff {
        /// The host.
        host: String,
    },
    /// A proxy stands in between and does not let us through, or cannot be used.
    #[error("{}", problem.sentence(host, proxy.as_ref()))]
    Proxy {
        /// The host that was to be reached.
        host: String,
        /// The proxy, where the environment names it.
        proxy: Option<Proxy>,
        /// What is wrong.
        problem: ProxyProblem,
    },
    /// There are no certificates to judge servers by: what a variable names, or the operating
    /// system's, cannot be used.
    #[error("{}", untrusting(named.as_ref(), reason))]
    NoCertificates {
        /// The variable, and what it names; `None` when these are the operating system's own.
        named: Option<(&'static str, PathBuf)>,
        /// Why, as the end of a sentence.
        reason: String,
    },
    /// The secure connection was refused.
    #[error("The secure connection to {host} was refused: {reason}.")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong with it, and who issued the certificate where that is known.
        reason: String,
        /// Who issued the certificate, when that is what is wrong: as a rule a proxy that inspects
        /// secure connections.
        unknown_issuer: Option<String>,
        /// Whether its dates are what is wrong, which this computer's clock is compared with.
        of_dates: bool,
    },
    /// The host did not answer in time.
    #[error("{host} did not answer in time.")]
    TimedOut {
        /// The host.
        host: String,
    },
    /// A web page or a redirect came instead of an answer: a captive portal or a proxy's block
    /// page.
    #[error("The network answered with a web page instead of {host}.")]
    NotMicrosoft {
        /// The host that was asked.
        host: String,
    },
    /// The answer does not have the shape that the protocol lays down.
    #[error("The answer of {host} cannot be used: {flaw}.")]
    Malformed {
        /// The host.
        host: String,
        /// What is wrong with it.
        flaw: &'static str,
    },
    /// An address that may not be spoken to: neither https nor plain http on a loopback address, or
    /// a foreign host.
    #[error("{host} is not an address that this cloud may use.")]
    AddressRefused {
        /// The host.
        host: String,
    },
    /// Too many requests (HTTP 429, or 503 with `Retry-After`).
    #[error("The service asks to wait {} seconds before the next request.", retry_after.as_secs())]
    Throttled {
        /// How long to wait; one hour at most.
        retry_after: Duration,
        /// What the server said.
        original: Option<Box<OriginalError>>,
    },
    /// The service has a problem of its own (HTTP 5xx, `temporarily_unavailable`, `server_error`).
    #[error("The service is not available at the moment.")]
    Unavailable {
        /// What the server said.
        original: Option<Box<OriginalError>>,
    },
    /// The tenant is in another cloud, as its description says.
    #[error("This tenant is not in this cloud but in that of {login}.")]
    OtherCloud {
        /// The login host of that cloud.
        login: String,
        /// Its Graph host, if the description names it.
        graph: Option<String>,
    },
    /// There is no such tenant in this cloud.
    #[error("This tenant does not exist in this cloud.")]
    TenantNotFound {
        /// What the server said.
        original: Option<Box<OriginalError>>,
    },
    /// The application is unknown or not allowed in the tenant (`unauthorized_client`).
    #[error("The tenant does not accept this application.")]
    ApplicationNotFound {
        /// What the server said.
        original: Option<Box<OriginalError>>,
    },
    /// The application's secret was refused (`invalid_client`).
    #[error("The application's credential was refused.")]
    CredentialRefused {
        /// What the server said.
        original: Option<Box<OriginalError>>,
    },
    /// Only a person can go on (`invalid_grant`, `interaction_required`, `login_required`).
    #[error("A person has to sign in again.")]
    NeedsSignIn {
        /// What the server said.
        original: Option<Box<OriginalError>>,
        /// What the next sign-in has to be asked for, where the server said so.
        claims: Option<ClaimsChallenge>,
    },
    /// The tenant gives the application no token: consent is missing, or a policy is in the way. No
    /// person can sign in for it.
    #[error("The tenant does not issue a token to this application.")]
    ApplicationRefused {
        /// What the server said.
        original: Option<Box<OriginalError>>,
        /// What a token has to be asked for, where the server said so.
        claims: Option<ClaimsChallenge>,
    },
    /// Nobody has consented to the permissions (`consent_required`).
    #[error("Consent to the permissions is missing.")]
    ConsentMissing {
        /// What the server said.
        original: Option<Box<OriginalError>>,
    },
    /// The person cancelled or declined (`access_denied`).
    #[error("The sign-in was cancelled or declined.")]
    Declined {
        /// What the server said.
        original: Option<Box<OriginalError>>,
    },
    /// The request was refused for another reason.
    #[error("The service refused the request.")]
    RequestRefused {
        /// What the server said.
        original: Option<Box<OriginalError>>,
    },
    /// The sign-in worked, but the server gave no refresh token, so nothing could be kept.
    #[error("The sign-in gave no refresh token, so the connection could not be kept.")]
    TokenMissing,
    /// The ID token fails a check of OpenID Connect Core 3.1.3.7; every token that came with it was
    /// thrown away.
    #[error("The proof of who signed in was refused: {reason}.")]
    IdTokenRefused {
        /// Which check failed.
        reason: &'static str,
    },
    /// The answer at the loopback address names another issuer, or none where one is due (RFC
    /// 9207).
    #[error("The answer to the sign-in names another sign-in service than the one that was asked.")]
    IssuerRefused,
    /// Graph refused the token (HTTP 401).
    #[error("Microsoft Graph did not accept the token.")]
    NotAuthorized {
        /// What Graph said.
        original: Option<Box<OriginalError>>,
        /// The claims that Graph asks a new token for (continuous access evaluation).
        claims: Option<ClaimsChallenge>,
    },
    /// Graph knows the token but not the right to this read (HTTP 403). It proves the credential
    /// all the same.
    #[error("Microsoft Graph accepted the token but not this read.")]
    Forbidden {
        /// What Graph said.
        original: Option<Box<OriginalError>>,
    },
    /// The tenant or the account has no license for what was read. It proves the credential all the
    /// same.
    #[error("Microsoft Graph accepted the token, but there is no license for this read.")]
    LicenceMissing {
        /// What Graph said.
        original: Option<Box<OriginalError>>,
    },
    /// The Graph host answers, but not as Graph does (HTTP 404 without a Graph error).
    #[error("There is no Microsoft Graph at {host}.")]
    GraphAbsent {
        /// The host.
        host: String,
    },
    /// The sign-in was not finished in time.
    #[error("The sign-in was not finished in time.")]
    Expired,
    /// No port on the loopback interface could be opened.
    #[error("No port for the sign-in can be opened on {family}: {kind}.")]
    Listener {
        /// The family of addresses: `127.0.0.1` or `[::1]`.
        family: &'static str,
        /// The operating system's reason.
        kind: std::io::ErrorKind,
    },
    /// Four sign-ins are already waiting.
    #[error("Four sign-ins are already waiting.")]
    TooManyAttempts,
    /// The sign-in link would be longer than browsers and the service take.
    #[error("The sign-in link is too long.")]
    LinkTooLong,
    /// The operating system gave no random numbers, or the TLS library could not start.
    #[error("This computer cannot open secure connections at the moment.")]
    NoSecurity,
}

impl Error {
    /// Whether this is about the way to the host and not about what was asked there.
    pub const fn is_network(&self) -> bool {
        matches!(
            self,
            Self::Dns { .. }
                | Self::Connect { .. }
                | Self::CutOff { .. }
                | Self::Proxy { .. }
                | Self::NoCertificates { .. }
                | Self::Tls { .. }
                | Self::TimedOut { .. }
                | Self::NotMicrosoft { .. }
                | Self::AddressRefused { .. }
        )
    }

    /// What the server said, where one spoke.
    pub fn original(&self) -> Option<&OriginalError> {
        match self {
            Self::Throttled { original, .. }
            | Self::Unavailable { original }
            | Self::TenantNotFound { original }
            | Self::ApplicationNotFound { original }
            | Self::CredentialRefused { original }
            | Self::NeedsSignIn { original, .. }
            | Self::ApplicationRefused { original, .. }
            | Self::ConsentMissing { original }
            | Self::Declined { original }
            | Self::RequestRefused { original }
            | Self::NotAuthorized { original, .. }
            | Self::LicenceMissing { original }
            | Self::Forbidden { original } => original.as_deref(),
            Self::Dns { .. }
            | Self::Connect { .. }
            | Self::CutOff { .. }
            | Self::Proxy { .. }
            | Self::NoCertificates { .. }
            | Self::Tls { .. }
            | Self::TimedOut { .. }
            | Self::NotMicrosoft { .. }
            | Self::OtherCloud { .. }
            | Self::Malformed { .. }
            | Self::AddressRefused { .. }
            | Self::TokenMissing
            | Self::IdTokenRefused { .. }
            | Self::IssuerRefused
            | Self::GraphAbsent { .. }
            | Self::Expired
            | Self::Listener { .. }
            | Self::TooManyAttempts
            | Self::LinkTooLong
            | Self::NoSecurity => None,
        }
    }

    /// Sorts a protocol error by its `error` (and `suberror`), which is all that behaviour may
    /// follow.
    ///
    /// Source:
    /// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application>
    pub(crate) fn from_protocol(
        error: &str,
        suberror: Option<&str>,
        original: OriginalError,
    ) -> Self {
        let original = Some(Box::new(original));
        match (error, suberror) {
            ("consent_required", _)
            | ("invalid_grant" | "interaction_required", Some("consent_required")) => {
                Self::ConsentMissing { original }
            }
            ("invalid_grant" | "interaction_required" | "login_required", _) => Self::NeedsSignIn {
                original,
                claims: None,
            },
            ("invalid_client", _) => Self::CredentialRefused { original },
            ("unauthorized_client", _) => Self::ApplicationNotFound { original },
            // `permission_denied` is what the page of an administrator's consent says.
            ("access_denied" | "permission_denied", _) => Self::Declined { original },
            ("invalid_tenant", _) => Self::TenantNotFound { original },
            ("temporarily_unavailable" | "server_error", _) => Self::Unavailable { original },
            _ => Self::RequestRefused { original },
        }
    }

    /// Whether the same request may be sent once more, provided that it does nothing twice.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. } | Self::TimedOut { .. } | Self::CutOff { .. }
        )
    }

    /// The claims that the next token or sign-in has to be asked for, where the server said so.
    pub fn claims_challenge(&self) -> Option<&ClaimsChallenge> {
        if let Self::NeedsSignIn { claims, .. }
        | Self::ApplicationRefused { claims, .. }
        | Self::NotAuthorized { claims, .. } = self
        {
            return claims.as_ref();
        }
        None
    }

    /// Keeps with a refusal what the next sign-in has to be asked for.
    pub(crate) fn asking_for(mut self, asked: Option<ClaimsChallenge>) -> Self {
        if let Self::NeedsSignIn { claims, .. } = &mut self {
            *claims = asked;
        }
        self
    }

    /// What a refusal means when the application itself asked: nobody signs in, accepts or declines
    /// for it.
    pub(crate) fn of_application(self) -> Self {
        if let Self::NeedsSignIn { original, claims } = self {
            return Self::ApplicationRefused { original, claims };
        }
        if let Self::ConsentMissing { original } | Self::Declined { original } = self {
            return Self::ApplicationRefused {
                original,
                claims: None,
            };
        }
        self
    }
}

/// Whether `error` of the platform says that an application needs another secret, and not that it
/// may not, or that something is wrong with the request or the service.
pub fn refuses_credential(error: &str) -> bool {
    matches!(
        Error::from_protocol(error, None, OriginalError::default()),
        Error::CredentialRefused { .. }
    )
}

fn untrusting(named: Option<&(&'static str, PathBuf)>, reason: &str) -> String {
    match named {
        Some((variable, path)) => format!(
            "{variable} names {}, which cannot be used: {reason}.",
            path.display()
        ),
        None => format!("The certificates that this computer trusts cannot be used: {reason}."),
    }
}
