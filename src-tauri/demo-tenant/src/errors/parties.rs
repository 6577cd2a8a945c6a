//! Refusals of who takes part: tenants, applications, their secrets, people.

use model::ClientId;
use uuid::Uuid;

use super::Refusal;

/// The tenant in the path is no tenant; `error` differs between discovery and the other endpoints.
pub(crate) fn tenant_not_found(tenant: &str, error: &'static str) -> Refusal {
    let is_well_formed = tenant.contains('.') || Uuid::parse_str(tenant).is_ok();
    if !is_well_formed {
        let text = format!(
            "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain."
        );
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
    Refusal::new(
        7_000_112,
        "unauthorized_client",
        format!("Application '{client_id}'({name}) is disabled."),
    )
}

pub(crate) fn not_multi_tenant(client_id: ClientId, name: &str, alias: &str) -> Refusal {
    let text = format!(
        "Application '{client_id}'({name}) is not configured as a multi-tenant application. Usage of the /{alias} \
         endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure \
         the application to be multi-tenant."
    );
    Refusal::new(50_194, "invalid_request", text)
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
    let text =
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
    Refusal::new(700_025, "invalid_client", text)
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
    Refusal::new(
        50_034,
        "invalid_grant",
        format!("The user account {address} does not exist in the directory."),
    )
}

pub(crate) fn wrong_password() -> Refusal {
    Refusal::new(
        50_126,
        "invalid_grant",
        "Error validating credentials due to invalid username or password.",
    )
}
