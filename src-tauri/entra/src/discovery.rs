//! Discovery: whether a tenant exists, its ID, and who will sign its tokens.

use std::str::FromStr;

use model::{Tenant, TenantId};
use reqwest::header::HeaderMap;
use serde::Deserialize;
use url::Url;

use crate::{
    address::host_of,
    cloud::{Cloud, Clouds},
    error::Error,
    http::Http,
    http_response::HttpResponse,
    sanitise::visible,
};

/// Stands for the tenant's ID in the issuer of `common` and `organizations`.
pub(crate) const TENANT_PLACEHOLDER: &str = "{tenantid}";

/// What discovery says about a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantFacts {
    /// The tenant's ID. `None` for `organizations` and `common`, and at a server that is not Entra.
    pub tenant_id: Option<TenantId>,
    /// Who signs the tokens; for `organizations` and `common` with `{tenantid}` in the place of the
    /// ID.
    pub issuer: String,
    /// Where a person signs in.
    pub authorization_endpoint: Url,
    /// Where tokens are asked for.
    pub token_endpoint: Url,
    /// Whether the answer to a sign-in always names its issuer (RFC 9207).
    pub iss_in_response: bool,
    /// The region of the tenant, such as `EU`.
    pub region: Option<String>,
}

impl TenantFacts {
    /// Whether the server speaks as Entra does: it has tenants, and its tokens name them.
    pub(crate) fn is_entra(&self) -> bool {
        self.tenant_id.is_some() || self.issuer.contains(TENANT_PLACEHOLDER)
    }

    /// The endpoints of one of Microsoft's own clouds, which are known beforehand.
    fn built_in(cloud: &Cloud, tenant: &Tenant, document: &Document) -> Option<Self> {
        let segment = document
            .issuer
            .strip_prefix(cloud.login.as_str())?
            .strip_suffix("/v2.0")?;
        let tenant_id = TenantId::from_str(segment).ok();
        let fits = match tenant {
            Tenant::Id(id) => tenant_id == Some(*id),
            Tenant::Domain(_) => tenant_id.is_some(),
            Tenant::Organizations | Tenant::Common => segment == TENANT_PLACEHOLDER,
        };
        fits.then(|| Self {
            tenant_id,
            issuer: document.issuer.clone(),
            authorization_endpoint: endpoint(cloud, tenant, "authorize"),
            token_endpoint: endpoint(cloud, tenant, "token"),
            iss_in_response: document.authorization_response_iss_parameter_supported,
            region: document.tenant_region_scope.as_deref().map(visible),
        })
    }

    /// The endpoints of a cloud from a file: what its server says, as long as it stays on its own
    /// login host.
    fn custom(cloud: &Cloud, tenant: &Tenant, document: &Document) -> Option<Self> {
        // A name before the host would be sent as a credential.
        let is_own = |url: &Url| {
            url.origin() == cloud.login.origin()
                && url.username().is_empty()
                && url.password().is_none()
        };
        let own = |text: &str| Url::parse(text).ok().filter(is_own);
        let issuer = own(&document.issuer.replace(TENANT_PLACEHOLDER, "tenant"))?;
        let segment = issuer
            .path_segments()
            .and_then(|mut path| path.rfind(|segment| segment.len() == 36));
        let tenant_id = segment.and_then(|segment| TenantId::from_str(segment).ok());
        if matches!((tenant, tenant_id), (Tenant::Id(asked), Some(found)) if *asked != found) {
            return None;
        }
        Some(Self {
            tenant_id,
            issuer: document.issuer.clone(),
            authorization_endpoint: own(&document.authorization_endpoint)?,
            token_endpoint: own(&document.token_endpoint)?,
            iss_in_response: document.authorization_response_iss_parameter_supported,
            region: document.tenant_region_scope.as_deref().map(visible),
        })
    }
}

