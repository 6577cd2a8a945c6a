//! What is checked.

use std::time::Duration;

use entra::{Cloud, Probe};
use jiff::{Timestamp, civil::Date};
use model::{
    Account, ClientId, Connection, Integration, Method, Need, Permission, PermissionKind,
    PortalLink, PortalPage, Tenant, TenantId,
};
use secrecy::SecretString;

use crate::credential::Credential;

/// An unsaved form or a saved connection, with its secret in hand.
pub(crate) struct CheckTarget {
    pub(crate) cloud: Cloud,
    pub(crate) integration: Integration,
    /// How much of that it is meant to do.
    pub(crate) need: Need,
    pub(crate) credential: Credential,
    /// The day on which the client secret expires, as somebody entered it or an earlier check
    /// learnt it.
    pub(crate) secret_expires_on: Option<Date>,
    /// The moment of it, where an earlier check learnt it.
    pub(crate) secret_expires_at: Option<Timestamp>,
    /// Whether it is a saved connection.
    pub(crate) saved: bool,
    /// How long the keychain took to give the secret; `None` when the secret was typed.
    pub(crate) keychain_ms: Option<u32>,
}

impl CheckTarget {
    /// A saved connection with its secret from the keychain.
    pub(crate) fn of(
        connection: &Connection,
        cloud: Cloud,
        secret: SecretString,
        keychain_took: Duration,
    ) -> Self {
        let secret_expires_on = match connection.method {
            Method::AppRegistration {
                secret_expires_on, ..
            } => secret_expires_on,
            Method::OAuth { .. } => None,
        };
        let credential = Credential::of(&connection.method, secret);
        let (integration, need) = (connection.integration, connection.need.clone());
        let keychain_ms = u32::try_from(keychain_took.as_millis()).unwrap_or(u32::MAX);
        let (secret_expires_at, keychain_ms) = (connection.secret_expires_at, Some(keychain_ms));
        Self {
            cloud,
            integration,
            need,
            credential,
            secret_expires_on,
            secret_expires_at,
            saved: true,
            keychain_ms,
        }
    }

    pub(super) fn tenant(&self) -> Tenant {
        self.credential.tenant()
    }

    pub(super) fn expected_tenant(&self) -> Option<TenantId> {
        match &self.credential {
            Credential::ClientSecret {
                tenant: Tenant::Id(id),
                ..
            } => Some(*id),
            Credential::ClientSecret { .. } => None,
            Credential::RefreshToken { account, .. } => Some(account.tenant_id),
        }
    }

    pub(super) fn client_id(&self) -> ClientId {
        self.credential.client_id()
    }

    pub(super) fn account(&self) -> Option<&Account> {
        self.credential.account()
    }

    pub(super) fn permission_kind(&self) -> PermissionKind {
        match &self.credential {
            Credential::ClientSecret { .. } => PermissionKind::Application,
            Credential::RefreshToken { .. } => PermissionKind::Delegated,
        }
    }

    /// The permissions that it needs.
    pub(super) fn needed(&self) -> Vec<&'static Permission> {
        self.integration.needed(self.permission_kind(), &self.need)
    }

    /// The read that proves what it is for. A list of one's own may have no permission for it: then
    /// it proves nothing.
    pub(super) fn probe(&self) -> Option<Probe> {
        let needed = self.needed();
        let is_meant = |probe: &Probe| {
            needed
                .iter()
                .any(|permission| probe.permissions.contains(&permission.name))
        };
        entra::probe_of(self.integration, self.permission_kind()).filter(is_meant)
    }

    /// A page of this cloud's portal, for this application.
    pub(super) fn link(&self, page: PortalPage) -> PortalLink {
        PortalLink {
            page,
            url: entra::portal_link(&self.cloud, page, Some(self.client_id())).to_string(),
        }
    }
}
