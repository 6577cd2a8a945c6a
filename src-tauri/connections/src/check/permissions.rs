//! What there is to say about each permission: what the integration needs, held against the token,
//! the tenant's grants and the app registration.
//!
//! Everything comes in as an argument, so this is true without a network. A token proves what it
//! carries; the tenant says what was granted; the registration only says what was asked for.

use std::collections::HashMap;

use entra::GraphPermissions;
use model::{
    Integration, Permission, PermissionFinding, PermissionKind, PermissionState, Standing,
    not_needed,
};
use uuid::Uuid;

use super::{
    answers::{Grants, Reads},
    assessment::{Assessment, Registered},
    messages,
    target::CheckTarget,
};
use crate::credential::IssuedToken;

#[cfg(test)]
mod tests;

/// What is known about the permissions of a connection.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) integration: Integration,
    /// What it needs, in that kind.
    pub(super) required: Vec<&'static Permission>,
    /// The kind that the connection's tokens carry.
    pub(super) kind: PermissionKind,
    /// What the token carries; `None` when it cannot be read.
    pub(super) in_token: Option<Vec<String>>,
    /// What the tenant has granted; `None` when that may not be read.
    pub(super) grants: Option<Grants>,
    /// What the app registration lists; `None` when that may not be read.
    pub(super) registered: Option<Vec<(Uuid, PermissionKind)>>,
    pub(super) catalogue: Catalogue,
}

/// Which permission has which name and ID.
#[derive(Debug)]
pub(super) enum Catalogue {
    /// The table that comes with this program.
    Shipped,
    /// What Microsoft Graph's own service principal in the tenant says, which goes before the
    /// table.
    Tenants(HashMap<(Uuid, PermissionKind), String>),
}

/// Looks at every permission that the integration needs, then at those that are more than it needs.
pub(super) fn assess(facts: &Facts) -> Assessment {
    let (mut findings, mut to_register) = (Vec::new(), false);
    for permission in &facts.required {
        let registered = facts.registration_of(permission);
        let finding = facts.look_at(permission, registered);
        let is_wanting = matches!(
            finding.state,
            PermissionState::Missing | PermissionState::WrongKind
        );
        to_register |=
            is_wanting && !matches!(registered, Registered::AsNeeded | Registered::Unread);
        findings.push(finding);
    }
    findings.extend(facts.excess());
    Assessment {
        findings,
        readable: facts.in_token.is_some(),
        to_register,
    }
}

impl Facts {
    /// What is known of the permissions once everything has answered.
    pub(super) fn gather(target: &CheckTarget, token: &IssuedToken, reads: &Reads) -> Self {
        let kind = target.permission_kind();
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
        let in_token = token.permissions(kind);
        let (integration, required) = (target.integration, target.needed());
        Self {
            integration,
            required,
            kind,
            in_token,
            grants,
            registered,
            catalogue,
        }
    }

    fn look_at(
        &self,
        permission: &'static Permission,
        registered: Registered,
    ) -> PermissionFinding {
        let names = self.catalogue.names_of(permission, self.kind);
        let in_token = self
            .in_token
            .as_ref()
            .map(|held| names.iter().any(|name| holds(held, name)));
        let granted = self
            .grants
            .as_ref()
            .map(|grants| self.is_granted(grants, permission, &names))
            // What a token carries was granted, also where the grants may not be read.
            .or(in_token.filter(|carried| *carried));
        let covered_by = match permission.standing(self.kind, |name| self.is_held(name)) {
            Standing::CoveredBy(name) => Some(name),
            Standing::Held | Standing::Missing => None,
        };
        let offered = self.catalogue.offers(permission, self.kind);
        let state = match (in_token, granted) {
            (Some(true), _) | (None, Some(true)) => PermissionState::Granted,
            _ if covered_by.is_some() => PermissionState::Covered,
            (Some(false), Some(true)) => PermissionState::NotYetInToken,
            _ if matches!(
                registered,
                Registered::AsOtherKind | Registered::AsDelegatedOnly(_)
            ) =>
            {
                PermissionState::WrongKind
            }
            (Some(false), _) | (None, Some(false)) if offered => PermissionState::Missing,
            (Some(false), _) | (None, _) => PermissionState::Unknown,
        };
        PermissionFinding {
            name: permission.name.to_owned(),
            kind: self.kind,
            purpose: permission.purpose.to_owned(),
            state,
            required_by: self.required_by(permission),
            granted,
            in_token,
            covered_by: covered_by
                .filter(|_| state == PermissionState::Covered)
                .map(str::to_owned),
            served_by: permission
                .covered_by(self.kind)
                .iter()
                .copied()
                .map(str::to_owned)
                .collect(),
            next: messages::permissions::advice(self.kind, state, registered, offered),
        }
    }

    /// What the token carries beyond what is needed; the tenant's grants stand in for a token that
    /// cannot be read.
    fn excess(&self) -> Vec<PermissionFinding> {
        let held = self.held();
        let names = self
            .required
            .iter()
            .flat_map(|permission| self.catalogue.names_of(permission, self.kind));
        let own: Vec<String> = names.collect();
        let excess = not_needed(&self.required, self.kind, &held).into_iter();
        let excess: Vec<&str> = excess
            .filter(|name| !is_always_fine(name) && !holds(&own, name))
            .collect();
        excess
            .iter()
            .map(|name| self.more_than_needed((*name).to_owned(), excess.len()))
            .collect()
    }

