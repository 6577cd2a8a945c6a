//! What could not be kept although it was done: it is told, and undoes nothing.

use crate::{Error, sentence::sentence};

/// What a refresh token is to a person that came in exchange for the one before.
pub(crate) const NEW_TOKEN: &str = "The new token of this sign-in is not kept";

/// Why something is not kept, as a sentence.
///
/// # Errors
/// [`Error::NotFound`]: then there is nothing to keep it for.
pub(crate) fn not_kept(what: &str, kept: Result<(), Error>) -> Result<Option<String>, Error> {
    match kept {
        Ok(()) => Ok(None),
        Err(Error::NotFound) => Err(Error::NotFound),
        Err(error) => Ok(Some(sentence(&format!("{what}: {error}")))),
    }
}
