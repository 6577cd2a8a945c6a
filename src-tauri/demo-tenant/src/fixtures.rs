//! What every platform begins with, its cast: two tenants, four people and fourteen applications.
//! Nothing here is secret.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{ClientId, Integration, PermissionKind, TenantId};
use uuid::{Uuid, uuid};

use crate::directory::{
    App, AppState, Directory, Membership, Organization, Principal, RedirectPlatform, RedirectUri,
    Role, Secret, User,
};

/// The tenant that holds nearly everything: `contoso.onmicrosoft.com`, `contoso.example`.
pub const CONTOSO: TenantId = TenantId::new(uuid!("c0470505-2d0f-4f9b-9a31-6f2f1b3c7a01"));
/// The other tenant: `fabrikam.onmicrosoft.com`, `fabrikam.example`.
pub const FABRIKAM: TenantId = TenantId::new(uuid!("fab21ca1-8a4e-4d5c-8b70-93c5d2e1f402"));

/// Global administrator of Contoso.
pub const ADMIN: &str = "admin@contoso.onmicrosoft.com";
/// Ordinary user of Contoso.
pub const USER: &str = "user@contoso.onmicrosoft.com";
/// At home in Fabrikam, guest in Contoso.
pub const GUEST: &str = "guest@fabrikam.onmicrosoft.com";
/// Global administrator of Fabrikam, unknown in Contoso.
pub const STRANGER: &str = "admin@fabrikam.onmicrosoft.com";

/// Public desktop application, multi-tenant, redirect `http://localhost`; the default of the clouds
/// file.
pub const DESKTOP: ClientId = ClientId::new(uuid!("de5c7091-4c1e-4b0a-9d5e-7c3f1a2b4d10"));
/// Confidential, single-tenant, every application permission granted.
pub const HEALTHY: ClientId = ClientId::new(uuid!("4ea17401-0b6d-4c8e-8f12-5a9b3c7d1e20"));
/// Confidential; all application permissions registered, only those of Microsoft Entra ID granted.
pub const HALF_CONSENTED: ClientId = ClientId::new(uuid!("4a1fc095-3e7a-4d21-9c64-1b8d5f2a7e30"));
/// Confidential; all application permissions registered, none granted.
pub const WITHOUT_CONSENT: ClientId = ClientId::new(uuid!("90c0a5e1-6f3b-4e52-a1d7-8c4e2b9f6a40"));
/// Confidential; its only secret expired.
pub const EXPIRED: ClientId = ClientId::new(uuid!("e4c12ed0-9a5c-4f63-b2e8-3d7f1c6a8b50"));
/// Confidential; switched off in Contoso.
pub const DISABLED: ClientId = ClientId::new(uuid!("d15ab1ed-7c2e-4a74-93f9-6e1a4d8b5c60"));
/// Confidential and multi-tenant; at home in Contoso, not yet present in Fabrikam.
pub const MULTI_TENANT: ClientId = ClientId::new(uuid!("3417e4a4-1d8f-4b85-a40a-9f5c2e7b3d70"));
/// Confidential; its secret holds every character that a form must encode.
pub const ODD_SECRET: ClientId = ClientId::new(uuid!("0dd5ec3e-5b9a-4c96-851b-2a6d8f3c4e80"));
/// Public, single-tenant, redirect `http://localhost`.
pub const SINGLE_TENANT_DESKTOP: ClientId =
    ClientId::new(uuid!("51461e7e-8e3c-4da7-962c-4b7f9a1d5e90"));

/// Public; no redirect URI is registered.
pub const WITHOUT_REDIRECT: ClientId = ClientId::new(uuid!("403ed14e-2a7c-4f18-9b53-6d0e8a4c1fa0"));
/// Meant to be public, but `http://localhost` stands under Web.
pub const REDIRECT_UNDER_WEB: ClientId =
    ClientId::new(uuid!("3eb03ed1-8f4d-4b2a-a617-1c9e5d7b30b0"));
/// Public; only people who were assigned may use it, and nobody was.
pub const ASSIGNMENT_REQUIRED: ClientId =
    ClientId::new(uuid!("a5519ed0-5c3e-4a71-8d29-7b4f0e6a92c0"));
/// Public and with a secret; Conditional Access forbids it every token.
pub const BLOCKED_BY_POLICY: ClientId =
    ClientId::new(uuid!("b10cced0-9d6a-4e85-b03c-4f2a7c1e58d0"));
/// Confidential; everything granted, but the first two tokens do not carry it yet.
pub const GRANTED_LATE: ClientId = ClientId::new(uuid!("1a7e64a0-3b8f-4c96-9e14-0d5b6f8a27e0"));

/// The secret of [`ODD_SECRET`].
pub const ODD_SECRET_VALUE: &str = "p~a+b&c%d=e f";

