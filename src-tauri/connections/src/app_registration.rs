//! App Registration: testing the form and creating the connection.

use jiff::Timestamp;
use model::{
    CheckReport, CloudId, Connection, ConnectionId, Domain, Finding, Integration, Method, Need,
    PermissionKind, Status, Tenant, TenantId,
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use crate::{
    Connections, Error,
    check::{self, CheckTarget, Credential},
    form::{
        AppRegistration, AppRegistrationForm, invalid, parse_description, parse_name, parse_tags,
    },
};

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

/// A connection that was created, with what is kept of its test.
#[derive(Debug)]
pub struct Created {
    /// The connection.
    pub connection: Connection,
    /// The report of the test that counts for it; it says so when it could not be kept
    /// ([`CheckReport::not_kept`]).
    pub report: Option<CheckReport>,
}

/// What a test of a form found. It counts only for a form with exactly the same credentials.
#[derive(Clone, Debug)]
pub struct Tested {
    report: CheckReport,
    /// SHA-256 over everything that was tested, so that no second copy of the secret is kept.
    of: [u8; 32],
}

impl Tested {
    pub(crate) const fn new(report: CheckReport, of: [u8; 32]) -> Self {
        Self { report, of }
    }

    /// The report.
    pub const fn report(&self) -> &CheckReport {
        &self.report
    }

    /// The report, if it is of exactly these credentials.
    pub(crate) fn of_exactly(self, digest: &[u8; 32]) -> Option<CheckReport> {
        (self.of == *digest).then_some(self.report)
    }
}

impl Connections {
    /// Tests the form as it stands, without keeping anything.
    ///
    /// # Errors
    /// Names the field that is wrong. What the servers say is in the report and is no error.
    pub async fn test_form(
        &self,
        form: &AppRegistrationForm,
        on_finding: &(dyn Fn(&Finding) + Sync),
    ) -> Result<Tested, Error> {
        let app = form.parse(self.clouds())?;
        let of = app.digest();
        let checked = check::run(
            &self.check_context().await?,
            &app.into_target(),
            &|_| {},
            on_finding,
        )
        .await;
        Ok(Tested {
            report: checked.report,
            of,
        })
    }

    /// Creates the connection; `tested` counts if it is of exactly this form.
    ///
    /// # Errors
    /// Names the field that is wrong, or says why the connection cannot be kept; nothing is left
    /// behind then.
    pub async fn create_app_registration(
        &self,
        form: &AppRegistrationForm,
        tested: Option<Tested>,
    ) -> Result<Created, Error> {
        let name = parse_name(&form.name)?;
        self.require_free(&name).await?;
        let app = form.parse(self.clouds())?;
        let resolved = self.resolve(&app).await?;
        let method = Method::AppRegistration {
            client_id: app.client_id,
            tenant_id: resolved.tenant_id,
            domain: resolved.domain,
            secret_expires_on: app.secret_expires_on,
        };
        let draft = self.draft(name, form.integration, &app.cloud, method);
        let (description, tags) = (
            parse_description(&form.description)?,
            parse_tags(&form.tags)?,
        );
        let connection = Connection {
            need: app.need.clone(),
            description,
            tags,
            ..draft
        };
        self.keep_new(&connection, &app.secret).await?;
        let report = match tested.and_then(|tested| tested.of_exactly(&app.digest())) {
            Some(report) => Some(self.keep_report(connection.id, report).await?),
            None => None,
        };
        Ok(Created {
            connection: self.get(connection.id).await?,
            report,
        })
    }

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
        let cloud = crate::form::find_cloud(self.clouds(), cloud)?;
        let tenant = Tenant::parse_concrete(text)
            .map_err(|problem| invalid("Tenant ID", problem))?
            .value;
        self.look_up(&cloud, &tenant).await
    }

    /// A connection that was never tested, made now.
    pub(crate) fn draft(
        &self,
        name: model::ConnectionName,
        integration: Integration,
        cloud: &entra::Cloud,
        method: Method,
    ) -> Connection {
        let now = Timestamp::now();
        Connection {
            id: ConnectionId::new(uuid::Uuid::now_v7()),
            name,
            integration,
            cloud: cloud.id.clone(),
            method,
            need: Need::default(),
            tenant_name: None,
            description: String::new(),
            tags: Vec::new(),
            created_at: now,
            updated_at: now,
            credential_version: 1,
            scripts_may_use: false,
            scripts_may_have_secret: false,
            status: Status::NeverTested,
            last_checked_at: None,
            not_tested: None,
            secret_expires_at: None,
            secret_expired: false,
            awaits_consent: false,
        }
    }

    /// A tenant's ID needs no look-up, so that a connection can be created without a network.
    async fn resolve(&self, app: &AppRegistration) -> Result<ResolvedTenant, Error> {
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
                    Some(other) => Err(invalid(
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
            invalid(
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

impl AppRegistration {
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let (client_id, tenant) = (self.client_id.to_string(), self.tenant.to_string());
        let integration = self.integration.name();
        for part in [
            self.cloud.id.as_str(),
            integration,
            &client_id,
            &tenant,
            self.secret.expose_secret(),
        ] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        // A test is judged by what the connection is meant to do.
        for permission in self
            .integration
            .needed(PermissionKind::Application, &self.need)
        {
            hash.update(permission.name.as_bytes());
            hash.update([0]);
        }
        hash.finalize().into()
    }

    pub(crate) fn into_target(self) -> CheckTarget {
        let Self {
            integration,
            need,
            cloud,
            client_id,
            tenant,
            secret,
            secret_expires_on,
        } = self;
        let credential = Credential::ClientSecret {
            client_id,
            tenant,
            secret,
        };
        CheckTarget {
            cloud,
            integration,
            need,
            credential,
            secret_expires_on,
            secret_expires_at: None,
            saved: false,
            keychain_ms: None,
        }
    }
}
