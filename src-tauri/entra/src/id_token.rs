//! Who signed in, as the ID token says, and the checks without which nothing of the response is
//! kept.
//!
//! The token came over TLS straight from the token endpoint, so its signature need not be checked
//! (OpenID Connect Core
//! 3.1.3.7, item 6); everything else of that list is.

use std::str::FromStr;

use jiff::Timestamp;
use model::{Account, ClientId, Tenant, TenantId};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Number;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    clock::CLOCK_TOLERANCE,
    discovery::{TENANT_PLACEHOLDER, TenantFacts},
    error::Error,
    jwt,
    sent::Sent,
};

/// Asymmetric algorithms only: `none` proves nothing and `HS…` would mean a shared secret, which a
/// desktop app has not.
const ALGORITHMS: [&str; 10] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
];

/// What the ID token has to say.
pub(crate) struct Expected<'a> {
    pub(crate) client_id: ClientId,
    pub(crate) tenant: &'a Tenant,
    pub(crate) facts: &'a TenantFacts,
    pub(crate) nonce: &'a SecretString,
    /// What was sent for it, which its names may repeat.
    pub(crate) sent: &'a Sent,
}

/// Who signed in. `written_at` is the time of the server that sent the token: by its own clock, and
/// never by this computer's, which may be wrong and must lock nobody out, the token may not have
/// ended.
pub(crate) fn accept(
    token: &str,
    expected: &Expected<'_>,
    written_at: Option<Timestamp>,
) -> Result<Account, Error> {
    let refused = |reason| Error::IdTokenRefused { reason };
    let claims = parse(token).map_err(refused)?;
    check(&claims, expected).map_err(refused)?;
    if written_at.is_some_and(|written_at| has_ended(&claims, written_at)) {
        return Err(refused(
            "it had ended when it was sent, by the clock of the server itself",
        ));
    }
    let account = if expected.facts.is_entra() {
        entra_account(&claims, expected)
    } else {
        other_account(&claims, expected)
    };
    account.map_err(refused)
}

/// The header, as far as anything depends on it.
#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    aud: Option<Audience>,
    azp: Option<String>,
    sub: Option<String>,
    oid: Option<String>,
    tid: Option<String>,
    nonce: Option<String>,
    iat: Option<Number>,
    exp: Option<Number>,
    name: Option<String>,
    preferred_username: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

fn parse(token: &str) -> Result<Claims, &'static str> {
    let [header, payload, signature] = jwt::parts(token).ok_or("it does not have three parts")?;
    let header: Header = jwt::decode(header).ok_or("its header cannot be read")?;
    if !ALGORITHMS.contains(&header.alg.as_str()) || signature.is_empty() {
        return Err("it is not signed with a public key");
    }
    jwt::decode(payload).ok_or("its claims cannot be read")
}

fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), &'static str> {
    let audience = claims.aud.as_ref().ok_or("it names no audience")?;
    if !is_only_for(audience, expected.client_id) {
        return Err("it is meant for another application");
    }
    if claims
        .azp
        .as_deref()
        .is_some_and(|azp| !is_id(azp, expected.client_id))
    {
        return Err("it was issued to another application");
    }
    let nonce = claims.nonce.as_deref().ok_or("it has no nonce")?;
    if !bool::from(
        nonce
            .as_bytes()
            .ct_eq(expected.nonce.expose_secret().as_bytes()),
    ) {
        return Err("it belongs to another sign-in");
    }
    if claims.sub.as_deref().unwrap_or_default().is_empty() {
        return Err("it names nobody");
    }
    if claims.iat.is_none() || claims.exp.is_none() {
        return Err("it has no time");
    }
    let tenant = claims.tid.as_deref().unwrap_or_default();
    if claims.iss.as_deref()
        != Some(
            expected
                .facts
                .issuer
                .replace(TENANT_PLACEHOLDER, tenant)
                .as_str(),
        )
    {
        return Err("it comes from another issuer");
    }
    Ok(())
}

/// An audience beside ours would be one that we do not trust (OpenID Connect Core 3.1.3.7, item 3).
fn is_only_for(audience: &Audience, client_id: ClientId) -> bool {
    match audience {
        Audience::One(id) => is_id(id, client_id),
        Audience::Many(ids) => !ids.is_empty() && ids.iter().all(|id| is_id(id, client_id)),
    }
}

fn is_id(text: &str, client_id: ClientId) -> bool {
    text.eq_ignore_ascii_case(&client_id.to_string())
}

fn entra_account(claims: &Claims, expected: &Expected<'_>) -> Result<Account, &'static str> {
    let written = claims.tid.as_deref().ok_or("it names no tenant")?;
    let tenant_id = TenantId::from_str(written).map_err(|_| "its tenant is not a GUID")?;
    let asked = match expected.tenant {
        Tenant::Id(id) => Some(*id),
        Tenant::Domain(_) => expected.facts.tenant_id,
        Tenant::Organizations | Tenant::Common => None,
    };
    if asked
        .or(expected.facts.tenant_id)
        .is_some_and(|asked| asked != tenant_id)
    {
        return Err("it comes from another tenant");
    }
    let object_id = claims
        .oid
        .as_deref()
        .filter(|oid| !oid.is_empty())
        .ok_or("it names no account")?;
    Ok(account(tenant_id, object_id, claims, expected.sent))
}

/// A server that is not Entra has no tenants. So that accounts can be told apart all the same, its
/// issuer stands in for the tenant: as a UUID version 5 (RFC 9562, 5.5), which is the same each
/// time and no real tenant's.
fn other_account(claims: &Claims, expected: &Expected<'_>) -> Result<Account, &'static str> {
    let issuer = claims.iss.as_deref().ok_or("it names no issuer")?;
    let subject = claims.sub.as_deref().ok_or("it names nobody")?;
    let tenant_id = TenantId::new(Uuid::new_v5(&Uuid::NAMESPACE_URL, issuer.as_bytes()));
    Ok(account(tenant_id, subject, claims, expected.sent))
}

fn account(tenant_id: TenantId, object_id: &str, claims: &Claims, sent: &Sent) -> Account {
    Account {
        tenant_id,
        object_id: sent.shown(object_id),
        username: claims
            .preferred_username
            .as_deref()
            .map(|name| sent.shown(name)),
        display_name: claims.name.as_deref().map(|name| sent.shown(name)),
    }
}

fn has_ended(claims: &Claims, at: Timestamp) -> bool {
    let end = claims.exp.as_ref().and_then(Number::as_f64);
    end.is_some_and(|end| end + CLOCK_TOLERANCE.as_secs_f64() < at.as_second() as f64)
}
