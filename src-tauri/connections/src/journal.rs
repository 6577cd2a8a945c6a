//! What happens before what when a secret changes, so that a crash anywhere leaves the state before
//! or after.
//!
//! Row in `pending` → new secret under a version of its own → one transaction in which the
//! connection points to it → old secret removed → row gone. Nothing in the store ever points to a
//! secret that is not there, and every secret in the keychain is a connection's own or has its row.
//! So the list is right at once after a crash, without the keychain; [`tidy`] removes what is left
//! over when the keychain answers.
//!
//! A change that has begun is finished also when its caller is dropped.

mod leftovers;
mod sealing;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use keychain::{Item, Keychain, Place};
use model::{CheckReport, Connection, ConnectionId, ConnectionName, Method};
use secrecy::SecretString;

use leftovers::{clear_all, clear_or_leave};
pub(crate) use leftovers::{removals_pending, tidy};
pub(crate) use sealing::move_to_keychain;
#[cfg(test)]
use tests::kill::crash_point;

use crate::{
    Error,
    secret_removal::SecretRemoval,
    store::{Change, Deletion, Kept, Renewal, Store},
    task::finish,
};

/// Adds a connection with its first secret.
///
/// # Errors
/// [`Error::NameTaken`], or why the secret could not be kept; then there is no connection and no
/// secret.
pub(crate) async fn create(
    store: &Store,
    keychain: &Keychain,
    connection: &Connection,
    secret: &SecretString,
) -> Result<(), Error> {
    let (store, keychain) = (store.clone(), keychain.clone());
    let (connection, secret) = (connection.clone(), secret.clone());
    finish(async move {
        crash_point();
        let change = store
            .begin_create(&connection, going_to(&keychain).await)
            .await?;
        crash_point();
        let kept = sealing::keep(&store, &keychain, &change, &secret).await;
        crash_point();
        let committed = match kept {
            Ok(kept) => store.commit_create(&change, &connection, kept).await,
            Err(error) => Err(error),
        };
        crash_point();
        undo_unless(committed, &store, &keychain, change).await?;
        sealing::ahead(&store, &keychain).await;
        Ok(())
    })
    .await
}

/// Puts a new secret in the place of a connection's old one: a new client secret, or another
/// sign-in. `method` changes with it, and what was proved with the old secret no longer counts;
/// `tested` is what a test of the new one found.
///
/// # Errors
/// [`Error::NotFound`], or why the secret could not be kept; then the old one still holds.
pub(crate) async fn replace_secret(
    store: &Store,
    keychain: &Keychain,
    id: ConnectionId,
    secret: &SecretString,
    method: Method,
    tested: Option<CheckReport>,
) -> Result<(), Error> {
    let renewal = Renewal::ByPerson {
        method,
        at: Timestamp::now(),
        tested: tested.map(Box::new),
    };
    exchange(store, keychain, id, secret, renewal).await
}

/// Gives a connection another name, and its secret an item of that name. To the server nothing has
/// changed.
///
/// # Errors
/// [`Error::NotFound`], [`Error::NameTaken`], or why the secret could not be kept; then the old
/// name still holds.
pub(crate) async fn rename(
    store: &Store,
    keychain: &Keychain,
    id: ConnectionId,
    secret: &SecretString,
    name: ConnectionName,
) -> Result<(), Error> {
    exchange(
        store,
        keychain,
        id,
        secret,
        Renewal::Renamed {
            name,
            at: Timestamp::now(),
        },
    )
    .await
}

/// Keeps the refresh token that a server has given in exchange for the old one. To a person nothing
/// has changed.
///
/// # Errors
/// [`Error::NotFound`], or why the token could not be kept; then the connection still points to the
/// old one.
pub(crate) async fn rotate(
    store: &Store,
    keychain: &Keychain,
    id: ConnectionId,
    token: &SecretString,
    method: Method,
) -> Result<(), Error> {
    exchange(store, keychain, id, token, Renewal::ByServer { method }).await
}

/// Removes a connection, and says what became of its secret. It may stay behind in a keychain that
/// does not answer or is not the one that keeps it; [`tidy`] tries again.
///
/// # Errors
/// [`Error::NotFound`], or those of the store.
pub(crate) async fn remove(
    store: &Store,
    keychain: &Keychain,
    connection: &Connection,
) -> Result<SecretRemoval, Error> {
    let (store, keychain, id) = (store.clone(), keychain.clone(), connection.id);
    finish(async move {
        crash_point();
        let secret = store.commit_remove(id).await?;
        crash_point();
        let removal = clear_all(&store, &keychain, secret).await?;
        crash_point();
        Ok(removal)
    })
    .await
}

