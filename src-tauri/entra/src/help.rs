//! What to do about an error.

mod code;

use model::{Actor, Field, PermissionKind, PortalPage, Retry};

use crate::{
    ProxyProblem,
    error::Error,
    known_errors::{ErrorKey, KNOWN, Kind, KnownError, known},
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
    fn of(known: &KnownError) -> Self {
        Self {
            title: known.title.to_owned(),
            next: known.next.to_owned(),
            actor: known.actor,
            retry: known.retry,
            page: known.page,
            field: known.field,
        }
    }
}

/// Explains what a person copied from a page or a log: the first AADSTS number in it
/// (`AADSTS50011`, `Error code: 50011`, a link to it, or the number alone), else the first word of
/// the protocol (`access_denied`); `None` if there is neither.
pub fn explain_code(text: &str) -> Option<Help> {
    let word = code::words_in(text).find_map(by_protocol_word);
    match code::number_in(text) {
        Some(number) => Some(by_number(number).map_or_else(|| unexplained(number, word), Help::of)),
        None => word.map(Help::of),
    }
}

/// The honest text for a number that nobody has explained here: what kind of refusal it is, and
/// where to look it up.
fn unexplained(number: u32, category: Option<&KnownError>) -> Help {
    let title = match category {
        Some(category) => format!("{} (AADSTS{number})", category.title),
        None => format!("Error AADSTS{number}"),
    };
    let passes = category.is_some_and(|category| category.retry == Retry::Later);
    Help {
        title,
        next: format!(
            "Graph Connect knows no more about this number. Look it up at \
             https://login.microsoftonline.com/error?code={number}, or copy the report with its correlation ID and send it \
             to the tenant's administrator."
        ),
        actor: if passes {
            Actor::Microsoft
        } else {
            Actor::ApplicationAdministrator
        },
        retry: if passes {
            Retry::Later
        } else {
            Retry::AfterTheFix
        },
        page: None,
        field: None,
    }
}

impl Error {
    /// What to do next. An AADSTS number or a code of Graph with a known meaning is more precise
    /// than the kind of error and goes first.
    pub fn help(&self) -> Help {
        let by_application = matches!(self, Self::ApplicationRefused { .. });
        self.help_for(if by_application {
            PermissionKind::Application
        } else {
            PermissionKind::Delegated
        })
    }

    /// The same for one kind of connection: an application is never told to sign in.
    pub fn help_for(&self, kind: PermissionKind) -> Help {
        let fits = |known: &&KnownError| kind == PermissionKind::Delegated || !known.of_person;
        let said = self.original();
        let general = || by_kind(self.kind(kind));
        let mut help = match said.and_then(|said| said.aadsts) {
            Some(number) => match by_number(number) {
                Some(known) => Help::of(Some(known).filter(fits).unwrap_or_else(general)),
                None => unexplained(number, Some(general())),
            },
            None => Help::of(self.by_code().filter(fits).unwrap_or_else(general)),
        };
        if let Self::Tls {
            unknown_issuer: Some(issuer),
            ..
        } = self
        {
            help.next = help.next.replace("{issuer}", issuer);
        }
        help
    }

