//! The token endpoint: client credentials, refresh, and the exchange of a sign-in's code.

use std::{fmt, future::Future, str::FromStr, time::Duration};

use jiff::Timestamp;
use model::{ClientId, Tenant, TenantId};
use oauth2::{
    AuthType, Client, ClientSecret, EmptyExtraTokenFields, EndpointNotSet, EndpointSet,
    RefreshToken, Scope, StandardRevocableToken, StandardTokenIntrospectionResponse, TokenResponse,
    TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::{
    challenge::ClaimsChallenge,
    cloud::Cloud,
    discovery::token_facts,
    error::Error,
    error_body::EntraErrorResponse,
    http::Http,
    jwt,
    sent::Sent,
    token_response::{Bearer, EntraTokenResponse},
    transport::Transport,
};

/// What an access token lives when the server does not say.
const DEFAULT_LIFE: Duration = Duration::from_secs(3_600);
/// How long to wait before the one repetition of a request that failed in passing.
const PAUSE: Duration = Duration::from_secs(1);

pub(crate) type EntraClient<Auth = EndpointNotSet, Token = EndpointNotSet> = Client<
    EntraErrorResponse,
    EntraTokenResponse,
    StandardTokenIntrospectionResponse<EmptyExtraTokenFields, Bearer>,
    StandardRevocableToken,
    EntraErrorResponse,
    Auth,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Token,
>;

/// An access token. It is opaque: nothing may depend on what can be read in it.
#[derive(Clone)]
pub struct AccessToken {
    secret: SecretString,
    /// How long it lives, counted from the answer.
    pub expires_in: Duration,
    /// Whether the server did not say so and an hour was assumed.
    pub lifetime_assumed: bool,
    /// What was sent for it, which its claims may repeat.
    sent: Sent,
    /// When the server answered, by its own clock; `None` where it did not say.
    pub answered_at: Option<Timestamp>,
}

impl AccessToken {
    /// What can be read in the token, for display; `None` when it cannot be decoded, which is no
    /// fault.
    pub fn claims(&self) -> Option<TokenClaims> {
        TokenClaims::parse(self.expose(), &self.sent)
    }

    /// The token's text, for whoever has to send it. The one door through which it leaves this
    /// crate.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    pub(crate) fn of(
        response: &EntraTokenResponse,
        sent: Sent,
        answered_at: Option<Timestamp>,
    ) -> Self {
        Self {
            sent,
            secret: SecretString::from(response.access_token().secret().as_str()),
            expires_in: response.expires_in().unwrap_or(DEFAULT_LIFE),
            lifetime_assumed: response.expires_in().is_none(),
            answered_at,
        }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// What an access token says, as far as it can be read. Nobody has checked it.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenClaims {
    /// `tid`.
    pub tenant_id: Option<TenantId>,
    /// `appid` or `azp`.
    pub app_id: Option<ClientId>,
    /// `oid`.
    pub object_id: Option<String>,
    /// `roles`: application permissions.
    pub roles: Vec<String>,
    /// `scp`: delegated permissions.
    pub scopes: Vec<String>,
    /// `app_displayname`: what the application is called.
    pub app_name: Option<String>,
}

impl TokenClaims {
    /// The claims of a token that was handed out before; `None` where it cannot be read, which is
    /// no fault.
    pub fn of(token: &SecretString) -> Option<Self> {
        Self::parse(token.expose_secret(), &Sent::default())
    }

    /// Reads the payload; a claim of a wrong type counts as missing.
    fn parse(token: &str, sent: &Sent) -> Option<Self> {
        let [_, payload, _] = jwt::parts(token)?;
        let payload: serde_json::Map<String, Value> = jwt::decode(payload)?;
        let text = |name: &str| payload.get(name).and_then(Value::as_str);
        // What is written in another way than Entra's is not understood, and nothing follows from
        // it.
        let is_list = |value: &Value| {
            value
                .as_array()
                .is_some_and(|list| list.iter().all(Value::is_string))
        };
        let of_its_type = |name: &str, is: &dyn Fn(&Value) -> bool| {
            payload
                .get(name)
                .is_none_or(|value| value.is_null() || is(value))
        };
        if !of_its_type("roles", &is_list) || !of_its_type("scp", &Value::is_string) {
            return None;
        }
        let roles = payload.get("roles").and_then(Value::as_array);
        Some(Self {
            tenant_id: text("tid").and_then(|id| TenantId::from_str(id).ok()),
            app_id: text("appid")
                .or_else(|| text("azp"))
                .and_then(|id| ClientId::from_str(id).ok()),
            object_id: text("oid").map(|id| sent.shown(id)),
            roles: roles
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|name| sent.shown(name))
                .collect(),
            scopes: text("scp")
                .unwrap_or_default()
                .split_whitespace()
                .map(|name| sent.shown(name))
                .collect(),
            app_name: text("app_displayname").map(|name| sent.shown(name)),
        })
    }
}

