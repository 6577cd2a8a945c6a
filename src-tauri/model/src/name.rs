//! The name of a connection: what a person calls it, and how two names are found to be the same.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::{
    hidden::{is_bidi, is_hidden},
    secret::contains_entra_secret,
};

/// A name of 1 to 100 characters in normal form C, without control, direction or invisible
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct ConnectionName(String);

/// The most characters (Unicode scalar values after normalisation) that a name may have.
const MAX_NAME_LENGTH: usize = 100;

/// More combining marks in a row than any script needs; beyond it text climbs over its neighbours.
const MAX_MARKS_IN_A_ROW: usize = 8;

impl ConnectionName {
    /// Reads a name: normal form C, white space around it removed.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, NameProblem> {
        if text.len() > 16 * MAX_NAME_LENGTH {
            return Err(NameProblem::TooLong);
        }
        let normal: String = text.nfc().collect();
        let name = normal.trim();
        if name.is_empty() {
            return Err(NameProblem::Empty);
        }
        if name
            .chars()
            .any(|c| c.is_control() || is_bidi(c) || matches!(c, '\u{2028}' | '\u{2029}'))
        {
            return Err(NameProblem::ControlCharacter);
        }
        if name.chars().any(|c| is_hidden(c) && !may_be_in_a_name(c))
            || joiner_stands_alone(name)
            || too_many_marks(name)
        {
            return Err(NameProblem::InvisibleCharacter);
        }
        if name.chars().count() > MAX_NAME_LENGTH {
            return Err(NameProblem::TooLong);
        }
        Ok(Self(name.to_owned()))
    }

    /// Parses a name that a person gives now. What is kept already is parsed by [`Self::parse`].
    ///
    /// # Errors
    /// As [`Self::parse`], and when it holds what has the form of a client secret.
    pub fn parse_new(text: &str) -> Result<Self, NameProblem> {
        if contains_entra_secret(text) {
            return Err(NameProblem::Secret);
        }
        Self::parse(text)
    }

    /// The name as a person wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names have in common when they differ by case or compatibility forms alone (NFKC,
    /// then lower case).
    pub fn key(&self) -> String {
        let folded: String = self
            .0
            .nfkc()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .nfkc()
            .collect();
        folded.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The first of `base`, `base 2`, `base 3`, … that `taken` does not hold.
    pub fn free(base: &str, taken: impl Fn(&Self) -> bool) -> Self {
        Self(base.to_owned()).free_like(taken)
    }

    /// This name if `taken` does not hold it; else the first free one with a number, which takes
    /// the place of a number that the name ends in: after `Contoso 2` comes `Contoso 3`. A name
    /// that would get too long is cut.
    pub fn free_like(&self, taken: impl Fn(&Self) -> bool) -> Self {
        if !taken(self) {
            return self.clone();
        }
        let (stem, from) = match self
            .0
            .rsplit_once(' ')
            .map(|(stem, end)| (stem, end.parse::<u32>()))
        {
            Some((stem, Ok(number @ 2..=99_999))) if !stem.is_empty() => (stem, number + 1),
            _ => (self.0.as_str(), 2),
        };
        let mut numbered = (from..).map(|n| {
            let number = format!(" {n}");
            let room = MAX_NAME_LENGTH.saturating_sub(number.len());
            let stem: String = stem.chars().take(room).collect();
            let stem = stem.trim_end_matches(|c: char| c.is_whitespace() || is_hidden(c));
            Self(format!("{stem}{number}"))
        });
        numbered
            .find(|name| !taken(name))
            .unwrap_or_else(|| self.clone())
    }
}

impl fmt::Display for ConnectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text cannot be the name of a connection.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum NameProblem {
    /// Nothing but white space.
    #[error("enter a name")]
    Empty,
    /// More than 100 characters.
    #[error("a name has at most 100 characters")]
    TooLong,
    /// A line break, another control character or one that turns the direction of text.
    #[error(
        "a name cannot contain line breaks, control characters or characters that change the direction of text"
    )]
    ControlCharacter,
    /// A character that nobody sees, or a pile of accents.
    #[error("a name cannot contain invisible characters or piles of accents")]
    InvisibleCharacter,
    /// A client secret, which would then be shown everywhere and kept in the clear.
    #[error(
        "this is a client secret, and names are shown and kept in the clear; choose another name"
    )]
    Secret,
    /// Another connection has this name, perhaps in another case.
    #[error("another connection has this name already")]
    Taken,
}

/// The joiner of emoji, and what names were allowed to hold when this was decided: a name that is
/// kept has to be read for as long as it is kept.
const fn may_be_in_a_name(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
}

/// A zero-width joiner belongs between two emoji and nowhere else.
fn joiner_stands_alone(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    letters
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == '\u{200d}')
        .any(|(at, _)| {
            let neighbour = |at: Option<usize>| {
                at.and_then(|at| letters.get(at))
                    .is_some_and(|c| *c as u32 >= 0x2190)
            };
            !(neighbour(at.checked_sub(1)) && neighbour(at.checked_add(1)))
        })
}

fn too_many_marks(name: &str) -> bool {
    let mut run = 0;
    name.chars().any(|c| {
        run = if unicode_normalization::char::is_combining_mark(c) {
            run + 1
        } else {
            0
        };
        run > MAX_MARKS_IN_A_ROW
    })
}
