//! Which tenant a name means, and in which cloud it is.

use model::{CloudId, Domain, Tenant, TenantId};

use crate::{Connections, Error, form::AppRegistration};

/// A tenant as the login host knows it.
#[derive(Debug, PartialEq, Eq)]
pub struct ResolvedTenant {
    /// Its GUID.
    pub tenant_id: TenantId,
    /// The domain by which it was named, if it was.
    pub domain: Option<Domain>,
    /// The region that the login host names for it.
    pub region: Option<String>,
    /// The cloud that it is in, when that is another one than the one that was asked.
    pub other_cloud: Option<CloudId>,
}

impl Connections {
    /// Asks the login host which tenant a domain belongs to, and in which cloud that is.
    ///
    /// # Errors
    /// When the text names no tenant, or the login host knows none of that name or cannot be
    /// reached.
    pub async fn resolve_tenant(
        &self,
        cloud: &CloudId,
        text: &str,
    ) -> Result<ResolvedTenant, Error> {
        let cloud = self.cloud(cloud)?;
        let tenant = Tenant::parse_concrete(text)
            .map_err(|problem| Error::invalid("Tenant ID", problem))?
            .value;
        self.look_up(&cloud, &tenant).await
    }

    /// A tenant's ID needs no look-up, so that a connection can be created without a network.
    pub(crate) async fn resolve(&self, app: &AppRegistration) -> Result<ResolvedTenant, Error> {
        match &app.tenant {
            Tenant::Id(id) => Ok(ResolvedTenant {
                tenant_id: *id,
                domain: None,
                region: None,
                other_cloud: None,
            }),
            Tenant::Domain(_) | Tenant::Organizations | Tenant::Common => {
                let found = self.look_up(&app.cloud, &app.tenant).await?;
                match found
                    .other_cloud
                    .as_ref()
                    .and_then(|id| self.clouds().get(id))
                {
                    Some(other) => Err(Error::invalid(
                        "Cloud",
                        format!(
                            "this tenant is in the cloud {}; choose that one",
                            other.title()
                        ),
                    )),
                    None => Ok(found),
                }
            }
        }
    }

    /// A tenant of another cloud is looked up there, if that cloud is in the list.
    async fn look_up(
        &self,
        cloud: &entra::Cloud,
        tenant: &Tenant,
    ) -> Result<ResolvedTenant, Error> {
        let http = self.http().await?;
        let (facts, other_cloud) = match entra::discover(http, cloud, tenant).await {
            Err(entra::Error::OtherCloud { login, graph }) => {
                let Some(other) = self.clouds().by_hosts(&login, graph.as_deref()) else {
                    return Err(entra::Error::OtherCloud { login, graph }.into());
                };
                (
                    entra::discover(http, other, tenant).await?,
                    Some(other.id.clone()),
                )
            }
            found => (found?, None),
        };
        let domain = match tenant {
            Tenant::Domain(domain) => Some(domain.clone()),
            Tenant::Id(_) | Tenant::Organizations | Tenant::Common => None,
        };
        let tenant_id = facts.tenant_id.ok_or_else(|| {
            Error::invalid(
                "Tenant ID",
                "this server does not name its tenants; enter the ID",
            )
        })?;
        Ok(ResolvedTenant {
            tenant_id,
            domain,
            region: facts.region,
            other_cloud,
        })
    }
}
