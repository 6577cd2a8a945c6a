//! Who calls Graph, as the token says, and what that lets them do.

use std::collections::BTreeSet;

use model::{ClientId, TenantId};
use serde_json::Value;

use crate::{
    claims::{self, GLOBAL_ADMIN},
    graph_errors::GraphRefusal as Refusal,
    jwt::TokenFault,
    world::{Platform, World},
};

pub(crate) const READ_APPLICATIONS: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Directory.AccessAsUser.All",
];
const OWN_APPLICATION: &str = "Application.ReadWrite.OwnedBy";

/// Who calls.
pub(crate) struct Caller {
    pub(crate) tenant: TenantId,
    client_id: ClientId,
    pub(crate) object_id: String,
    /// Roles of an application, scopes of a person.
    pub(crate) permissions: BTreeSet<String>,
    pub(crate) is_app: bool,
    /// A person who may administer the tenant.
    pub(crate) is_admin: bool,
}

impl Caller {
    /// Reads the token and checks it.
    pub(crate) fn of(
        platform: &Platform,
        world: &World,
        token: Option<&str>,
    ) -> Result<Self, Refusal> {
        let token = token
            .map(str::trim)
            .filter(|token| !token.is_empty())
            .ok_or_else(Refusal::token_missing)?;
        let claims = platform
            .keys
            .verify(
                world.issued.readable(token),
                &platform.graph,
                world.now().as_second(),
            )
            .map_err(Refusal::token_faulty)?;
        let malformed = || Refusal::token_faulty(TokenFault::Malformed);
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let roles = claims.get("roles").and_then(Value::as_array);
        let roles = roles.into_iter().flatten().filter_map(Value::as_str);
        let scopes = text("scp").unwrap_or_default().split(' ');
        Ok(Self {
            tenant: text("tid")
                .and_then(|id| id.parse().ok())
                .ok_or_else(malformed)?,
            client_id: claims::client_of(&claims).ok_or_else(malformed)?,
            object_id: text("oid").ok_or_else(malformed)?.to_owned(),
            permissions: roles
                .chain(scopes)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            is_app: text("idtyp") == Some("app"),
            is_admin: claims
                .get("wids")
                .and_then(Value::as_array)
                .is_some_and(|ids| ids.contains(&GLOBAL_ADMIN.into())),
        })
    }

    pub(crate) fn expect(&self, any_of: &[&str]) -> Result<(), Refusal> {
        if self.holds_one(any_of) {
            Ok(())
        } else {
            Err(Refusal::denied())
        }
    }

    pub(crate) fn holds_one(&self, any_of: &[&str]) -> bool {
        any_of.iter().any(|name| self.permissions.contains(*name))
    }

    /// May read that application: as any, or as its own.
    pub(crate) fn expect_to_read(&self, client_id: ClientId) -> Result<(), Refusal> {
        if self.client_id == client_id && self.permissions.contains(OWN_APPLICATION) {
            return Ok(());
        }
        self.expect(READ_APPLICATIONS)
    }
}
