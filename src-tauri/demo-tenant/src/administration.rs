//! What administrators do in the portal, as a test does it: secrets, grants, policies,
//! subscriptions.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::{ClientId, TenantId};
use uuid::Uuid;

use crate::{
    consent,
    directory::{App, OtherCloud, Principal, RedirectPlatform, RedirectUri, Secret},
    issued::opaque,
    person::Person,
    services::Service,
    tenant::DemoTenant,
};

/// Registrations.
impl DemoTenant {
    /// Changes an application.
    ///
    /// # Panics
    /// If there is none with that ID: the test is wrong.
    pub fn app_mut<R>(&self, id: ClientId, change: impl FnOnce(&mut App) -> R) -> R {
        let mut world = self.shared.world();
        match world.directory.app_mut(id) {
            Some(app) => change(app),
            None => panic!("the demo tenant has no application {id}"),
        }
    }

    /// Adds an application.
    pub fn add_app(&self, app: App) {
        self.shared.world().directory.apps.push(app);
    }

    /// Replaces all secrets of an application by one; gives its Secret ID.
    pub fn set_secret(&self, id: ClientId, value: &str, expires: Timestamp) -> Uuid {
        let secret = Secret {
            key_id: Uuid::new_v4(),
            value: value.to_owned(),
            expires,
            name: None,
        };
        let key_id = secret.key_id;
        self.app_mut(id, |app| app.secrets = vec![secret]);
        key_id
    }

    /// "New client secret": made up by the platform, beside those there; gives it with its value.
    pub fn new_secret(&self, id: ClientId, name: &str, expires: Timestamp) -> Secret {
        // `8Q~` in fourth place, as Entra makes them; the rest cannot be guessed, and so the hint
        // is another each time.
        let random = opaque("", 33);
        let value = format!("{}8Q~{}", &random[..3], &random[3..37]);
        let secret = Secret {
            key_id: Uuid::new_v4(),
            value,
            expires,
            name: Some(name.to_owned()),
        };
        self.app_mut(id, |app| app.secrets.push(secret.clone()));
        secret
    }

    /// Registers a redirect URI under a platform; one that stands under another is moved.
    pub fn add_redirect_uri(&self, id: ClientId, uri: &str, platform: RedirectPlatform) {
        self.app_mut(id, |app| {
            app.redirect_uris.retain(|known| known.uri != uri);
            app.redirect_uris.push(RedirectUri {
                uri: uri.to_owned(),
                platform,
            });
        });
    }

    /// Adds application permissions to the registration ("API permissions"); nothing is granted by
    /// that.
    pub fn register_roles(&self, id: ClientId, names: &[&str]) {
        self.app_mut(id, |app| app.registered_roles.extend(owned(names)));
    }

    /// Adds delegated permissions to the registration; nothing is granted by that.
    pub fn register_scopes(&self, id: ClientId, names: &[&str]) {
        self.app_mut(id, |app| app.registered_scopes.extend(owned(names)));
    }
}

/// Grants.
impl DemoTenant {
    /// Grants application permissions in a tenant, in addition to those there.
    pub fn grant_roles(&self, id: ClientId, tenant: TenantId, names: &[&str]) {
        self.app_mut(id, |app| {
            app.principal_mut(tenant).roles.extend(owned(names))
        });
    }

    /// The same, but the next `tokens` tokens for the application in that tenant do not carry them
    /// yet, as when one part of Entra has not heard from another; `u32::MAX` until
    /// [`Self::let_grants_arrive`].
    pub fn grant_roles_late(&self, id: ClientId, tenant: TenantId, names: &[&str], tokens: u32) {
        self.grant_roles(id, tenant, names);
        self.delay(id, tenant, names, tokens);
    }

    /// Grants delegated permissions in a tenant, to one person or to everybody, in addition to
    /// those there.
    pub fn grant_scopes(
        &self,
        id: ClientId,
        tenant: TenantId,
        person: Option<&str>,
        names: &[&str],
    ) {
        self.app_mut(id, |app| {
            consent::consent(app.principal_mut(tenant), owned(names), person)
        });
    }

    /// The same, late as with [`Self::grant_roles_late`].
    pub fn grant_scopes_late(
        &self,
        id: ClientId,
        tenant: TenantId,
        person: Option<&str>,
        names: &[&str],
        tokens: u32,
    ) {
        self.grant_scopes(id, tenant, person, names);
        self.delay(id, tenant, names, tokens);
    }

