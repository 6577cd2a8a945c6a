//! Refusals by what administrators decided: assignment, Conditional Access, the cloud a tenant
//! lives in.

use model::ClientId;

use super::Refusal;

pub(crate) fn not_assigned(client_id: ClientId, name: &str, address: &str) -> Refusal {
    let text = format!(
        "Your administrator has configured the application {name} ('{client_id}') to block users unless they are \
         specifically granted ('assigned') access to the application. The signed in user '{address}' is blocked because \
         they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please \
         contact your administrator to assign access to this application."
    );
    Refusal::new(50_105, "invalid_grant", text)
}

/// What a person is told at the token endpoint; the page shows it in other words.
pub(crate) fn person_blocked() -> Refusal {
    blocked("interaction_required")
}

/// A public log has it with `invalid_grant` for an application's own token.
pub(crate) fn application_blocked() -> Refusal {
    blocked("invalid_grant")
}

fn blocked(error: &'static str) -> Refusal {
    let text = "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.";
    let claims = r#"{"access_token":{"capolids":{"essential":true,"values":["01234567-89ab-cdef-fedc-ba9876543210"]}}}"#;
    Refusal::new(53_003, error, text)
        .with_suberror("message_only")
        .with_claims(claims)
}

/// `.default` with nothing in the registration and nothing granted.
pub(crate) fn nothing_registered(client_id: ClientId, directory: &str) -> Refusal {
    let text = format!(
        "Misconfigured application. This could be due to one of the following: the client has not listed any permissions for \
         'Microsoft Graph' in the requested permissions in the client's application registration. Or, the admin has not \
         consented in the tenant. Or, check the application identifier in the request to ensure it matches the configured \
         client application identifier. Please contact your admin to fix the configuration or consent on behalf of the \
         tenant. Client app ID: {client_id}. Tenant: {directory}."
    );
    Refusal::new(650_056, "invalid_client", text)
}

/// An application with a secret asks at the wrong cloud.
pub(crate) fn confidential_across_clouds() -> Refusal {
    Refusal::new(
        900_382,
        "invalid_request",
        "Confidential Client is not supported in Cross Cloud request.",
    )
}

/// Anybody else asks at the wrong cloud.
pub(crate) fn other_cloud(tenant: &str, cloud: &str) -> Refusal {
    let text =
        format!("Tenant '{tenant}' request is being redirected to the National Cloud '{cloud}'.");
    Refusal::new(90_038, "invalid_request", text)
}
