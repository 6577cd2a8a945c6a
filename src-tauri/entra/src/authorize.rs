//! The request that starts a sign-in: what is bound together for it, and the link for the browser.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{ClientId, Tenant};
use oauth2::{
    AuthUrl, AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use rand::{TryRng, rngs::SysRng};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    challenge::ClaimsChallenge, cloud::Cloud, discovery::TenantFacts, error::Error, link,
    sent::Sent,
};

/// What a sign-in is for.
#[derive(Clone, Debug)]
pub struct SignInRequest {
    /// Where.
    pub cloud: Cloud,
    /// To which application.
    pub client_id: ClientId,
    /// To which tenant.
    pub tenant: Tenant,
    /// The Graph permissions to ask for, by their plain names.
    pub scopes: Vec<String>,
    /// The account to offer first.
    pub login_hint: Option<String>,
    /// What the sign-in has to be asked for, as an earlier refusal said.
    pub claims: Option<ClaimsChallenge>,
}

/// What belongs together in one sign-in (RFC 9700, 4.4.2). The exchange of the code uses nothing
/// but these values: what comes back from the browser can change none of them.
pub(crate) struct Flow {
    pub(crate) cloud: Cloud,
    pub(crate) client_id: ClientId,
    pub(crate) tenant: Tenant,
    pub(crate) facts: TenantFacts,
    pub(crate) scopes: Vec<String>,
    pub(crate) redirect_uri: String,
    pub(crate) state: SecretString,
    pub(crate) nonce: SecretString,
    verifier: SecretString,
}

impl Flow {
    /// Binds a request to new random values.
    pub(crate) fn new(
        request: SignInRequest,
        facts: TenantFacts,
        redirect_uri: String,
    ) -> Result<Self, Error> {
        Ok(Self {
            cloud: request.cloud,
            client_id: request.client_id,
            tenant: request.tenant,
            scopes: request.scopes,
            facts,
            redirect_uri,
            state: random()?,
            nonce: random()?,
            verifier: random()?,
        })
    }

    /// The link for the browser.
    ///
    /// `response_mode=form_post` keeps the code out of the browser's history.
    ///
    /// Source:
    /// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code>
    pub(crate) fn link(
        &self,
        login_hint: Option<&str>,
        claims: Option<&ClaimsChallenge>,
    ) -> Result<Url, Error> {
        link::shortened(&self.cloud, |scope| {
            self.link_with(login_hint, claims, scope)
        })
    }

    /// The redirect address as the OAuth library takes it.
    pub(crate) fn redirect(&self) -> Result<RedirectUrl, Error> {
        // The library keeps the text as it is written, without the slash that a parsed address
        // would get.
        RedirectUrl::new(self.redirect_uri.clone()).map_err(|_| Error::NoSecurity)
    }

    /// The verifier that goes with the code.
    pub(crate) fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.verifier.expose_secret().to_owned())
    }

    /// What of this sign-in nobody may see, in case an answer repeats it.
    pub(crate) fn sent(&self) -> Sent {
        Sent::of([&self.state, &self.nonce, &self.verifier].map(SecretString::clone))
    }

    /// A code as the OAuth library takes it.
    pub(crate) fn code(code: &SecretString) -> AuthorizationCode {
        AuthorizationCode::new(code.expose_secret().to_owned())
    }

    fn link_with(
        &self,
        login_hint: Option<&str>,
        claims: Option<&ClaimsChallenge>,
        scope: impl Fn(&str) -> String,
    ) -> Result<Url, Error> {
        let client = crate::token::client(&self.client_id, &self.facts.token_endpoint)
            .set_auth_uri(AuthUrl::from_url(self.facts.authorization_endpoint.clone()))
            .set_redirect_uri(self.redirect()?);
        let state = CsrfToken::new(self.state.expose_secret().to_owned());
        let mut request = client
            .authorize_url(|| state)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(
                &self.verifier(),
            ))
            .add_scopes(self.scopes.iter().map(|name| Scope::new(scope(name))))
            .add_scopes(
                ["openid", "profile", "offline_access"].map(|name| Scope::new(name.to_owned())),
            )
            .add_extra_param("response_mode", "form_post")
            .add_extra_param("prompt", "select_account")
            .add_extra_param("nonce", self.nonce.expose_secret());
        if let Some(hint) = login_hint {
            request = request.add_extra_param("login_hint", hint);
        }
        if let Some(claims) = claims {
            request = request.add_extra_param("claims", claims.as_str());
        }
        Ok(request.url().0)
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow")
            .field("tenant", &self.tenant)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// 256 bits from the operating system, in 43 characters of the URL-safe alphabet: enough for a
/// state (ASVS 11.5.1), and the form of a PKCE verifier (RFC 7636, 4.1).
pub(crate) fn random() -> Result<SecretString, Error> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    SysRng
        .try_fill_bytes(bytes.as_mut_slice())
        .map_err(|_| Error::NoSecurity)?;
    Ok(SecretString::from(
        BASE64_URL_SAFE_NO_PAD.encode(bytes.as_slice()),
    ))
}

#[cfg(test)]
mod tests;
