//! What is checked.

use std::{collections::HashMap, time::Duration};

use entra::{Cloud, GraphPermissions, Probe};
use jiff::{Timestamp, civil::Date};
use model::{
    Account, ClientId, Connection, Integration, Method, Need, Permission, PermissionKind,
    PortalLink, PortalPage, Tenant, TenantId,
};
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    ask::{Fresh, Reads},
    permissions::{Catalogue, Facts, Grants, shipped_id},
};

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

/// What proves who the connection is.
pub(crate) enum Credential {
    /// Client ID and client secret of an app registration.
    ClientSecret {
        client_id: ClientId,
        tenant: Tenant,
        secret: SecretString,
    },
    /// The refresh token of a person who signed in.
    RefreshToken {
        client_id: ClientId,
        account: Account,
        token: SecretString,
    },
}

impl CheckTarget {
    /// A saved connection with its secret from the keychain.
    pub(crate) fn of(
        connection: &Connection,
        cloud: Cloud,
        secret: SecretString,
        keychain_took: Duration,
    ) -> Self {
        let (credential, secret_expires_on) = match &connection.method {
            Method::AppRegistration {
                client_id,
                tenant_id,
                secret_expires_on,
                ..
            } => {
                let tenant = Tenant::Id(*tenant_id);
                (
                    Credential::ClientSecret {
                        client_id: *client_id,
                        tenant,
                        secret,
                    },
                    *secret_expires_on,
                )
            }
            Method::OAuth {
                client_id, account, ..
            } => {
                let (client_id, account) = (*client_id, account.clone());
                (
                    Credential::RefreshToken {
                        client_id,
                        account,
                        token: secret,
                    },
                    None,
                )
            }
        };
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
        match &self.credential {
            Credential::ClientSecret { tenant, .. } => tenant.clone(),
            Credential::RefreshToken { account, .. } => Tenant::Id(account.tenant_id),
        }
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
        match &self.credential {
            Credential::ClientSecret { client_id, .. }
            | Credential::RefreshToken { client_id, .. } => *client_id,
        }
    }

    pub(super) fn account(&self) -> Option<&Account> {
        match &self.credential {
            Credential::ClientSecret { .. } => None,
            Credential::RefreshToken { account, .. } => Some(account),
        }
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

    /// What is known of the permissions once everything has answered.
    pub(super) fn permission_facts(&self, fresh: &Fresh, reads: &Reads) -> Facts {
        let kind = self.permission_kind();
        let grants = reads.grants.answer.as_ref().ok().cloned();
        let registered = reads
            .registration
            .answer
            .as_ref()
            .ok()
            .map(|registration| registration.asked.clone());
        let catalogue = match &reads.catalogue.answer {
            Ok(known) => tenants(known, grants.as_ref(), kind),
            Err(_) => Catalogue::Shipped,
        };
        let in_token = fresh.permissions(kind);
        let (integration, required) = (self.integration, self.needed());
        Facts {
            integration,
            required,
            kind,
            in_token,
            grants,
            registered,
            catalogue,
        }
    }
}

/// The tenant's own names of every permission that can be looked up: by the IDs and the names of
/// the table, and by what was granted.
fn tenants(known: &GraphPermissions, grants: Option<&Grants>, kind: PermissionKind) -> Catalogue {
    let mut names = HashMap::new();
    let mut learn = |id: Uuid, kind: PermissionKind| {
        if let Some(name) = known.name(id, kind) {
            names.insert((id, kind), name.to_owned());
        }
    };
    for of in [PermissionKind::Application, PermissionKind::Delegated] {
        for permission in Permission::all() {
            let ids = [shipped_id(permission, of), known.id(permission.name, of)];
            ids.into_iter().flatten().for_each(|id| learn(id, of));
        }
    }
    if let Some(Grants::Ids(ids)) = grants {
        ids.iter().for_each(|id| learn(*id, kind));
    }
    Catalogue::Tenants(names)
}
