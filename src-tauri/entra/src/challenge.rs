//! What Graph or the login host asks the next token for: a claims request, as continuous access
//! evaluation and Conditional Access send it.
//!
//! Sources: <https://learn.microsoft.com/entra/identity-platform/claims-challenge> and
//! <https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation>

use std::iter;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};

/// No longer one is passed on, in bytes: it has to fit into a sign-in's link.
const MAX_LENGTH: usize = 4 * 1024;

/// A claims request (OpenID Connect Core 5.5): one JSON object, passed on as it came. It holds no
/// secret of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimsChallenge(String);

impl ClaimsChallenge {
    /// Reads one that was kept; `None` if it is not a JSON object, or too long to be passed on.
    pub fn parse(json: &str) -> Option<Self> {
        let json = json.trim();
        let object: Option<Map<String, Value>> = serde_json::from_str(json).ok();
        let fits = json.len() <= MAX_LENGTH && object.is_some_and(|object| !object.is_empty());
        fits.then(|| Self(json.to_owned()))
    }

    /// The JSON, to be kept or sent on.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one in a `WWW-Authenticate` header: `Bearer …, error="insufficient_claims",
    /// claims="<base64>"`. Its parts come in any order.
    pub(crate) fn in_header(header: &str) -> Option<Self> {
        let value = |wanted: &str| {
            let mut found =
                parameters(header).filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.next().map(|(_, value)| value)
        };
        if value("error").is_some_and(|error| !error.eq_ignore_ascii_case("insufficient_claims")) {
            return None;
        }
        let claims = value("claims")?;
        let decoded = [alphabet::STANDARD, alphabet::URL_SAFE]
            .iter()
            .find_map(|alphabet| {
                let lenient = GeneralPurposeConfig::new()
                    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
                String::from_utf8(
                    GeneralPurpose::new(alphabet, lenient)
                        .decode(&claims)
                        .ok()?,
                )
                .ok()
            });
        Self::parse(&decoded.unwrap_or(claims))
    }

    /// The one in the body of a refused token request, where it is a text that holds JSON.
    pub(crate) fn in_body(member: &Value) -> Option<Self> {
        match member {
            Value::String(json) => Self::parse(json),
            Value::Object(_) => Self::parse(&member.to_string()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
        }
    }
}

/// The parameters `name=value` and `name="value"` of a header, without the names of the schemes
/// between them.
fn parameters(header: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let mut rest = header;
    iter::from_fn(move || {
        let (before, after) = rest.split_once('=')?;
        let name = before
            .trim_end()
            .rsplit([' ', ',', '\t'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let (value, left) = value(after.trim_start());
        rest = left;
        Some((name, value))
    })
}

/// A value and what comes after it. In a quoted one a backslash stands before a character that is
/// meant as it is (RFC 9110, 5.6.4).
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let (mut value, mut is_escaped) = (String::new(), false);
    for (at, c) in quoted.char_indices() {
        match c {
            '"' if !is_escaped => return (value, &quoted[at + 1..]),
            '\\' if !is_escaped => is_escaped = true,
            c => {
                value.push(c);
                is_escaped = false;
            }
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use base64::{
        Engine,
        prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
    };

    use super::ClaimsChallenge;

    const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1764104400"},"x":{"values":["???>>>"]}}}"#;

    #[test]
    fn a_challenge_is_read_in_any_order_and_encoding() {
        let (standard, url_safe) = (
            BASE64_STANDARD.encode(CLAIMS),
            BASE64_URL_SAFE_NO_PAD.encode(CLAIMS),
        );
        assert!(
            standard.contains('+') || standard.contains('/'),
            "both alphabets differ: {standard}"
        );
        let raw = CLAIMS.replace('"', "\\\"");
        for header in [
            format!(
                r#"Bearer realm="", authorization_uri="https://login/common/oauth2/authorize", client_id="0", error="insufficient_claims", claims="{standard}""#
            ),
            format!(r#"Bearer claims="{url_safe}", error="insufficient_claims""#),
            format!(r#"PoP realm="a=b, c", Bearer error=insufficient_claims,claims={url_safe}"#),
            format!(r#"bearer CLAIMS = "{standard}" , Error = "Insufficient_Claims""#),
            format!(r#"Bearer claims="{raw}""#),
        ] {
            assert_eq!(
                ClaimsChallenge::in_header(&header)
                    .as_ref()
                    .map(ClaimsChallenge::as_str),
                Some(CLAIMS),
                "{header}"
            );
        }
    }

    #[test]
    fn what_is_no_challenge_is_none() {
        let claims = BASE64_STANDARD.encode(CLAIMS);
        let long = BASE64_STANDARD.encode(format!(r#"{{"a":"{}"}}"#, "x".repeat(5_000)));
        for header in [
            String::new(),
            "Bearer".to_owned(),
            r#"Bearer error="insufficient_claims""#.to_owned(),
            r#"Bearer error="insufficient_claims", claims="""#.to_owned(),
            r#"Bearer error="insufficient_claims", claims="%%%"#.to_owned(),
            format!(
                r#"Bearer error="insufficient_claims", claims="{}""#,
                BASE64_STANDARD.encode("[1]")
            ),
            format!(
                r#"Bearer error="insufficient_claims", claims="{}""#,
                BASE64_STANDARD.encode("{}")
            ),
            format!(r#"Bearer error="insufficient_claims", claims="{long}""#),
            format!(r#"Bearer error="invalid_token", claims="{claims}""#),
            format!(r#"Bearer x="claims={claims}""#),
        ] {
            assert_eq!(ClaimsChallenge::in_header(&header), None, "{header}");
        }
    }
}
