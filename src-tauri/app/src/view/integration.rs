//! What the window sees of an integration: what a connection for it may need.

use model::{Integration, Need, Permission, PermissionKind};
use serde::Serialize;
use specta::Type;

/// One integration with what its connections may need.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IntegrationView {
    pub(crate) id: Integration,
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) application: Offer,
    pub(crate) delegated: Offer,
    /// What "Read only" does not do although one might think so.
    pub(crate) read_only_note: Option<&'static str>,
    /// Those of the delegated set that have no application form, and what stands in for them.
    pub(crate) delegated_only: Vec<DelegatedOnly>,
}

/// What an integration offers in one kind. Each list holds names of `permissions`.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Offer {
    /// All of which a list of one's own is made.
    pub(crate) permissions: Vec<PermissionView>,
    /// What "Read only" needs.
    pub(crate) read_only: Vec<&'static str>,
    /// What "Read and write" needs.
    pub(crate) read_write: Vec<&'static str>,
}

/// One permission.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PermissionView {
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    /// Every permission that serves as well.
    pub(crate) served_by: &'static [&'static str],
    /// Whether every sign-in asks for it, so that it cannot be left out.
    pub(crate) always: bool,
}

/// A permission that exists only as a delegated one.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DelegatedOnly {
    pub(crate) name: &'static str,
    pub(crate) substitute: Option<&'static str>,
}

impl IntegrationView {
    pub(crate) fn new(integration: Integration) -> Self {
        let delegated = integration.permissions(PermissionKind::Delegated);
        let only_delegated = delegated
            .iter()
            .filter(|p| !p.exists_as(PermissionKind::Application));
        Self {
            id: integration,
            name: integration.name(),
            purpose: integration.purpose(),
            application: Offer::new(integration, PermissionKind::Application),
            delegated: Offer::new(integration, PermissionKind::Delegated),
            read_only_note: integration.read_only_note(),
            delegated_only: only_delegated
                .map(|p| DelegatedOnly {
                    name: p.name,
                    substitute: p.substitute,
                })
                .collect(),
        }
    }
}

impl Offer {
    fn new(integration: Integration, kind: PermissionKind) -> Self {
        let names = |need| {
            integration
                .needed(kind, &need)
                .into_iter()
                .map(|permission| permission.name)
                .collect()
        };
        let view = |permission| PermissionView::new(permission, kind);
        Self {
            permissions: integration.offered(kind).into_iter().map(view).collect(),
            read_only: names(Need::ReadOnly),
            read_write: names(Need::ReadWrite),
        }
    }
}

impl PermissionView {
    fn new(permission: &'static Permission, kind: PermissionKind) -> Self {
        let always =
            kind == PermissionKind::Delegated && permission.name == Permission::OF_EVERY_SIGN_IN;
        let (name, purpose) = (permission.name, permission.purpose);
        Self {
            name,
            purpose,
            served_by: permission.covered_by(kind),
            always,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use model::Integration;

    use super::IntegrationView;

    /// The pretend backend of the window knows what the program knows, and keeps no list of its
    /// own.
    const PRETEND: &str = "ui/src/backend/fake-integrations.json";

    #[test]
    fn the_pretend_backend_offers_what_the_program_offers() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let views: Vec<_> = Integration::ALL
            .into_iter()
            .map(IntegrationView::new)
            .collect();
        let made = serde_json::to_string_pretty(&views).expect("JSON") + "\n";
        fs::write(root.join("target/fake-integrations.json"), &made).expect("written");
        let committed = fs::read_to_string(root.join(PRETEND)).unwrap_or_default();
        assert!(
            made == committed,
            "{PRETEND} is out of date: copy target/fake-integrations.json over it"
        );
    }
}
