//! Authorization codes and refresh tokens that were handed out.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use model::{ClientId, TenantId};
use sha2::{Digest as _, Sha256};

use crate::{
    errors::{self, Refusal},
    scope::Scope,
};

/// A code lives for ten minutes.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// A refresh token that is not used for ninety days dies.
const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Who signed in where, for which application.
#[derive(Clone, Debug)]
pub(crate) struct SignIn {
    pub(crate) address: String,
    /// The user's generation at the time: a later revocation raises it.
    pub(crate) generation: u32,
    pub(crate) client_id: ClientId,
    pub(crate) tenant: TenantId,
    /// The answer went to a redirect URI of the native platform.
    pub(crate) public: bool,
}

/// An authorization code.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) sign_in: SignIn,
    /// The tenant path at which it was asked, in its canonical form.
    pub(crate) place: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) scope: Scope,
    pub(crate) nonce: Option<String>,
    pub(crate) issued: Timestamp,
    pub(crate) redeemed: bool,
}

/// A refresh token.
#[derive(Clone, Debug)]
pub(crate) struct Refresh {
    pub(crate) sign_in: SignIn,
    pub(crate) scope: Scope,
    pub(crate) issued: Timestamp,
}

/// A PKCE challenge (RFC 7636).
#[derive(Clone, Debug)]
pub(crate) enum Challenge {
    S256(String),
    Plain(String),
}

impl Challenge {
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Self::S256(challenge) => {
                *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
            }
            Self::Plain(challenge) => challenge == verifier,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Issued {
    codes: HashMap<String, Code>,
    refresh: HashMap<String, Refresh>,
    /// What stands behind opaque access tokens.
    access: HashMap<String, String>,
}

/// What a client shows along with a code.
pub(crate) struct Redemption<'a> {
    pub(crate) code: &'a str,
    pub(crate) client_id: ClientId,
    pub(crate) place: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: Option<&'a str>,
    pub(crate) now: Timestamp,
}

impl Issued {
    pub(crate) fn add_code(&mut self, code: Code) -> String {
        let value = opaque("1.A", 420);
        self.codes.insert(value.clone(), code);
        value
    }

    pub(crate) fn add_refresh(&mut self, refresh: Refresh) -> String {
        let value = opaque("1.A", 960);
        self.refresh.insert(value.clone(), refresh);
        value
    }

    pub(crate) fn add_opaque(&mut self, token: String) -> String {
        let value = opaque("EwB", 900);
        self.access.insert(value.clone(), token);
        value
    }

    /// The readable token behind an access token.
    pub(crate) fn readable<'a>(&'a self, token: &'a str) -> &'a str {
        self.access.get(token).map_or(token, String::as_str)
    }

    /// The code, if everything fits; it is not marked as redeemed yet, because client
    /// authentication comes after.
    pub(crate) fn code(&self, shown: &Redemption<'_>) -> Result<Code, Refusal> {
        let code = self
            .codes
            .get(shown.code)
            .ok_or_else(errors::code_unknown)?;
        if code.sign_in.client_id != shown.client_id {
            return Err(errors::other_client());
        }
        if code.redeemed {
            return Err(errors::code_reused());
        }
        if shown.now.duration_since(code.issued) > CODE_LIFE {
            return Err(errors::code_unknown());
        }
        if code.place != shown.place {
            return Err(errors::code_of_other_tenant());
        }
        if code.redirect_uri != shown.redirect_uri {
            return Err(errors::redirect_differs_from_request(
                shown.redirect_uri,
                &code.redirect_uri,
            ));
        }
        let fits = match (&code.challenge, shown.verifier) {
            (Some(challenge), Some(verifier)) => challenge.is_met_by(verifier),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if fits {
            Ok(code.clone())
        } else {
            Err(errors::wrong_verifier())
        }
    }

    pub(crate) fn mark_redeemed(&mut self, code: &str) {
        if let Some(code) = self.codes.get_mut(code) {
            code.redeemed = true;
        }
    }

    /// The refresh token, if this client may use it now. Use does not end it: Entra leaves old ones
    /// alive.
    pub(crate) fn refresh(
        &self,
        value: &str,
        client_id: ClientId,
        now: Timestamp,
    ) -> Result<Refresh, Refusal> {
        let refresh = self
            .refresh
            .get(value)
            .ok_or_else(errors::refresh_unknown)?;
        if refresh.sign_in.client_id != client_id {
            return Err(errors::other_client());
        }
        if now.duration_since(refresh.issued) > REFRESH_LIFE {
            return Err(errors::refresh_expired(refresh.issued));
        }
        Ok(refresh.clone())
    }
}

/// Text that cannot be guessed and looks like what Entra hands out, length included.
pub(crate) fn opaque(start: &str, bytes: usize) -> String {
    let mut random = vec![0_u8; bytes];
    rand::fill(&mut random[..]);
    format!("{start}{}", URL_SAFE_NO_PAD.encode(random))
}
