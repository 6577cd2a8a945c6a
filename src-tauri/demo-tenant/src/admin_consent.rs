//! `/adminconsent` in both its versions: an administrator grants for the whole tenant.
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>

use crate::{
    authorize::{check_parties, correlation, open, shown},
    directory::App,
    errors::{self, Refusal, Trace},
    log::{first, pairs},
    scope::Reader,
    tenant_segment::TenantSegment,
    visit::{AdminConsent, Interaction, Purpose, What},
    world::{Shared, World},
};
use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};

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
    place: TenantSegment,
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
