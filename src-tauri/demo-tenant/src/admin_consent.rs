//! `/adminconsent` in both its versions: an administrator grants for the whole tenant.
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>

use std::collections::BTreeSet;

use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use model::{ClientId, TenantId};

use crate::{
    answer::{Fields, Mode, deliver},
    authorize::{check_parties, correlation, open, shown},
    consent,
    directory::App,
    errors::{self, Refusal, Trace},
    interaction::{Interaction, Purpose, known},
    log::first,
    observe::pairs,
    pages,
    permissions::Known,
    place::Place,
    scope::Reader,
    world::{Shared, World},
};

/// What an administrator is asked to grant.
#[derive(Clone, Debug)]
pub(crate) struct AdminConsent {
    /// None: nothing was asked and nothing is registered; a page tells the person that it is done.
    redirect_uri: Option<String>,
    state: Option<String>,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// Everything in the registration, application permissions included.
    Registration { scope: Option<String> },
    /// These delegated permissions.
    Delegated {
        names: BTreeSet<String>,
        scope: String,
    },
}

/// `GET /{tenant}/adminconsent`
pub(crate) fn version_1(
    state: State<Shared>,
    path: Path<String>,
    query: RawQuery,
    headers: HeaderMap,
) -> Response {
    begin(&state, &path, query, &headers, false)
}

/// `GET /{tenant}/v2.0/adminconsent`
pub(crate) fn version_2(
    state: State<Shared>,
    path: Path<String>,
    query: RawQuery,
    headers: HeaderMap,
) -> Response {
    begin(&state, &path, query, &headers, true)
}

fn begin(
    shared: &Shared,
    tenant: &str,
    RawQuery(query): RawQuery,
    headers: &HeaderMap,
    scoped: bool,
) -> Response {
    let query = pairs(query.unwrap_or_default().as_bytes());
    let correlation = correlation(&query, headers);
    let mut world = shared.world();
    let trace = Trace::new(correlation.as_deref(), world.now());
    let checked = check_parties(&world.directory, tenant, &query).and_then(|(place, app)| {
        Ok((
            place,
            app.client_id,
            read(shared, &world, place, app, &query, scoped)?,
        ))
    });
    match checked {
        Ok((place, client_id, request)) => {
            let purpose = Purpose::AdminConsent(request);
            open(
                shared,
                &mut world,
                Interaction {
                    place,
                    client_id,
                    purpose,
                    account: None,
                    proved: false,
                    correlation,
                },
            )
        }
        Err(refusal) => shown(&refusal, &trace),
    }
}

fn read(
    shared: &Shared,
    world: &World,
    place: Place,
    app: &App,
    query: &[(String, String)],
    scoped: bool,
) -> Result<AdminConsent, Refusal> {
    let asked = first(query, "redirect_uri");
    let redirect_uri = match asked {
        Some(uri) if app.redirect_for(uri).is_none() => {
            return Err(errors::redirect_mismatch(uri, app.client_id));
        }
        Some(uri) => Some(uri.to_owned()),
        None => app
            .redirect_uris
            .first()
            .map(|registered| registered.uri.clone()),
    };
    let what = if scoped {
        let text =
            first(query, "scope").ok_or_else(|| errors::parameter_missing("body", "scope"))?;
        let directory = place.name(&world.directory);
        let scope = Reader {
            graph: &shared.graph,
            app: &app.name,
            directory: &directory,
        }
        .read(text)?;
        match scope.default {
            true => What::Registration {
                scope: Some(text.to_owned()),
            },
            false => What::Delegated {
                names: scope.names,
                scope: text.to_owned(),
            },
        }
    } else {
        What::Registration { scope: None }
    };
    Ok(AdminConsent {
        redirect_uri,
        state: first(query, "state").map(str::to_owned),
        what,
    })
}

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
