//! How a connection is used: by scripts (who may, who did, whether a terminal finds the command
//! line), and by the person at the window, who tries a call.

use connections::Connections;
use entra::CallMethod;
use model::ConnectionId;
use tauri::{Manager, State};

use super::{CommandResult, parse_id};
use crate::{
    App,
    error::{AppError, ErrorCode},
    on_path::CliInstall,
    view::{CallView, CommandLine, UseView},
};

/// Lets scripts on this computer get tokens of a connection, or no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn let_scripts_use(
    app: State<'_, App>,
    id: String,
    yes: bool,
) -> CommandResult<()> {
    app.connections()
        .await?
        .let_scripts_use(parse_id(&id)?, yes)
        .await?;
    Ok(())
}

/// Lets scripts on this computer get the client secret itself, or no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn let_scripts_have_secret(
    app: State<'_, App>,
    id: String,
    yes: bool,
) -> CommandResult<()> {
    app.connections()
        .await?
        .let_scripts_have_secret(parse_id(&id)?, yes)
        .await?;
    Ok(())
}

/// Everybody who got a token of a connection, as far back as is kept, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connection_uses(
    app: State<'_, App>,
    id: String,
) -> CommandResult<Vec<UseView>> {
    let uses = app
        .connections()
        .await?
        .uses(parse_id(&id)?, u32::MAX)
        .await?;
    Ok(uses.into_iter().map(UseView::new).collect())
}

/// Reads a path of Graph through a connection. Stopped by `cancel_check`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_call(
    app: State<'_, App>,
    call: u32,
    id: String,
    path: String,
    beta: bool,
) -> CommandResult<CallView> {
    let connections = app.connections().await?;
    app.checks
        .run(
            call,
            Box::pin(read(connections, parse_id(&id)?, &path, beta)),
        )
        .await
}

async fn read(
    connections: &Connections,
    id: ConnectionId,
    path: &str,
    beta: bool,
) -> CommandResult<CallView> {
    let mut caller = connections.caller_in_person(id).await?;
    // There is one field, and its name says nothing that the sentence does not.
    let call = caller
        .prepare(CallMethod::Get, path, beta)
        .map_err(|error| {
            if let connections::Error::Invalid { problem, .. } = error {
                return AppError::plain(ErrorCode::Invalid, problem);
            }
            error.into()
        })?;
    let called = caller.call(&call).await?;
    let lacking = caller.missing_permissions(&call, &called);
    Ok(CallView::new(&called, lacking, caller.take_not_kept()))
}

/// Whether a terminal finds the command line.
#[tauri::command]
#[specta::specta]
pub(crate) async fn command_line(app: tauri::AppHandle) -> CommandResult<CommandLine> {
    on_disk(&app, |here| Ok(here.look())).await
}

/// Links the command line to where a terminal finds it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn put_on_path(app: tauri::AppHandle) -> CommandResult<CommandLine> {
    on_disk(&app, |here| here.put().map(|()| here.look())).await
}

/// Removes that link again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_off_path(app: tauri::AppHandle) -> CommandResult<CommandLine> {
    on_disk(&app, |here| here.take_off().map(|()| here.look())).await
}

async fn on_disk(
    app: &tauri::AppHandle,
    work: impl FnOnce(&CliInstall) -> CommandResult<CommandLine> + Send + 'static,
) -> CommandResult<CommandLine> {
    let homeless = |_| {
        AppError::plain(
            ErrorCode::CommandLine,
            "This computer names no home folder.",
        )
    };
    let home = app.path().home_dir().map_err(homeless)?;
    let done = tauri::async_runtime::spawn_blocking(move || work(&CliInstall::here(home))).await;
    done.unwrap_or_else(|_| {
        Err(AppError::plain(
            ErrorCode::Closing,
            "Graph Connect is closing.",
        ))
    })
}
