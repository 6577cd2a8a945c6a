//! How scripts use a connection: who may, who did, and whether a terminal finds the command line.

use tauri::{Manager, State};

use super::{Answer, read_id};
use crate::{
    App,
    error::{AppError, ErrorCode},
    on_path::Surroundings,
    view::{CommandLine, UseView},
};

/// Lets scripts on this computer get tokens of a connection, or no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn let_scripts_use(app: State<'_, App>, id: String, yes: bool) -> Answer<()> {
    app.connections().await?.let_scripts_use(read_id(&id)?, yes).await?;
    Ok(())
}

/// Everybody who got a token of a connection, as far back as is kept, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connection_uses(app: State<'_, App>, id: String) -> Answer<Vec<UseView>> {
    let uses = app.connections().await?.uses(read_id(&id)?, u32::MAX).await?;
    Ok(uses.into_iter().map(UseView::new).collect())
}

/// Whether a terminal finds the command line.
#[tauri::command]
#[specta::specta]
pub(crate) async fn command_line(app: tauri::AppHandle) -> Answer<CommandLine> {
    on_disk(&app, |here| Ok(here.look())).await
}

/// Links the command line to where a terminal finds it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn put_on_path(app: tauri::AppHandle) -> Answer<CommandLine> {
    on_disk(&app, |here| here.put().map(|()| here.look())).await
}

/// Removes that link again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_off_path(app: tauri::AppHandle) -> Answer<CommandLine> {
    on_disk(&app, |here| here.take_off().map(|()| here.look())).await
}

async fn on_disk(
    app: &tauri::AppHandle,
    work: impl FnOnce(&Surroundings) -> Answer<CommandLine> + Send + 'static,
) -> Answer<CommandLine> {
    let homeless = |_| AppError::plain(ErrorCode::NotFound, "This computer names no home folder.");
    let home = app.path().home_dir().map_err(homeless)?;
    let done = tauri::async_runtime::spawn_blocking(move || work(&Surroundings::here(home))).await;
    done.unwrap_or_else(|_| Err(AppError::plain(ErrorCode::Internal, "Graph Connect is closing.")))
}
