//! `GET /{tenant}/oauth2/v2.0/authorize`: what is checked before a person sees a page. Source:
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use model::ClientId;

use crate::{
    answer::Mode,
    directory::{App, Directory, RedirectPlatform},
    errors::{self, Refusal, Trace},
    interaction::InteractionPages,
    issued::{Challenge, opaque},
    log::{first, pairs},
    pages,
    scope::{Reader, Scope},
    sign_in_answer,
    tenant_segment::TenantSegment,
    visit::{Interaction, Purpose, SignInRequest},
    world::{Shared, World},
};

type Query = Vec<(String, String)>;

pub(crate) fn begin(
    State(shared): State<Shared>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = pairs(query.unwrap_or_default().as_bytes());
    let mut world = shared.world();
    let correlation = correlation(&query, &headers);
    let trace = Trace::new(correlation.as_deref(), world.now());
    let checked = check_parties(&world.directory, &tenant, &query);
    let (place, app, request) = match checked {
        Ok((place, app)) => (place, app, read(&shared, &world, place, app, &query)),
        Err(refusal) => return shown(&refusal, &trace),
    };
    let (client_id, request) = (
        app.client_id,
        match request {
            Ok(request) => request,
            Err(Failed::Shown(refusal)) => return shown(&refusal, &trace),
            Err(Failed::Sent(request, refusal)) => {
                return sign_in_answer::fail(&shared, &world, place, &request, &refusal, &trace);
            }
        },
    );
    let hint =
        first(&query, "login_hint").filter(|_| first(&query, "prompt") != Some("select_account"));
    let visit = Interaction {
        place,
        client_id,
        purpose: Purpose::SignIn(request),
        account: hint.map(str::to_owned),
        proved: false,
        correlation,
    };
    open(&shared, &mut world, visit)
}

/// Starts a visit at the account picker, or at the password if the account is known already.
pub(crate) fn open(shared: &Shared, world: &mut World, visit: Interaction) -> Response {
    let id = opaque("", 24);
    world.interactions.insert(id.clone(), visit.clone());
    let interaction_pages = InteractionPages { shared, id: &id };
    if visit.account.is_some() {
        interaction_pages.password_page(world, &visit, None)
    } else {
        interaction_pages.picker_page(world)
    }
}

/// The tenant and the application of a request to one of the pages.
pub(crate) fn check_parties<'a>(
    directory: &'a Directory,
    tenant: &str,
    query: &Query,
) -> Result<(TenantSegment, &'a App), Refusal> {
    let place = TenantSegment::parse(directory, tenant, "invalid_request")?;
    place.expect_here(directory, tenant, false)?;
    let client_id =
        first(query, "client_id").ok_or_else(|| errors::parameter_missing("body", "client_id"))?;
    let app = find_app(directory, place, client_id)?;
    let principal = match place {
        TenantSegment::Tenant(tenant) => app.principals.get(&tenant),
        TenantSegment::Alias(_) => app.principals.get(&app.home),
    };
    match principal {
        Some(principal) if !principal.enabled => {
            Err(errors::app_disabled(app.client_id, &app.name))
        }
        _ => Ok((place, app)),
    }
}

/// The application, if people may use it at this place: registered there, present there, or open to
/// every tenant.
fn find_app<'a>(
    directory: &'a Directory,
    place: TenantSegment,
    client_id: &str,
) -> Result<&'a App, Refusal> {
    let app = client_id
        .parse::<ClientId>()
        .ok()
        .and_then(|id| directory.app(id));
    let app = app.ok_or_else(|| errors::app_not_found(client_id, &place.name(directory)))?;
    match place {
        TenantSegment::Tenant(tenant) if app.multi_tenant || app.is_in(tenant) => Ok(app),
        TenantSegment::Tenant(_) => Err(errors::app_not_found(client_id, &place.name(directory))),
        TenantSegment::Alias(_) if app.multi_tenant => Ok(app),
        TenantSegment::Alias(alias) => {
            Err(errors::not_multi_tenant(app.client_id, &app.name, alias))
        }
    }
}

/// Why a request goes no further.
enum Failed {
    /// Nobody can be told but the person.
    Shown(Refusal),
    /// The application is told, at a redirect URI that is known to be its own.
    Sent(Box<SignInRequest>, Refusal),
}

fn read(
    shared: &Shared,
    world: &World,
    place: TenantSegment,
    app: &App,
    query: &Query,
) -> Result<SignInRequest, Failed> {
    let get = |name| first(query, name);
    let missing = |name| Failed::Shown(errors::parameter_missing("body", name));
    let redirect_uri = get("redirect_uri").ok_or_else(|| missing("redirect_uri"))?;
    let registered = app.redirect_for(redirect_uri);
    let registered = registered
        .ok_or_else(|| Failed::Shown(errors::redirect_mismatch(redirect_uri, app.client_id)))?;
    let mode =
        Mode::read(get("response_mode")).ok_or_else(|| Failed::Shown(errors::malformed()))?;
    let mut request = SignInRequest {
        redirect_uri: redirect_uri.to_owned(),
        public: registered.platform == RedirectPlatform::Native,
        mode,
        state: get("state").map(str::to_owned),
        nonce: get("nonce").map(str::to_owned),
        challenge: None,
        scope: Scope::default(),
        ask_again: get("prompt") == Some("consent"),
        client_info: get("client_info") == Some("1"),
    };
    let directory = place.name(&world.directory);
    let reader = Reader {
        graph: &shared.graph,
        app: &app.name,
        directory: &directory,
    };
    match read_rest(&reader, query) {
        Ok((scope, challenge)) => {
            request.scope = scope;
            request.challenge = challenge;
            Ok(request)
        }
        Err(refusal) => Err(Failed::Sent(Box::new(request), refusal)),
    }
}

fn read_rest(reader: &Reader<'_>, query: &Query) -> Result<(Scope, Option<Challenge>), Refusal> {
    let get = |name| first(query, name);
    match get("response_type") {
        Some("code") => {}
        Some(other) => return Err(errors::unsupported_response_type(other)),
        None => return Err(errors::parameter_missing("body", "response_type")),
    }
    let challenge = match (get("code_challenge"), get("code_challenge_method")) {
        (None, _) => None,
        (Some(challenge), Some("S256")) if challenge.len() == 43 => {
            Some(Challenge::S256(challenge.to_owned()))
        }
        (Some(challenge), None | Some("plain")) if challenge.len() >= 43 => {
            Some(Challenge::Plain(challenge.to_owned()))
        }
        (Some(_), _) => return Err(errors::challenge_method_invalid()),
    };
    let scope = get("scope").filter(|scope| !scope.trim().is_empty());
    let scope = reader.read(scope.ok_or_else(|| errors::parameter_missing("body", "scope"))?)?;
    if get("prompt") == Some("none") {
        return Err(errors::nobody_signed_in());
    }
    Ok((scope, challenge))
}

pub(crate) fn shown(refusal: &Refusal, trace: &Trace) -> Response {
    (
        StatusCode::BAD_REQUEST,
        pages::refusal(refusal, trace, None),
    )
        .into_response()
}

/// MSAL sends its request ID in the query, because a browser has no headers to set.
pub(crate) fn correlation(query: &Query, headers: &HeaderMap) -> Option<String> {
    let from_query = first(query, "client-request-id").map(str::to_owned);
    from_query.or_else(|| {
        headers
            .get("client-request-id")
            .and_then(|id| id.to_str().ok())
            .map(str::to_owned)
    })
}
