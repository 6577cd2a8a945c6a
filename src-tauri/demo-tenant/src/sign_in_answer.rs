//! The answer to an authorization request, at the redirect URI of the application.

use axum::response::Response;
use uuid::Uuid;

use crate::{
    answer::deliver,
    claims,
    directory::User,
    discovery,
    errors::{Refusal, Trace},
    issued::{Code, SignIn},
    pages::Fields,
    tenant_segment::TenantSegment,
    visit::{Interaction, SignInRequest},
    world::{Shared, World},
};

/// Sends a code.
pub(crate) fn succeed(
    shared: &Shared,
    world: &mut World,
    visit: &Interaction,
    request: &SignInRequest,
    user: &User,
) -> Response {
    let sign_in = SignIn {
        address: user.address.clone(),
        generation: user.generation,
        client_id: visit.client_id,
        tenant: visit.place.tenant_for(user),
        public: request.public,
    };
    let (tenant, issued) = (sign_in.tenant, world.now());
    let code = world.issued.add_code(Code {
        sign_in,
        place: visit.place.canonical(),
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        scope: request.scope.clone(),
        nonce: request.nonce.clone(),
        issued,
        redeemed: false,
    });
    let mut fields: Fields = vec![("code", code)];
    if request.client_info {
        fields.push(("client_info", claims::client_info(user)));
    }
    fields.extend(request.state.clone().map(|state| ("state", state)));
    fields.push(("session_state", Uuid::new_v4().to_string()));
    fields.extend(
        world
            .quirks
            .iss
            .field(|| discovery::issuer(shared, TenantSegment::Tenant(tenant))),
    );
    deliver(request.mode, &request.redirect_uri, &fields)
}

/// Sends an error.
pub(crate) fn fail(
    shared: &Shared,
    world: &World,
    place: TenantSegment,
    request: &SignInRequest,
    refusal: &Refusal,
    trace: &Trace,
) -> Response {
    let mut fields: Fields = vec![("error", refusal.error.to_owned())];
    if refusal.error == "access_denied" {
        fields.push(("error_subcode", "cancel".to_owned()));
    }
    fields.push(("error_description", refusal.description(trace)));
    fields.extend(request.state.clone().map(|state| ("state", state)));
    fields.extend(world.quirks.iss.field(|| discovery::issuer(shared, place)));
    deliver(request.mode, &request.redirect_uri, &fields)
}
