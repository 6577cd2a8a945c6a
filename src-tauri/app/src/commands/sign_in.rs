//! Signing in by the browser: begin, follow, answer, stop.

use connections::SignInForm;
use model::CloudId;
use tauri::{State, ipc::Channel};

use super::{CommandResult, parse_id};
use crate::{
    App,
    view::{ResolvedTenant, SignInEvent, SignInMode},
};

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
