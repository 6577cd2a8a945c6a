//! Pages of Microsoft's: opening those of the portal, and explaining the error that one shows.

use std::str::FromStr;

use entra::portal_link;
use model::{ClientId, CloudId, PortalPage};
use tauri::State;

use super::CommandResult;
use crate::{
    App,
    error::{AppError, ErrorCode},
    view::Explanation,
};

/// Explains the error that Microsoft's page shows; the whole text of the page may be pasted.
#[tauri::command]
#[specta::specta]
pub(crate) fn explain_code(code: &str) -> CommandResult<Explanation> {
    let help = entra::explain_code(code).ok_or_else(|| {
        let message = "There is no error code in this text. Paste what Microsoft's page says, or enter the number that \
                       follows AADSTS.";
        AppError::plain(ErrorCode::Invalid, message)
    })?;
    Ok(help.into())
}

/// Opens a page of the portal. The window names the page; the address is made here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_portal(
    app: State<'_, App>,
    cloud: CloudId,
    page: PortalPage,
    client_id: Option<String>,
) -> CommandResult<()> {
    let clouds = app.connections().await?.clouds();
    let cloud = clouds.get(&cloud).unwrap_or_else(|| clouds.default_cloud());
    let client_id = client_id.and_then(|text| ClientId::from_str(&text).ok());
    let link = portal_link(cloud, page, client_id);
    if !cloud.may_open(&link) {
        return Err(AppError::plain(
            ErrorCode::NoPage,
            "This cloud's portal has no address that may be opened.",
        ));
    }
    tauri_plugin_opener::open_url(link.as_str(), None::<&str>).map_err(|_| {
        AppError::plain(
            ErrorCode::Browser,
            format!("The browser could not be opened. The page is {link}"),
        )
    })
}

/// Opens the page on which a cloud of this computer says who and what is in it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_demo(app: State<'_, App>, cloud: CloudId) -> CommandResult<()> {
    let cloud = app
        .connections()
        .await?
        .clouds()
        .get(&cloud)
        .filter(|cloud| cloud.is_on_this_computer());
    let Some(cloud) = cloud.filter(|cloud| cloud.may_open(&cloud.login)) else {
        return Err(AppError::plain(
            ErrorCode::NoPage,
            "This cloud has no page of its own to open.",
        ));
    };
    tauri_plugin_opener::open_url(cloud.login.as_str(), None::<&str>).map_err(|_| {
        AppError::plain(
            ErrorCode::Browser,
            format!(
                "The browser could not be opened. The page is {}",
                cloud.login
            ),
        )
    })
}
