//! Which address leads to which handler, on each of the two hosts.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{
    admin_consent, authorize, control, discovery, graph, interaction, log::Host, observe::observe,
    pages, token, world::Shared,
};

pub(crate) fn login(shared: &Shared) -> Router {
    let configuration =
        |state, path, headers| async { discovery::configuration(state, path, headers) };
    let keys = |state, path, headers| async { discovery::keys(state, path, headers) };
    let authorize =
        |state, path, query, headers| async { authorize::begin(state, path, query, headers) };
    let version_1 = |state, path, query, headers| async {
        admin_consent::version_1(state, path, query, headers)
    };
    let version_2 = |state, path, query, headers| async {
        admin_consent::version_2(state, path, query, headers)
    };
    let token = |state, path, headers, body| async { token::token(state, path, headers, body) };
    let router = Router::new()
        .route(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            get(configuration),
        )
        .route("/{tenant}/discovery/v2.0/keys", get(keys))
        .route(
            "/{tenant}/discovery/instance",
            get(|state| async { discovery::instance(state) }),
        )
        .route("/{tenant}/oauth2/v2.0/authorize", get(authorize))
        .route("/{tenant}/oauth2/v2.0/token", post(token))
        .route("/{tenant}/adminconsent", get(version_1))
        .route("/{tenant}/v2.0/adminconsent", get(version_2))
        .route(
            "/{tenant}/login",
            post(|state, body| async { interaction::step(state, body) }),
        )
        .route("/", get(|state| async { front(state) }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "The demo tenant has no such page.\n") });
    finish(router, shared, Host::Login)
}

pub(crate) fn graph(shared: &Shared) -> Router {
    let answer = |state, method, uri, query, headers, body| async {
        graph::answer(state, method, uri, query, headers, body)
    };
    finish(Router::new().fallback(answer), shared, Host::Graph)
}

/// Adds the control panel, which both hosts have, and the watcher.
fn finish(router: Router<Shared>, shared: &Shared, host: Host) -> Router {
    router
        .route(
            "/_demo/faults",
            get(|state| async { control::planned(state) })
                .post(|state, body| async { control::plan(state, body) })
                .delete(|state| async { control::clear_faults(state) }),
        )
        .route(
            "/_demo/requests",
            get(|state| async { control::requests(state) })
                .delete(|state| async { control::clear_requests(state) }),
        )
        .route(
            "/_demo/consent",
            get(|state, query| async { control::grant(state, query) }),
        )
        .route(
            "/_demo/enable",
            get(|state, query| async { control::enable(state, query) }),
        )
        .route(
            "/_demo/revoke",
            post(|state, body| async { control::revoke(state, body) }),
        )
        .layer(middleware::from_fn_with_state(
            (shared.clone(), host),
            observe,
        ))
        .with_state(shared.clone())
}

/// The cast, for people who follow a link to the portal.
fn front(State(shared): State<Shared>) -> Response {
    pages::cast(&shared.world().directory).into_response()
}
