//! Finding a connection by what somebody typed.

use std::{ffi::OsStr, str::FromStr};

use clap::Args;
use clap_complete::{ArgValueCompleter, CompletionCandidate};
use connections::{Connections, Error, KEYCHAIN_SERVICE};
use keychain::Keychain;
use model::{Connection, ConnectionId, ConnectionName};

use crate::exit::{Exit, Failure};

/// A connection.
#[derive(Args)]
pub(crate) struct Named {
    /// The connection's name (case does not matter) or its ID.
    #[arg(add = ArgValueCompleter::new(complete))]
    pub(crate) name: String,
}

/// Finds a connection by its name or its ID, or says which names come near.
pub(crate) async fn find(connections: &Connections, text: &str) -> Result<Connection, Failure> {
    // The ID first: a name could be chosen to look like one.
    if let Ok(id) = ConnectionId::from_str(text) {
        match connections.get(id).await {
            Err(Error::NotFound) => {}
            found => return Ok(found?),
        }
    }
    let name = ConnectionName::parse(text).ok();
    if let Some(name) = &name {
        match connections.find(name).await {
            Err(Error::NotFound) => {}
            found => return Ok(found?),
        }
    }
    let wanted = name.map(|name| name.key()).unwrap_or_default();
    let all = connections.list().await?.connections;
    let near = nearest(&wanted, all.iter().map(|connection| &connection.name));
    let hint = match near.as_slice() {
        [] if all.is_empty() => "there are none yet; `graph-connect add` makes one".to_owned(),
        [] => "`graph-connect list` shows all".to_owned(),
        near => format!("did you mean {}?", near.join(", ")),
    };
    Err(Failure::new(
        Exit::NoSuchConnection,
        format!("there is no connection of that name; {hint}"),
    ))
}

/// The names that begin with what is typed so far, for a shell that completes. A store that cannot
/// be read has none.
pub(crate) fn complete(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    else {
        return Vec::new();
    };
    let list = runtime.block_on(async {
        let connections = crate::open(Keychain::native(KEYCHAIN_SERVICE), false)
            .await
            .ok()?;
        connections.list().await.ok()
    });
    let all = list.map(|list| list.connections).unwrap_or_default();
    let begins =
        |connection: &&Connection| connection.name.as_str().to_lowercase().starts_with(&typed);
    let candidate = |connection: &Connection| {
        let help = connection
            .tenant_name
            .clone()
            .unwrap_or_else(|| connection.integration.name().to_owned());
        // One that begins with a dash would be taken for an option, so it goes by its ID.
        if connection.name.as_str().starts_with('-') {
            return CompletionCandidate::new(connection.id.to_string())
                .help(Some(connection.name.as_str().to_owned().into()));
        }
        CompletionCandidate::new(connection.name.as_str()).help(Some(help.into()))
    };
    all.iter().filter(begins).map(candidate).collect()
}

/// The names that come nearest, three at most: those that hold the text, then those that are a few
/// slips away from it.
fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a ConnectionName>) -> Vec<&'a str> {
    let distance = |name: &ConnectionName| {
        let key = name.key();
        let contained = !wanted.is_empty() && key.contains(wanted);
        if contained {
            0
        } else {
            strsim::damerau_levenshtein(wanted, &key)
        }
    };
    let allowed = wanted.chars().count() / 3 + 1;
    let mut near: Vec<_> = names
        .map(|name| (distance(name), name.as_str()))
        .filter(|(far, _)| *far <= allowed)
        .collect();
    near.sort();
    near.into_iter().map(|(_, name)| name).take(3).collect()
}
