//! What the login host says when it refuses: numbers, `error` values and texts as Entra words them
//! (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use model::ClientId;
use serde_json::{Value, json};
use uuid::Uuid;

/// One refusal.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) number: u32,
    pub(crate) error: &'static str,
    pub(crate) text: String,
    suberror: Option<&'static str>,
    status: StatusCode,
}

/// What identifies one request in Entra's logs.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) trace_id: Uuid,
    pub(crate) correlation_id: Uuid,
    pub(crate) timestamp: Timestamp,
}

impl Trace {
    /// A new trace; the correlation ID is the caller's `client-request-id` when that is a GUID.
    pub(crate) fn new(client_request_id: Option<&str>, now: Timestamp) -> Self {
        let correlation_id = client_request_id.and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_else(Uuid::new_v4);
        Self { trace_id: Uuid::new_v4(), correlation_id, timestamp: now }
    }

    fn time(&self) -> String {
        self.timestamp.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
    }
}

impl Refusal {
    fn new(number: u32, error: &'static str, text: impl Into<String>) -> Self {
        let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self { number, error, text: text.into(), suberror: None, status }
    }

    fn with_suberror(mut self, suberror: &'static str) -> Self {
        self.suberror = Some(suberror);
        self
    }

    /// The text of `error_description`.
    pub(crate) fn description(&self, trace: &Trace) -> String {
        let Self { number, text, .. } = self;
        let Trace { trace_id, correlation_id, .. } = trace;
        let time = trace.time();
        format!(
            "AADSTS{number}: {text}\r\nTrace ID: {trace_id}\r\nCorrelation ID: {correlation_id}\r\nTimestamp: {time}"
        )
    }

    /// The answer of an endpoint that speaks JSON.
    pub(crate) fn json(&self, login: &str, trace: &Trace) -> Response {
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(trace),
            "error_codes": [self.number],
            "timestamp": trace.time(),
            "trace_id": trace.trace_id,
            "correlation_id": trace.correlation_id,
            "error_uri": format!("{login}/error?code={}", self.number),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = Value::from(suberror);
        }
        (self.status, Json(body)).into_response()
    }
}

/// The tenant in the path is no tenant; `error` differs between discovery and the other endpoints.
pub(crate) fn tenant_not_found(tenant: &str, error: &'static str) -> Refusal {
    let is_well_formed = tenant.contains('.') || Uuid::parse_str(tenant).is_ok();
    if !is_well_formed {
        let text =
            format!("Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.");
        return Refusal::new(900_023, error, text);
    }
    let text = format!(
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct \
         cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for \
         the tenant."
    );
    Refusal::new(90_002, error, text)
}

pub(crate) fn app_not_found(client_id: &str, directory: &str) -> Refusal {
    let text = format!(
        "Application with identifier '{client_id}' was not found in the directory '{directory}'. This can happen if the \
         application has not been installed by the administrator of the tenant or consented to by any user in the \
         tenant. You may have sent your authentication request to the wrong tenant."
    );
    Refusal::new(700_016, "unauthorized_client", text)
}

pub(crate) fn app_disabled(client_id: ClientId, name: &str) -> Refusal {
    Refusal::new(7_000_112, "unauthorized_client", format!("Application '{client_id}'({name}) is disabled."))
}

pub(crate) fn not_multi_tenant(client_id: ClientId, name: &str, alias: &str) -> Refusal {
    let text = format!(
        "Application '{client_id}'({name}) is not configured as a multi-tenant application. Usage of the /{alias} \
         endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure \
         the application to be multi-tenant."
    );
    Refusal::new(50_194, "invalid_request", text)
}

pub(crate) fn grant_not_at_alias() -> Refusal {
    let text = "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or \
                tenant-specific endpoint.";
    Refusal::new(9_001_023, "invalid_request", text)
}

pub(crate) fn wrong_secret(client_id: ClientId) -> Refusal {
    let text = format!(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the \
         client secret ID, for a secret added to app '{client_id}'."
    );
    Refusal::new(7_000_215, "invalid_client", text)
}

pub(crate) fn expired_secret(client_id: ClientId) -> Refusal {
    let text = format!(
        "The provided client secret keys for app '{client_id}' are expired. Visit the Azure portal to create new keys for \
         your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: \
         https://aka.ms/certCreds."
    );
    Refusal::new(7_000_222, "invalid_client", text)
}

pub(crate) fn secret_missing() -> Refusal {
    let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    Refusal::new(7_000_218, "invalid_client", text)
}

pub(crate) fn secret_missing_for_client_credentials() -> Refusal {
    let text = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.";
    Refusal::new(7_000_216, "invalid_client", text)
}

pub(crate) fn public_client_sent_secret() -> Refusal {
    let text = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
    Refusal::new(700_025, "invalid_client", text)
}

