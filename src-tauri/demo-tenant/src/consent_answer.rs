//! What an administrator's consent comes to: what is listed, what is granted, and the answer to the
//! application.

use axum::response::{IntoResponse, Response};
use model::{ClientId, TenantId};

use crate::{
    answer::{Mode, deliver},
    consent,
    directory::App,
    errors::{Refusal, Trace},
    pages::{self, Fields},
    permissions::{Known, known},
    visit::{AdminConsent, What},
    world::World,
};

/// What the consent page lists.
pub(crate) fn wanted(app: &App, request: &AdminConsent) -> Vec<Known> {
    match &request.what {
        What::Registration { .. } => known(
            &app.registered_roles
                .union(&app.registered_scopes)
                .cloned()
                .collect(),
        ),
        What::Delegated { names, .. } => known(names),
    }
}

/// Grants, and tells the application so.
pub(crate) fn succeed(
    world: &mut World,
    client_id: ClientId,
    tenant: TenantId,
    request: &AdminConsent,
) -> Response {
    if let Some(app) = world.directory.app_mut(client_id) {
        match &request.what {
            What::Registration { .. } => consent::consent_to_registration(app, tenant),
            What::Delegated { names, .. } => {
                consent::consent(app.principal_mut(tenant), names.clone(), None)
            }
        }
    }
    let mut fields: Fields = vec![
        ("admin_consent", "True".to_owned()),
        ("tenant", tenant.to_string()),
    ];
    fields.extend(request.state.clone().map(|state| ("state", state)));
    let scope = match &request.what {
        What::Registration { scope } => scope.clone(),
        What::Delegated { scope, .. } => Some(scope.clone()),
    };
    fields.extend(scope.map(|scope| ("scope", scope)));
    answer(request, &fields, "The permissions were granted.")
}

/// Tells the application that nothing was granted.
pub(crate) fn fail(request: &AdminConsent, refusal: &Refusal, trace: &Trace) -> Response {
    let mut fields: Fields = vec![("error", refusal.error.to_owned())];
    fields.push(("error_description", refusal.description(trace)));
    fields.extend(request.state.clone().map(|state| ("state", state)));
    answer(request, &fields, &refusal.description(trace))
}

fn answer(request: &AdminConsent, fields: &Fields, told: &str) -> Response {
    match &request.redirect_uri {
        Some(uri) => deliver(Mode::Query, uri, fields),
        None => pages::close_window(told).into_response(),
    }
}
