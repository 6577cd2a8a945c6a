//! App Registration: testing the form and creating the connection.

use jiff::Timestamp;
use model::{CheckReport, Connection, ConnectionId, Finding, Method, PermissionKind};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Connections, Error,
    check::{self, CheckTarget},
    credential::Credential,
    form::{AppRegistration, AppRegistrationForm, parse_description, parse_name, parse_tags},
    journal,
};

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
        let app = form.parse(self.cloud(&form.cloud)?)?;
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
        let app = form.parse(self.cloud(&form.cloud)?)?;
        let resolved = self.resolve(&app).await?;
        let method = Method::AppRegistration {
            client_id: app.client_id,
            tenant_id: resolved.tenant_id,
            domain: resolved.domain,
            secret_expires_on: app.secret_expires_on,
        };
        let (id, cloud) = (ConnectionId::new(Uuid::now_v7()), app.cloud.id.clone());
        let draft = Connection::new(id, name, form.integration, cloud, method, Timestamp::now());
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
        journal::create(self.store(), self.keychain(), &connection, &app.secret).await?;
        let report = match tested.and_then(|tested| tested.of_exactly(&app.digest())) {
            Some(report) => Some(self.keep_report(connection.id, report).await?),
            None => None,
        };
        Ok(Created {
            connection: self.get(connection.id).await?,
            report,
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