    fn more_than_needed(&self, name: String, many: usize) -> PermissionFinding {
        let purpose = Permission::find(&name)
            .map_or_else(String::new, |permission| permission.purpose.to_owned());
        PermissionFinding {
            kind: self.kind,
            purpose,
            state: PermissionState::Excess,
            required_by: Vec::new(),
            // It is in the token or among the tenant's grants, and it comes into a token only by a
            // grant.
            granted: Some(true),
            in_token: self.in_token.as_ref().map(|_| true),
            covered_by: None,
            served_by: Vec::new(),
            next: Some(messages::permissions::remove(
                self.integration,
                self.kind,
                many,
            )),
            name,
        }
    }

    fn is_held(&self, name: &str) -> bool {
        holds(&self.held(), name)
    }

    /// By their names: what the token carries or, when it cannot be read, what the tenant has
    /// granted.
    fn held(&self) -> Vec<String> {
        match (&self.in_token, &self.grants) {
            (Some(names), _) | (None, Some(Grants::Names(names))) => names.clone(),
            (None, Some(Grants::Ids(ids))) => ids
                .iter()
                .filter_map(|id| self.catalogue.name(*id, self.kind))
                .map(str::to_owned)
                .collect(),
            (None, None) => Vec::new(),
        }
    }

    fn is_granted(&self, grants: &Grants, permission: &Permission, names: &[String]) -> bool {
        match grants {
            Grants::Names(granted) => names.iter().any(|name| holds(granted, name)),
            Grants::Ids(granted) => self
                .catalogue
                .ids_of(permission, self.kind)
                .iter()
                .any(|id| granted.contains(id)),
        }
    }

    fn registration_of(&self, permission: &Permission) -> Registered {
        let Some(listed) = &self.registered else {
            return Registered::Unread;
        };
        let lists = |permission: &Permission, kind| {
            self.catalogue
                .ids_of(permission, kind)
                .iter()
                .any(|id| listed.contains(&(*id, kind)))
        };
        let other = match self.kind {
            PermissionKind::Application => PermissionKind::Delegated,
            PermissionKind::Delegated => PermissionKind::Application,
        };
        if lists(permission, self.kind) {
            return Registered::AsNeeded;
        }
        if lists(permission, other) {
            return Registered::AsOtherKind;
        }
        let stands_in_for = |other: &&'static Permission| other.substitute == Some(permission.name);
        let of_persons = |other: &&'static Permission| lists(other, PermissionKind::Delegated);
        let delegated_only = Permission::all()
            .iter()
            .filter(stands_in_for)
            .find(of_persons);
        match delegated_only {
            Some(other) if self.kind == PermissionKind::Application => {
                Registered::AsDelegatedOnly(other.name)
            }
            Some(_) | None => Registered::Absent,
        }
    }

    /// The products that need it: the connection's own or, for the general one, all whose sets hold
    /// it.
    fn required_by(&self, permission: &Permission) -> Vec<Integration> {
        if self.integration != Integration::MicrosoftGraph {
            return vec![self.integration];
        }
        let needs_it = |product: &Integration| {
            *product != Integration::MicrosoftGraph
                && product
                    .offered(self.kind)
                    .iter()
                    .any(|needed| needed.name == permission.name)
        };
        let products: Vec<Integration> = Integration::ALL.into_iter().filter(needs_it).collect();
        if products.is_empty() {
            vec![Integration::MicrosoftGraph]
        } else {
            products
        }
    }
}

impl Catalogue {
    /// The name of a permission, if it is known here.
    pub(super) fn name(&self, id: Uuid, kind: PermissionKind) -> Option<&str> {
        match self {
            Self::Tenants(names) => names.get(&(id, kind)).map(String::as_str),
            Self::Shipped => Permission::all()
                .iter()
                .find(|p| shipped_id(p, kind) == Some(id))
                .map(|p| p.name),
        }
    }

    /// The IDs under which a permission may stand: the table's, and the one that the tenant has for
    /// that name.
    fn ids_of(&self, permission: &Permission, kind: PermissionKind) -> Vec<Uuid> {
        let own = match self {
            Self::Shipped => None,
            Self::Tenants(names) => {
                let is_it = |(_, name): &(_, &String)| name.eq_ignore_ascii_case(permission.name);
                names
                    .iter()
                    .filter(|((_, of), _)| *of == kind)
                    .find(is_it)
                    .map(|((id, _), _)| *id)
            }
        };
        shipped_id(permission, kind)
            .into_iter()
            .chain(own)
            .collect()
    }

    /// The names under which a token may carry it: the table's, and the one that the tenant has for
    /// that ID.
    fn names_of(&self, permission: &Permission, kind: PermissionKind) -> Vec<String> {
        let own = shipped_id(permission, kind)
            .and_then(|id| self.name(id, kind))
            .map(str::to_owned);
        std::iter::once(permission.name.to_owned())
            .chain(own.filter(|name| name != permission.name))
            .collect()
    }

    /// Whether this tenant's Graph has it at all; not every cloud has every permission.
    fn offers(&self, permission: &Permission, kind: PermissionKind) -> bool {
        match self {
            Self::Shipped => true,
            Self::Tenants(_) => self
                .ids_of(permission, kind)
                .iter()
                .any(|id| self.name(*id, kind).is_some()),
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

/// The ID in the table of this program.
const fn shipped_id(permission: &Permission, kind: PermissionKind) -> Option<Uuid> {
    match kind {
        PermissionKind::Application => permission.application_id,
        PermissionKind::Delegated => permission.delegated_id,
    }
}

/// OpenID Connect's own scopes, and the one that every sign-in brings.
fn is_always_fine(name: &str) -> bool {
    ["openid", "profile", "email", "offline_access", "User.Read"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(name))
}

/// Names are compared without case, as Microsoft compares them.
fn holds(names: &[String], name: &str) -> bool {
    names.iter().any(|held| held.eq_ignore_ascii_case(name))
}