    /// The explanation of a code that is no number. A refusal for want of a permission (403) is
    /// about that whatever its code says, and a claims challenge tells more than its code.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever else Graph refuses with is looked up by its code alone"
    )]
    fn by_code(&self) -> Option<&'static KnownError> {
        let code = self.original()?.error.as_deref()?;
        if self.claims_challenge().is_some() {
            return None;
        }
        match self {
            Self::Forbidden { .. } => {
                by_graph_code(code).filter(|known| known.page == Some(PortalPage::ApiPermissions))
            }
            Self::RequestRefused { .. } => by_graph_code(code).or_else(|| by_protocol_word(code)),
            _ => by_graph_code(code),
        }
    }

    fn kind(&self, of: PermissionKind) -> Kind {
        let by_application = of == PermissionKind::Application;
        match self {
            Self::Dns { .. } => Kind::Dns,
            Self::Connect { .. } => Kind::Connect,
            Self::CutOff { .. } => Kind::CutOff,
            Self::Proxy {
                problem: ProxyProblem::SignIn,
                ..
            } => Kind::Proxy,
            Self::Proxy {
                problem: ProxyProblem::Unusable(_),
                ..
            } => Kind::ProxyUnusable,
            Self::Proxy {
                problem: ProxyProblem::NotFound | ProxyProblem::NoConnection,
                ..
            } => Kind::ProxyDead,
            Self::Proxy {
                problem: ProxyProblem::Refused(_),
                ..
            } => Kind::ProxyRefuses,
            Self::NoCertificates { .. } => Kind::NoCertificates,
            Self::Tls {
                unknown_issuer: Some(_),
                ..
            } => Kind::UnknownIssuer,
            Self::Tls { of_dates: true, .. } => Kind::TlsDates,
            Self::Tls { .. } => Kind::Tls,
            Self::TimedOut { .. } => Kind::TimedOut,
            Self::NotMicrosoft { .. } => Kind::NotMicrosoft,
            Self::Malformed { .. } => Kind::Malformed,
            Self::AddressRefused { .. } => Kind::AddressRefused,
            Self::Throttled { .. } => Kind::Throttled,
            Self::Unavailable { .. } => Kind::Unavailable,
            Self::TenantNotFound { .. } => Kind::TenantNotFound,
            Self::OtherCloud { .. } => Kind::OtherCloud,
            Self::ApplicationNotFound { .. } => Kind::ApplicationNotFound,
            Self::CredentialRefused { .. } => Kind::CredentialRefused,
            Self::NeedsSignIn { .. } | Self::ConsentMissing { .. } | Self::Declined { .. }
                if by_application =>
            {
                Kind::ApplicationRefused
            }
            Self::NeedsSignIn { .. } => Kind::NeedsSignIn,
            Self::ApplicationRefused { .. } => Kind::ApplicationRefused,
            Self::ConsentMissing { .. } => Kind::ConsentMissing,
            Self::Declined { .. } => Kind::Declined,
            Self::RequestRefused { original } => {
                let status = original.as_ref().and_then(|said| said.http_status);
                if status == Some(404) {
                    Kind::NotFound
                } else {
                    Kind::RequestRefused
                }
            }
            Self::TokenMissing => Kind::TokenMissing,
            Self::IdTokenRefused { .. } | Self::IssuerRefused => Kind::NotTrusted,
            Self::NotAuthorized {
                claims: Some(_), ..
            } if by_application => Kind::ApplicationOutdated,
            Self::NotAuthorized {
                claims: Some(_), ..
            } => Kind::SignInOutdated,
            Self::NotAuthorized { claims: None, .. } => Kind::NotAuthorized,
            Self::Forbidden { .. } => Kind::Forbidden,
            Self::LicenceMissing { .. } => Kind::LicenceMissing,
            Self::GraphAbsent { .. } => Kind::GraphAbsent,
            Self::Expired => Kind::Expired,
            Self::Listener { .. } => Kind::Listener,
            Self::TooManyAttempts => Kind::TooManyAttempts,
            Self::LinkTooLong => Kind::LinkTooLong,
            Self::NoSecurity => Kind::NoSecurity,
        }
    }
}

fn by_number(number: u32) -> Option<&'static KnownError> {
    known(|of| matches!(of, ErrorKey::Aadsts(numbers) if numbers.contains(&number)))
}

fn by_graph_code(code: &str) -> Option<&'static KnownError> {
    known(
        |of| matches!(of, ErrorKey::Graph(codes) if codes.iter().any(|known| known.eq_ignore_ascii_case(code))),
    )
}

fn by_protocol_word(word: &str) -> Option<&'static KnownError> {
    known(
        |of| matches!(of, ErrorKey::Protocol(words) if words.iter().any(|known| known.eq_ignore_ascii_case(word))),
    )
}

/// Every kind has an entry, which a test watches; the last one of the table stands in.
fn by_kind(kind: Kind) -> &'static KnownError {
    known(|of| matches!(of, ErrorKey::Kind(known) if *known == kind))
        .unwrap_or(&KNOWN[KNOWN.len() - 1])
}

#[cfg(test)]
mod tests;
