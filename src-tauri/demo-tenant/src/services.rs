//! The services behind Graph: which of them a tenant has subscribed to.

use std::collections::BTreeSet;

use model::TenantId;
use serde::{Deserialize, Serialize};

/// A service that an organization may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Service {
    /// Microsoft Entra ID P1 or P2: sign-in logs and risky users.
    EntraPremium,
    /// Exchange Online: mailboxes.
    Exchange,
    /// SharePoint Online: sites, OneDrive, and with them OneNote.
    SharePoint,
    /// Microsoft Intune.
    Intune,
    /// Microsoft Teams.
    Teams,
}

/// What tenants lack; a tenant that is not named has everything.
#[derive(Debug, Default)]
pub(crate) struct Services(BTreeSet<(TenantId, Service)>);

impl Services {
    pub(crate) fn withdraw(&mut self, tenant: TenantId, service: Service) {
        self.0.insert((tenant, service));
    }

    pub(crate) fn provide(&mut self, tenant: TenantId, service: Service) {
        self.0.remove(&(tenant, service));
    }

    pub(crate) fn has(&self, tenant: TenantId, service: Service) -> bool {
        !self.0.contains(&(tenant, service))
    }
}
