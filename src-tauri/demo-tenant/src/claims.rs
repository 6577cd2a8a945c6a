//! What stands in the tokens: Graph's access tokens in their v1 look, id_tokens in v2.
//! Source: <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use model::{ClientId, TenantId};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    directory::{App, Membership, Principal, Role, User},
    issued::opaque,
    scope::Scope,
    world::Platform,
};

/// The template of the role "Global Administrator", the same in every tenant.
pub(crate) const GLOBAL_ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";

/// When a token was made and how long it lives.
#[derive(Clone, Copy)]
pub(crate) struct Life {
    pub(crate) from: Timestamp,
    pub(crate) seconds: i64,
}

impl Life {
    /// 60 to 90 minutes, as Entra draws it.
    pub(crate) fn begin(from: Timestamp) -> Self {
        Self {
            from,
            seconds: rand::random_range(3_599..5_400),
        }
    }

    fn stamp(self, claims: &mut Map<String, Value>) {
        let start = self.from.as_second();
        claims.insert("iat".to_owned(), start.into());
        // Entra dates the start of validity back a little, for clocks that are behind.
        claims.insert("nbf".to_owned(), (start - 5).into());
        claims.insert("exp".to_owned(), (start + self.seconds).into());
    }
}

/// An access token of the application itself. Without any granted permission it has no `roles` at
/// all.
pub(crate) fn app_only(
    platform: &Platform,
    app: &App,
    tenant: TenantId,
    principal: &Principal,
    life: Life,
) -> String {
    let mut claims = common(platform, app, tenant);
    insert(
        &mut claims,
        json!({
            "appidacr": "1", "idtyp": "app", "oid": principal.object_id, "sub": principal.object_id,
            "wids": ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
        }),
    );
    let roles = principal.roles_in_token();
    if !roles.is_empty() {
        claims.insert("roles".to_owned(), json!(roles));
    }
    life.stamp(&mut claims);
    platform.keys.sign(&claims)
}

/// A person at an application in a tenant.
#[derive(Clone, Copy)]
pub(crate) struct Person<'a> {
    pub(crate) app: &'a App,
    pub(crate) user: &'a User,
    pub(crate) tenant: TenantId,
    pub(crate) place: Membership,
    pub(crate) public: bool,
}

/// An access token on behalf of a person.
pub(crate) fn delegated(
    platform: &Platform,
    person: Person<'_>,
    scopes: &BTreeSet<String>,
    life: Life,
) -> String {
    let Person {
        app,
        user,
        tenant,
        place,
        public,
    } = person;
    let mut claims = common(platform, app, tenant);
    let roles = match place.role {
        Role::GlobalAdministrator => {
            vec![GLOBAL_ADMIN, "b79fbf4d-3ef9-4689-8143-76b194e85509"]
        }
        Role::Member => vec!["b79fbf4d-3ef9-4689-8143-76b194e85509"],
        Role::Guest => vec!["10dae51f-b6af-4016-8d66-8c2a99b929b3"],
    };
    insert(
        &mut claims,
        json!({
            "appidacr": if public { "0" } else { "1" }, "idtyp": "user", "acr": "1", "amr": ["pwd"],
            "oid": place.object_id, "sub": subject(user, platform.graph.as_str()), "name": user.name,
            "upn": user.address, "unique_name": user.address, "wids": roles, "ipaddr": "127.0.0.1",
            "scp": scopes.iter().cloned().collect::<Vec<_>>().join(" "),
        }),
    );
    life.stamp(&mut claims);
    platform.keys.sign(&claims)
}

/// The claims of an id_token.
pub(crate) fn id_token(
    platform: &Platform,
    person: Person<'_>,
    scope: &Scope,
    nonce: Option<&str>,
    life: Life,
) -> Map<String, Value> {
    let Person {
        app,
        user,
        tenant,
        place,
        ..
    } = person;
    let mut claims = Map::new();
    insert(
        &mut claims,
        json!({
            "aud": app.client_id, "iss": format!("{}/{tenant}/v2.0", platform.login),
            "sub": subject(user, &app.client_id.to_string()), "oid": place.object_id, "tid": tenant, "name": user.name,
            "preferred_username": user.address, "rh": opaque("1.", 24), "uti": opaque("", 16), "ver": "2.0",
        }),
    );
    claims.extend(nonce.map(|nonce| ("nonce".to_owned(), nonce.into())));
    claims.extend(
        scope
            .wants("email")
            .then(|| ("email".to_owned(), user.address.clone().into())),
    );
    life.stamp(&mut claims);
    claims
}

/// What MSAL reads to name the account: the person's ID and tenant at home.
pub(crate) fn client_info(user: &User) -> String {
    let uid = user
        .memberships
        .get(&user.home)
        .map(|place| place.object_id);
    URL_SAFE_NO_PAD.encode(json!({ "uid": uid, "utid": user.home }).to_string())
}

fn common(platform: &Platform, app: &App, tenant: TenantId) -> Map<String, Value> {
    let mut claims = Map::new();
    insert(
        &mut claims,
        json!({
            "aud": platform.graph, "iss": format!("{}/{tenant}/", platform.login), "appid": app.client_id,
            "app_displayname": app.name, "tid": tenant, "tenant_region_scope": "EU", "uti": opaque("", 16), "ver": "1.0",
        }),
    );
    claims
}

/// The pairwise subject: another one for each audience.
fn subject(user: &User, audience: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{audience} {}", user.address)))
}

fn insert(claims: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        claims.extend(more);
    }
}

/// The application that a verified token was made for.
pub(crate) fn client_of(claims: &Map<String, Value>) -> Option<ClientId> {
    claims
        .get("appid")
        .and_then(Value::as_str)
        .and_then(|id| id.parse().ok())
}
