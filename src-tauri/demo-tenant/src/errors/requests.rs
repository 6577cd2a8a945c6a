//! Refusals of what a request asks: parameters, redirect URIs, scopes, consent.

use model::ClientId;

use super::Refusal;

pub(crate) fn redirect_mismatch(redirect_uri: &str, client_id: ClientId) -> Refusal {
    let text = format!(
        "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for the \
         application '{client_id}'. Make sure the redirect URI sent in the request matches one added to your application \
         in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to \
         troubleshoot this error."
    );
    Refusal::new(50_011, "invalid_request", text)
}

pub(crate) fn parameter_missing(place: &str, name: &str) -> Refusal {
    let text = format!("The request {place} must contain the following parameter: '{name}'.");
    Refusal::new(900_144, "invalid_request", text)
}

pub(crate) fn malformed() -> Refusal {
    Refusal::new(
        9_002_313,
        "invalid_request",
        "Invalid request. Request is malformed or invalid.",
    )
}

pub(crate) fn unsupported_response_type(kind: &str) -> Refusal {
    let text = format!(
        "The application requested an unsupported response type '{kind}' when requesting a token."
    );
    Refusal::new(70_005, "unsupported_response_type", text)
}

pub(crate) fn challenge_method_invalid() -> Refusal {
    let text = "The size or the method of the Code_Challenge parameter is not supported. Expected method is S256 or plain.";
    Refusal::new(501_491, "invalid_request", text)
}

pub(crate) fn nobody_signed_in() -> Refusal {
    let text = "A silent sign-in request was sent but no user is signed in.";
    Refusal::new(50_058, "login_required", text)
}

pub(crate) fn scope_not_default(scope: &str) -> Refusal {
    let text = format!(
        "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default \
         suffixed to the resource identifier (application ID URI)."
    );
    Refusal::new(1_002_012, "invalid_scope", text)
}

pub(crate) fn default_mixed(scope: &str) -> Refusal {
    let text = format!(
        "The provided value for the input parameter 'scope' is not valid. The scope '{scope}' mixes .default with \
         resource-specific scopes, which cannot be combined."
    );
    Refusal::new(70_011, "invalid_scope", text)
}

pub(crate) fn scope_unknown(app: &str, scope: &str) -> Refusal {
    let text = format!(
        "The application '{app}' asked for scope '{scope}' that doesn't exist on the resource \
         '00000003-0000-0000-c000-000000000000'. Contact the app vendor."
    );
    Refusal::new(650_053, "invalid_client", text)
}

pub(crate) fn resource_not_found(resource: &str, directory: &str) -> Refusal {
    let text = format!(
        "The resource principal named {resource} was not found in the tenant named {directory}. This can happen if the \
         application has not been installed by the administrator of the tenant or consented to by any user in the \
         tenant. You might have sent your authentication request to the wrong tenant."
    );
    Refusal::new(500_011, "invalid_resource", text)
}

pub(crate) fn consent_missing(client_id: ClientId, name: &str) -> Refusal {
    let text = format!(
        "The user or administrator has not consented to use the application with ID '{client_id}' named '{name}'. Send an \
         interactive authorization request for this user and resource."
    );
    Refusal::new(65_001, "invalid_grant", text).with_suberror("consent_required")
}

pub(crate) fn declined(name: &str) -> Refusal {
    Refusal::new(
        65_004,
        "access_denied",
        format!("User declined to consent to access the app '{name}'."),
    )
}

pub(crate) fn sign_in_cancelled() -> Refusal {
    Refusal::new(
        65_004,
        "access_denied",
        "The user has denied access to the scope requested by the client application.",
    )
}

pub(crate) fn admin_declined() -> Refusal {
    Refusal::new(
        65_004,
        "consent_required",
        "The resource owner or authorization server denied the request.",
    )
}

pub(crate) fn admin_needed(name: &str) -> Refusal {
    Refusal::new(
        90_094,
        "permission_denied",
        format!("An administrator must grant the permissions that '{name}' asks for."),
    )
}
