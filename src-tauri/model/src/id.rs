//! Identifiers: GUIDs of applications and tenants, the names of clouds, and our own connection IDs.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    link::client_id_in,
    paste::{CleanUp, Cleaned, clean, parse_exactly},
};

macro_rules! guid {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(feature = "specta", specta(type = String))] Uuid);

        impl $name {
            /// Wraps a GUID that is already known to be right.
            pub const fn new(guid: Uuid) -> Self {
                Self(guid)
            }

            /// The GUID itself.
            pub const fn guid(self) -> Uuid {
                self.0
            }

            /// Reads what a person pasted, cleaning up what portals and editors add.
            ///
            /// # Errors
            /// Says what else the text looks like, when it is not one GUID.
            pub fn parse(text: &str) -> Result<Cleaned<Self>, IdProblem> {
                let cleaned = parse_guid(text)?;
                Ok(Cleaned { value: Self(cleaned.value), notes: cleaned.notes })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = IdProblem;

            fn from_str(text: &str) -> Result<Self, IdProblem> {
                let cleaned = Self::parse(text)?;
                Ok(cleaned.value)
            }
        }
    };
}

guid! {
    /// The Application (client) ID of an app registration; canonical, lower case.
    ClientId
}

guid! {
    /// The Directory (tenant) ID of an Entra tenant; canonical, lower case.
    TenantId
}

guid! {
    /// Our own identifier of a connection: a UUID version 7, so that identifiers sort by age.
    ConnectionId
}

/// The name of a cloud in the list of clouds, such as `global` or `demo`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct CloudId(String);

impl CloudId {
    /// Wraps the identifier that stands in the list of clouds.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CloudId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not one GUID; each variant has its own advice in the form.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum IdProblem {
    /// Nothing is there.
    #[error("enter the ID")]
    Empty,
    /// The text is far longer than any ID.
    #[error("this is far too long for an ID")]
    TooLong,
    /// Two IDs were pasted together.
    #[error("this field takes one ID")]
    TwoValues,
    /// An all-zero or all-f GUID.
    #[error("this is a placeholder, not a real ID")]
    Placeholder,
    /// The ID is there, and is the hint, but with something around it: quotes, `client_id=`.
    #[error("only the ID is needed here")]
    Surrounded(#[cfg_attr(feature = "specta", specta(type = String))] Uuid),
    /// An application ID URI (`api://…`); the hint is the ID that it is made of, where it is.
    #[error("this is the Application ID URI; paste the Application (client) ID")]
    IdUri(#[cfg_attr(feature = "specta", specta(type = Option<String>))] Option<Uuid>),
    /// A link; the hint is the application's ID in it, as links of the portal have it.
    #[error("this is a link; paste only the ID from it")]
    Link(#[cfg_attr(feature = "specta", specta(type = Option<String>))] Option<Uuid>),
    /// Full-width or other look-alike digits.
    #[error("some characters only look like digits; type them again")]
    LookAlikes,
    /// Anything else.
    #[error("an ID has 32 hexadecimal digits in the form 00001111-aaaa-2222-bbbb-3333cccc4444")]
    NotAGuid,
}

impl IdProblem {
    /// The ID that was probably meant, for a person to confirm.
    pub const fn hint(&self) -> Option<Uuid> {
        match self {
            Self::Surrounded(id) => Some(*id),
            Self::IdUri(id) | Self::Link(id) => *id,
            Self::Empty
            | Self::TooLong
            | Self::TwoValues
            | Self::Placeholder
            | Self::LookAlikes
            | Self::NotAGuid => None,
        }
    }
}

/// No ID with everything portals add to it is longer than this many bytes.
const MAX_PASTE_LENGTH: usize = 2_000;

fn parse_guid(text: &str) -> Result<Cleaned<Uuid>, IdProblem> {
    if text.len() > MAX_PASTE_LENGTH {
        return Err(IdProblem::TooLong);
    }
    let Cleaned {
        value: mut bare,
        mut notes,
    } = clean(text);
    if let Some(inner) = without_braces(&bare) {
        bare = inner.trim().to_owned();
        notes.push(CleanUp::BracesRemoved);
    }
    let hyphenated: String = bare
        .chars()
        .map(|c| if is_dash(c) { '-' } else { c })
        .collect();
    if hyphenated != bare {
        notes.push(CleanUp::DashesReplaced);
    }
    let Some(guid) = parse_exactly(&hyphenated) else {
        return Err(what_else(&bare));
    };
    if !hyphenated.contains('-') {
        notes.push(CleanUp::DashesAdded);
    }
    if guid.is_nil() || guid.is_max() {
        return Err(IdProblem::Placeholder);
    }
    Ok(Cleaned { value: guid, notes })
}

fn without_braces(text: &str) -> Option<&str> {
    let braces = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    braces.or_else(|| {
        text.strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
    })
}

/// Hyphens and dashes that word processors put in the place of `-`.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

fn what_else(bare: &str) -> IdProblem {
    if bare.is_empty() {
        return IdProblem::Empty;
    }
    let within = guids_within(bare);
    if bare.starts_with("api://") {
        return IdProblem::IdUri(if let [only] = within[..] {
            Some(only)
        } else {
            None
        });
    }
    if bare.contains("://") {
        return IdProblem::Link(client_id_in(bare));
    }
    if bare.chars().any(|c| !c.is_ascii() && c.is_numeric()) {
        return IdProblem::LookAlikes;
    }
    match within[..] {
        [] => IdProblem::NotAGuid,
        [only] => IdProblem::Surrounded(only),
        _ => IdProblem::TwoValues,
    }
}

fn guids_within(text: &str) -> Vec<Uuid> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    let guids = words
        .filter(|word| word.len() == 36)
        .filter_map(parse_exactly);
    guids
        .filter(|guid| !guid.is_nil() && !guid.is_max())
        .collect()
}
