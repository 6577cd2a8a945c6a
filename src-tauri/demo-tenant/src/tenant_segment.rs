//! The first segment of the login host's paths: a tenant by ID or domain, or an alias for all of
//! them.

use model::TenantId;

use crate::{
    directory::{Directory, User},
    errors::{self, Refusal},
};

/// Where a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TenantSegment {
    Tenant(TenantId),
    Alias(&'static str),
}

impl TenantSegment {
    /// Parses the segment; `error` is the `error` value if there is no such tenant.
    pub(crate) fn parse(
        directory: &Directory,
        segment: &str,
        error: &'static str,
    ) -> Result<Self, Refusal> {
        let alias = ["common", "organizations", "consumers"]
            .into_iter()
            .find(|alias| alias.eq_ignore_ascii_case(segment));
        if let Some(alias) = alias {
            return Ok(Self::Alias(alias));
        }
        let found = directory.tenants.iter().find(|tenant| {
            segment.eq_ignore_ascii_case(&tenant.id.to_string())
                || tenant
                    .domains
                    .iter()
                    .any(|domain| domain.eq_ignore_ascii_case(segment))
        });
        found
            .map(|tenant| Self::Tenant(tenant.id))
            .ok_or_else(|| errors::tenant_not_found(segment, error))
    }

    /// Tokens and pages are only for tenants that live in this cloud.
    pub(crate) fn expect_here(
        self,
        directory: &Directory,
        segment: &str,
        has_secret: bool,
    ) -> Result<(), Refusal> {
        let Self::Tenant(id) = self else {
            return Ok(());
        };
        match directory.elsewhere.get(&id) {
            Some(_) if has_secret => Err(errors::confidential_across_clouds()),
            Some(cloud) => Err(errors::other_cloud(
                segment,
                cloud.login.rsplit('/').next().unwrap_or_default(),
            )),
            None => Ok(()),
        }
    }

    /// The segment as Entra writes it in the endpoints it hands out.
    pub(crate) fn canonical(self) -> String {
        match self {
            Self::Tenant(id) => id.to_string(),
            Self::Alias(alias) => alias.to_owned(),
        }
    }

    /// The tenant in which a person signs in here.
    pub(crate) fn tenant_for(self, user: &User) -> TenantId {
        match self {
            Self::Tenant(id) => id,
            Self::Alias(_) => user.home,
        }
    }

    /// How errors call the place.
    pub(crate) fn name(self, directory: &Directory) -> String {
        match self {
            Self::Tenant(id) => directory
                .tenant(id)
                .map_or_else(|| id.to_string(), |tenant| tenant.name.clone()),
            Self::Alias(alias) => alias.to_owned(),
        }
    }
}
