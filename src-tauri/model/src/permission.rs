//! Permissions of Microsoft Graph: which exist in which kind, and which of them an integration needs.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{integration::Integration, permission_table::PERMISSIONS};

/// Who acts when a permission is used.
///
/// Source: <https://learn.microsoft.com/graph/permissions-overview>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PermissionKind {
    /// The application itself, without a person (`roles` in the token).
    Application,
    /// The application on behalf of the person who signed in (`scp` in the token).
    Delegated,
}

/// One permission of Microsoft Graph.
#[derive(Debug)]
pub struct Permission {
    /// Its name, as it stands in a token.
    pub name: &'static str,
    /// The ID of its application form (app role), if it has one.
    pub application_id: Option<Uuid>,
    /// The ID of its delegated form (scope), if it has one.
    pub delegated_id: Option<Uuid>,
    /// What stands in for it in an application set, when only a delegated form exists.
    pub substitute: Option<&'static str>,
    /// What it allows, in plain words.
    pub purpose: &'static str,
    /// The integrations whose application set holds it.
    pub(crate) application_for: &'static [Integration],
    /// The integrations whose delegated set holds it.
    pub(crate) delegated_for: &'static [Integration],
    /// Whether a tenant lets only an administrator consent to its delegated form, whatever its policy.
    pub(crate) delegated_needs_admin: bool,
    pub(crate) application_covered_by: &'static [&'static str],
    pub(crate) delegated_covered_by: &'static [&'static str],
}

impl Permission {
    /// Every permission that any integration needs, sorted by name.
    pub fn all() -> &'static [Self] {
        PERMISSIONS
    }

    /// Finds a permission by its name, without regard to case, as Microsoft compares them.
    pub fn find(name: &str) -> Option<&'static Self> {
        PERMISSIONS.iter().find(|permission| permission.name.eq_ignore_ascii_case(name))
    }

    /// Whether it exists in the given kind.
    pub const fn exists_as(&self, kind: PermissionKind) -> bool {
        match kind {
            PermissionKind::Application => self.application_id.is_some(),
            PermissionKind::Delegated => self.delegated_id.is_some(),
        }
    }

    /// The names of higher permissions of the same kind that Microsoft lists for every call that this one is for.
    pub const fn covered_by(&self, kind: PermissionKind) -> &'static [&'static str] {
        match kind {
            PermissionKind::Application => self.application_covered_by,
            PermissionKind::Delegated => self.delegated_covered_by,
        }
    }

    /// Whether only an administrator may consent to it: always for an application; where sources disagree, yes.
    pub const fn needs_admin(&self, kind: PermissionKind) -> bool {
        match kind {
            PermissionKind::Application => true,
            PermissionKind::Delegated => self.delegated_needs_admin,
        }
    }

    /// The integrations that need it in the given kind.
    pub const fn integrations(&self, kind: PermissionKind) -> &'static [Integration] {
        match kind {
            PermissionKind::Application => self.application_for,
            PermissionKind::Delegated => self.delegated_for,
        }
    }

    pub(crate) fn serves(&self, integration: Integration, kind: PermissionKind) -> bool {
        self.integrations(kind).contains(&integration)
    }
}

/// The permissions of `required` that `granted` does not hold. Names are compared without case.
pub fn missing_from<'a>(required: &[&'a Permission], granted: &[String]) -> Vec<&'a Permission> {
    let is_granted = |name: &str| granted.iter().any(|held| held.eq_ignore_ascii_case(name));
    required.iter().copied().filter(|permission| !is_granted(permission.name)).collect()
}
