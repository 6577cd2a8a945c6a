//! `graph-connect doctor`: whether this computer lets Graph Connect work.

use std::path::Path;

use connections::{Diagnostic, diagnose};
use keychain::Keychain;

use crate::{
    exit::{Exit, Failure},
    output::OutputFormat,
};

/// Examines everything and says what to do about what is wrong.
pub(crate) async fn run(
    folder: &Path,
    keychain: Keychain,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    answer.health_begins()?;
    let (mut all, mut written) = (Vec::new(), Ok(()));
    let on_examined = &mut |one: Diagnostic| {
        if written.is_ok() {
            written = answer.health_of(&one);
        }
        all.push(one);
    };
    diagnose(
        folder,
        keychain,
        connections::clouds_in_use().await,
        on_examined,
    )
    .await;
    written?;
    answer.health_ends(&all)?;
    let failed = all.iter().filter(|one| !one.good);
    Ok(failed.map(exit).max().unwrap_or(Exit::Done))
}

fn exit(one: &Diagnostic) -> Exit {
    one.error.as_ref().map_or(Exit::Other, Exit::of_error)
}
