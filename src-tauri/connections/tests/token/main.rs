//! Handing out tokens to scripts.

#[path = "../common/mod.rs"]
mod common;
mod kept;
mod refusals;
mod sharing;
mod trouble;

use common::Computer;
use connections::{Connections, Request};
use demo_tenant::fixtures;
use model::ConnectionId;

const REQUEST: Request<'_> = Request {
    program: "bash",
    scope: None,
    fresh: false,
};

async fn created(computer: &Computer) -> ConnectionId {
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    computer.tenant.clear_requests();
    id
}

/// A connection that scripts may use.
async fn shared(computer: &Computer) -> ConnectionId {
    let id = created(computer).await;
    let connections: &Connections = &computer.connections;
    connections
        .let_scripts_use(id, true)
        .await
        .expect("allowed");
    id
}

fn token_requests(computer: &Computer) -> usize {
    computer
        .tenant
        .requests()
        .iter()
        .filter(|request| request.path.ends_with("/oauth2/v2.0/token"))
        .count()
}
