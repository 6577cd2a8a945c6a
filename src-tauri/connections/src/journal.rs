//! What happens before what when a secret changes, so that a crash anywhere leaves the state before or after.
//!
//! Row in `pending` → new secret under a version of its own → one transaction in which the connection points to it →
//! old secret removed → row gone. Nothing in the store ever points to a secret that is not there, and every secret in the
//! keychain is a connection's own or has its row. So the list is right at once after a crash, without the keychain;
//! [`tidy`] removes what is left over when the keychain answers.
//!
//! A change that has begun is finished also when its caller is dropped.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use keychain::{Item, Keychain};
use model::{Connection, ConnectionId, Method};
use secrecy::SecretString;

#[cfg(test)]
use tests::kill::step;

use crate::{
    Error,
    store::{Change, Leftover, Renewal, Store},
};

/// Adds a connection with its first secret.
///
/// # Errors
/// [`Error::NameTaken`], or why the secret could not be kept; then there is no connection and no secret.
pub(crate) async fn create(
    store: &Store,
    keychain: &Keychain,
    connection: &Connection,
    secret: &SecretString,
) -> Result<(), Error> {
    let (store, keychain) = (store.clone(), keychain.clone());
    let (connection, secret) = (connection.clone(), secret.clone());
    finish(async move {
        step();
        let change = store.begin_create(&connection).await?;
        step();
        let written = write(&keychain, &change, &secret).await;
        step();
        let committed = match written {
            Ok(()) => store.commit_create(&change, &connection).await,
            Err(error) => Err(error),
        };
        step();
        undo_unless(committed, &store, &keychain, change).await
    })
    .await
}

/// Puts a new secret in the place of a connection's old one: a new client secret, or another sign-in. `method` changes with
/// it, and what was proved with the old secret no longer counts.
///
/// # Errors
/// [`Error::NotFound`], or why the secret could not be kept; then the old one still holds.
pub(crate) async fn replace_secret(
    store: &Store,
    keychain: &Keychain,
    id: ConnectionId,
    secret: &SecretString,
    method: Method,
) -> Result<(), Error> {
    exchange(store, keychain, id, secret, Renewal::ByPerson { method, at: Timestamp::now() }).await
}

/// Keeps the refresh token that a server has given in exchange for the old one. To a person nothing has changed.
///
/// # Errors
/// [`Error::NotFound`], or why the token could not be kept; then the connection still points to the old one.
pub(crate) async fn rotate(
    store: &Store,
    keychain: &Keychain,
    id: ConnectionId,
    token: &SecretString,
    method: Method,
) -> Result<(), Error> {
    exchange(store, keychain, id, token, Renewal::ByServer { method }).await
}

/// Removes a connection. Its secret may stay behind in a keychain that does not answer; [`tidy`] tries again.
///
/// # Errors
/// [`Error::NotFound`], or those of the store.
pub(crate) async fn remove(store: &Store, keychain: &Keychain, connection: &Connection) -> Result<(), Error> {
    let (store, keychain, id) = (store.clone(), keychain.clone(), connection.id);
    finish(async move {
        step();
        let secret = store.commit_remove(id).await?;
        step();
        clear_or_leave(&store, &keychain, secret).await?;
        step();
        Ok(())
    })
    .await
}

/// Finds the changes that were cut short. Run at the start; the keychain is not touched.
///
/// # Errors
/// Those of the store.
pub(crate) async fn settle(store: &Store) -> Result<(), Error> {
    store.adopt_strays().await
}

/// Removes from the keychain what earlier changes left there, and says how many secrets could not be removed yet.
///
/// Without anything to remove the keychain is not touched. It may run at any time, also while changes run.
///
/// # Errors
/// Those of the store. That the keychain cannot be used is no error; the rows stay for the next time.
pub(crate) async fn tidy(store: &Store, keychain: &Keychain) -> Result<usize, Error> {
    settle(store).await?;
    for leftover in store.leftovers().await? {
        step();
        match clear(store, keychain, leftover).await {
            // Only this item is in trouble; the others may still go.
            Ok(()) | Err(Error::Keychain(keychain::Error::Ambiguous | keychain::Error::NotRemoved)) => {}
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
        let error = match keychain.read(&item(&connection)).await {
            Ok(secret) => return Ok((connection, secret)),
            Err(error) => error,
        };
        let latest = store.get(id).await?;
        if error != keychain::Error::Missing || latest.credential_version == connection.credential_version {
            return Err(error.into());
        }
        connection = latest;
    }
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
        step();
        let change = store.begin_replace(id).await?;
        step();
        let written = write(&keychain, &change, &secret).await;
        step();
        let committed = match written {
            Ok(()) => store.commit_replace(&change, renewal).await,
            Err(error) => Err(error),
        };
        step();
        let old = undo_unless(committed, &store, &keychain, change).await?;
        clear_or_leave(&store, &keychain, old).await?;
        step();
        Ok(())
    })
    .await
}

async fn write(keychain: &Keychain, change: &Change, secret: &SecretString) -> Result<(), Error> {
    let label = format!("Graph Connect: {}", change.name);
    keychain.write(&Item::new(change.connection, change.version), secret, &label).await?;
    Ok(())
}

/// After a failed change, removes what it may have written; the failure that a person hears of is the first one.
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
    if let Ok(stray) = store.give_up(change).await {
        clear_or_leave(store, keychain, stray).await?;
    }
    Err(failure)
}

/// Removes an item, or leaves it with its row to [`tidy`] when the keychain does not.
async fn clear_or_leave(store: &Store, keychain: &Keychain, leftover: Leftover) -> Result<(), Error> {
    match clear(store, keychain, leftover).await {
        Ok(()) => Ok(()),
        Err(Error::Keychain(error)) => {
            tracing::warn!(%error, "a secret stays in the keychain until it can be removed");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

async fn clear(store: &Store, keychain: &Keychain, leftover: Leftover) -> Result<(), Error> {
    keychain.delete(&Item::new(leftover.connection, leftover.version)).await?;
    step();
    store.forget(leftover).await
}

/// Runs a change on a task of its own, so that it ends also when nobody waits for it any more.
async fn finish<T: Send + 'static>(
    change: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    match tokio::spawn(change).await {
        Ok(result) => result,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::Closing),
        },
    }
}

/// A place at which the tests kill the process.
#[cfg(not(test))]
const fn step() {}
