//! The part of Microsoft Graph v1.0 that a connection is proved with. Each call checks the token's
//! permissions against the list that Graph's reference gives for it.

use std::collections::BTreeSet;

use axum::{
    Json,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use model::ClientId;
use serde_json::{Map, Value};

use crate::{
    batch,
    caller::{Caller, READ_APPLICATIONS},
    directory::{App, Principal},
    errors::Trace,
    graph_errors::GraphRefusal as Refusal,
    graph_objects as objects,
    log::{first, pairs},
    people,
    permissions::GRAPH_APP_ID,
    probes,
    world::{Platform, Shared, World},
};

const READ_PROFILE: &[&str] = &[
    "User.Read",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
    "Directory.AccessAsUser.All",
];
const READ_ORGANIZATION_AS_USER: &[&str] = &[
    "User.Read",
    "Organization.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
];
const READ_ORGANIZATION: &[&str] = &[
    "Organization.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
];
/// <https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants>
const READ_GRANTS: &[&str] = &[
    "Directory.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.ReadWrite.All",
    "Directory.AccessAsUser.All",
];
/// Every path under Graph's address.
pub(crate) fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut world = shared.world();
    let query = pairs(query.unwrap_or_default().as_bytes());
    let trace = Trace::new(header("client-request-id"), world.now());
    let token = header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let path = uri.path().strip_prefix("/v1.0/");
    let result = Caller::of(&shared, &world, token).and_then(|caller| match (&method, path) {
        (_, Some(path)) if people::are_meant(path) => {
            people::answer(&shared, &mut world, &caller, (&method, path), &query, &body)
        }
        (&Method::POST, Some("$batch")) => {
            batch::answer(&body, &trace, |path| read(&shared, &world, &caller, path))
        }
        (&Method::GET, _) => read(&shared, &world, &caller, uri.path()),
        _ => Err(Refusal::unsupported_method()),
    });
    let mut response = match result {
        Ok(Value::Null) => StatusCode::NO_CONTENT.into_response(),
        Ok(mut body) => {
            select(&mut body, &query);
            let made = method == Method::POST && path != Some("$batch");
            let status = if made {
                StatusCode::CREATED
            } else {
                StatusCode::OK
            };
            (status, Json(body)).into_response()
        }
        Err(refusal) => refusal.response(&shared.login, &trace),
    };
    for (name, id) in [
        ("request-id", trace.trace_id),
        ("client-request-id", trace.correlation_id),
    ] {
        if let Ok(id) = HeaderValue::try_from(id.to_string()) {
            response.headers_mut().insert(name, id);
        }
    }
    response
}

fn read(platform: &Platform, world: &World, caller: &Caller, path: &str) -> Result<Value, Refusal> {
    let path = path
        .strip_prefix("/v1.0/")
        .ok_or_else(|| Refusal::unknown_segment(path.trim_start_matches('/')))?;
    let path = path
        .replace("%27", "'")
        .replace("%28", "(")
        .replace("%29", ")");
    let path = path.as_str();
    if let Some(rest) = path.strip_prefix("servicePrincipals(appId='") {
        let (id, rest) = keyed(rest)?;
        return service_principal(platform, world, caller, id, rest);
    }
    if let Some(rest) = path.strip_prefix("applications(appId='") {
        let (id, rest) = keyed(rest)?;
        return if rest.is_empty() {
            application(platform, world, caller, id)
        } else {
            Err(Refusal::unknown_segment(rest))
        };
    }
    if let Some(answer) = probes::answer(platform, world, caller, path) {
        return answer;
    }
    match path {
        "me" => me(platform, world, caller),
        "organization" => organization(platform, world, caller),
        other => Err(Refusal::unknown_segment(other)),
    }
}

/// `<key>')` and what follows it.
fn keyed(rest: &str) -> Result<(&str, &str), Refusal> {
    let (key, rest) = rest
        .split_once("')")
        .ok_or_else(|| Refusal::unknown_segment(rest))?;
    Ok((key, rest.trim_start_matches('/')))
}