    /// Every late grant is in the next token.
    pub fn let_grants_arrive(&self, id: ClientId, tenant: TenantId) {
        self.app_mut(id, |app| app.principal_mut(tenant).late.clear());
    }

    /// The portal's button "Grant admin consent for …": everything registered, in place of what was
    /// granted tenant-wide.
    pub fn grant_admin_consent(&self, id: ClientId, tenant: TenantId) {
        self.app_mut(id, |app| consent::consent_to_registration(app, tenant));
    }

    /// Takes away everything granted to an application in a tenant, of both kinds.
    pub fn revoke_grants(&self, id: ClientId, tenant: TenantId) {
        self.app_mut(id, |app| {
            let principal = app.principal_mut(tenant);
            principal.roles.clear();
            principal.scopes.clear();
            principal.scopes_of.clear();
            principal.late.clear();
        });
    }

    /// Microsoft switches a permission off: it stands in Graph's service principal with `isEnabled`
    /// false.
    pub fn disable_permission(&self, name: &str) {
        self.shared
            .world()
            .quirks
            .disabled_permissions
            .insert(name.to_owned());
    }

    fn delay(&self, id: ClientId, tenant: TenantId, names: &[&str], tokens: u32) {
        let late = names.iter().map(|name| ((*name).to_owned(), tokens));
        self.app_mut(id, |app| app.principal_mut(tenant).late.extend(late));
    }
}

/// Enterprise applications and the tenant itself.
impl DemoTenant {
    /// "Enabled for users to sign-in?"
    pub fn enable_app(&self, id: ClientId, tenant: TenantId, enabled: bool) {
        self.principal_mut(id, tenant, |principal| principal.enabled = enabled);
    }

    /// "Assignment required?": with `true` only people who were assigned may sign in.
    pub fn require_assignment(&self, id: ClientId, tenant: TenantId, required: bool) {
        self.principal_mut(id, tenant, |principal| {
            principal.assignment_required = required
        });
    }

    /// Assigns a person to an application.
    pub fn assign(&self, id: ClientId, tenant: TenantId, person: &str) {
        self.principal_mut(id, tenant, |principal| {
            principal.assigned.insert(person.to_owned());
        });
    }

    /// A Conditional Access policy forbids tokens for an application, of people and of itself.
    pub fn block_by_policy(&self, id: ClientId, tenant: TenantId, blocked: bool) {
        self.principal_mut(id, tenant, |principal| {
            principal.blocked_by_policy = blocked
        });
    }

    /// A tenant ends its subscription to a service.
    pub fn withdraw(&self, tenant: TenantId, service: Service) {
        self.shared.world().services.withdraw(tenant, service);
    }

    /// A tenant subscribes to a service again.
    pub fn provide(&self, tenant: TenantId, service: Service) {
        self.shared.world().services.provide(tenant, service);
    }

    /// The tenant lives in the cloud that `other` plays: discovery here names the other's hosts,
    /// and sign-ins and tokens are refused. Both may know tenants of each other.
    pub fn move_to_cloud_of(&self, tenant: TenantId, other: &Self) {
        let cloud = OtherCloud {
            login: other.login_url().to_owned(),
            graph: other.graph_url().to_owned(),
        };
        self.shared
            .world()
            .directory
            .elsewhere
            .insert(tenant, cloud);
    }

    /// How many people a tenant has, guests included.
    pub fn people_of(&self, tenant: TenantId) -> usize {
        let world = self.shared.world();
        let users = world
            .directory
            .users
            .iter()
            .filter(|user| user.memberships.contains_key(&tenant))
            .count();
        users
            + world
                .people
                .iter()
                .filter(|person| person.tenant == tenant)
                .count()
    }

    /// Adds people to a tenant who are there to be listed and cannot sign in.
    pub fn add_people(&self, tenant: TenantId, count: usize) {
        self.shared
            .world()
            .people
            .extend((1..=count).map(|number| Person::numbered(tenant, number)));
    }

    /// Ends all sessions of a person: refresh tokens and codes handed out so far are dead.
    pub fn revoke(&self, address: &str) {
        if let Some(user) = self.shared.world().directory.user_mut(address) {
            user.generation += 1;
        }
    }

    fn principal_mut(&self, id: ClientId, tenant: TenantId, change: impl FnOnce(&mut Principal)) {
        self.app_mut(id, |app| change(app.principal_mut(tenant)));
    }
}

fn owned(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
