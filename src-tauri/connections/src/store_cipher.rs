//! Sealing of what lies in the store, with a key that is in the keychain: access tokens, and
//! secrets for which the keychain had no room.
//!
//! AES-256-GCM with a random nonce each time. What a row is about is bound to it as additional data
//! (connection, version of the credential, and of a token its scope and expiry), so that no row can
//! be passed off as another. Losing the key loses no token, because a new one is asked for; while
//! any secret is sealed, no key is removed.

use std::fs::File;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use keychain::{Item, Keychain, Place};
use model::{Connection, ConnectionId};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{
    Error, credential_lock,
    store::{SealedToken, Store},
};

/// The item of the key in the keychain; it belongs to no connection.
const ITEM: &str = "token-cache";
/// What a person sees in the keychain's own program.
const LABEL: &str = "Graph Connect: key that opens what is sealed";
/// The bytes of the key.
const KEY_LENGTH: usize = 32;

/// The key of what is sealed.
pub(crate) struct StoreCipher(RandomizedNonceKey);

/// While it is held, nobody makes or removes the key.
#[derive(Debug)]
pub(crate) struct KeyLock {
    _file: File,
}

impl StoreCipher {
    /// Reads the key from the keychain; `None` when there is none yet or it is of no use.
    ///
    /// # Errors
    /// When the keychain refuses or does not answer.
    pub(crate) async fn read(keychain: &Keychain) -> Result<Option<Self>, Error> {
        match keychain.read(&item()).await {
            Ok(text) => Ok(Self::decode(&text)),
            Err(error) if error.is_absence() || is_worthless(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the key that was `kept` there when something was sealed with it.
    ///
    /// # Errors
    /// When the keychain refuses, does not answer or has no key; [`keychain::Error::Damaged`] when
    /// what it has is none.
    pub(crate) async fn open_key(
        keychain: &Keychain,
        kept: Option<&Place>,
    ) -> Result<(Self, Option<Place>), keychain::Error> {
        let (text, place) = keychain.open(&item(), kept).await?;
        let cipher = Self::decode(&text).ok_or(keychain::Error::Damaged)?;
        Ok((cipher, place))
    }

    /// Waits until nobody makes or removes the key, and keeps everybody from it.
    ///
    /// # Errors
    /// When another program takes too long, or the store cannot be written.
    pub(crate) async fn lock(store: &Store) -> Result<KeyLock, Error> {
        let file = credential_lock::locked(store, store.key_file().await?).await?;
        Ok(KeyLock { _file: file })
    }

    /// Makes a key and keeps it in the keychain, unless another program has done so by now. One
    /// makes it at a time: two keys would make each other's tokens worthless.
    ///
    /// # Errors
    /// When the keychain cannot keep it, or another program takes too long;
    /// [`keychain::Error::Damaged`] or [`keychain::Error::Ambiguous`] when what is there is no key
    /// and may have sealed a secret.
    pub(crate) async fn make(store: &Store, keychain: &Keychain) -> Result<Self, Error> {
        let lock = Self::lock(store).await?;
        let (cipher, _) = Self::read_or_make(&lock, store, keychain).await?;
        Ok(cipher)
    }

    /// The key and where it lies, made if there is none.
    ///
    /// # Errors
    /// As [`StoreCipher::make`]; and where a secret is sealed and its key is only out of reach, why.
    pub(crate) async fn read_or_make(
        _lock: &KeyLock,
        store: &Store,
        keychain: &Keychain,
    ) -> Result<(Self, Option<Place>), Error> {
        let kept = store.place_of_key().await?;
        match Self::open_key(keychain, kept.as_ref()).await {
            Ok(opened) => return Ok(opened),
            Err(error) if is_worthless(&error) => {
                if store.has_sealed_secrets().await? {
                    return Err(error.into());
                }
                keychain.clear(&item()).await?;
            }
            // Where it is known to lie elsewhere, a second one would be in its way later.
            Err(error) if error.is_absence() && kept.is_some() => {
                if error != keychain::Error::Missing {
                    return Err(error.into());
                }
            }
            Err(error) if error.is_absence() => {}
            Err(error) => return Err(error.into()),
        }
        Self::make_alone(keychain).await
    }

    /// Removes the key, unless the store holds a connection, also a deleted one that can be brought
    /// back; says whether it did.
    ///
    /// # Errors
    /// When the store cannot be read, or the keychain does not remove it.
    pub(crate) async fn remove_unused(store: &Store, keychain: &Keychain) -> Result<bool, Error> {
        let _lock = Self::lock(store).await?;
        if store.has_connections().await? {
            return Ok(false);
        }
        keychain.clear(&item()).await?;
        Ok(true)
    }

    async fn make_alone(keychain: &Keychain) -> Result<(Self, Option<Place>), Error> {
        let mut bytes = Zeroizing::new([0_u8; KEY_LENGTH]);
        aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| entra::Error::NoSecurity)?;
        let text = SecretString::from(STANDARD_NO_PAD.encode(*bytes));
        let place = keychain.write(&item(), &text, LABEL).await?;
        let cipher = Self::decode(&text).ok_or(entra::Error::NoSecurity)?;
        Ok((cipher, place))
    }

    /// Seals a token.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub(crate) fn seal(
        &self,
        connection: &Connection,
        scope: &str,
        token: &SecretString,
        (expires_at, fetched_at, life): (Timestamp, Timestamp, SignedDuration),
    ) -> Result<SealedToken, Error> {
        Ok(SealedToken {
            sealed: self.seal_text(bound(connection, scope, expires_at), token)?,
            expires_at,
            fetched_at,
            life,
        })
    }

    /// Opens a sealed token; `None` when it is not of this connection, scope and expiry, or was
    /// sealed with another key.
    pub(crate) fn open(
        &self,
        connection: &Connection,
        scope: &str,
        token: &SealedToken,
    ) -> Option<SecretString> {
        self.open_text(bound(connection, scope, token.expires_at), &token.sealed)
    }

    /// Seals a secret of a connection, for this version of its credential.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub(crate) fn seal_secret(
        &self,
        id: ConnectionId,
        version: u32,
        secret: &SecretString,
    ) -> Result<Vec<u8>, Error> {
        self.seal_text(bound_to_secret(id, version), secret)
    }

