//! Tenants, the people in them and the applications registered in them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{ClientId, TenantId};
use serde::Serialize;
use uuid::Uuid;

/// One organization.
#[derive(Clone, Debug, Serialize)]
pub struct Organization {
    /// The tenant's ID.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Its verified domains; the first is the initial one.
    pub domains: Vec<String>,
}

/// What a person may do in a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// May consent for everybody, to everything.
    GlobalAdministrator,
    /// An ordinary user.
    Member,
    /// A person whose home is another tenant.
    Guest,
}

/// A person's place in one tenant.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// The person's object ID in that tenant.
    pub object_id: Uuid,
    /// What the person may do there.
    pub role: Role,
}

/// A person.
#[derive(Clone, Debug)]
pub struct User {
    /// The user principal name at home.
    pub address: String,
    /// The password, which the pretend pages show.
    pub password: String,
    /// The display name.
    pub name: String,
    /// The tenant that holds the account.
    pub home: TenantId,
    /// The person's place in each tenant, the home tenant included.
    pub memberships: BTreeMap<TenantId, Membership>,
    /// How often all sessions were revoked; older refresh tokens are dead.
    pub(crate) generation: u32,
}

/// Under which platform a redirect URI is registered; it decides whether the client counts as
/// public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectPlatform {
    /// "Mobile and desktop applications": a public client.
    Native,
    /// "Web": a confidential client.
    Web,
}

/// A registered redirect URI.
#[derive(Clone, Debug)]
pub struct RedirectUri {
    /// The URI as registered.
    pub uri: String,
    /// The platform it stands under.
    pub platform: RedirectPlatform,
}

/// A client secret.
#[derive(Clone, Debug)]
pub struct Secret {
    /// What the portal calls the Secret ID.
    pub key_id: Uuid,
    /// The value.
    pub value: String,
    /// When it stops to work.
    pub expires: Timestamp,
    /// What the portal calls the description.
    pub name: Option<String>,
}

/// An application's presence in one tenant ("Enterprise application"), with what was consented to
/// there.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The service principal's object ID.
    pub object_id: Uuid,
    /// Whether sign-in is enabled.
    pub enabled: bool,
    /// Application permissions that were granted.
    pub roles: BTreeSet<String>,
    /// Delegated permissions granted for everybody.
    pub scopes: BTreeSet<String>,
    /// Delegated permissions granted for single people, by address.
    pub scopes_of: BTreeMap<String, BTreeSet<String>>,
    /// Permissions that were granted but are not in tokens yet, with the number of tokens that
    /// still go without.
    pub late: BTreeMap<String, u32>,
    /// Only people who were assigned may sign in.
    pub assignment_required: bool,
    /// Those people, by address.
    pub assigned: BTreeSet<String>,
    /// Conditional Access forbids tokens.
    pub blocked_by_policy: bool,
}

impl Principal {
    /// A presence without any consent.
    pub fn new(object_id: Uuid) -> Self {
        Self {
            object_id,
            enabled: true,
            roles: BTreeSet::new(),
            scopes: BTreeSet::new(),
            scopes_of: BTreeMap::new(),
            late: BTreeMap::new(),
            assignment_required: false,
            assigned: BTreeSet::new(),
            blocked_by_policy: false,
        }
    }

    /// The delegated permissions that hold for one person.
    pub fn scopes_for(&self, address: &str) -> BTreeSet<String> {
        let own = self.scopes_of.get(address).into_iter().flatten();
        self.scopes.iter().chain(own).cloned().collect()
    }

    /// The application permissions that a token carries now.
    pub(crate) fn roles_in_token(&self) -> BTreeSet<String> {
        self.roles
            .iter()
            .filter(|name| !self.late.contains_key(*name))
            .cloned()
            .collect()
    }

    /// The delegated permissions that a token for that person carries now.
    pub(crate) fn scopes_in_token(&self, address: &str) -> BTreeSet<String> {
        let mut scopes = self.scopes_for(address);
        scopes.retain(|name| !self.late.contains_key(name));
        scopes
    }

    /// A token was made: what is late is late by one token less.
    pub(crate) fn token_made(&mut self) {
        self.late.retain(|_, tokens| {
            if *tokens != u32::MAX {
                *tokens = tokens.saturating_sub(1);
            }
            *tokens > 0
        });
    }
}

/// In which state the cast holds an application; what tests change later does not move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AppState {
    /// Everything registered is granted, or granted when somebody signs in.
    Healthy,
    /// Only a part of what is registered is granted.
    HalfConsented,
    /// Nothing is granted.
    WithoutConsent,
    /// The only secret has expired.
    ExpiredSecret,
    /// Sign-in is switched off in the tenant.
    Disabled,
    /// No redirect URI is registered.
    WithoutRedirect,
    /// The redirect URI stands under Web, which makes a desktop program a confidential client.
    RedirectUnderWeb,
    /// Only people who were assigned may sign in.
    AssignmentRequired,
    /// Conditional Access forbids tokens.
    BlockedByPolicy,
    /// Granted, but not in the first tokens.
    GrantedLate,
}