/// Asks the login host about a tenant.
///
/// In Microsoft's own clouds the endpoints are built from the cloud's login host and never taken
/// from the answer. A cloud from a file may be a server without tenants: when the tenant's document
/// is missing there, the one at the base is read.
///
/// Source:
/// <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document>
///
/// # Errors
/// [`Error::TenantNotFound`] when the host says so, and those of the network.
pub async fn discover(http: &Http, cloud: &Cloud, tenant: &Tenant) -> Result<TenantFacts, Error> {
    let segment = tenant.path_segment();
    let url = cloud.login_url([
        segment.as_str(),
        "v2.0",
        ".well-known",
        "openid-configuration",
    ]);
    let mut answer = http.get(&url, HeaderMap::new()).await?;
    if cloud.custom && answer.status.as_u16() == 404 && !speaks_as_entra(&answer) {
        let base = cloud.login_url([".well-known", "openid-configuration"]);
        answer = http.get(&base, HeaderMap::new()).await?;
    }
    if !answer.status.is_success() {
        return Err(refusal(&answer));
    }
    let document: Document = answer.json()?;
    if let Some(other) = document.other_cloud(cloud) {
        return Err(other);
    }
    let facts = if cloud.custom {
        TenantFacts::custom(cloud, tenant, &document)
    } else {
        TenantFacts::built_in(cloud, tenant, &document)
    };
    let facts = facts.ok_or_else(|| answer.malformed("it names another tenant or another host"))?;
    if cloud.custom && uses_entra_endpoints(cloud, &document) {
        http.remember_endpoints(cloud);
    }
    Ok(facts)
}

/// Where tokens of one concrete tenant are asked for. Only a cloud from a file has to be asked, and
/// only until one of its descriptions has shown that it keeps its endpoints where Entra does.
pub(crate) async fn token_facts(
    http: &Http,
    cloud: &Cloud,
    tenant: &Tenant,
) -> Result<(Url, bool), Error> {
    if http.endpoints_known(cloud) {
        return Ok((endpoint(cloud, tenant, "token"), true));
    }
    let facts = discover(http, cloud, tenant).await?;
    let is_entra = facts.is_entra();
    Ok((facts.token_endpoint, is_entra))
}

fn endpoint(cloud: &Cloud, tenant: &Tenant, last: &str) -> Url {
    cloud.login_url([tenant.path_segment().as_str(), "oauth2", "v2.0", last])
}

/// Whether the token endpoint is where Entra has it, below the segment that the issuer names.
fn uses_entra_endpoints(cloud: &Cloud, document: &Document) -> bool {
    let segment = document
        .issuer
        .strip_prefix(cloud.login.as_str())
        .and_then(|rest| rest.strip_suffix("/v2.0"));
    segment.is_some_and(|segment| {
        document.token_endpoint
            == cloud
                .login_url([segment, "oauth2", "v2.0", "token"])
                .as_str()
    })
}

impl Document {
    /// A login host also knows tenants of its other clouds, and says so by their issuer or, where
    /// two clouds share a login host, by their Graph host.
    fn other_cloud(&self, cloud: &Cloud) -> Option<Error> {
        let issuer = Url::parse(&self.issuer.replace(TENANT_PLACEHOLDER, "tenant")).ok()?;
        let clouds = Clouds::built_in();
        let is_one_of_ours = clouds
            .iter()
            .any(|other| other.login.origin() == issuer.origin());
        let is_elsewhere = issuer.origin() != cloud.login.origin()
            && if cloud.custom {
                self.cloud_instance_name.is_some()
            } else {
                is_one_of_ours
            };
        let login = host_of(&issuer);
        let graph = self.msgraph_host.as_deref().map(visible);
        let shares_login = !cloud.custom
            && graph.as_deref().is_some_and(|graph| {
                !graph.eq_ignore_ascii_case(&host_of(&cloud.graph))
                    && clouds.by_hosts(&login, Some(graph)).is_some()
            });
        (is_elsewhere || shares_login).then_some(Error::OtherCloud { login, graph })
    }
}

fn speaks_as_entra(answer: &HttpResponse) -> bool {
    answer.original().aadsts.is_some()
}

/// Discovery is asked for one thing only, so a refused request means that there is no such tenant.
fn refusal(answer: &HttpResponse) -> Error {
    if answer.is_web_page() {
        return Error::NotMicrosoft {
            host: answer.host.clone(),
        };
    }
    let said = answer.members().unwrap_or_default();
    let text = |name: &str| said.get(name).and_then(serde_json::Value::as_str);
    let original = answer.original();
    match text("error") {
        None => answer.malformed("it is neither a description of a tenant nor an error"),
        Some("invalid_tenant" | "invalid_request") => Error::TenantNotFound {
            original: Some(Box::new(original)),
        },
        Some(error) => Error::from_protocol(error, text("suberror"), original),
    }
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    tenant_region_scope: Option<String>,
    cloud_instance_name: Option<String>,
    msgraph_host: Option<String>,
}