    /// Opens a sealed secret; `None` when it is not of this connection and version, or was sealed
    /// with another key.
    pub(crate) fn open_secret(
        &self,
        id: ConnectionId,
        version: u32,
        sealed: &[u8],
    ) -> Option<SecretString> {
        self.open_text(bound_to_secret(id, version), sealed)
    }

    fn seal_text(&self, bound: Vec<u8>, text: &SecretString) -> Result<Vec<u8>, Error> {
        let text = text.expose_secret().as_bytes();
        // Room for the tag, so that it is not copied to another place before it is sealed.
        let mut sealed = Zeroizing::new(Vec::with_capacity(text.len() + AES_256_GCM.tag_len()));
        sealed.extend_from_slice(text);
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(bound), &mut *sealed)
            .map_err(|_| entra::Error::NoSecurity)?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    fn open_text(&self, bound: Vec<u8>, sealed: &[u8]) -> Option<SecretString> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = Zeroizing::new(sealed.to_vec());
        let open = self
            .0
            .open_in_place(nonce, Aad::from(bound), &mut text)
            .ok()?;
        std::str::from_utf8(open).ok().map(SecretString::from)
    }

    fn decode(text: &SecretString) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD_NO_PAD.decode(text.expose_secret()).ok()?);
        RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok().map(Self)
    }
}

/// Whether what is in the keychain can be replaced without loss: it is not a key, or there are two.
const fn is_worthless(error: &keychain::Error) -> bool {
    matches!(error, keychain::Error::Damaged | keychain::Error::Ambiguous)
}

fn item() -> Item {
    Item::new(ITEM, 1)
}

fn bound(connection: &Connection, scope: &str, expires_at: Timestamp) -> Vec<u8> {
    format!(
        "{}\n{}\n{scope}\n{expires_at}",
        connection.id, connection.credential_version
    )
    .into_bytes()
}

/// Never the same as what is bound to a token, which begins with an ID.
fn bound_to_secret(id: ConnectionId, version: u32) -> Vec<u8> {
    format!("secret\n{id}\n{version}").into_bytes()
}
