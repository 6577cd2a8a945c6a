//! `/_demo/...`: what a test in another process plans and reads. Never written to the request log,
//! never faulty.

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use model::{ClientId, TenantId};

use crate::{consent, directory::App, faults::Fault, fixtures, pages, world::Shared};

/// One fault or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Planned {
    One(Fault),
    Many(Vec<Fault>),
}

/// `POST /_demo/faults`
pub(crate) fn plan(State(shared): State<Shared>, Json(planned): Json<Planned>) -> Response {
    let mut world = shared.world();
    match planned {
        Planned::One(fault) => world.faults.add(fault),
        Planned::Many(faults) => faults.into_iter().for_each(|fault| world.faults.add(fault)),
    }
    StatusCode::NO_CONTENT.into_response()
}

/// `GET /_demo/faults`
pub(crate) fn planned(State(shared): State<Shared>) -> Response {
    Json(shared.world().faults.list()).into_response()
}

/// `DELETE /_demo/faults`
pub(crate) fn clear_faults(State(shared): State<Shared>) -> Response {
    shared.world().faults.clear();
    StatusCode::NO_CONTENT.into_response()
}

/// `GET /_demo/requests`
pub(crate) fn requests(State(shared): State<Shared>) -> Response {
    Json(shared.world().log.list()).into_response()
}

/// `DELETE /_demo/requests`
pub(crate) fn clear_requests(State(shared): State<Shared>) -> Response {
    shared.world().log.clear();
    StatusCode::NO_CONTENT.into_response()
}

/// An account whose sessions end.
#[derive(Deserialize)]
pub(crate) struct Revoked {
    user: String,
}

/// `POST /_demo/revoke`
pub(crate) fn revoke(State(shared): State<Shared>, Json(revoked): Json<Revoked>) -> Response {
    match shared.world().directory.user_mut(&revoked.user) {
        Some(user) => {
            user.generation += 1;
            StatusCode::NO_CONTENT.into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What a person who plays the administrator names in an address.
#[derive(Deserialize)]
pub(crate) struct Administered {
    app: ClientId,
    /// Contoso if absent.
    tenant: Option<TenantId>,
    /// For `enable`: `false` switches off.
    on: Option<bool>,
}

/// `GET /_demo/consent?app=…`: the portal's button "Grant admin consent", for people without a
/// portal.
pub(crate) fn grant(State(shared): State<Shared>, Query(wanted): Query<Administered>) -> Response {
    administer(&shared, &wanted, |app, tenant| {
        consent::consent_to_registration(app, tenant);
        format!("Everything that {} lists is granted.", app.name)
    })
}

/// `GET /_demo/enable?app=…[&on=false]`: the switch "Enabled for users to sign-in?".
pub(crate) fn enable(State(shared): State<Shared>, Query(wanted): Query<Administered>) -> Response {
    let on = wanted.on.unwrap_or(true);
    administer(&shared, &wanted, |app, tenant| {
        app.principal_mut(tenant).enabled = on;
        format!(
            "{} is {}.",
            app.name,
            if on { "enabled" } else { "disabled" }
        )
    })
}

fn administer(
    shared: &Shared,
    wanted: &Administered,
    change: impl FnOnce(&mut App, TenantId) -> String,
) -> Response {
    let mut world = shared.world();
    match world.directory.app_mut(wanted.app) {
        Some(app) => pages::close_window(&change(app, wanted.tenant.unwrap_or(fixtures::CONTOSO)))
            .into_response(),
        None => (
            StatusCode::NOT_FOUND,
            "The demo tenant has no such application.\n",
        )
            .into_response(),
    }
}
