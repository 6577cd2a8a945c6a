//! What to do about an error.

use model::{Actor, Field, PortalPage, Retry};

use crate::{
    aadsts::{explain_aadsts, is_explained},
    error::Error,
};

/// What an error means and what to do about it, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// What it means, in a few words.
    pub title: String,
    /// What to do, in one or two sentences.
    pub next: String,
    /// Whose job that is.
    pub actor: Actor,
    /// Whether trying again can help.
    pub retry: Retry,
    /// The page of the portal where it is done.
    pub page: Option<PortalPage>,
    /// The field of the form that it is about.
    pub field: Option<Field>,
}

impl Help {
    pub(crate) fn new(title: impl Into<String>, next: impl Into<String>, (actor, retry, page, field): Job) -> Self {
        Self { title: title.into(), next: next.into(), actor, retry, page, field }
    }
}

impl Error {
    /// What to do next. An AADSTS number with a known meaning is more precise than the kind of error and goes first.
    pub fn help(&self) -> Help {
        let number = self.original().and_then(|original| original.aadsts);
        match number.filter(|number| is_explained(*number)) {
            Some(number) => explain_aadsts(number),
            None => {
                let (title, next) = self.general();
                Help::new(title, next, self.job())
            }
        }
    }

    fn general(&self) -> Words {
        match self {
            Self::Dns { .. } => DNS,
            Self::Connect { .. } => CONNECT,
            Self::CutOff { .. } => CUT_OFF,
            Self::Proxy { .. } => PROXY,
            Self::Tls { .. } => TLS,
            Self::TimedOut { .. } => TIMED_OUT,
            Self::NotMicrosoft { .. } => NOT_MICROSOFT,
            Self::Malformed { .. } => MALFORMED,
            Self::AddressRefused { .. } => ADDRESS_REFUSED,
            Self::Throttled { .. } => THROTTLED,
            Self::Unavailable { .. } => UNAVAILABLE,
            Self::TenantNotFound { .. } => TENANT_NOT_FOUND,
            Self::OtherCloud { .. } => OTHER_CLOUD,
            Self::ApplicationNotFound { .. } => APPLICATION_NOT_FOUND,
            Self::CredentialRefused { .. } => CREDENTIAL_REFUSED,
            Self::NeedsSignIn { .. } => NEEDS_SIGN_IN,
            Self::ConsentMissing { .. } => CONSENT_MISSING,
            Self::Declined { .. } => DECLINED,
            Self::RequestRefused { .. } => REQUEST_REFUSED,
            Self::TokenMissing => TOKEN_MISSING,
            Self::IdTokenRefused { .. } | Self::IssuerRefused => ID_TOKEN_REFUSED,
            Self::NotAuthorized { .. } => NOT_AUTHORIZED,
            Self::Forbidden { .. } => FORBIDDEN,
            Self::LicenceMissing { .. } => LICENCE_MISSING,
            Self::GraphAbsent { .. } => GRAPH_ABSENT,
            Self::Expired => EXPIRED,
            Self::Listener { .. } => LISTENER,
            Self::TooManyAttempts => TOO_MANY_ATTEMPTS,
            Self::LinkTooLong => LINK_TOO_LONG,
            Self::NoSecurity => NO_SECURITY,
        }
    }
}

impl Error {
    fn job(&self) -> Job {
        use Actor as A;
        use PortalPage as P;
        let after = Retry::AfterTheFix;
        match self {
            Self::Dns { .. } | Self::CutOff { .. } | Self::TimedOut { .. } => (A::You, Retry::Later, None, None),
            Self::Connect { .. } | Self::Proxy { .. } | Self::Tls { .. } | Self::NotMicrosoft { .. } => {
                (A::NetworkTeam, after, None, None)
            }
            Self::Throttled { .. } => (A::You, Retry::Later, None, None),
            Self::Unavailable { .. } => (A::Microsoft, Retry::Later, None, None),
            Self::TenantNotFound { .. } => (A::You, after, Some(P::TenantOverview), Some(Field::Tenant)),
            Self::OtherCloud { .. } => (A::You, after, None, Some(Field::Cloud)),
            Self::ApplicationNotFound { .. } => (A::You, after, Some(P::AppRegistrations), Some(Field::ClientId)),
            Self::CredentialRefused { .. } => {
                (A::ApplicationAdministrator, after, Some(P::Secrets), Some(Field::ClientSecret))
            }
            Self::ConsentMissing { .. } => (A::ApplicationAdministrator, after, Some(P::ApiPermissions), None),
            Self::Forbidden { .. } => (A::PrivilegedRoleAdministrator, after, Some(P::ApiPermissions), None),
            Self::LicenceMissing { .. } => (A::UserAdministrator, after, Some(P::Licences), None),
            Self::Malformed { .. } | Self::RequestRefused { .. } => (A::GraphConnect, Retry::Now, None, None),
            Self::NeedsSignIn { .. }
            | Self::Declined { .. }
            | Self::TokenMissing
            | Self::IdTokenRefused { .. }
            | Self::IssuerRefused
            | Self::NotAuthorized { .. }
            | Self::Expired
            | Self::Listener { .. }
            | Self::TooManyAttempts
            | Self::LinkTooLong
            | Self::NoSecurity => (A::You, Retry::Now, None, None),
            Self::AddressRefused { .. } | Self::GraphAbsent { .. } => (A::You, after, None, None),
        }
    }
}