/// Asks for a token as the application itself, with its secret in the body and never in a URL, and
/// with the claims that Graph wants to see in it.
///
/// A failure that passes (HTTP 5xx, time-out, cut connection) is repeated once after a second.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>
///
/// # Errors
/// [`Error::CredentialRefused`], [`Error::ApplicationNotFound`], [`Error::ApplicationRefused`],
/// [`Error::Throttled`] and the rest of [`Error`].
pub async fn client_credentials(
    http: &Http,
    cloud: &Cloud,
    tenant: &Tenant,
    client_id: &ClientId,
    secret: &SecretString,
    claims: Option<&ClaimsChallenge>,
) -> Result<AccessToken, Error> {
    let (url, _) = token_facts(http, cloud, tenant).await?;
    let client = client(client_id, &url)
        .set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
    let asked = once_more(|| async {
        let transport = Transport::new(http, &url);
        let mut request = client
            .exchange_client_credentials()
            .add_scope(Scope::new(cloud.default_scope()));
        if let Some(claims) = claims {
            request = request.add_extra_param("claims", claims.as_str());
        }
        let response = request
            .request_async(&transport)
            .await
            .map_err(|error| transport.classify(error))?;
        Ok(AccessToken::of(
            &response,
            transport.sent(),
            transport.written_at(),
        ))
    });
    let access = asked.await.map_err(Error::of_application)?;
    tracing::info!(%tenant, %client_id, "token issued for an application");
    Ok(access)
}

/// What a refresh gave.
#[derive(Debug)]
pub struct Refreshed {
    /// The new access token.
    pub access: AccessToken,
    /// The refresh token to keep from now on; `None` means that the old one stays.
    pub refresh: Option<SecretString>,
    /// The Graph permissions of the new access token, as the server named them; empty when it did
    /// not.
    pub granted: Vec<String>,
}

/// Trades a refresh token for an access token with everything that has been granted by now, and
/// with the claims that Graph wants to see in it.
///
/// A failure that passes (HTTP 5xx, time-out, cut connection) is repeated once after a second.
///
/// Source:
/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token>
///
/// # Errors
/// [`Error::NeedsSignIn`] when only a person can go on, [`Error::Throttled`] and the rest of
/// [`Error`].
pub async fn refresh(
    http: &Http,
    cloud: &Cloud,
    tenant: &Tenant,
    client_id: &ClientId,
    refresh_token: &SecretString,
    claims: Option<&ClaimsChallenge>,
) -> Result<Refreshed, Error> {
    let (url, is_entra) = token_facts(http, cloud, tenant).await?;
    let client = client(client_id, &url);
    let token = RefreshToken::new(refresh_token.expose_secret().to_owned());
    let scopes = if is_entra {
        scopes_of_refresh(cloud)
    } else {
        Vec::new()
    };
    let asked = once_more(|| async {
        let transport = Transport::new(http, &url);
        let mut request = client
            .exchange_refresh_token(&token)
            .add_scopes(scopes.clone());
        if let Some(claims) = claims {
            request = request.add_extra_param("claims", claims.as_str());
        }
        let response = request
            .request_async(&transport)
            .await
            .map_err(|error| transport.classify(error))?;
        Ok((response, transport.sent(), transport.written_at()))
    });
    let (response, sent, answered_at) = asked.await?;
    tracing::info!(%client_id, "token refreshed");
    Ok(Refreshed {
        granted: granted(cloud, response.scopes(), &sent).unwrap_or_default(),
        access: AccessToken::of(&response, sent, answered_at),
        refresh: response
            .refresh_token()
            .map(|token| SecretString::from(token.secret().as_str())),
    })
}

/// The client of the OAuth library for one token endpoint. The secret, if there is one, travels in
/// the body.
pub(crate) fn client(
    client_id: &ClientId,
    token_url: &Url,
) -> EntraClient<EndpointNotSet, EndpointSet> {
    EntraClient::new(oauth2::ClientId::new(client_id.to_string()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(token_url.clone()))
}

/// The Graph permissions in a response's scopes: without the Graph host before them and without
/// what is OpenID's own.
pub(crate) fn granted(
    cloud: &Cloud,
    scopes: Option<&Vec<Scope>>,
    sent: &Sent,
) -> Option<Vec<String>> {
    let prefix = cloud.scope("");
    let own =
        |name: &&str| !["openid", "profile", "email", "offline_access", ".default"].contains(name);
    let plain = |scope: &str| {
        let has_prefix = scope
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(&prefix));
        if has_prefix {
            scope[prefix.len()..].to_owned()
        } else {
            scope.to_owned()
        }
    };
    let names: Vec<String> = scopes?.iter().map(|scope| plain(scope)).collect();
    Some(
        names
            .iter()
            .map(String::as_str)
            .filter(own)
            .map(|name| sent.shown(name))
            .collect(),
    )
}

/// A server that is not Entra knows no `.default`; without a scope it grants what it granted before
/// (RFC 6749, 6).
fn scopes_of_refresh(cloud: &Cloud) -> Vec<Scope> {
    let names = [
        cloud.default_scope(),
        "offline_access".to_owned(),
        "openid".to_owned(),
        "profile".to_owned(),
    ];
    names.map(Scope::new).into()
}

/// Never for a code: it may have been redeemed although the answer was lost.
async fn once_more<T, F: Future<Output = Result<T, Error>>>(
    request: impl Fn() -> F,
) -> Result<T, Error> {
    match request().await {
        Err(error) if error.is_transient() => {
            tracing::debug!(%error, "once more after a pause");
            tokio::time::sleep(PAUSE).await;
            request().await
        }
        other => other,
    }
}
