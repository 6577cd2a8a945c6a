//! The documents a client reads before anything else: configuration, keys, and the instance list
//! that MSAL asks for.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    directory::OtherCloud,
    errors::{Refusal, Trace},
    tenant_segment::TenantSegment,
    world::{IssParameter, Platform, Shared},
};

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`
pub(crate) fn configuration(
    State(shared): State<Shared>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer(&shared, &tenant, &headers, configuration_of)
}

/// `GET /{tenant}/discovery/v2.0/keys`
pub(crate) fn keys(
    State(shared): State<Shared>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer(&shared, &tenant, &headers, |platform, place| {
        platform.keys.jwks(&issuer(platform, place))
    })
}

/// `GET /{tenant}/discovery/instance`
pub(crate) fn instance(State(shared): State<Shared>) -> Response {
    let host = shared.login.rsplit('/').next().unwrap_or_default();
    Json(json!({
        "tenant_discovery_endpoint": format!("{}/common/v2.0/.well-known/openid-configuration", shared.login),
        "api-version": "1.1",
        "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
    }))
    .into_response()
}

fn answer(
    shared: &Shared,
    tenant: &str,
    headers: &HeaderMap,
    document: impl Fn(&Platform, TenantSegment) -> Value,
) -> Response {
    let (place, now) = {
        let world = shared.world();
        (
            TenantSegment::parse(&world.directory, tenant, "invalid_tenant"),
            world.now(),
        )
    };
    let refuse = |refusal: Refusal| {
        let id = headers
            .get("client-request-id")
            .and_then(|value| value.to_str().ok());
        refusal.json(&shared.login, &Trace::new(id, now))
    };
    place.map_or_else(refuse, |place| {
        Json(document(shared, place)).into_response()
    })
}

fn configuration_of(platform: &Platform, place: TenantSegment) -> Value {
    let (other, region, sub_region) = home_of(platform, place);
    let (login, graph) = other
        .as_ref()
        .map_or((&platform.login, &platform.graph), |cloud| {
            (&cloud.login, &cloud.graph)
        });
    let host = |url: &str| url.rsplit('/').next().unwrap_or_default().to_owned();
    let base = format!("{login}/{}", place.canonical());
    let mut document = json!({
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer_at(login, place),
        "request_uri_parameter_supported": false,
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver", "oid"],
        "tenant_region_scope": region,
        "cloud_instance_name": host(login),
        "cloud_graph_host_name": host(graph),
        "msgraph_host": host(graph),
    });
    if !sub_region.is_null() {
        document["tenant_region_sub_scope"] = sub_region;
    }
    if platform.world().quirks.iss != IssParameter::Absent {
        document["authorization_response_iss_parameter_supported"] = Value::Bool(true);
    }
    document
}

/// The other cloud in which a tenant lives, if it does, with region and part of the region as they
/// are told.
fn home_of(platform: &Platform, place: TenantSegment) -> (Option<OtherCloud>, Value, Value) {
    let TenantSegment::Tenant(id) = place else {
        return (None, Value::Null, Value::Null);
    };
    match platform.world().directory.elsewhere.get(&id) {
        None => (None, Value::from("EU"), Value::Null),
        // As of a tenant of GCC High, which the global cloud sends to the host of the other one.
        Some(cloud) => (
            Some(cloud.clone()),
            Value::from("USGov"),
            Value::from("DODCON"),
        ),
    }
}

/// The v2 issuer; at an alias it is a template, because each tenant signs for itself.
pub(crate) fn issuer(platform: &Platform, place: TenantSegment) -> String {
    issuer_at(&platform.login, place)
}

fn issuer_at(login: &str, place: TenantSegment) -> String {
    let tenant = match place {
        TenantSegment::Tenant(id) => id.to_string(),
        TenantSegment::Alias(_) => "{tenantid}".to_owned(),
    };
    format!("{login}/{tenant}/v2.0")
}
