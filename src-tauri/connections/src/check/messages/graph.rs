//! What is said about the reads from Graph: the one that proves the token, and the probe.

use entra::{Cloud, Me, Organization, Probe, host_of};
use model::{Actor, Finding, Integration, PermissionKind, PortalPage, Retry, Step, StepState};

use super::{advised, is_no_verdict, passed, refused, skipped, warning};
use crate::check::target::CheckTarget;

/// More verified domains than these are only counted.
const DOMAINS_SHOWN: usize = 10;

pub(in crate::check) fn who(me: &Me) -> String {
    let named: Vec<&str> = [
        me.display_name.as_deref(),
        me.user_principal_name.as_deref(),
    ]
    .into_iter()
    .flatten()
    .collect();
    if named.is_empty() {
        me.id.clone()
    } else {
        named.join(" · ")
    }
}

pub(in crate::check) fn which(organization: &Organization) -> String {
    let shown = organization
        .verified_domains
        .iter()
        .take(DOMAINS_SHOWN)
        .map(String::as_str);
    let mut domains = shown.collect::<Vec<_>>().join(", ");
    if let Some(more) = organization
        .verified_domains
        .len()
        .checked_sub(DOMAINS_SHOWN)
        .filter(|more| *more > 0)
    {
        domains = format!("{domains} and {more} more");
    }
    let name = organization.display_name.as_str();
    if domains.is_empty() {
        name.to_owned()
    } else {
        format!("{name} · {domains}")
    }
}

pub(in crate::check) fn answered(ms: u32, evidence: String) -> Finding {
    Finding {
        ms,
        evidence: Some(evidence),
        ..passed(Step::GraphRead, "Reading from Microsoft Graph works.")
    }
}

/// A refusal for want of a permission (403) still proves that Graph takes the token.
pub(in crate::check) fn forbidden(target: &CheckTarget, ms: u32, error: &entra::Error) -> Finding {
    let original = error.original().cloned();
    let (state, summary) = match target.permission_kind() {
        PermissionKind::Application => (
            StepState::Passed,
            "Microsoft Graph took the token, so the credential is right. Reading the organization's name is not among \
             its permissions (403).",
        ),
        PermissionKind::Delegated => (
            StepState::Warning,
            "Microsoft Graph took the token, so the sign-in is right. Reading one's own profile is not among its \
             permissions (403).",
        ),
    };
    Finding {
        ms,
        state,
        original,
        ..passed(Step::GraphRead, summary)
    }
}

/// A cloud from a file has no Graph: a sign-in server that is not Microsoft's.
pub(in crate::check) fn absent(cloud: &Cloud, ms: u32, error: &entra::Error) -> Finding {
    let summary = format!(
        "There is no Microsoft Graph at {}: only the sign-in could be tested.",
        host_of(&cloud.graph)
    );
    Finding {
        ms,
        next: Some(
            "This cloud comes from your own clouds file. Correct its Graph address there, if it has one.".to_owned(),
        ),
        actor: Some(Actor::You),
        retry: Some(Retry::AfterTheFix),
        original: error.original().cloned(),
        ..warning(Step::GraphRead, summary)
    }
}

