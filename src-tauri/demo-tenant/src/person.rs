//! Somebody whom Graph lists.

use model::TenantId;
use serde_json::{Value, json};
use uuid::Uuid;

/// Somebody who was added to a tenant and cannot sign in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) tenant: TenantId,
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) address: String,
}

impl Person {
    /// One of a crowd.
    pub(crate) fn numbered(tenant: TenantId, number: usize) -> Self {
        let name = format!("Person {number:06}");
        let address = format!("person{number:06}@contoso.example");
        Self {
            tenant,
            id: Uuid::new_v4(),
            name,
            address,
        }
    }

    pub(crate) fn is(&self, id: &str) -> bool {
        self.id.to_string() == id || self.address.eq_ignore_ascii_case(&id.replace("%40", "@"))
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "id": self.id, "displayName": self.name, "userPrincipalName": self.address, "mail": self.address })
    }
}
