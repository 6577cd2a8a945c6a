//! Asking somebody else to consent: what is asked, in words for an administrator who has never
//! heard of this program, as text, as HTML and as a mail draft. There is nothing secret in it.

mod letter;
mod page;

use entra::{Cloud, ConsentAttempt, ConsentTo};
use mail_builder::{MessageBuilder, headers::raw::Raw};
use model::{
    ClientId, CloudId, ConnectionId, Integration, MethodKind, Need, Permission, PermissionKind,
    PortalPage, Tenant, TenantId,
};
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use crate::{Connections, Error, form::parse_need};

/// The fields of a form that is not saved, as far as consent depends on them.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ConsentForm {
    /// What the connection is for.
    pub integration: Integration,
    /// How much of that it is meant to do.
    pub need: Need,
    /// The cloud.
    pub cloud: CloudId,
    /// The tenant's ID or one of its domains.
    pub tenant: String,
    /// The Application (client) ID.
    pub client_id: String,
    /// How it will prove who it is.
    pub method: MethodKind,
}

/// A message that asks for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRequest {
    /// The subject, one line.
    pub subject: String,
    /// The message as plain text.
    pub text: String,
    /// The same as an HTML document without anything from elsewhere.
    pub html: String,
    /// The page where consent is given.
    pub link: Url,
    /// The page of the portal where it can be given too.
    pub portal: Url,
    /// The role that is needed.
    pub role: &'static str,
}

impl ConsentRequest {
    /// The message as a draft that a mail program opens for sending (`X-Unsent`), without sender
    /// and receiver.
    pub fn eml(&self) -> Vec<u8> {
        let draft = MessageBuilder::new()
            // A name of this computer would stand in the one that is made otherwise.
            .message_id(format!("{}@graph-connect.invalid", Uuid::new_v4()))
            .header("X-Unsent", Raw::new("1"))
            .subject(self.subject.as_str())
            .text_body(self.text.as_str())
            .html_body(self.html.as_str());
        let mut mail = Vec::new();
        draft.serialize(&mut mail);
        mail
    }
}

/// What consent is asked for.
struct ConsentContext {
    integration: Integration,
    permissions: Vec<&'static Permission>,
    kind: PermissionKind,
    cloud: Cloud,
    client_id: ClientId,
    tenant_id: TenantId,
    /// As a check found it.
    app_name: Option<String>,
    /// As a check found it, or the domain that was entered.
    tenant_name: Option<String>,
    /// Whether there is a connection that can wait for the consent.
    is_saved: bool,
}

impl Connections {
    /// The message that asks for consent to what a connection's integration needs.
    ///
    /// # Errors
    /// When there is no such connection, its cloud is gone, or the store cannot be read.
    pub async fn consent_request(&self, id: ConnectionId) -> Result<ConsentRequest, Error> {
        let asked = self.asked_for(id).await?;
        asked.request()
    }

    /// The same for a form that is not saved. The tenant has to be one: a domain is looked up.
    ///
    /// # Errors
    /// Names the field that is wrong, or says why the tenant cannot be found.
    pub async fn consent_request_for(&self, form: &ConsentForm) -> Result<ConsentRequest, Error> {
        let cloud = self.cloud(&form.cloud)?;
        let problem = |problem| Error::invalid("Client ID", problem);
        let client_id = ClientId::parse(&form.client_id).map_err(problem)?.value;
        let tenant = Tenant::parse_concrete(&form.tenant)
            .map_err(|problem| Error::invalid("Tenant", problem))?
            .value;
        let (tenant_id, tenant_name) = match &tenant {
            Tenant::Id(id) => (*id, None),
            Tenant::Domain(domain) => {
                let found = self.resolve_tenant(&form.cloud, domain.as_str()).await?;
                (found.tenant_id, Some(domain.to_string()))
            }
            Tenant::Organizations | Tenant::Common => {
                return Err(Error::invalid("Tenant", "consent is given in one tenant"));
            }
        };
        let kind = form.method.permission_kind();
        let integration = form.integration;
        let permissions =
            integration.needed(kind, &parse_need(form.need.clone(), integration, kind)?);
        ConsentContext {
            integration,
            permissions,
            kind,
            cloud,
            client_id,
            tenant_id,
            app_name: None,
            tenant_name,
            is_saved: false,
        }
        .request()
    }

    /// Opens the loopback port for consent in a browser of this computer. Whoever waits for it has
    /// to look at a fresh token afterwards: the answer of the page proves nothing.
    ///
    /// # Errors
    /// When there is no such connection, or the port cannot be opened.
    pub async fn begin_consent(&self, id: ConnectionId) -> Result<ConsentAttempt, Error> {
        let asked = self.asked_for(id).await?;
        let (http, to) = (self.http().await?, asked.to());
        let attempt =
            ConsentAttempt::begin(http, &asked.cloud, asked.tenant_id, asked.client_id, &to)
                .await?;
        Ok(attempt)
    }

    async fn asked_for(&self, id: ConnectionId) -> Result<ConsentContext, Error> {
        let connection = self.get(id).await?;
        let cloud = self.cloud(&connection.cloud)?;
        let last = self.last_report(id).await?;
        Ok(ConsentContext {
            integration: connection.integration,
            permissions: connection.needed(),
            kind: connection.method.permission_kind(),
            cloud,
            client_id: connection.method.client_id(),
            tenant_id: connection.method.tenant_id(),
            app_name: last.and_then(|report| report.app_name),
            tenant_name: connection.tenant_name,
            is_saved: true,
        })
    }
}

impl ConsentContext {
    /// Delegated permissions are asked for all at once, because a grant takes the place of an
    /// earlier one.
    fn to(&self) -> ConsentTo {
        match self.kind {
            PermissionKind::Application => ConsentTo::Application,
            PermissionKind::Delegated => ConsentTo::Delegated(
                self.permissions
                    .iter()
                    .map(|permission| permission.name.to_owned())
                    .collect(),
            ),
        }
    }

    fn request(&self) -> Result<ConsentRequest, Error> {
        let link =
            entra::admin_consent_link(&self.cloud, &self.tenant_id, &self.client_id, &self.to())?;
        let portal = entra::portal_link(
            &self.cloud,
            PortalPage::ApiPermissions,
            Some(self.client_id),
        );
        let letter = letter::write(self, &link, &portal);
        let subject = letter::subject(self);
        let (text, html) = (page::text(&letter), page::html(&subject, &letter));
        Ok(ConsentRequest {
            subject,
            text,
            html,
            link,
            portal,
            role: letter::role(self.kind),
        })
    }
}
