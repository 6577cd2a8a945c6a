//! Tests against a real gnome-keyring, and against stores that fail on purpose.

mod failing;
mod places;
mod real;
mod shelf;
mod trouble;

use secrecy::ExposeSecret;

use crate::{Error, Item, Keychain};

const SERVICE: &str = "dev.graphconnect.test";

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

async fn read(keychain: &Keychain, connection: &str, version: u32) -> Result<String, Error> {
    let secret = keychain.read(&Item::new(connection, version)).await?;
    Ok(secret.expose_secret().to_owned())
}
