//! The Graph reads that prove a connection.

use std::str::FromStr;

use model::TenantId;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use crate::{
    address::host_of,
    cloud::Cloud,
    error::Error,
    http::{Http, LONG_LIST_LIMITS},
    http_response::HttpResponse,
    sanitise::visible,
    token::AccessToken,
};

/// Who signed in, as Graph knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The object ID.
    pub id: String,
    /// The display name; it may be anything the tenant's people wrote.
    pub display_name: Option<String>,
    /// The user principal name.
    pub user_principal_name: Option<String>,
}

/// The tenant, as Graph knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The tenant's ID.
    pub id: TenantId,
    /// The display name; it may be anything the tenant's people wrote.
    pub display_name: String,
    /// The names of its verified domains.
    pub verified_domains: Vec<String>,
}

/// Reads who signed in. Only a delegated token has somebody.
///
/// Source: <https://learn.microsoft.com/graph/api/user-get>
///
/// # Errors
/// [`Error::NotAuthorized`], [`Error::Forbidden`], [`Error::GraphAbsent`], and those of the
/// network.
pub async fn me(http: &Http, cloud: &Cloud, token: &AccessToken) -> Result<Me, Error> {
    let written: MeResponse =
        read(http, cloud, token, "me", "id,displayName,userPrincipalName").await?;
    Ok(Me {
        id: visible(&written.id),
        display_name: written.display_name.as_deref().map(visible),
        user_principal_name: written.user_principal_name.as_deref().map(visible),
    })
}

/// Reads the tenant that the token belongs to.
///
/// Source: <https://learn.microsoft.com/graph/api/organization-list>
///
/// # Errors
/// [`Error::NotAuthorized`], [`Error::Forbidden`] (which proves the credential),
/// [`Error::GraphAbsent`], and those of the network.
pub async fn organization(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
) -> Result<Organization, Error> {
    let list: OrganizationsResponse = read(
        http,
        cloud,
        token,
        "organization",
        "id,displayName,verifiedDomains",
    )
    .await?;
    let unusable = |flaw| Error::Malformed {
        host: host_of(&cloud.graph),
        flaw,
    };
    let first = list
        .value
        .into_iter()
        .next()
        .ok_or_else(|| unusable("it names no organization"))?;
    Ok(Organization {
        id: TenantId::from_str(&first.id)
            .map_err(|_| unusable("the organization's id is not a GUID"))?,
        display_name: visible(first.display_name.as_deref().unwrap_or_default()),
        verified_domains: first
            .verified_domains
            .iter()
            .map(|domain| visible(&domain.name))
            .collect(),
    })
}

async fn read<T: DeserializeOwned>(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
    path: &str,
    members: &str,
) -> Result<T, Error> {
    read_path(http, cloud, token, &[path], &format!("$select={members}")).await
}

/// Reads from version 1.0 of Graph. `query` is a constant of this crate, written as it travels.
pub(crate) async fn read_path<T: DeserializeOwned>(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
    path: &[&str],
    query: &str,
) -> Result<T, Error> {
    let answer = http
        .get(&address(cloud, path, query), bearer(token.secret())?)
        .await?;
    if answer.status.is_success() {
        answer.json()
    } else {
        Err(refusal(&answer))
    }
}

/// The same, for the list of all of Graph's permissions.
pub(crate) async fn read_long_list<T: DeserializeOwned>(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
    path: &[&str],
    query: &str,
) -> Result<T, Error> {
    let answer = http
        .get_within(
            LONG_LIST_LIMITS,
            &address(cloud, path, query),
            bearer(token.secret())?,
        )
        .await?;
    if answer.status.is_success() {
        answer.json()
    } else {
        Err(refusal(&answer))
    }
}

fn address(cloud: &Cloud, path: &[&str], query: &str) -> Url {
    let mut url = cloud.graph_url(std::iter::once("v1.0").chain(path.iter().copied()));
    if !query.is_empty() {
        url.set_query(Some(query));
    }
    url
}

/// The token goes into this header and nowhere else, and only to the Graph host of its cloud.
pub(crate) fn bearer(token: &SecretString) -> Result<HeaderMap, Error> {
    let text = Zeroizing::new(format!("Bearer {}", token.expose_secret()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Error::NotAuthorized {
        original: None,
        claims: None,
    })?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([
        (AUTHORIZATION, value),
        (ACCEPT, HeaderValue::from_static("application/json")),
    ]))
}

/// What kind of failure a refusal of Graph is.
pub(crate) fn refusal(answer: &HttpResponse) -> Error {
    let names_an_error = answer
        .members()
        .is_some_and(|body| body.get("error").is_some_and(Value::is_object));
    if answer.status.as_u16() == 404 && !names_an_error && !answer.is_from_graph() {
        return Error::GraphAbsent {
            host: answer.host.clone(),
        };
    }
    if answer.is_web_page() && !answer.is_from_graph() {
        return Error::NotMicrosoft {
            host: answer.host.clone(),
        };
    }
    let said = answer.original();
    let is_about_a_licence = said
        .error
        .as_deref()
        .is_some_and(|code| LICENCE_CODES.contains(&code));
    let original = Some(Box::new(said));
    match answer.status.as_u16() {
        400..=404 if is_about_a_licence => Error::LicenceMissing { original },
        401 => Error::NotAuthorized {
            original,
            claims: answer.claims_challenge(),
        },
        403 => Error::Forbidden { original },
        _ => Error::RequestRefused { original },
    }
}

/// What `error.code` says when a tenant or an account lacks the service, which is no matter of
/// permissions.
const LICENCE_CODES: [&str; 4] = [
    "30108", // OneNote: the account has no OneDrive.
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "MailboxNotEnabledForRESTAPI",
    "MailboxNotHostedInExchangeOnline",
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MeResponse {
    id: String,
    display_name: Option<String>,
    user_principal_name: Option<String>,
}

#[derive(Deserialize)]
struct OrganizationsResponse {
    value: Vec<RawOrganization>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawOrganization {
    id: String,
    display_name: Option<String>,
    #[serde(default)]
    verified_domains: Vec<RawDomain>,
}

#[derive(Deserialize)]
struct RawDomain {
    name: String,
}