/// The probe ended. `permitted` tells whether a permission for it is in the token, as far as that
/// can be read.
pub(in crate::check) fn probed(
    target: &CheckTarget,
    probe: &Probe,
    permitted: Option<bool>,
    ms: u32,
    answer: &Result<(), entra::Error>,
) -> Finding {
    use entra::Error as E;
    let path = probe.path.split('?').next().unwrap_or(probe.path);
    let call = Some(format!("GET {}", probe.path));
    let finding = match answer {
        Ok(()) => passed(
            Step::Probe,
            format!("Reading from Microsoft Graph works: {path}."),
        ),
        Err(E::GraphAbsent { .. } | E::Connect { .. } | E::NotMicrosoft { .. })
            if target.cloud.custom =>
        {
            skipped(Step::Probe, "this cloud has no Microsoft Graph")
        }
        Err(error) if is_no_verdict(error) => refused(Step::Probe, target, ms, error),
        Err(error) if error.claims_challenge().is_some() => {
            let summary = format!(
                "A read of {path} was refused: Microsoft Graph wants a newer sign-in for it."
            );
            advised(warning(Step::Probe, summary), target, error)
        }
        Err(error @ E::LicenceMissing { .. }) => {
            let summary = format!("The tenant or the account has no license for a read of {path}.");
            let advised = advised(warning(Step::Probe, summary), target, error);
            Finding {
                next: Some(wanted_for(target.integration).to_owned()),
                ..advised
            }
        }
        Err(error @ (E::Forbidden { .. } | E::NotAuthorized { .. } | E::RequestRefused { .. })) => {
            refused_to_read(target, path, permitted, error)
        }
        Err(error) => advised(
            warning(
                Step::Probe,
                format!("A read of {path} did not work. {error}"),
            ),
            target,
            error,
        ),
    };
    Finding {
        ms,
        evidence: call,
        ..finding
    }
}

/// There is no read that would be both cheap and telling.
pub(in crate::check) fn no_probe(target: &CheckTarget) -> Finding {
    let kind = match target.permission_kind() {
        PermissionKind::Application => "for an app-only connection",
        PermissionKind::Delegated => "for a person",
    };
    skipped(
        Step::Probe,
        format!("{} has no simple read {kind}", target.integration.name()),
    )
}

/// With the permission in the token, a refusal is about something else.
fn refused_to_read(
    target: &CheckTarget,
    path: &str,
    permitted: Option<bool>,
    error: &entra::Error,
) -> Finding {
    let original = error.original().cloned();
    let status = original
        .as_ref()
        .and_then(|said| said.http_status)
        .map(|status| format!(" ({status})"));
    let refused = format!("A read of {path} was refused{}", status.unwrap_or_default());
    if permitted == Some(false) {
        let next = Some("Do what \"Permissions\" says, then test again.".to_owned());
        // Whose job it is and where stands with the permissions already.
        let summary = format!("{refused}: the permission for it is not in the token.");
        return Finding {
            next,
            original,
            ..warning(Step::Probe, summary)
        };
    }
    let summary = match permitted {
        Some(_) => format!(
            "{refused} although the permission for it is in the token: a license, a role or a policy is in the way."
        ),
        None => format!("{refused}: a permission, a license or a role is wanting."),
    };
    Finding {
        next: Some(wanted_for(target.integration).to_owned()),
        actor: Some(Actor::UserAdministrator),
        retry: Some(Retry::AfterTheFix),
        link: Some(target.link(PortalPage::Licences)),
        original,
        ..warning(Step::Probe, summary)
    }
}

/// What a tenant or an account needs for an integration beside permissions.
const fn wanted_for(integration: Integration) -> &'static str {
    match integration {
        Integration::EntraId => {
            "Check that the tenant has Microsoft Entra ID P1 or P2, which the sign-in logs need."
        }
        Integration::DefenderXdr => {
            "Check that the tenant has a license for a Microsoft Defender product."
        }
        Integration::Intune => "Check that the tenant has Microsoft Intune and that it is set up.",
        Integration::EDiscovery => {
            "Check the tenant's license for Microsoft Purview eDiscovery, and that the caller is in a role group for it in \
             Microsoft Purview."
        }
        Integration::SharePoint => "Check that the tenant has SharePoint, and its access policies.",
        Integration::OneDrive | Integration::Excel => {
            "Check that the account has a license with OneDrive, and has opened OneDrive once."
        }
        Integration::Outlook => "Check that the account has a mailbox in Exchange Online.",
        Integration::Teams => "Check that the account has a license for Microsoft Teams.",
        Integration::OneNote => "Check that the account has a license with OneNote and OneDrive.",
        Integration::MicrosoftGraph => "Check the licenses of the tenant and the account.",
    }
}
