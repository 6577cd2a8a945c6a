//! Cleaning up what people paste: portals, spreadsheets and chat programs add characters that
//! nobody sees.

use serde::Serialize;
use uuid::Uuid;

use crate::hidden::is_hidden;

/// A value together with what was done to the text it was read from, so that the form can say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned<T> {
    /// The value that was read.
    pub value: T,
    /// What was changed on the way, in order and without repetition.
    pub notes: Vec<CleanUp>,
}

/// One harmless change made to pasted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum CleanUp {
    /// White space around the value was removed.
    SpacesRemoved,
    /// Zero-width or direction characters, which cannot be seen, were removed.
    InvisibleRemoved,
    /// Braces or brackets around the value were removed.
    BracesRemoved,
    /// Typographic dashes became hyphens.
    DashesReplaced,
    /// The hyphens of a GUID were put in.
    DashesAdded,
    /// A line break at the end was removed.
    LineBreakRemoved,
}

/// Removes surrounding white space and invisible characters anywhere in `text`.
pub(crate) fn clean(text: &str) -> Cleaned<String> {
    let mut notes = Vec::new();
    let visible: String = text
        .chars()
        .filter(|c| !is_hidden(*c) || c.is_whitespace())
        .collect();
    if visible.len() != text.len() {
        notes.push(CleanUp::InvisibleRemoved);
    }
    let value = visible.trim().to_owned();
    if value.len() != visible.len() {
        notes.push(CleanUp::SpacesRemoved);
    }
    Cleaned { value, notes }
}

/// Reads the 36-character and the 32-character form and no other (`Uuid` alone would take URNs and
/// braces too).
pub(crate) fn parse_exactly(text: &str) -> Option<Uuid> {
    if !matches!(text.len(), 32 | 36) {
        return None;
    }
    Uuid::try_parse(text).ok()
}
