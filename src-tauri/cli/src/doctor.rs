//! `graph-connect doctor`: whether this computer lets Graph Connect work.

use std::path::Path;

use connections::{Examined, examine};
use keychain::Keychain;

use crate::{
    answer::Answer,
    exit::{Exit, Failure},
};

/// Examines everything and says what to do about what is wrong.
pub(crate) async fn run(folder: &Path, keychain: Keychain, answer: Answer) -> Result<Exit, Failure> {
    let mut all = Vec::new();
    examine(folder, keychain, connections::clouds_in_use().await, &mut |one| all.push(one)).await;
    answer.health(&all)?;
    let failed = all.iter().filter(|one| !one.good);
    Ok(failed.map(exit).max().unwrap_or(Exit::Done))
}

fn exit(one: &Examined) -> Exit {
    one.error.as_ref().map_or(Exit::Other, Exit::of_error)
}