pub(crate) fn redirect_mismatch(redirect_uri: &str, client_id: ClientId) -> Refusal {
    let text = format!(
        "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for the \
         application '{client_id}'. Make sure the redirect URI sent in the request matches one added to your application \
         in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to \
         troubleshoot this error."
    );
    Refusal::new(50_011, "invalid_request", text)
}

pub(crate) fn redirect_differs_from_request(now: &str, before: &str) -> Refusal {
    let text = format!(
        "The reply address '{now}' does not match the reply address '{before}' provided when requesting Authorization code."
    );
    Refusal::new(500_112, "invalid_grant", text)
}

pub(crate) fn parameter_missing(place: &str, name: &str) -> Refusal {
    let text = format!("The request {place} must contain the following parameter: '{name}'.");
    Refusal::new(900_144, "invalid_request", text)
}

pub(crate) fn malformed() -> Refusal {
    Refusal::new(9_002_313, "invalid_request", "Invalid request. Request is malformed or invalid.")
}

pub(crate) fn unsupported_grant(grant: &str) -> Refusal {
    Refusal::new(70_003, "unsupported_grant_type", format!("The app requested an unsupported grant type '{grant}'."))
}

pub(crate) fn unsupported_response_type(kind: &str) -> Refusal {
    let text = format!("The application requested an unsupported response type '{kind}' when requesting a token.");
    Refusal::new(70_005, "unsupported_response_type", text)
}

pub(crate) fn challenge_method_invalid() -> Refusal {
    let text =
        "The size or the method of the Code_Challenge parameter is not supported. Expected method is S256 or plain.";
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
    Refusal::new(65_004, "access_denied", format!("User declined to consent to access the app '{name}'."))
}

pub(crate) fn sign_in_cancelled() -> Refusal {
    Refusal::new(
        65_004,
        "access_denied",
        "The user has denied access to the scope requested by the client application.",
    )
}

pub(crate) fn admin_declined() -> Refusal {
    Refusal::new(65_004, "consent_required", "The resource owner or authorization server denied the request.")
}

pub(crate) fn admin_needed(name: &str) -> Refusal {
    Refusal::new(
        90_094,
        "permission_denied",
        format!("An administrator must grant the permissions that '{name}' asks for."),
    )
}

pub(crate) fn code_unknown() -> Refusal {
    let text = "The provided value for the 'code' parameter is not valid. The code has expired or was never issued.";
    Refusal::new(70_008, "invalid_grant", text)
}

pub(crate) fn code_reused() -> Refusal {
    let text = "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing \
                refresh token.";
    Refusal::new(54_005, "invalid_grant", text)
}

pub(crate) fn code_of_other_tenant() -> Refusal {
    let text = "Provided Authorization Code is intended to use against other tenant, thus rejected.";
    Refusal::new(700_005, "invalid_grant", text)
}

pub(crate) fn wrong_verifier() -> Refusal {
    let text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
    Refusal::new(501_481, "invalid_grant", text)
}

pub(crate) fn other_client() -> Refusal {
    let text = "The provided grant was issued for another application and may not be used by this one.";
    Refusal::new(700_003, "invalid_grant", text)
}

pub(crate) fn refresh_unknown() -> Refusal {
    let text = "The provided value for the input parameter 'refresh_token' is not valid.";
    Refusal::new(70_000, "invalid_grant", text)
}

pub(crate) fn refresh_expired(issued: Timestamp) -> Refusal {
    let text = format!(
        "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for 90.00:00:00."
    );
    Refusal::new(700_082, "invalid_grant", text)
}

pub(crate) fn refresh_revoked(issued: Timestamp) -> Refusal {
    let text = format!(
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed \
         or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before which tokens are \
         not valid) for this user is later."
    );
    Refusal::new(50_173, "invalid_grant", text).with_suberror("bad_token")
}

pub(crate) fn user_not_in_tenant(
    address: &str,
    provider: &str,
    tenant: &str,
    client_id: ClientId,
    app: &str,
) -> Refusal {
    let text = format!(
        "User account '{address}' from identity provider '{provider}' does not exist in tenant '{tenant}' and cannot access \
         the application '{client_id}'({app}) in that tenant. The account needs to be added as an external user in the \
         tenant first. Sign out and sign in again with a different Azure Active Directory user account."
    );
    Refusal::new(50_020, "invalid_grant", text)
}

pub(crate) fn user_unknown(address: &str) -> Refusal {
    Refusal::new(50_034, "invalid_grant", format!("The user account {address} does not exist in the directory."))
}

pub(crate) fn wrong_password() -> Refusal {
    Refusal::new(50_126, "invalid_grant", "Error validating credentials due to invalid username or password.")
}