#[cfg(test)]
mod tests {
    use model::Tenant;

    use super::{Document, TenantFacts};
    use crate::{Cloud, Clouds, Error};

    const ID: &str = "11112222-3333-4444-5555-666677778888";

    fn document(issuer: &str) -> Document {
        let elsewhere = "https://evil.test/x".to_owned();
        Document {
            issuer: issuer.to_owned(),
            authorization_endpoint: elsewhere.clone(),
            token_endpoint: elsewhere,
            authorization_response_iss_parameter_supported: false,
            tenant_region_scope: None,
            cloud_instance_name: None,
            msgraph_host: None,
        }
    }

    fn facts(tenant: &Tenant, issuer: &str) -> Option<TenantFacts> {
        TenantFacts::built_in(
            Clouds::built_in().default_cloud(),
            tenant,
            &document(issuer),
        )
    }

    #[test]
    fn tk_3_endpoints_of_a_built_in_cloud_never_come_from_the_answer() {
        let tenant = Tenant::Id(ID.parse().unwrap());
        let facts = facts(
            &tenant,
            &format!("https://login.microsoftonline.com/{ID}/v2.0"),
        )
        .unwrap();
        let base = format!("https://login.microsoftonline.com/{ID}/oauth2/v2.0");
        assert_eq!(
            facts.authorization_endpoint.as_str(),
            format!("{base}/authorize")
        );
        assert_eq!(facts.token_endpoint.as_str(), format!("{base}/token"));
    }

    #[test]
    fn au_6_an_issuer_of_another_host_or_tenant_is_refused() {
        let named = Tenant::Id(ID.parse().unwrap());
        let domain = Tenant::parse_concrete("contoso.com").unwrap().value;
        let login = "https://login.microsoftonline.com";
        let (own, any) = (
            format!("{login}/{ID}/v2.0"),
            format!("{login}/{{tenantid}}/v2.0"),
        );
        assert!(facts(&domain, &own).is_some() && facts(&Tenant::Organizations, &any).is_some());
        assert!(
            facts(&named, &any).is_none()
                && facts(&domain, &any).is_none()
                && facts(&Tenant::Common, &own).is_none()
        );
        let other = format!("{login}/99998888-3333-4444-5555-666677778888/v2.0");
        for bad in [
            &other,
            "https://evil.test/x/v2.0",
            &format!("https://login.microsoftonline.com.evil.test/{ID}/v2.0"),
            login,
            "",
        ] {
            assert!(facts(&named, bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_tenant_of_another_cloud_is_recognised_by_its_issuer_or_its_graph_host() {
        let clouds = Clouds::built_in();
        let other = |issuer: &str, graph: Option<&str>, cloud: &Cloud| {
            let document = Document {
                msgraph_host: graph.map(str::to_owned),
                ..document(issuer)
            };
            document.other_cloud(cloud).map(|error| {
                let Error::OtherCloud { login, graph } = error else {
                    panic!("{error}")
                };
                (login, graph)
            })
        };
        let global = clouds.default_cloud();
        let (here, gov) = (
            format!("https://login.microsoftonline.com/{ID}/v2.0"),
            format!("https://login.microsoftonline.us/{ID}/v2.0"),
        );
        assert_eq!(
            other(&gov, Some("graph.microsoft.us"), global),
            Some((
                "login.microsoftonline.us".into(),
                Some("graph.microsoft.us".into())
            ))
        );
        assert_eq!(other(&here, Some("graph.microsoft.com"), global), None);
        assert_eq!(other("https://evil.test/", None, global), None);
        assert_eq!(other("x", None, global), None);
        let high = clouds
            .by_hosts("login.microsoftonline.us", Some("graph.microsoft.us"))
            .unwrap();
        assert_eq!(other(&gov, Some("graph.microsoft.us"), high), None);
        let dod = other(&gov, Some("dod-graph.microsoft.us"), high).unwrap();
        assert_eq!(
            clouds
                .by_hosts(&dod.0, dod.1.as_deref())
                .unwrap()
                .id
                .as_str(),
            "usgov-dod"
        );
    }
}
