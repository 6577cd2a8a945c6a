//! What the window says under one field of a form: what is wrong, what was probably meant, what was
//! cleaned up.

use model::{
    CleanUp, Cleaned, ClientId, ConnectionName, Integration, NameProblem, Need, PermissionKind,
    SecretProblem, SecretWarning, Tenant, TenantProblem, TenantWarning, secret_within,
};
use serde::Serialize;

use crate::{
    Error,
    day::{self, parse_date},
    sentence::sentence,
};

/// What can be said about one field.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct FieldVerdict {
    /// The text as it will be used; never for a secret.
    pub value: Option<String>,
    /// What keeps the form from being used.
    pub problem: Option<String>,
    /// What was probably meant instead, to be taken with one click.
    pub suggestion: Option<String>,
    /// What was cleaned up, or looks odd and is accepted all the same.
    pub notes: Vec<String>,
}

/// A part of a text of the window, counted as the window counts: in units of UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TextRange {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

impl TextRange {
    /// The range of the bytes from `start` to `end`.
    pub fn of(text: &str, start: usize, end: usize) -> Self {
        let units = |bytes: usize| {
            text.get(..bytes)
                .map_or(0, |head| head.encode_utf16().count())
        };
        let units = |bytes: usize| u32::try_from(units(bytes)).unwrap_or(u32::MAX);
        Self {
            start: units(start),
            end: units(end),
        }
    }

    /// Where the secret stands in a text with something around it that nobody sees. None if it is
    /// the whole text.
    pub(crate) fn of_secret_in(text: &str) -> Option<Self> {
        let secret = secret_within(text);
        let start = text
            .find(secret)
            .filter(|_| secret.len() < text.len() && !secret.is_empty())?;
        Some(Self::of(text, start, start + secret.len()))
    }
}

impl FieldVerdict {
    /// Whether the field can be used.
    pub(crate) fn is_valid(&self) -> bool {
        self.problem.is_none()
    }

    fn problem(problem: impl std::fmt::Display) -> Self {
        Self {
            value: None,
            problem: Some(sentence(&problem.to_string())),
            ..Self::default()
        }
    }
}

/// The name of a new connection; `shows_secret` says whether the form's secret stands in it.
pub(crate) fn name_verdict(
    text: &str,
    shows_secret: bool,
    is_taken: impl Fn(&ConnectionName) -> bool,
) -> FieldVerdict {
    if shows_secret {
        return FieldVerdict::problem(NameProblem::Secret);
    }
    match ConnectionName::parse_new(text) {
        Ok(name) if is_taken(&name) => FieldVerdict::problem(NameProblem::Taken),
        Ok(name) => FieldVerdict {
            value: Some(name.to_string()),
            ..FieldVerdict::default()
        },
        Err(problem) => FieldVerdict::problem(problem),
    }
}

/// An Application (client) ID.
pub(crate) fn client_id_verdict(text: &str) -> FieldVerdict {
    match ClientId::parse(text) {
        Ok(read) => accepted(&read),
        Err(problem) => {
            let suggestion = problem.hint().map(|id| id.to_string());
            FieldVerdict {
                suggestion,
                ..FieldVerdict::problem(problem)
            }
        }
    }
}

/// A tenant, as one of the two ways to read it found it.
pub(crate) fn tenant_verdict(read: Result<Cleaned<Tenant>, TenantProblem>) -> FieldVerdict {
    match read {
        Ok(read) => {
            let mut verdict = accepted(&read);
            verdict.notes.extend(
                read.value
                    .warning()
                    .map(|warning| tenant_warning(warning).to_owned()),
            );
            verdict
        }
        Err(problem) => {
            let suggestion = problem.hint().map(str::to_owned);
            FieldVerdict {
                suggestion,
                ..FieldVerdict::problem(problem)
            }
        }
    }
}

fn accepted<T: std::fmt::Display>(read: &Cleaned<T>) -> FieldVerdict {
    let notes = read
        .notes
        .iter()
        .map(|note| clean_up_note(*note).to_owned())
        .collect();
    FieldVerdict {
        value: Some(read.value.to_string()),
        notes,
        ..FieldVerdict::default()
    }
}

/// A client secret; the secret itself is in no verdict.
pub(crate) fn secret_verdict(
    secret: Result<(Vec<CleanUp>, Vec<SecretWarning>), SecretProblem>,
) -> FieldVerdict {
    match secret {
        Ok((notes, warnings)) => {
            let notes = notes.into_iter().map(clean_up_note);
            let warnings = warnings.into_iter().map(secret_warning);
            FieldVerdict {
                notes: notes.chain(warnings).map(str::to_owned).collect(),
                ..FieldVerdict::default()
            }
        }
        Err(problem) => FieldVerdict::problem(problem),
    }
}

/// The day on which a secret expires.
pub(crate) fn date_verdict(text: Option<&str>) -> FieldVerdict {
    match parse_date(text) {
        Ok(date) => FieldVerdict {
            value: date.map(|date| date.to_string()),
            ..FieldVerdict::default()
        },
        Err(Error::Invalid { problem, .. }) => FieldVerdict::problem(problem),
        Err(_) => FieldVerdict::problem(day::NOT_A_DAY),
    }
}

/// How much a connection is meant to do.
pub(crate) fn need_verdict(
    need: &Need,
    integration: Integration,
    kind: PermissionKind,
) -> FieldVerdict {
    match need.clone().checked(integration, kind) {
        Ok(_) => FieldVerdict::default(),
        Err(problem) => FieldVerdict::problem(problem),
    }
}

const fn clean_up_note(note: CleanUp) -> &'static str {
    match note {
        CleanUp::SpacesRemoved => "Spaces around the value were removed.",
        CleanUp::InvisibleRemoved => "Invisible characters were removed.",
        CleanUp::BracesRemoved => "Braces around the value were removed.",
        CleanUp::DashesReplaced => "Typographic dashes were replaced by hyphens.",
        CleanUp::DashesAdded => "The hyphens were put in.",
        CleanUp::LineBreakRemoved => "A line break at the end was removed.",
    }
}

const fn tenant_warning(warning: TenantWarning) -> &'static str {
    match warning {
        TenantWarning::PersonalAccounts => {
            "This is the tenant of personal accounts. Nobody administers it."
        }
        TenantWarning::MicrosoftServices => {
            "This is the tenant of Microsoft's own applications, not yours."
        }
    }
}

const fn secret_warning(warning: SecretWarning) -> &'static str {
    match warning {
        SecretWarning::SpaceAround => {
            "There is a space at the start or the end. It will be sent as part of the secret."
        }
        SecretWarning::Invisible => {
            "There are invisible characters within. They will be sent as part of the secret."
        }
        SecretWarning::Several => {
            "This looks like several values. Only the secret's Value belongs here."
        }
        SecretWarning::Thumbprint => {
            "This looks like a certificate's thumbprint. A client secret is needed here."
        }
    }
}