impl AppState {
    /// What goes wrong with such an application, and what ends it; None if nothing does.
    pub const fn trouble(self) -> Option<&'static str> {
        match self {
            Self::Healthy => None,
            Self::HalfConsented => Some("some permissions are missing; open /_demo/consent?app=ID"),
            Self::WithoutConsent => Some("all permissions are missing; open /_demo/consent?app=ID"),
            Self::ExpiredSecret => Some("AADSTS7000222 when tested"),
            Self::Disabled => Some("AADSTS7000112 when tested; open /_demo/enable?app=ID"),
            Self::WithoutRedirect => Some("AADSTS50011 on the sign-in page"),
            Self::RedirectUnderWeb => Some("AADSTS7000218 after a sign-in"),
            Self::AssignmentRequired => Some("AADSTS50105 on the sign-in page"),
            Self::BlockedByPolicy => Some("AADSTS53003 on the sign-in page and when tested"),
            Self::GrantedLate => {
                Some("granted, but the first two tokens go without; healthy from the third on")
            }
        }
    }
}

/// An application registration and its presence in tenants.
#[derive(Clone, Debug)]
pub struct App {
    /// The Application (client) ID.
    pub client_id: ClientId,
    /// The Object ID of the registration.
    pub object_id: Uuid,
    /// The display name.
    pub name: String,
    /// The tenant in which it is registered.
    pub home: TenantId,
    /// Whether other tenants may use it.
    pub multi_tenant: bool,
    /// Where answers may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Its client secrets.
    pub secrets: Vec<Secret>,
    /// Application permissions that the registration lists.
    pub registered_roles: BTreeSet<String>,
    /// Delegated permissions that the registration lists.
    pub registered_scopes: BTreeSet<String>,
    /// Application permissions of other APIs that it lists: the API's application ID and the
    /// permission's ID.
    pub registered_elsewhere: Vec<(Uuid, Uuid)>,
    /// Its presence, by tenant.
    pub principals: BTreeMap<TenantId, Principal>,
    /// The part it plays in the cast.
    pub state: AppState,
}

impl App {
    /// The registered redirect URI that a requested one matches: exactly, except that the port of
    /// `http://localhost` and `http://127.0.0.1` does not count
    /// (<https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions>).
    pub fn redirect_for(&self, requested: &str) -> Option<&RedirectUri> {
        self.redirect_uris.iter().find(|known| {
            known.uri == requested
                || without_loopback_port(requested).is_some_and(|uri| uri == known.uri)
        })
    }

    pub(crate) fn is_in(&self, tenant: TenantId) -> bool {
        self.home == tenant || self.principals.contains_key(&tenant)
    }

    pub(crate) fn principal_mut(&mut self, tenant: TenantId) -> &mut Principal {
        self.principals
            .entry(tenant)
            .or_insert_with(|| Principal::new(Uuid::new_v4()))
    }
}

/// Everybody and everything that the pretend tenants hold.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) tenants: Vec<Organization>,
    pub(crate) users: Vec<User>,
    pub(crate) apps: Vec<App>,
    /// Tenants that this platform knows but that live in another cloud.
    pub(crate) elsewhere: BTreeMap<TenantId, OtherCloud>,
}

/// Where a tenant of another cloud lives; base addresses without a slash at the end.
#[derive(Clone, Debug)]
pub(crate) struct OtherCloud {
    pub(crate) login: String,
    pub(crate) graph: String,
}

impl Directory {
    pub(crate) fn tenant(&self, id: TenantId) -> Option<&Organization> {
        self.tenants.iter().find(|tenant| tenant.id == id)
    }

    pub(crate) fn app(&self, id: ClientId) -> Option<&App> {
        self.apps.iter().find(|app| app.client_id == id)
    }

    pub(crate) fn app_mut(&mut self, id: ClientId) -> Option<&mut App> {
        self.apps.iter_mut().find(|app| app.client_id == id)
    }

    pub(crate) fn user(&self, address: &str) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.address.eq_ignore_ascii_case(address))
    }

    pub(crate) fn user_mut(&mut self, address: &str) -> Option<&mut User> {
        self.users
            .iter_mut()
            .find(|user| user.address.eq_ignore_ascii_case(address))
    }
}

/// `http://localhost:53412/x` without its port; None when it is no loopback address with a port.
fn without_loopback_port(uri: &str) -> Option<String> {
    ["http://localhost:", "http://127.0.0.1:"]
        .iter()
        .find_map(|start| {
            let rest = uri.strip_prefix(start)?;
            let digits = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let is_port =
                digits > 0 && matches!(rest.as_bytes().get(digits), None | Some(b'/' | b'?'));
            is_port.then(|| format!("{}{}", start.trim_end_matches(':'), &rest[digits..]))
        })
}
