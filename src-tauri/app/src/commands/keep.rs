//! What is done with what is kept: a new secret in the place of the old one, copies, another name,
//! deleting, and bringing back.

use std::{sync::Arc, time::Duration};

use connections::{Copy, Proof, SecretForm};
use model::{Finding, MethodKind};
use tauri::{State, ipc::Channel};

use super::{CommandResult, forward, parse_id};
use crate::{
    App,
    view::{ConnectionRow, Replacement},
};

/// For how long a deleted connection can be brought back: the ten seconds that the window counts,
/// and a moment for a press in the last of them.
const UNDO_FOR: Duration = Duration::from_millis(10_500);

/// Tests a new secret, and puts it in the place of the old one if it works. Stopped by
/// `cancel_check` while it is tested.
#[tauri::command]
#[specta::specta]
pub(crate) async fn replace_secret(
    app: State<'_, App>,
    check: u32,
    id: String,
    form: SecretForm,
    on_finding: Channel<Finding>,
) -> CommandResult<Replacement> {
    let (connections, id) = (app.connections().await?, parse_id(&id)?);
    let tested = app
        .checks
        .run(
            check,
            connections.test_secret(id, &form, &forward(&on_finding)),
        )
        .await?;
    let report = tested.report().clone();
    app.checks.remember(check, tested.clone());
    let proof = match connections.replace_secret(id, &form, tested).await {
        Ok(()) => Proof::Works,
        Err(connections::Error::NotProved { proof, .. }) => proof,
        Err(error) => return Err(error.into()),
    };
    let say = proof.say(MethodKind::AppRegistration).to_owned();
    Ok(Replacement {
        replaced: proof == Proof::Works,
        say,
        report,
    })
}

/// Puts a new secret in the place of the old one although its test did not pass; `tested` is the
/// number of that test. Returns what became of both, as a sentence.
#[tauri::command]
#[specta::specta]
pub(crate) async fn replace_secret_anyway(
    app: State<'_, App>,
    id: String,
    form: SecretForm,
    tested: Option<u32>,
) -> CommandResult<String> {
    let tested = tested.and_then(|check| app.checks.recall(check));
    let connections = app.connections().await?;
    let proof = connections
        .replace_secret_anyway(parse_id(&id)?, &form, tested)
        .await?;
    Ok(proof.say_anyway(MethodKind::AppRegistration).to_owned())
}

/// Takes a connection out of the list. It can be brought back for ten seconds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_connection(app: State<'_, App>, id: String) -> CommandResult<()> {
    let (connections, id, changes) = (
        app.connections().await?,
        parse_id(&id)?,
        Arc::clone(&app.changes),
    );
    let name = connections.get(id).await?.name;
    let gone = connections.delete(id, UNDO_FOR).await?;
    tauri::async_runtime::spawn(async move {
        if let Ok(Some(removal)) = gone.await {
            changes.tell_deleted(&name, &removal);
        }
    });
    Ok(())
}

/// Brings a deleted connection back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_delete(app: State<'_, App>, id: String) -> CommandResult<ConnectionRow> {
    let connections = app.connections().await?;
    let connection = connections.undo_delete(parse_id(&id)?).await?;
    Ok(ConnectionRow::new(
        &connection,
        connections.clouds().get(&connection.cloud),
    ))
}

/// A name for a copy of a connection.
#[tauri::command]
#[specta::specta]
pub(crate) async fn suggest_copy_name(app: State<'_, App>, id: String) -> CommandResult<String> {
    let name = app
        .connections()
        .await?
        .suggest_copy_name(parse_id(&id)?)
        .await?;
    Ok(name.to_string())
}

/// Makes a connection like another one, with a copy of its client secret, which is copied in the
/// keychain and crosses no border.
#[tauri::command]
#[specta::specta]
pub(crate) async fn duplicate_connection(
    app: State<'_, App>,
    id: String,
    name: String,
    description: String,
    tags: Vec<String>,
) -> CommandResult<ConnectionRow> {
    let connections = app.connections().await?;
    let connection = connections
        .duplicate(
            parse_id(&id)?,
            &Copy {
                name,
                description,
                tags,
            },
        )
        .await?;
    Ok(ConnectionRow::new(
        &connection,
        connections.clouds().get(&connection.cloud),
    ))
}

/// Gives a connection another name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_connection(
    app: State<'_, App>,
    id: String,
    name: String,
) -> CommandResult<ConnectionRow> {
    let connections = app.connections().await?;
    let connection = connections.rename(parse_id(&id)?, &name).await?;
    Ok(ConnectionRow::new(
        &connection,
        connections.clouds().get(&connection.cloud),
    ))
}
