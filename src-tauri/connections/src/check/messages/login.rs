//! What is said about the keychain, the tenant, the credential and whose token it is.

use entra::{AccessToken, Cloud, TenantFacts};
use model::{Account, Actor, ClientId, Field, Finding, PortalPage, Retry, Step, Tenant, TenantId};

use super::{advised, failed, passed, skipped};
use crate::{check::target::CheckTarget, credential::Credential};

pub(in crate::check) fn secret_read(target: &CheckTarget, ms: u32) -> Finding {
    let what = match target.credential {
        Credential::ClientSecret { .. } => "client secret",
        Credential::RefreshToken { .. } => "sign-in",
    };
    Finding {
        ms,
        ..passed(
            Step::Keychain,
            format!("The {what} was read from the keychain."),
        )
    }
}

pub(in crate::check) fn secret_unreadable(error: &keychain::Error) -> Finding {
    let (actor, retry) = (Some(Actor::You), Some(Retry::AfterTheFix));
    let summary = crate::sentence::sentence(&error.to_string());
    Finding {
        next: Some(error.advice().to_owned()),
        actor,
        retry,
        ..failed(Step::Keychain, summary)
    }
}

/// The tenant exists. `name` comes later, from Graph.
pub(in crate::check) fn tenant_found(
    target: &CheckTarget,
    ms: u32,
    facts: &TenantFacts,
    name: Option<&str>,
) -> Finding {
    let tenant = target.tenant();
    let id = facts
        .tenant_id
        .or(target.expected_tenant())
        .map(|id| id.to_string());
    let domain = matches!(tenant, Tenant::Domain(_)).then(|| tenant.to_string());
    let region = facts
        .region
        .as_ref()
        .map(|region| format!("region {region}"));
    let evidence: Vec<String> = [domain, id, region].into_iter().flatten().collect();
    let summary = match name {
        Some(name) => format!(
            "The tenant {name} is in the cloud {}.",
            target.cloud.title()
        ),
        None => format!("The tenant is in the cloud {}.", target.cloud.title()),
    };
    Finding {
        ms,
        evidence: Some(evidence.join(" · ")),
        ..passed(Step::Tenant, summary)
    }
}

/// The login host would not describe the tenant, but issued a token for it, which proves it all the
/// same.
pub(in crate::check) fn tenant_proved_by_token(
    target: &CheckTarget,
    name: Option<&str>,
    ms: u32,
    error: &entra::Error,
) -> Finding {
    let id = target
        .expected_tenant()
        .map_or_else(|| target.tenant().to_string(), |id| id.to_string());
    let named = name.map_or_else(
        || "The tenant".to_owned(),
        |name| format!("The tenant {name}"),
    );
    let summary = format!("{named} issued a token. Its description could not be read: {error}");
    Finding {
        ms,
        evidence: Some(id),
        original: error.original().cloned(),
        ..passed(Step::Tenant, summary)
    }
}

/// The tenant is in another cloud, which is in the list or not.
pub(in crate::check) fn tenant_elsewhere(
    target: &CheckTarget,
    other: Option<&Cloud>,
    ms: u32,
    error: &entra::Error,
) -> Finding {
    let Some(other) = other else {
        let finding = Finding {
            ms,
            field: Some(Field::Cloud),
            ..failed(Step::Tenant, error.to_string())
        };
        return advised(finding, target, error);
    };
    let summary = format!(
        "The tenant is not in {} but in the cloud {}.",
        target.cloud.title(),
        other.title()
    );
    let next = if target.saved {
        format!(
            "Create a new connection in the cloud {}, with an application that is registered there.",
            other.title()
        )
    } else {
        format!(
            "Choose the cloud {} under More options. The application has to be registered there.",
            other.title()
        )
    };
    Finding {
        ms,
        evidence: Some(format!(
            "{} · {}",
            target.tenant(),
            other.login.origin().ascii_serialization()
        )),
        next: Some(next),
        actor: Some(Actor::You),
        retry: Some(Retry::AfterTheFix),
        field: Some(Field::Cloud),
        original: error.original().cloned(),
        ..failed(Step::Tenant, summary)
    }
}

pub(in crate::check) fn token_issued(
    target: &CheckTarget,
    token: &AccessToken,
    app: Option<&str>,
    ms: u32,
) -> Finding {
    let summary = match target.credential {
        Credential::ClientSecret { .. } => {
            "The client secret was accepted and a fresh token was issued."
        }
        Credential::RefreshToken { .. } => {
            "The sign-in is still valid and a fresh token was issued."
        }
    };
    let minutes = token.expires_in.as_secs() / 60;
    let assumed = if token.lifetime_assumed {
        " (assumed: the server did not say)"
    } else {
        ""
    };
    let app = app.map(|name| format!("{name} · ")).unwrap_or_default();
    let evidence = format!("{app}valid for {minutes} minutes{assumed}");
    Finding {
        ms,
        evidence: Some(evidence),
        ..passed(Step::Credential, summary)
    }
}

/// Whose token it is cannot be read in it.
pub(in crate::check) fn identity_unreadable() -> Finding {
    skipped(
        Step::Identity,
        "the token cannot be read and Microsoft Graph did not say whose it is",
    )
}

/// The token is whose it should be: by what it says itself, or by what Graph says to it.
pub(in crate::check) fn identity_confirmed(
    tenant: Option<TenantId>,
    account: Option<&Account>,
    by_graph: bool,
) -> Finding {
    let who = account.and_then(|account| account.username.clone());
    let evidence: Vec<String> = who
        .into_iter()
        .chain(tenant.map(|id| id.to_string()))
        .collect();
    let whose = if account.is_some() {
        "the account that signed in"
    } else {
        "this tenant and this application"
    };
    let summary = match (by_graph, account.is_some()) {
        (true, true) => {
            "Microsoft Graph says that the token belongs to the account that signed in.".to_owned()
        }
        (true, false) => "Microsoft Graph says that the token belongs to this tenant.".to_owned(),
        (false, _) => format!("The token belongs to {whose}."),
    };
    Finding {
        evidence: Some(evidence.join(" · ")),
        ..passed(Step::Identity, summary)
    }
}

pub(in crate::check) fn identity_of_another_tenant(expected: TenantId, found: TenantId) -> Finding {
    Finding {
        evidence: Some(format!("expected {expected}, found {found}")),
        next: Some(
            "Check the tenant ID of this connection, and which tenant the app registration is in."
                .to_owned(),
        ),
        actor: Some(Actor::You),
        retry: Some(Retry::AfterTheFix),
        field: Some(Field::Tenant),
        ..failed(Step::Identity, "The token belongs to another tenant.")
    }
}

pub(in crate::check) fn identity_of_another_app(target: &CheckTarget, found: ClientId) -> Finding {
    Finding {
        evidence: Some(format!("expected {}, found {found}", target.client_id())),
        next: Some(
            "Check the Application (client) ID on the app registration's overview.".to_owned(),
        ),
        actor: Some(Actor::You),
        retry: Some(Retry::AfterTheFix),
        link: Some(target.link(PortalPage::Overview)),
        field: Some(Field::ClientId),
        ..failed(Step::Identity, "The token belongs to another application.")
    }
}

pub(in crate::check) fn identity_of_another_account(account: &Account) -> Finding {
    Finding {
        evidence: account
            .username
            .as_ref()
            .map(|name| format!("expected {name}")),
        next: Some("Sign in again with the account that this connection is meant for.".to_owned()),
        actor: Some(Actor::You),
        retry: Some(Retry::AfterTheFix),
        ..failed(Step::Identity, "The token belongs to another account.")
    }
}
