//! What changes leave in the keychain: removed at once, or later when the keychain does not answer.

use keychain::{Item, Keychain, Place, Removal};

use super::{crash_point, recover};
use crate::{
    Error,
    secret_removal::SecretRemoval,
    store::{Leftover, Store},
};

/// Removes from the keychain what earlier changes left there, and says how many secrets could not
/// be removed yet.
///
/// Without anything to remove the keychain is not touched. It may run at any time, also while
/// changes run.
///
/// # Errors
/// Those of the store. That the keychain cannot be used is no error; the rows stay for the next
/// time.
pub(crate) async fn tidy(store: &Store, keychain: &Keychain) -> Result<usize, Error> {
    recover(store).await?;
    for leftover in store.leftovers().await? {
        crash_point();
        match clear(store, keychain, leftover).await {
            Ok(_) => {}
            // Only this item is in trouble, or kept elsewhere; the others may still go.
            Err(Error::Keychain(error)) if error.is_absence() || is_about_one(&error) => {}
            Err(Error::Keychain(_)) => break,
            Err(error) => return Err(error),
        }
    }
    removals_pending(store).await
}

/// How many secrets are known to be in the keychain although no connection points to them any more.
///
/// # Errors
/// Those of the store.
pub(crate) async fn removals_pending(store: &Store) -> Result<usize, Error> {
    store.obsolete_count().await
}

/// Whether an error is about one item and not about the keychain.
const fn is_about_one(error: &keychain::Error) -> bool {
    matches!(
        error,
        keychain::Error::Ambiguous | keychain::Error::NotRemoved
    )
}

/// Removes what of an old secret is still in the keychain; a sealed one went with its row.
pub(super) async fn clear_all(
    store: &Store,
    keychain: &Keychain,
    old: Option<Leftover>,
) -> Result<SecretRemoval, Error> {
    match old {
        Some(old) => clear_or_leave(store, keychain, old).await,
        None => {
            store.shorten_log().await;
            Ok(SecretRemoval::Removed { bin: None })
        }
    }
}

/// Removes an item, or leaves it with its row to [`tidy`] when the keychain does not.
pub(super) async fn clear_or_leave(
    store: &Store,
    keychain: &Keychain,
    leftover: Leftover,
) -> Result<SecretRemoval, Error> {
    match clear(store, keychain, leftover).await {
        Ok(removal) => Ok(removal),
        Err(Error::Keychain(error)) => {
            tracing::warn!(%error, "a secret stays in the keychain until it can be removed");
            Ok(SecretRemoval::Pending(error))
        }
        Err(error) => Err(error),
    }
}

/// Removes an item from the keychain that keeps it, and only then forgets it.
async fn clear(
    store: &Store,
    keychain: &Keychain,
    leftover: Leftover,
) -> Result<SecretRemoval, Error> {
    let item = Item::new(leftover.connection, leftover.version);
    let removal = match keychain.delete(&item, leftover.place.as_ref()).await {
        // It was perhaps never written, and nobody knew a place for it: an open keychain without it
        // is all there is to see.
        Err(keychain::Error::Missing) if leftover.place.is_none() && !leftover.was_kept => {
            Removal::NotFound
        }
        removal => removal?,
    };
    crash_point();
    let bin = leftover
        .place
        .as_ref()
        .and_then(Place::bin)
        .map(str::to_owned);
    store.forget(leftover).await?;
    Ok(match removal {
        Removal::Removed => SecretRemoval::Removed { bin },
        Removal::NotFound => SecretRemoval::NotFound,
    })
}