/// <https://learn.microsoft.com/graph/api/user-get>
fn me(platform: &Platform, world: &World, caller: &Caller) -> Result<Value, Refusal> {
    if caller.is_app {
        return Err(Refusal::only_delegated());
    }
    caller.expect(READ_PROFILE)?;
    let user = world.directory.users.iter().find(|user| {
        user.memberships
            .get(&caller.tenant)
            .is_some_and(|place| place.object_id.to_string() == caller.object_id)
    });
    let user = user.ok_or_else(|| Refusal::not_found(&caller.object_id))?;
    Ok(objects::user(platform, user, &caller.object_id))
}

/// <https://learn.microsoft.com/graph/api/organization-list>
fn organization(platform: &Platform, world: &World, caller: &Caller) -> Result<Value, Refusal> {
    caller.expect(if caller.is_app {
        READ_ORGANIZATION
    } else {
        READ_ORGANIZATION_AS_USER
    })?;
    let tenant = world
        .directory
        .tenant(caller.tenant)
        .ok_or_else(|| Refusal::not_found(&caller.tenant.to_string()))?;
    Ok(objects::organizations(platform, tenant))
}

/// <https://learn.microsoft.com/graph/api/serviceprincipal-get> and its `appRoleAssignments`
fn service_principal(
    platform: &Platform,
    world: &World,
    caller: &Caller,
    id: &str,
    rest: &str,
) -> Result<Value, Refusal> {
    if id == GRAPH_APP_ID && rest.is_empty() {
        caller.expect(READ_APPLICATIONS)?;
        return Ok(objects::graph_itself(
            platform,
            &world.quirks.disabled_permissions,
        ));
    }
    if rest == "oauth2PermissionGrants" {
        caller.expect(READ_GRANTS)?;
        let principal = present(world, caller, id)?;
        return Ok(objects::delegated_grants(
            platform,
            &world.directory,
            caller.tenant,
            principal,
        ));
    }
    let app = find(world, caller, id)?;
    let principal = app
        .principals
        .get(&caller.tenant)
        .ok_or_else(|| Refusal::not_found(id))?;
    match rest {
        "" => Ok(objects::service_principal(platform, app, principal)),
        "appRoleAssignments" => Ok(objects::role_assignments(platform, app, principal)),
        other => Err(Refusal::unknown_segment(other)),
    }
}

/// An application's presence in the caller's tenant.
fn present<'a>(world: &'a World, caller: &Caller, id: &str) -> Result<&'a Principal, Refusal> {
    let app = id
        .parse::<ClientId>()
        .ok()
        .and_then(|id| world.directory.app(id));
    app.and_then(|app| app.principals.get(&caller.tenant))
        .ok_or_else(|| Refusal::not_found(id))
}

/// <https://learn.microsoft.com/graph/api/application-get>
fn application(
    platform: &Platform,
    world: &World,
    caller: &Caller,
    id: &str,
) -> Result<Value, Refusal> {
    let app = find(world, caller, id)?;
    if app.home == caller.tenant {
        Ok(objects::application(platform, app))
    } else {
        Err(Refusal::not_found(id))
    }
}

/// The application, if the caller may read it. Permission is checked first: who may not read learns
/// nothing.
fn find<'a>(world: &'a World, caller: &Caller, id: &str) -> Result<&'a App, Refusal> {
    let client_id = id.parse::<ClientId>().map_err(|_| Refusal::not_found(id))?;
    caller.expect_to_read(client_id)?;
    world
        .directory
        .app(client_id)
        .ok_or_else(|| Refusal::not_found(id))
}

/// `$select`: only these members, and the annotations.
fn select(body: &mut Value, query: &[(String, String)]) {
    let Some(wanted) = first(query, "$select") else {
        return;
    };
    let wanted: BTreeSet<&str> = wanted.split(',').map(str::trim).collect();
    let keep = |object: &mut Map<String, Value>| {
        object.retain(|name, _| name.contains('@') || wanted.contains(name.as_str()))
    };
    match body.get_mut("value").and_then(Value::as_array_mut) {
        Some(list) => list
            .iter_mut()
            .filter_map(Value::as_object_mut)
            .for_each(keep),
        None => body.as_object_mut().into_iter().for_each(keep),
    }
}
