//! Permissions of Microsoft Graph: which exist in which kind, and which of them an integration
//! needs.

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

impl PermissionKind {
    /// Microsoft's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Delegated => "delegated",
        }
    }
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
    /// The integrations whose application set for reading holds it.
    pub(crate) application_read_for: &'static [Integration],
    /// The integrations whose delegated set for reading holds it.
    pub(crate) delegated_read_for: &'static [Integration],
    /// Whether a tenant lets only an administrator consent to its delegated form, whatever its
    /// policy.
    pub(crate) delegated_needs_admin: bool,
    pub(crate) application_covered_by: &'static [&'static str],
    pub(crate) delegated_covered_by: &'static [&'static str],
}

impl Permission {
    /// The delegated permission that lets a person sign in and says who that is.
    pub const OF_EVERY_SIGN_IN: &str = "User.Read";

    /// Every permission that any integration may need, sorted by name.
    pub fn all() -> &'static [Self] {
        PERMISSIONS
    }

    /// Finds a permission by its name, without regard to case, as Microsoft compares them.
    pub fn find(name: &str) -> Option<&'static Self> {
        PERMISSIONS
            .iter()
            .find(|permission| permission.name.eq_ignore_ascii_case(name))
    }

    /// Whether it exists in the given kind.
    pub const fn exists_as(&self, kind: PermissionKind) -> bool {
        match kind {
            PermissionKind::Application => self.application_id.is_some(),
            PermissionKind::Delegated => self.delegated_id.is_some(),
        }
    }

    /// The names of the permissions of the same kind that serve as well: Microsoft lists them for
    /// every method for which an integration uses this one (`permission-methods.csv`; the rule
    /// stands in `examples/permission_table/covers.rs`).
    pub const fn covered_by(&self, kind: PermissionKind) -> &'static [&'static str] {
        match kind {
            PermissionKind::Application => self.application_covered_by,
            PermissionKind::Delegated => self.delegated_covered_by,
        }
    }

    /// Whether only an administrator may consent to it: always for an application; where sources
    /// disagree, yes.
    pub const fn needs_admin(&self, kind: PermissionKind) -> bool {
        match kind {
            PermissionKind::Application => true,
            PermissionKind::Delegated => self.delegated_needs_admin,
        }
    }

    /// How it stands among what is held: the one decision that every count and every list follows.
    /// `holds` compares without case.
    pub fn standing(&self, kind: PermissionKind, holds: impl Fn(&str) -> bool) -> Standing {
        if holds(self.name) {
            return Standing::Held;
        }
        let cover = self
            .covered_by(kind)
            .iter()
            .copied()
            .find(|name| holds(name));
        cover.map_or(Standing::Missing, Standing::CoveredBy)
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

    /// Whether it belongs to the integration's set for reading.
    pub(crate) fn reads_for(&self, integration: Integration, kind: PermissionKind) -> bool {
        match kind {
            PermissionKind::Application => self.application_read_for,
            PermissionKind::Delegated => self.delegated_read_for,
        }
        .contains(&integration)
    }
}

/// How a needed permission stands among those that are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is held itself.
    Held,
    /// Another one is held that serves as well; its name.
    CoveredBy(&'static str),
    /// Neither it nor what covers it is held.
    Missing,
}

/// The permissions of `required` that are neither held nor covered. Names are compared without
/// case.
pub fn missing_from<'a>(
    required: &[&'a Permission],
    kind: PermissionKind,
    held: &[String],
) -> Vec<&'a Permission> {
    let is_missing = |permission: &&Permission| {
        permission.standing(kind, |name| holds(held, name)) == Standing::Missing
    };
    required.iter().copied().filter(is_missing).collect()
}

/// Those of `held` that nothing needs: no permission of `required` is it, and none that is not held
/// itself is covered by it. So the only one that covers is never among them.
pub fn not_needed<'a>(
    required: &[&Permission],
    kind: PermissionKind,
    held: &'a [String],
) -> Vec<&'a str> {
    let is_needed = |name: &str| {
        let is_it = |other: &str| other.eq_ignore_ascii_case(name);
        let needs_it = |permission: &&Permission| {
            let covers = permission.covered_by(kind).iter().any(|cover| is_it(cover));
            is_it(permission.name) || (covers && !holds(held, permission.name))
        };
        required.iter().any(needs_it)
    };
    held.iter()
        .map(String::as_str)
        .filter(|name| !is_needed(name))
        .collect()
}

/// Those of `wanted` that have to be asked for so that all of them are there or covered.
pub fn without_covered<'a>(wanted: &[&'a Permission], kind: PermissionKind) -> Vec<&'a Permission> {
    let covered_among = |permission: &Permission, others: &[&Permission]| {
        others
            .iter()
            .any(|other| permission.covered_by(kind).contains(&other.name))
    };
    // What covers is not always covered in the same methods, so only those that nothing covers take
    // others away.
    let highest: Vec<&Permission> = wanted
        .iter()
        .copied()
        .filter(|one| !covered_among(one, wanted))
        .collect();
    wanted
        .iter()
        .copied()
        .filter(|one| !covered_among(one, &highest))
        .collect()
}

fn holds(names: &[String], name: &str) -> bool {
    names.iter().any(|held| held.eq_ignore_ascii_case(name))
}
