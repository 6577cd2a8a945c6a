//! Refusals of what a client shows at the token endpoint: codes, refresh tokens, grant types.

use jiff::Timestamp;

use super::Refusal;

pub(crate) fn grant_not_at_alias() -> Refusal {
    let text = "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or \
                tenant-specific endpoint.";
    Refusal::new(9_001_023, "invalid_request", text)
}

pub(crate) fn redirect_differs_from_request(now: &str, before: &str) -> Refusal {
    let text = format!(
        "The reply address '{now}' does not match the reply address '{before}' provided when requesting Authorization code."
    );
    Refusal::new(500_112, "invalid_grant", text)
}

pub(crate) fn unsupported_grant(grant: &str) -> Refusal {
    Refusal::new(
        70_003,
        "unsupported_grant_type",
        format!("The app requested an unsupported grant type '{grant}'."),
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
    let text =
        "Provided Authorization Code is intended to use against other tenant, thus rejected.";
    Refusal::new(700_005, "invalid_grant", text)
}

pub(crate) fn wrong_verifier() -> Refusal {
    let text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
    Refusal::new(501_481, "invalid_grant", text)
}

pub(crate) fn other_client() -> Refusal {
    let text =
        "The provided grant was issued for another application and may not be used by this one.";
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
