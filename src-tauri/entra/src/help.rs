//! What to do about an error.

use model::{Actor, Field, PortalPage, Retry};

use crate::{
    error::Error,
    known_errors::{KNOWN, Kind, Known, Of, known},
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
    fn of(known: &Known) -> Self {
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

/// What an AADSTS number means and what to do about it; a general text for a number that is not in the table.
pub fn explain_aadsts(number: u32) -> Help {
    by_number(number).map_or_else(|| unexplained(number), Help::of)
}

fn unexplained(number: u32) -> Help {
    Help {
        title: format!("Error AADSTS{number}"),
        next: format!(
            "Look the number up at https://login.microsoftonline.com/error?code={number}, or copy the report with its \
             correlation ID and send it to the tenant's administrator."
        ),
        actor: Actor::ApplicationAdministrator,
        retry: Retry::AfterTheFix,
        page: None,
        field: None,
    }
}

impl Error {
    /// What to do next. An AADSTS number or a code of Graph with a known meaning is more precise than the kind of error
    /// and goes first.
    pub fn help(&self) -> Help {
        let said = self.original();
        let by_number = said.and_then(|said| said.aadsts).and_then(by_number);
        let by_code =
            || said.filter(|said| said.aadsts.is_none()).and_then(|said| by_graph_code(said.error.as_deref()?));
        let mut help = Help::of(by_number.or_else(by_code).unwrap_or_else(|| by_kind(self.kind())));
        if let Self::Tls { unknown_issuer: Some(issuer), .. } = self {
            help.next = help.next.replace("{issuer}", issuer);
        }
        help
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Dns { .. } => Kind::Dns,
            Self::Connect { .. } => Kind::Connect,
            Self::CutOff { .. } => Kind::CutOff,
            Self::Proxy { .. } => Kind::Proxy,
            Self::Tls { unknown_issuer: Some(_), .. } => Kind::UnknownIssuer,
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
            Self::NeedsSignIn { .. } => Kind::NeedsSignIn,
            Self::ConsentMissing { .. } => Kind::ConsentMissing,
            Self::Declined { .. } => Kind::Declined,
            Self::RequestRefused { .. } => Kind::RequestRefused,
            Self::TokenMissing => Kind::TokenMissing,
            Self::IdTokenRefused { .. } | Self::IssuerRefused => Kind::NotTrusted,
            Self::NotAuthorized { .. } => Kind::NotAuthorized,
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

fn by_number(number: u32) -> Option<&'static Known> {
    known(|of| matches!(of, Of::Aadsts(numbers) if numbers.contains(&number)))
}

fn by_graph_code(code: &str) -> Option<&'static Known> {
    known(|of| matches!(of, Of::Graph(codes) if codes.iter().any(|known| known.eq_ignore_ascii_case(code))))
}

/// Every kind has an entry, which a test watches; the last one of the table stands in.
fn by_kind(kind: Kind) -> &'static Known {
    known(|of| matches!(of, Of::Kind(known) if *known == kind)).unwrap_or(&KNOWN[KNOWN.len() - 1])
}

#[cfg(test)]
mod tests;
