//! Who must consent to what, and what consent does.

use std::collections::BTreeSet;

use model::TenantId;

use crate::{
    directory::{App, Principal, Role, User},
    permissions::Known,
    scope::Scope,
};

/// What stands between a person and the answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The delegated permissions to consent to; empty if there is nothing to ask.
    pub(crate) names: BTreeSet<String>,
    /// One of them needs an administrator, and the person is none.
    pub(crate) needs_admin: bool,
}

/// What a sign-in still needs. `.default` asks only if nothing at all was granted yet.
pub(crate) fn missing(
    app: &App,
    tenant: TenantId,
    user: &User,
    scope: &Scope,
    ask_again: bool,
) -> Missing {
    let granted = app
        .principals
        .get(&tenant)
        .map(|principal| principal.scopes_for(&user.address))
        .unwrap_or_default();
    let wanted = match (scope.default, granted.is_empty() || ask_again) {
        (true, true) => app.registered_scopes.clone(),
        (true, false) => BTreeSet::new(),
        (false, _) => scope.names.clone(),
    };
    let names: BTreeSet<String> = if ask_again {
        wanted
    } else {
        wanted.difference(&granted).cloned().collect()
    };
    let needs_admin =
        !is_admin(user, tenant) && names.difference(&granted).any(|name| needs_admin(name));
    Missing { names, needs_admin }
}

/// `.default` names nothing at all: the registration lists no delegated permission, and none was
/// granted.
pub(crate) fn nothing_to_ask(app: &App, tenant: TenantId, user: &User, scope: &Scope) -> bool {
    let granted = app
        .principals
        .get(&tenant)
        .map(|principal| principal.scopes_for(&user.address))
        .unwrap_or_default();
    scope.default && granted.is_empty() && app.registered_scopes.is_empty()
}

/// Whether the person may consent for the whole tenant.
pub(crate) fn is_admin(user: &User, tenant: TenantId) -> bool {
    user.memberships
        .get(&tenant)
        .is_some_and(|place| place.role == Role::GlobalAdministrator)
}

/// Writes down a consent to delegated permissions, for one person or for everybody.
pub(crate) fn consent(principal: &mut Principal, names: BTreeSet<String>, for_one: Option<&str>) {
    match for_one {
        Some(address) => principal
            .scopes_of
            .entry(address.to_owned())
            .or_default()
            .extend(names),
        None => principal.scopes.extend(names),
    }
}

/// Tenant-wide consent to everything that the registration lists. It replaces what was granted
/// tenant-wide before
/// (<https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent>).
pub(crate) fn consent_to_registration(app: &mut App, tenant: TenantId) {
    let (roles, scopes) = (app.registered_roles.clone(), app.registered_scopes.clone());
    let principal = app.principal_mut(tenant);
    principal.roles = roles;
    principal.scopes = scopes;
}

fn needs_admin(name: &str) -> bool {
    Known::find(name).is_none_or(Known::needs_admin)
}
