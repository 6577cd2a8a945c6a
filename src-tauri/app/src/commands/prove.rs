//! Testing many connections at once, keeping reports as files, and the script that makes an app
//! registration.

use connections::CheckAllEvent;
use model::{CloudId, Integration, MethodKind, Need};
use tauri::{State, ipc::Channel};

use super::{CommandResult, parse_id};
use crate::{
    App, downloads,
    error::{AppError, ErrorCode},
    view::{Change, ConnectionRow, TestAllEvent, TestAllSummary},
};

/// Tests these connections, or all of them, 16 at a time. Stopped by `cancel_check`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn test_all(
    app: State<'_, App>,
    run: u32,
    ids: Option<Vec<String>>,
    on_event: Channel<TestAllEvent>,
) -> CommandResult<TestAllSummary> {
    let connections = app.connections().await?;
    let ids = ids
        .map(|ids| {
            ids.iter()
                .map(|id| parse_id(id))
                .collect::<CommandResult<Vec<_>>>()
        })
        .transpose()?;
    let tell = |event: CheckAllEvent| {
        let event = match event {
            CheckAllEvent::Started(id) => TestAllEvent::Started { id: id.to_string() },
            CheckAllEvent::Waiting { seconds } => TestAllEvent::Waiting {
                seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            },
            CheckAllEvent::Finished { connection, report } => {
                let row =
                    ConnectionRow::new(&connection, connections.clouds().get(&connection.cloud));
                TestAllEvent::Finished {
                    row: Box::new(row),
                    headline: report.headline,
                }
            }
        };
        let _ = on_event.send(event);
    };
    let summary = app
        .checks
        .run(run, connections.check_all(ids, &tell))
        .await?;
    Ok(summary.into())
}

/// Saves the last report of a connection as JSON; returns where.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_report(app: State<'_, App>, id: String) -> CommandResult<String> {
    let connections = app.connections().await?;
    let id = parse_id(&id)?;
    let (connection, document) = (
        connections.get(id).await?,
        connections.export_report(id).await?,
    );
    let title = format!("check report - {}", connection.name);
    let saved = downloads::save(app.downloads(), &title, "json", document.into_bytes()).await?;
    Ok(app.remember_saved(saved))
}

/// Shows the file that was saved last in the system's file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reveal_saved(app: State<'_, App>) -> CommandResult<()> {
    let nothing = || AppError::plain(ErrorCode::SavedFile, "Nothing has been saved yet.");
    let saved = app.last_saved().ok_or_else(nothing)?;
    // The file manager is asked over D-Bus on Linux, which may block.
    let shown = tauri::async_runtime::spawn_blocking({
        let saved = saved.clone();
        move || tauri_plugin_opener::reveal_item_in_dir(saved)
    });
    match shown.await {
        Ok(Ok(())) => Ok(()),
        _ => Err(AppError::plain(
            ErrorCode::FileManager,
            format!(
                "The file manager could not be opened. The file is {}",
                saved.display()
            ),
        )),
    }
}

/// The script for Azure Cloud Shell that makes the app registration of an integration.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cloud_shell_script(
    app: State<'_, App>,
    integration: Integration,
    need: Need,
    method: MethodKind,
    cloud: CloudId,
    name: String,
) -> CommandResult<String> {
    let clouds = app.connections().await?.clouds();
    let cloud = clouds.get(&cloud).unwrap_or_else(|| clouds.default_cloud());
    let kind = method.permission_kind();
    Ok(entra::cloud_shell_script(
        cloud,
        &name,
        &integration.needed(kind, &need),
        kind,
    ))
}

/// Tells the window of every change that it did not ask for.
#[tauri::command]
#[specta::specta]
pub(crate) fn subscribe(app: State<'_, App>, on_change: Channel<Change>) {
    app.changes.subscribe(on_change);
}