/// Removes a connection for good that was deleted a while ago, and says what became of its secret;
/// `None` when it was brought back.
///
/// # Errors
/// Those of the store. The secret may stay behind as in [`remove`].
pub(crate) async fn end_deletion(
    store: &Store,
    keychain: &Keychain,
    deletion: Deletion,
) -> Result<Option<SecretRemoval>, Error> {
    let (store, keychain) = (store.clone(), keychain.clone());
    finish(async move {
        crash_point();
        let Some(secret) = store.end_deletion(&deletion).await? else {
            return Ok(None);
        };
        crash_point();
        let removal = clear_all(&store, &keychain, secret).await?;
        crash_point();
        Ok(Some(removal))
    })
    .await
}

/// Finds the changes that were cut short. Run at the start; the keychain is not touched.
///
/// # Errors
/// Those of the store.
pub(crate) async fn recover(store: &Store) -> Result<(), Error> {
    store.adopt_strays().await
}

/// Reads a connection together with its current secret, also while another program exchanges it.
///
/// # Errors
/// [`Error::NotFound`], or why the keychain does not give the secret.
pub(crate) async fn open(
    store: &Store,
    keychain: &Keychain,
    id: ConnectionId,
) -> Result<(Connection, SecretString), Error> {
    let mut connection = store.get(id).await?;
    loop {
        let kept = store.place_of(id).await?;
        let sealed = if connection.sealed {
            store
                .sealed_secret(id, connection.credential_version)
                .await?
        } else {
            None
        };
        let opened = match sealed {
            Some(sealed) => sealing::unseal(keychain, &connection, &sealed, kept.as_ref())
                .await
                .map(|secret| (secret, None)),
            None => keychain.open(&item(&connection), kept.as_ref()).await,
        };
        let error = match opened {
            Ok((secret, found)) => {
                learn(store, &connection, kept, found).await;
                return Ok((connection, secret));
            }
            Err(error) => error,
        };
        let latest = store.get(id).await?;
        if !error.is_absence() || latest.credential_version == connection.credential_version {
            return Err(error.into());
        }
        connection = latest;
    }
}

/// Remembers where a secret was found. That it cannot be remembered is no reason not to use it.
async fn learn(store: &Store, connection: &Connection, kept: Option<Place>, found: Option<Place>) {
    let Some(found) = found.filter(|found| kept.as_ref() != Some(found)) else {
        return;
    };
    if let Err(error) = store
        .learn_place(connection.id, connection.credential_version, found)
        .await
    {
        tracing::debug!(%error, "where a secret is kept could not be remembered");
    }
}

/// Where a new secret is going to be kept. A keychain that cannot say so says why when it is
/// written.
async fn going_to(keychain: &Keychain) -> Option<Place> {
    keychain.place().await.ok().flatten()
}

/// The keychain item that holds a connection's current secret.
fn item(connection: &Connection) -> Item {
    Item::new(connection.id, connection.credential_version)
}

async fn exchange(
    store: &Store,
    keychain: &Keychain,
    id: ConnectionId,
    secret: &SecretString,
    renewal: Renewal,
) -> Result<(), Error> {
    let (store, keychain, secret) = (store.clone(), keychain.clone(), secret.clone());
    finish(async move {
        crash_point();
        let mut change = store.begin_replace(id, going_to(&keychain).await).await?;
        if let Renewal::Renamed { name, .. } = &renewal {
            change.name = name.to_string();
        }
        crash_point();
        let kept = if matches!(renewal, Renewal::Moved) {
            // It is sealed already.
            let written = write(&keychain, &change, &secret).await;
            written.map(Kept::InKeychain)
        } else {
            sealing::keep(&store, &keychain, &change, &secret).await
        };
        crash_point();
        let committed = match kept {
            Ok(kept) => store.commit_replace(&change, renewal, kept).await,
            Err(error) => Err(error),
        };
        crash_point();
        let old = undo_unless(committed, &store, &keychain, change).await?;
        clear_all(&store, &keychain, old).await?;
        crash_point();
        Ok(())
    })
    .await
}

async fn write(
    keychain: &Keychain,
    change: &Change,
    secret: &SecretString,
) -> Result<Option<Place>, Error> {
    let label = format!("Graph Connect: {}", change.name);
    let place = keychain
        .write(
            &Item::new(change.connection, change.version),
            secret,
            &label,
        )
        .await?;
    Ok(place)
}

/// After a failed change, removes what it may have written; the failure that a person hears of is
/// the first one.
async fn undo_unless<T>(
    committed: Result<T, Error>,
    store: &Store,
    keychain: &Keychain,
    change: Change,
) -> Result<T, Error> {
    let failure = match committed {
        Ok(done) => return Ok(done),
        Err(failure) => failure,
    };
    let undone = match store.give_up(change).await {
        Ok(stray) => clear_or_leave(store, keychain, stray).await.map(drop),
        Err(error) => Err(error),
    };
    if let Err(error) = undone {
        tracing::warn!(%error, "what a failed change has written is removed later");
    }
    Err(failure)
}

/// A place at which the tests kill the process.
#[cfg(not(test))]
const fn crash_point() {}
