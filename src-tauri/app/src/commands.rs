//! What the window may ask. Each command takes a form, calls one use case and maps the view.

pub(crate) mod consent;
pub(crate) mod keep;
pub(crate) mod pages;
pub(crate) mod prove;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod use_it;

use connections::{
    AppRegistrationForm, AppRegistrationVerdict, DayVerdict, Edit, SignInForm, SignInVerdict,
};
use model::{CheckReport, ConnectionId, Finding, Integration, Need};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tauri::{State, ipc::Channel};

use crate::{
    App,
    error::AppError,
    view::{ConnectionDetail, ConnectionList, ConnectionRow, Created, IntegrationView, PastedView},
};

/// How many uses of a connection its page shows.
const USES_SHOWN: u32 = 20;

type CommandResult<T> = Result<T, AppError>;

/// A secret on its one way inwards.
#[derive(Deserialize, specta::Type)]
#[serde(transparent)]
pub(crate) struct SecretText(#[specta(type = String)] SecretString);

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_connections(app: State<'_, App>) -> CommandResult<ConnectionList> {
    let connections = app.connections().await?;
    // Before the list, so that what changes while it is read is noticed.
    let version = connections.data_version().await.ok();
    let list = connections.list().await?;
    app.begin_upkeep(connections, version);
    let rows = list
        .connections
        .iter()
        .map(|c| ConnectionRow::new(c, connections.clouds().get(&c.cloud)));
    let removals_pending = u32::try_from(list.removals_pending).unwrap_or(u32::MAX);
    Ok(ConnectionList {
        connections: rows.collect(),
        removals_pending,
    })
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn connection_detail(
    app: State<'_, App>,
    id: String,
) -> CommandResult<ConnectionDetail> {
    let connections = app.connections().await?;
    let id = parse_id(&id)?;
    let (connection, report) = (
        connections.get(id).await?,
        connections.last_report(id).await?,
    );
    let watch = connections.watch_of(id).await?;
    // One more than is shown says whether there are more.
    let uses = connections.uses(id, USES_SHOWN + 1).await?;
    let cloud = connections.clouds().get(&connection.cloud);
    Ok(ConnectionDetail::new(
        &connection,
        cloud,
        report,
        watch.as_ref(),
        uses,
        USES_SHOWN as usize,
    ))
}

#[tauri::command]
#[specta::specta]
pub(crate) fn list_integrations() -> Vec<IntegrationView> {
    Integration::ALL
        .into_iter()
        .map(IntegrationView::new)
        .collect()
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn suggest_name(
    app: State<'_, App>,
    integration: Integration,
) -> CommandResult<String> {
    let name = app.connections().await?.suggest_name(integration).await?;
    Ok(name.to_string())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn inspect_app_registration(
    app: State<'_, App>,
    form: AppRegistrationForm,
) -> CommandResult<AppRegistrationVerdict> {
    let verdict = app
        .connections()
        .await?
        .inspect_app_registration(&form)
        .await?;
    Ok(verdict)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn inspect_sign_in(
    app: State<'_, App>,
    form: SignInForm,
) -> CommandResult<SignInVerdict> {
    let verdict = app.connections().await?.inspect_sign_in(&form).await?;
    Ok(verdict)
}

/// Takes a pasted text of several values apart. The secret in it stays where it is: only its place
/// is answered.
#[tauri::command]
#[specta::specta]
pub(crate) fn read_pasted(text: SecretText) -> PastedView {
    PastedView::new(text.0.expose_secret())
}

/// What is said of a day while it is being written.
#[tauri::command]
#[specta::specta]
pub(crate) fn inspect_day(text: String) -> DayVerdict {
    connections::inspect_day(&text)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn test_app_registration(
    app: State<'_, App>,
    check: u32,
    form: AppRegistrationForm,
    on_finding: Channel<Finding>,
) -> CommandResult<CheckReport> {
    let connections = app.connections().await?;
    let tested = app
        .checks
        .run(check, connections.test_form(&form, &forward(&on_finding)))
        .await?;
    let report = tested.report().clone();
    app.checks.remember(check, tested);
    Ok(report)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn create_app_registration(
    app: State<'_, App>,
    form: AppRegistrationForm,
    report: Option<u32>,
) -> CommandResult<Created> {
    let connections = app.connections().await?;
    let tested = report.and_then(|check| app.checks.recall(check));
    let created = connections.create_app_registration(&form, tested).await?;
    let cloud = connections.clouds().get(&created.connection.cloud);
    let row = ConnectionRow::new(&created.connection, cloud);
    Ok(Created {
        row,
        not_kept: created.report.and_then(|report| report.not_kept),
    })
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn check_connection(
    app: State<'_, App>,
    check: u32,
    id: String,
    on_finding: Channel<Finding>,
) -> CommandResult<CheckReport> {
    let connections = app.connections().await?;
    app.checks
        .run(
            check,
            connections.check(parse_id(&id)?, &forward(&on_finding)),
        )
        .await
}

#[tauri::command]
#[specta::specta]
pub(crate) fn cancel_check(app: State<'_, App>, check: u32) {
    app.checks.cancel(check);
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn update_connection(
    app: State<'_, App>,
    id: String,
    description: String,
    tags: Vec<String>,
    secret_expires_on: Option<String>,
    need: Need,
) -> CommandResult<ConnectionRow> {
    let connections = app.connections().await?;
    let connection = connections
        .edit(
            parse_id(&id)?,
            &Edit {
                description,
                tags,
                secret_expires_on,
                need,
            },
        )
        .await?;
    Ok(ConnectionRow::new(
        &connection,
        connections.clouds().get(&connection.cloud),
    ))
}

fn parse_id(text: &str) -> CommandResult<ConnectionId> {
    text.parse()
        .map_err(|_| connections::Error::NotFound.into())
}

/// Findings go to the window one by one; a window that is gone hears nothing, and nothing depends
/// on its hearing.
fn forward(channel: &Channel<Finding>) -> impl Fn(&Finding) + Sync {
    move |finding| {
        let _ = channel.send(finding.clone());
    }
}
