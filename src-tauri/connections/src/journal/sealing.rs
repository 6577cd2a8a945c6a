//! What becomes of a secret for which the keychain has no room: it lies in the store, sealed with
//! the key that is in the keychain already, until there is room for it.
//!
//! Windows holds about a thousand items for all programs together, and a keyring may refuse what is
//! long. The key is one small item, made before that happens ([`ahead`]).

use keychain::{Item, Keychain, Place};
use model::Connection;
use secrecy::SecretString;

use super::{exchange, open, write};
use crate::{
    Error,
    store::{Change, Kept, Renewal, Store},
    store_cipher::StoreCipher,
};

/// Keeps the new secret of a change: in the keychain or, without room there, sealed.
///
/// # Errors
/// Why the keychain does not keep it. What it may have written is left to whoever gives the change
/// up.
pub(super) async fn keep(
    store: &Store,
    keychain: &Keychain,
    change: &Change,
    secret: &SecretString,
) -> Result<Kept, Error> {
    match write(keychain, change, secret).await {
        Ok(place) => Ok(Kept::InKeychain(place)),
        Err(Error::Keychain(full)) if full.is_without_room() => {
            match seal(store, keychain, change, secret).await {
                Ok(kept) => Ok(kept),
                Err(error) => {
                    tracing::warn!(%error, "a secret without room in the keychain cannot be sealed");
                    Err(full.into())
                }
            }
        }
        Err(error) => Err(error),
    }
}

async fn seal(
    store: &Store,
    keychain: &Keychain,
    change: &Change,
    secret: &SecretString,
) -> Result<Kept, Error> {
    // The parts that found room are not to stay, and the key may need theirs.
    let item = Item::new(change.connection, change.version);
    match keychain.delete(&item, change.place()).await {
        Ok(_) | Err(keychain::Error::Missing) => {}
        Err(error) => return Err(error.into()),
    }
    let lock = StoreCipher::lock(store).await?;
    let (cipher, key) = StoreCipher::read_or_make(&lock, store, keychain).await?;
    let sealed = cipher.seal_secret(change.connection, change.version, secret)?;
    Ok(Kept::Sealed {
        sealed,
        key,
        _lock: lock,
    })
}

/// Opens the sealed secret of a connection.
///
/// # Errors
/// Why the keychain does not give the key; [`keychain::Error::KeyMissing`] when it is gone, or
/// another one.
pub(super) async fn unseal(
    keychain: &Keychain,
    connection: &Connection,
    sealed: &[u8],
    key: Option<&Place>,
) -> Result<SecretString, keychain::Error> {
    use keychain::Error as E;
    let (cipher, _) = match StoreCipher::open_key(keychain, key).await {
        Err(E::Missing | E::Damaged) => return Err(E::KeyMissing),
        opened => opened?,
    };
    cipher
        .open_secret(connection.id, connection.credential_version, sealed)
        .ok_or(E::KeyMissing)
}

/// Moves the sealed secret of a connection into the keychain. The caller holds its credential's
/// lock.
///
/// # Errors
/// [`Error::NotFound`], or why the keychain still does not keep it; then it stays where it is.
pub(crate) async fn move_to_keychain(
    store: &Store,
    keychain: &Keychain,
    connection: &Connection,
) -> Result<(), Error> {
    let (_, secret) = open(store, keychain, connection.id).await?;
    exchange(store, keychain, connection.id, &secret, Renewal::Moved).await
}

/// Makes the key while there is room for it, on a system whose keychain fills up.
pub(super) async fn ahead(store: &Store, keychain: &Keychain) {
    if !keychain.fills_up() {
        return;
    }
    let made = match StoreCipher::read(keychain).await {
        Ok(None) => StoreCipher::make(store, keychain).await.map(drop),
        known => known.map(drop),
    };
    if let Err(error) = made {
        tracing::debug!(%error, "the key of what is sealed could not be made ahead");
    }
}
