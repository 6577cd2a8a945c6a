//! Which permissions the pretend Graph knows, and which of them an ordinary user may consent to.

use std::collections::BTreeSet;

use model::Permission;
use uuid::{Uuid, uuid};

/// Microsoft Graph's own application ID, the same in every tenant.
pub const GRAPH_APP_ID: &str = "00000003-0000-0000-c000-000000000000";

/// A permission of Microsoft Graph with the IDs of its two forms.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) application_id: Option<Uuid>,
    pub(crate) delegated_id: Option<Uuid>,
    pub(crate) purpose: &'static str,
}

impl Known {
    /// Finds a permission by name, without regard to case.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::all().find(|known| known.name.eq_ignore_ascii_case(name))
    }

    /// Every permission: those that integrations need, then those that only administration needs.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Permission::all()
            .iter()
            .map(Self::of)
            .chain(ADMINISTRATION.iter().copied())
    }

    /// Whether an ordinary user may not consent to the delegated form under the policy that new
    /// tenants have
    /// (<https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies>).
    pub(crate) fn needs_admin(self) -> bool {
        !OPEN_TO_USERS.contains(&self.name)
    }

    fn of(permission: &Permission) -> Self {
        Self {
            name: permission.name,
            application_id: permission.application_id,
            delegated_id: permission.delegated_id,
            purpose: permission.purpose,
        }
    }
}

/// The OpenID Connect scopes that Entra knows; they are granted along with whatever else is asked.
pub(crate) const OPENID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

const OPEN_TO_USERS: [&str; 8] = [
    "ChannelMessage.Send",
    "Chat.Create",
    "Device.Command",
    "Files.ReadWrite",
    "Mail.Send",
    "Notes.ReadWrite.All",
    "Sites.Manage.All",
    "User.Read",
];

const ADMINISTRATION: &[Known] = &[
    Known {
        name: "Application.Read.All",
        application_id: Some(uuid!("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30")),
        delegated_id: Some(uuid!("c79f8feb-a9db-4090-85f9-90d820caa0eb")),
        purpose: "Read all applications",
    },
    Known {
        name: "Application.ReadWrite.All",
        application_id: Some(uuid!("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9")),
        delegated_id: Some(uuid!("bdfbf15f-ee85-4955-8675-146e8e5296b5")),
        purpose: "Read and change all applications",
    },
    Known {
        name: "Application.ReadWrite.OwnedBy",
        application_id: Some(uuid!("18a4783c-866b-4cc7-a460-3d5e5662c884")),
        delegated_id: None,
        purpose: "Read and change applications that this one owns",
    },
    Known {
        name: "AppRoleAssignment.ReadWrite.All",
        application_id: Some(uuid!("06b708a9-e830-4db3-a914-8e69da51d44f")),
        delegated_id: Some(uuid!("84bccea3-f856-4a8a-967b-dbe0a3d53a64")),
        purpose: "Grant application permissions",
    },
    Known {
        name: "DelegatedPermissionGrant.ReadWrite.All",
        application_id: Some(uuid!("8e8e4742-1d95-4f68-9d56-6ee75648c72a")),
        delegated_id: Some(uuid!("41ce6ca6-6826-4807-84f1-1c82854f7ee5")),
        purpose: "Grant delegated permissions",
    },
    Known {
        name: "Organization.Read.All",
        application_id: Some(uuid!("498476ce-e0fe-48b0-b801-37ba7e2685c6")),
        delegated_id: Some(uuid!("4908d5b9-3fb2-4b1e-9336-1888b7937185")),
        purpose: "Read what describes the organization",
    },
    // In no list of Microsoft's: Graph gains permissions that an older program has never heard of.
    Known {
        name: "Telescope.Read.All",
        application_id: Some(uuid!("7e1e5c09-0001-4d2a-9c3b-5f6a7b8c9d01")),
        delegated_id: Some(uuid!("7e1e5c09-0002-4d2a-9c3b-5f6a7b8c9d02")),
        purpose: "Look through the organization's telescope",
    },
];

/// What is known of each of these permissions.
pub(crate) fn known(names: &BTreeSet<String>) -> Vec<Known> {
    names.iter().filter_map(|name| Known::find(name)).collect()
}
