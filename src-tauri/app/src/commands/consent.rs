//! Consent by somebody else: the message to an administrator, waiting for consent, and consenting
//! right here.

use connections::{ConsentForm, ConsentRequest};
use model::ConnectionId;
use serde::Deserialize;
use specta::Type;
use tauri::{State, ipc::Channel};

use super::{CommandResult, parse_id};
use crate::{
    App,
    consents::ConsentEvent,
    downloads,
    view::{ConsentMessage, WatchView},
};

/// What consent is asked for: a connection, or a form that is not saved.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(crate) enum ConsentSubject {
    Connection { id: String },
    Form { form: ConsentForm },
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn consent_message(
    app: State<'_, App>,
    subject: ConsentSubject,
) -> CommandResult<ConsentMessage> {
    let request = request(&app, &subject).await?;
    Ok(ConsentMessage::new(request))
}

/// Saves the message as a draft that a mail program opens; returns where.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_consent_mail(
    app: State<'_, App>,
    subject: ConsentSubject,
) -> CommandResult<String> {
    let request = request(&app, &subject).await?;
    let saved = downloads::save(app.downloads(), &request.subject, "eml", request.eml()).await?;
    Ok(app.remember_saved(saved))
}

/// Looks at a fresh token from time to time until the permissions are in it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn watch_consent(app: State<'_, App>, id: String) -> CommandResult<WatchView> {
    let watch = app
        .connections()
        .await?
        .watch_consent(parse_id(&id)?)
        .await?;
    Ok(WatchView::new(&watch))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_watching(app: State<'_, App>, id: String) -> CommandResult<()> {
    app.connections()
        .await?
        .stop_watching(parse_id(&id)?)
        .await?;
    Ok(())
}

/// Opens the consent page in the system browser and waits for it; returns its link. Stopped by
/// `cancel_sign_in`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_admin_consent(
    app: State<'_, App>,
    sign_in: u32,
    id: String,
    on_event: Channel<ConsentEvent>,
) -> CommandResult<String> {
    let connections = app.connections().await?;
    app.consents
        .begin(sign_in, connections.clone(), parse_id(&id)?, on_event)
        .await
}

async fn request(app: &App, subject: &ConsentSubject) -> CommandResult<ConsentRequest> {
    let connections = app.connections().await?;
    let request = match subject {
        ConsentSubject::Connection { id } => {
            let id: ConnectionId = parse_id(id)?;
            connections.consent_request(id).await?
        }
        ConsentSubject::Form { form } => connections.consent_request_for(form).await?,
    };
    Ok(request)
}