/// Whose job it is, whether trying again can help, on which page of the portal it is done, and the field it is about.
pub(crate) type Job = (Actor, Retry, Option<PortalPage>, Option<Field>);

/// A title and what to do next.
type Words = (&'static str, &'static str);

const DNS: Words = ("Host not found", "Check the network connection and the name server, then try again.");
const CONNECT: Words = (
    "No connection",
    "Check the network connection. If other sites work, ask the owner of the firewall to let this host through.",
);
const CUT_OFF: Words =
    ("Connection cut", "Try again. If it keeps happening, something on the network cuts connections to this host.");
const PROXY: Words = (
    "Proxy sign-in needed",
    "Put the proxy's user name and password into the system's proxy settings, or ask the owner of the network to let \
     this host through.",
);
const TLS: Words = (
    "Secure connection refused",
    "If your network inspects secure connections, its certificate has to be installed on this computer as trusted. \
     Check this computer's clock too. This check cannot be switched off.",
);
const TIMED_OUT: Words = ("No answer in time", "Check the network connection and try again.");
const NOT_MICROSOFT: Words = (
    "A web page came instead",
    "The network may want a sign-in of its own (a guest network) or block this host. Open any web page in a browser, \
     or ask the owner of the network.",
);
const MALFORMED: Words = (
    "Answer not understood",
    "Try again. If it keeps happening, copy the report and send it to whoever looks after this app.",
);
const ADDRESS_REFUSED: Words = ("Address not allowed", "Correct the address in the file that describes this cloud.");
const THROTTLED: Words = ("Too many requests", "Wait as long as the service asks, then try again.");
const UNAVAILABLE: Words = (
    "Service not available",
    "Wait a few minutes and try again. Microsoft's service health page says whether something is down.",
);
const TENANT_NOT_FOUND: Words =
    ("Tenant not found", "Check the tenant's ID or domain for a slip, and that the right cloud is chosen.");
const APPLICATION_NOT_FOUND: Words = (
    "Application not accepted",
    "Check that the client ID is the Application (client) ID and that the application exists in this tenant and cloud.",
);
const CREDENTIAL_REFUSED: Words = (
    "Credential refused",
    "Check that the secret is the Value, not the Secret ID, that it belongs to this client ID, and that it has not \
     expired.",
);
const NEEDS_SIGN_IN: Words = ("Sign-in needed", "Sign in again with the account of this connection.");
const CONSENT_MISSING: Words =
    ("Consent missing", "Sign in again and accept, or ask an administrator to grant consent to the application.");
const DECLINED: Words = ("Cancelled", "Nothing was changed. Sign in again whenever you like.");
const REQUEST_REFUSED: Words =
    ("Request refused", "Copy the report with its correlation ID and send it to whoever looks after the application.");
const TOKEN_MISSING: Words = (
    "Nothing to keep",
    "Sign in again. If it stays, the application may not be allowed to stay signed in (offline_access): ask its owner.",
);
const ID_TOKEN_REFUSED: Words = (
    "Sign-in not trusted",
    "Nothing was kept. Sign in again; if it stays, something between this computer and the service changes its \
     answers: ask the owner of the network.",
);
const NOT_AUTHORIZED: Words =
    ("Token not accepted", "Run the test again. If it stays, check that the connection's cloud is the right one.");
const FORBIDDEN: Words = (
    "Not permitted",
    "The credential works. The application lacks a permission for this read: add it under API permissions and have an \
     administrator grant consent.",
);
const LICENCE_MISSING: Words = ("No licence", "Check that the tenant, or the account, has a licence for this service.");
const OTHER_CLOUD: Words = (
    "Tenant of another cloud",
    "Choose the cloud that the tenant belongs to. The application has to be registered in that cloud.",
);
const GRAPH_ABSENT: Words = (
    "No Microsoft Graph here",
    "Check the Graph address of this cloud. A sign-in server that is not Microsoft's has no Graph.",
);
const EXPIRED: Words = ("Time is up", "Start the sign-in again. Nothing was changed.");
const LISTENER: Words = (
    "No port for the sign-in",
    "Try again. If it stays, a security program or a policy on this computer forbids ports on the loopback interface.",
);
const TOO_MANY_ATTEMPTS: Words = ("Too many sign-ins", "Finish or cancel one of the waiting sign-ins first.");
const LINK_TOO_LONG: Words =
    ("Link too long", "Choose an integration with fewer permissions, or leave out the sign-in hint.");
const NO_SECURITY: Words = (
    "No secure connections",
    "Restart the app. If it stays, this computer's certificates or random numbers are not available.",
);
