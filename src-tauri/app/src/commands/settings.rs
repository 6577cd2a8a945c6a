//! What is set, and the places the app keeps its things in: clouds, keychain, data folder.

use model::CloudId;
use tauri::State;

use super::CommandResult;
use crate::{
    App,
    view::{About, CloudView, KeychainUnlock, SettingsView},
};

/// The clouds, the default one first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_clouds(app: State<'_, App>) -> CommandResult<Vec<CloudView>> {
    let connections = app.connections().await?;
    let first = connections.clouds().default_cloud().id.clone();
    let mut views = Vec::new();
    for cloud in connections.clouds().iter() {
        let default_client_id = connections
            .default_client_id(&cloud.id)
            .await?
            .map(|id| id.to_string());
        let (id, name, portal) = (
            cloud.id.to_string(),
            cloud.name.clone(),
            cloud.portal.to_string(),
        );
        views.push(CloudView {
            id,
            name,
            portal,
            custom: cloud.custom,
            on_this_computer: cloud.is_on_this_computer(),
            default_client_id,
        });
    }
    views.sort_by_key(|view| view.id != first.as_str());
    Ok(views)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(app: State<'_, App>) -> CommandResult<SettingsView> {
    let settings = app.connections().await?.settings().await?;
    Ok(settings.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn save_settings(
    app: State<'_, App>,
    settings: SettingsView,
) -> CommandResult<()> {
    let client_ids: Vec<_> = settings
        .client_ids
        .into_iter()
        .map(|c| (CloudId::new(c.cloud), c.client_id))
        .collect();
    app.connections()
        .await?
        .save_settings(settings.theme, &client_ids)
        .await?;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn keychain_self_test(app: State<'_, App>) -> CommandResult<String> {
    let test = app.connections().await?.test_keychain().await?;
    Ok(connections::tried(test))
}

/// Opens the keychain's own prompt; what came of it is no error, except that there is nothing to
/// open.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock_keychain(app: State<'_, App>) -> CommandResult<KeychainUnlock> {
    let unlocked = app.connections().await?.unlock_keychain().await?;
    Ok(unlocked.into())
}

/// Sets a damaged connections file aside, so that the list begins anew; returns where the file is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_store_aside(app: State<'_, App>) -> CommandResult<String> {
    Ok(app.set_store_aside().await?.display().to_string())
}

#[tauri::command]
#[specta::specta]
pub(crate) fn about(app: State<'_, App>) -> About {
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        tauri: tauri::VERSION.to_owned(),
        webview: tauri::webview_version().unwrap_or_else(|_| "unknown".to_owned()),
        data_folder: app.folder().display().to_string(),
    }
}
