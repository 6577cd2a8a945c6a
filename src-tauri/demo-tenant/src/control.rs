//! `/_demo/...`: what a test in another process plans and reads. Never written to the request log, never faulty.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{faults::Fault, world::Shared};

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
