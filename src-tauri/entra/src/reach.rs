//! Whether the hosts of a cloud answer as Microsoft's do. No credential is sent.

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::{cloud::Cloud, error::Error, http::Http};

/// Asks the login host for its description, as every sign-in does.
///
/// Source:
/// <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document>
///
/// # Errors
/// Those of the network, and [`Error::Malformed`] when somebody else answers.
pub async fn reach_login(http: &Http, cloud: &Cloud) -> Result<(), Error> {
    let segments: &[&str] = &[
        "organizations",
        "v2.0",
        ".well-known",
        "openid-configuration",
    ];
    let mut answer = http
        .get(&cloud.login_url(segments.iter().copied()), HeaderMap::new())
        .await?;
    if cloud.custom && answer.status.as_u16() == 404 {
        answer = http
            .get(
                &cloud.login_url([".well-known", "openid-configuration"]),
                HeaderMap::new(),
            )
            .await?;
    }
    let described = answer
        .json_if_any::<Value>()
        .is_some_and(|document| document.get("token_endpoint").is_some());
    if described {
        Ok(())
    } else {
        Err(answer.malformed("it is not the description of a login host"))
    }
}

/// Asks Graph for the organization without a token, which Graph refuses in its own words.
///
/// Source: <https://learn.microsoft.com/graph/errors>
///
/// # Errors
/// Those of the network, and [`Error::GraphAbsent`] when somebody else answers.
pub async fn reach_graph(http: &Http, cloud: &Cloud) -> Result<(), Error> {
    let answer = http
        .get(&cloud.graph_url(["v1.0", "organization"]), HeaderMap::new())
        .await?;
    let refused = answer
        .json_if_any::<Value>()
        .and_then(|body| body.pointer("/error/code").cloned());
    if answer.status.as_u16() == 401 && refused.is_some_and(|code| code.is_string()) {
        Ok(())
    } else {
        Err(Error::GraphAbsent { host: answer.host })
    }
}
