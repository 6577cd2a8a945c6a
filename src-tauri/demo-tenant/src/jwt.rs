//! Signed tokens. The key is fixed and published in this repository, so that start-up takes no
//! time: it proves nothing to anybody outside a test.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    errors::ErrorKind,
    jwk::{AlgorithmParameters, Jwk},
};
use serde_json::{Map, Value, json};

use crate::start::StartError;

const KEY_ID: &str = "demo-tenant-key-1";
const DEMO_KEY: &[u8] = include_bytes!("demo_key.pem");

pub(crate) struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    modulus: String,
    exponent: String,
}

/// Why Graph does not take a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFault {
    Malformed,
    Signature,
    Expired,
    Audience,
}

impl Keys {
    pub(crate) fn load() -> Result<Self, StartError> {
        let encoding = EncodingKey::from_rsa_pem(DEMO_KEY).map_err(|_| StartError::Key)?;
        let jwk =
            Jwk::from_encoding_key(&encoding, Algorithm::RS256).map_err(|_| StartError::Key)?;
        let AlgorithmParameters::RSA(rsa) = &jwk.algorithm else {
            return Err(StartError::Key);
        };
        let (modulus, exponent) = (rsa.n.clone(), rsa.e.clone());
        let decoding =
            DecodingKey::from_rsa_components(&modulus, &exponent).map_err(|_| StartError::Key)?;
        Ok(Self {
            encoding,
            decoding,
            modulus,
            exponent,
        })
    }

    /// The key set of `/discovery/v2.0/keys`.
    pub(crate) fn jwks(&self, issuer: &str) -> Value {
        json!({ "keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "x5t": KEY_ID,
            "n": self.modulus, "e": self.exponent, "issuer": issuer,
        }] })
    }

    /// A signed token with these claims.
    pub(crate) fn sign(&self, claims: &Map<String, Value>) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(KEY_ID.to_owned());
        header.x5t = Some(KEY_ID.to_owned());
        jsonwebtoken::encode(&header, claims, &self.encoding).unwrap_or_default()
    }

    /// The claims of a token that this server signed for an audience and that is alive at `now`
    /// (Unix seconds).
    pub(crate) fn verify(
        &self,
        token: &str,
        audience: &str,
        now: i64,
    ) -> Result<Map<String, Value>, TokenFault> {
        let mut rules = Validation::new(Algorithm::RS256);
        // The server's own clock can be moved by a test, so its lifetime is compared here and not
        // by the library.
        rules.validate_exp = false;
        rules.set_audience(&[audience]);
        let token = jsonwebtoken::decode::<Map<String, Value>>(token, &self.decoding, &rules);
        let token = token.map_err(|error| fault(error.kind()))?;
        let lives_until = token.claims.get("exp").and_then(Value::as_i64).unwrap_or(0);
        if lives_until <= now {
            Err(TokenFault::Expired)
        } else {
            Ok(token.claims)
        }
    }
}

fn fault(kind: &ErrorKind) -> TokenFault {
    if matches!(
        kind,
        ErrorKind::InvalidAudience | ErrorKind::MissingRequiredClaim(_)
    ) {
        TokenFault::Audience
    } else if matches!(
        kind,
        ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm
    ) {
        TokenFault::Signature
    } else {
        TokenFault::Malformed
    }
}