/// `Sites.FullControl.All` of SharePoint's own API, which is another one than Graph.
const SHAREPOINT_FULL_CONTROL: (Uuid, Uuid) = (
    uuid!("00000003-0000-0ff1-ce00-000000000000"),
    uuid!("678536fe-1083-478a-9c59-b99265e6b0d3"),
);

/// The password of a person of the fixtures.
pub fn password_of(address: &str) -> String {
    let first = address.split('@').next().unwrap_or(address);
    format!("{first}-demo-password")
}

pub(crate) fn directory() -> Directory {
    Directory {
        tenants: vec![
            organization(
                CONTOSO,
                "Contoso",
                ["contoso.onmicrosoft.com", "contoso.example"],
            ),
            organization(
                FABRIKAM,
                "Fabrikam",
                ["fabrikam.onmicrosoft.com", "fabrikam.example"],
            ),
        ],
        users: users(),
        apps: apps(),
        elsewhere: BTreeMap::new(),
    }
}

fn organization(id: TenantId, name: &str, domains: [&str; 2]) -> Organization {
    Organization {
        id,
        name: name.to_owned(),
        domains: domains.map(str::to_owned).to_vec(),
    }
}

fn users() -> Vec<User> {
    let member = |tenant, object_id, role| (tenant, Membership { object_id, role });
    vec![
        user(
            ADMIN,
            "Avery Admin",
            CONTOSO,
            [member(
                CONTOSO,
                uuid!("a0000001-51c3-4b7e-8a01-0c1d2e3f4a01"),
                Role::GlobalAdministrator,
            )],
        ),
        user(
            USER,
            "Uma User",
            CONTOSO,
            [member(
                CONTOSO,
                uuid!("a0000002-51c3-4b7e-8a02-0c1d2e3f4a02"),
                Role::Member,
            )],
        ),
        user(
            GUEST,
            "Gale Guest",
            FABRIKAM,
            [
                member(
                    FABRIKAM,
                    uuid!("a0000003-51c3-4b7e-8a03-0c1d2e3f4a03"),
                    Role::Member,
                ),
                member(
                    CONTOSO,
                    uuid!("a0000004-51c3-4b7e-8a04-0c1d2e3f4a04"),
                    Role::Guest,
                ),
            ],
        ),
        user(
            STRANGER,
            "Sam Stranger",
            FABRIKAM,
            [member(
                FABRIKAM,
                uuid!("a0000005-51c3-4b7e-8a05-0c1d2e3f4a05"),
                Role::GlobalAdministrator,
            )],
        ),
    ]
}

fn user<const N: usize>(
    address: &str,
    name: &str,
    home: TenantId,
    places: [(TenantId, Membership); N],
) -> User {
    User {
        address: address.to_owned(),
        password: password_of(address),
        name: name.to_owned(),
        home,
        memberships: BTreeMap::from(places),
        generation: 0,
    }
}

fn apps() -> Vec<App> {
    let healthy = AppState::Healthy;
    let mut desktop = public(DESKTOP, "Graph Connect (demo registration)", 1);
    desktop.multi_tenant = true;
    let mut half = confidential(
        HALF_CONSENTED,
        "Contoso half consented",
        3,
        AppState::HalfConsented,
        Some("hlf8Q~demo"),
    );
    half.registered_elsewhere = vec![SHAREPOINT_FULL_CONTROL];
    granted(&mut half).roles = names(Integration::EntraId, PermissionKind::Application);
    let mut without = confidential(
        WITHOUT_CONSENT,
        "Contoso no consent",
        4,
        AppState::WithoutConsent,
        Some("non8Q~demo"),
    );
    granted(&mut without).roles = BTreeSet::new();
    let mut expired = confidential(
        EXPIRED,
        "Contoso expired",
        5,
        AppState::ExpiredSecret,
        Some("exp8Q~demo"),
    );
    for secret in &mut expired.secrets {
        secret.expires = Timestamp::constant(1_735_689_600, 0); // 2025-01-01
    }
    let mut disabled = confidential(
        DISABLED,
        "Contoso disabled",
        6,
        AppState::Disabled,
        Some("dis8Q~demo"),
    );
    granted(&mut disabled).enabled = false;
    let mut multi = confidential(
        MULTI_TENANT,
        "Contoso multi-tenant",
        7,
        healthy,
        Some("mul8Q~demo"),
    );
    multi.multi_tenant = true;
    let mut odd = confidential(ODD_SECRET, "Contoso odd secret", 8, healthy, None);
    odd.secrets = vec![secret(8, ODD_SECRET_VALUE.to_owned())];
    vec![
        desktop,
        confidential(HEALTHY, "Contoso audit", 2, healthy, Some("hea8Q~demo")),
        half,
        without,
        expired,
        disabled,
        multi,
        odd,
        public(SINGLE_TENANT_DESKTOP, "Contoso desktop, one tenant", 9),
        without_redirect(),
        redirect_under_web(),
        assignment_required(),
        blocked_by_policy(),
        granted_late(),
    ]
}

