//! The success answer of the token endpoint: as strict as RFC 6749, 5.1 and as lenient as
//! Microsoft's own servers differ.

use std::{fmt, time::Duration};

use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse, TokenType};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;

use crate::jwt::MAX_TOKEN;

/// The longest lifetime that is believed. Tokens of continuous access evaluation live up to 28
/// hours.
const MAX_LIFE: u64 = 172_800;

/// More names of permissions than these are only counted; Graph has fewer than a thousand.
const MAX_SCOPES: usize = 1_500;

/// A token response. It holds secrets: it can be neither printed nor written.
#[derive(Deserialize)]
pub(crate) struct EntraTokenResponse {
    #[serde(deserialize_with = "access_token")]
    access_token: AccessToken,
    token_type: Bearer,
    #[serde(default, deserialize_with = "lifetime")]
    expires_in: Option<Duration>,
    #[serde(default, deserialize_with = "not_empty")]
    refresh_token: Option<RefreshToken>,
    #[serde(default, deserialize_with = "scopes")]
    scope: Option<Vec<Scope>>,
    /// Only with the scope `openid`.
    pub(crate) id_token: Option<String>,
}

impl TokenResponse for EntraTokenResponse {
    type TokenType = Bearer;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &Bearer {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scope.as_ref()
    }
}

impl fmt::Debug for EntraTokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntraTokenResponse").finish_non_exhaustive()
    }
}

/// The OAuth library asks for it; nothing ever writes a token response.
impl Serialize for EntraTokenResponse {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(ser::Error::custom("a token response is never written"))
    }
}

/// The one token type, in any case of letters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Bearer;

impl TokenType for Bearer {}

impl<'de> Deserialize<'de> for Bearer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        if written.eq_ignore_ascii_case("bearer") {
            Ok(Self)
        } else {
            Err(de::Error::custom("not a bearer token"))
        }
    }
}

fn access_token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccessToken, D::Error> {
    let token = String::deserialize(deserializer)?;
    let fits =
        (1..=MAX_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(AccessToken::new(token))
    } else {
        Err(de::Error::custom("not a token that fits into a header"))
    }
}

/// Seconds as a number or, as AAD v1 and B2C write them, as a numeric string.
fn lifetime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let written = Value::deserialize(deserializer)?;
    let seconds = match &written {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.parse().ok(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let seconds = seconds.ok_or_else(|| de::Error::custom("not a number of seconds"))?;
    Ok(Some(Duration::from_secs(seconds.clamp(60, MAX_LIFE))))
}

/// Some servers write whole seconds with a point in them (`3599.0`).
fn whole(seconds: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and within these bounds"
    )]
    (seconds.fract() == 0.0 && (0.0..=1e15).contains(&seconds)).then_some(seconds as u64)
}

fn not_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RefreshToken>, D::Error> {
    let written = Option::<String>::deserialize(deserializer)?;
    Ok(written
        .filter(|token| !token.is_empty())
        .map(RefreshToken::new))
}

fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Scope>>, D::Error> {
    let written = Option::<String>::deserialize(deserializer)?;
    Ok(written.map(|list| {
        let mut names: Vec<Scope> = list
            .split_whitespace()
            .take(MAX_SCOPES)
            .map(|name| Scope::new(name.to_owned()))
            .collect();
        // Said in the place of the names, so that nobody takes the list for whole.
        let more = list.split_whitespace().count() - names.len();
        names.extend((more > 0).then(|| Scope::new(format!("({more} more names)"))));
        names
    }))
}
