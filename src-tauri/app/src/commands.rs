//! What the window may ask. Each command takes a form, calls one use case and maps the view.

pub(crate) mod consent;
pub(crate) mod keep;
pub(crate) mod prove;
pub(crate) mod use_it;

use std::str::FromStr;

use connections::{
    AppRegistrationForm, AppRegistrationVerdict, DayVerdict, Edit, SignInForm, SignInVerdict,
};
use entra::portal_link;
use model::{CheckReport, ClientId, CloudId, ConnectionId, Finding, Integration, Need, PortalPage};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tauri::{State, ipc::Channel};

use crate::{
    App,
    error::{AppError, ErrorCode},
    view::{
        About, CloudView, ConnectionDetail, ConnectionList, ConnectionRow, Created, Explanation,
        IntegrationView, KeychainUnlock, PastedView, ResolvedTenant, SettingsView, SignInEvent,
        SignInMode,
    },
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
    let list = connections.list().await?;
    app.begin_upkeep(connections);
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
pub(crate) async fn resolve_tenant(
    app: State<'_, App>,
    cloud: CloudId,
    tenant: String,
) -> CommandResult<ResolvedTenant> {
    let connections = app.connections().await?;
    let found = connections.resolve_tenant(&cloud, &tenant).await?;
    Ok(ResolvedTenant::new(found, connections.clouds()))
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

/// With `wait_for_consent` the person is asked only for who they are, and what is kept waits for
/// the rest.
#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_sign_in(
    app: State<'_, App>,
    sign_in: u32,
    form: SignInForm,
    mode: SignInMode,
    wait_for_consent: bool,
    on_event: Channel<SignInEvent>,
) -> CommandResult<String> {
    let connections = app.connections().await?;
    let plan = connections.plan_sign_in(&form).await?;
    let plan = if wait_for_consent {
        plan.waiting_for_consent()
    } else {
        plan
    };
    app.sign_ins
        .begin(sign_in, connections.clone(), plan, mode, on_event)
        .await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_sign_in_again(
    app: State<'_, App>,
    sign_in: u32,
    id: String,
    mode: SignInMode,
    on_event: Channel<SignInEvent>,
) -> CommandResult<String> {
    let connections = app.connections().await?;
    let plan = connections.plan_sign_in_again(parse_id(&id)?).await?;
    app.sign_ins
        .begin(sign_in, connections.clone(), plan, mode, on_event)
        .await
}

#[tauri::command]
#[specta::specta]
pub(crate) fn open_again(app: State<'_, App>, sign_in: u32) -> CommandResult<()> {
    app.sign_ins.open_again(sign_in)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn new_sign_in_link(app: State<'_, App>, sign_in: u32) -> CommandResult<String> {
    app.sign_ins
        .new_link(sign_in, app.connections().await?)
        .await
}

#[tauri::command]
#[specta::specta]
pub(crate) fn confirm_account(app: State<'_, App>, sign_in: u32, yes: bool) -> CommandResult<()> {
    app.sign_ins.confirm(sign_in, yes)
}

#[tauri::command]
#[specta::specta]
pub(crate) fn cancel_sign_in(app: State<'_, App>, sign_in: u32) {
    app.sign_ins.cancel(sign_in);
    app.consents.cancel(sign_in);
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