fn without_redirect() -> App {
    let mut app = public(WITHOUT_REDIRECT, "Contoso no redirect", 10);
    app.redirect_uris.clear();
    app.state = AppState::WithoutRedirect;
    app
}

fn redirect_under_web() -> App {
    let mut app = public(REDIRECT_UNDER_WEB, "Contoso redirect under Web", 11);
    app.redirect_uris = vec![redirect("http://localhost", RedirectPlatform::Web)];
    app.state = AppState::RedirectUnderWeb;
    app
}

fn assignment_required() -> App {
    let mut app = public(ASSIGNMENT_REQUIRED, "Contoso assigned people only", 12);
    granted(&mut app).assignment_required = true;
    app.state = AppState::AssignmentRequired;
    app
}

fn blocked_by_policy() -> App {
    let mut app = confidential(
        BLOCKED_BY_POLICY,
        "Contoso blocked",
        13,
        AppState::BlockedByPolicy,
        Some("blk8Q~demo"),
    );
    app.redirect_uris = vec![redirect("http://localhost", RedirectPlatform::Native)];
    granted(&mut app).blocked_by_policy = true;
    app
}

fn granted_late() -> App {
    let mut app = confidential(
        GRANTED_LATE,
        "Contoso granted just now",
        14,
        AppState::GrantedLate,
        Some("lat8Q~demo"),
    );
    let late = app
        .registered_roles
        .iter()
        .map(|name| (name.clone(), 2))
        .collect();
    granted(&mut app).late = late;
    app
}

fn public(client_id: ClientId, name: &str, number: u8) -> App {
    let mut app = registration(client_id, name, number, AppState::Healthy);
    app.redirect_uris = vec![redirect("http://localhost", RedirectPlatform::Native)];
    app.registered_scopes = names(Integration::MicrosoftGraph, PermissionKind::Delegated);
    app
}

/// A confidential application with every application permission registered and granted in Contoso.
fn confidential(
    client_id: ClientId,
    name: &str,
    number: u8,
    state: AppState,
    secret_start: Option<&str>,
) -> App {
    let mut app = registration(client_id, name, number, state);
    app.redirect_uris = vec![
        redirect("http://localhost", RedirectPlatform::Web),
        redirect("https://contoso.example/signed-in", RedirectPlatform::Web),
    ];
    app.registered_roles = names(Integration::MicrosoftGraph, PermissionKind::Application);
    app.registered_scopes = BTreeSet::from(["User.Read".to_owned()]);
    granted(&mut app).roles = app.registered_roles.clone();
    app.secrets = secret_start
        .map(|start| secret(number, full_secret(start)))
        .into_iter()
        .collect();
    app
}

fn registration(client_id: ClientId, name: &str, number: u8, state: AppState) -> App {
    App {
        client_id,
        object_id: numbered(0xb0, number),
        name: name.to_owned(),
        home: CONTOSO,
        multi_tenant: false,
        redirect_uris: Vec::new(),
        secrets: Vec::new(),
        registered_roles: BTreeSet::new(),
        registered_scopes: BTreeSet::new(),
        registered_elsewhere: Vec::new(),
        principals: BTreeMap::from([(CONTOSO, Principal::new(numbered(0xc0, number)))]),
        state,
    }
}

fn redirect(uri: &str, platform: RedirectPlatform) -> RedirectUri {
    RedirectUri {
        uri: uri.to_owned(),
        platform,
    }
}

fn granted(app: &mut App) -> &mut Principal {
    app.principal_mut(CONTOSO)
}

fn names(integration: Integration, kind: PermissionKind) -> BTreeSet<String> {
    integration
        .permissions(kind)
        .iter()
        .map(|permission| permission.name.to_owned())
        .collect()
}

/// Forty characters with `8Q~` in fourth place, as Entra makes them.
fn full_secret(start: &str) -> String {
    let mut value = format!("{start}.client-secret_");
    while value.len() < 40 {
        value.push('0');
    }
    value
}

fn secret(number: u8, value: String) -> Secret {
    let expires = Timestamp::constant(2_524_608_000, 0); // 2050-01-01
    Secret {
        key_id: numbered(0xd0, number),
        value,
        expires,
        name: Some("demo".to_owned()),
    }
}

fn numbered(kind: u8, number: u8) -> Uuid {
    let mut bytes = *uuid!("00000000-6e1d-4a5b-9c7f-20d4e6f8a1b3").as_bytes();
    bytes[0] = kind;
    bytes[3] = number;
    Uuid::from_bytes(bytes)
}
