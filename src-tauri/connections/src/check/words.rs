//! The sentences of a report. They stand here and not in the window, because the command line and "Copy report" say the
//! same.

use entra::{AccessToken, Cloud, Me, Organization};
use model::{
    Account, Finding, Outcome, PermissionFinding, PermissionKind, PermissionState, Step, StepState, Tenant, TenantId,
};

use super::{Credential, Subject};

pub(super) fn host_answered(cloud: &Cloud, ms: u32) -> Finding {
    let how = if cloud.login.scheme() == "https" { "over TLS" } else { "on this machine, without TLS" };
    let host = login_host(cloud);
    let origin = cloud.login.origin().ascii_serialization();
    Finding { ms, evidence: Some(origin), ..passed(Step::Connection, format!("{host} answered {how}.")) }
}

/// The login host's name, as it stands in errors.
pub(super) fn login_host(cloud: &Cloud) -> String {
    cloud.login.host_str().unwrap_or_default().to_owned()
}

pub(super) fn tenant_found(tenant: &Tenant, id: Option<TenantId>, region: Option<&str>) -> Finding {
    let id = id.map(|id| id.to_string());
    let named = matches!(tenant, Tenant::Domain(_)).then(|| tenant.to_string());
    let evidence: Vec<String> =
        [named, id, region.map(|region| format!("region {region}"))].into_iter().flatten().collect();
    Finding { evidence: Some(evidence.join(" · ")), ..passed(Step::Tenant, "The tenant exists in this cloud.") }
}

pub(super) fn token_issued(subject: &Subject, token: &AccessToken, ms: u32) -> Finding {
    let summary = match subject.credential {
        Credential::ClientSecret { .. } => "The client secret was accepted and a fresh token was issued.",
        Credential::RefreshToken { .. } => "The sign-in is still valid and a fresh token was issued.",
    };
    let minutes = token.expires_in.as_secs() / 60;
    let assumed = if token.lifetime_assumed { " (assumed: the server did not say)" } else { "" };
    Finding { ms, evidence: Some(format!("valid for {minutes} minutes{assumed}")), ..passed(Step::Credential, summary) }
}

pub(super) fn identity_unknown() -> Finding {
    let summary = "The token cannot be read, so whose it is cannot be compared.";
    Finding { state: StepState::Skipped, ..passed(Step::Identity, summary) }
}

pub(super) fn identity_confirmed(tenant: TenantId, account: Option<&Account>) -> Finding {
    let who = account.and_then(|account| account.username.clone());
    let evidence = who.map_or_else(|| tenant.to_string(), |who| format!("{who} · {tenant}"));
    let summary = if account.is_some() {
        "The token belongs to the account that signed in."
    } else {
        "The token belongs to this tenant."
    };
    Finding { evidence: Some(evidence), ..passed(Step::Identity, summary) }
}

pub(super) fn identity_of_another_tenant(expected: TenantId, found: TenantId) -> Finding {
    let evidence = format!("expected {expected}, found {found}");
    let next = "Check the tenant ID of this connection, and which tenant the app registration is in.";
    let summary = "The token belongs to another tenant.";
    Finding { evidence: Some(evidence), next: Some(next.into()), ..failed(Step::Identity, summary) }
}

pub(super) fn identity_of_another_account() -> Finding {
    let next = "Sign in again with the account that this connection is meant for.";
    Finding { next: Some(next.into()), ..failed(Step::Identity, "The token belongs to another account.") }
}

pub(super) fn permissions(permissions: &[PermissionFinding], kind: PermissionKind, none_held: bool) -> Finding {
    let all = permissions.len();
    let missing: Vec<&str> = names_in(permissions, PermissionState::Missing);
    if permissions.iter().any(|permission| permission.state == PermissionState::Unknown) {
        let summary = "The permissions cannot be read from this token.";
        return Finding { state: StepState::Warning, ..passed(Step::Permissions, summary) };
    }
    if missing.is_empty() {
        return passed(Step::Permissions, format!("All {all} permissions are in the token."));
    }
    let summary = match (none_held, kind) {
        (true, PermissionKind::Application) => {
            "The token carries no application permissions: nobody has granted any.".into()
        }
        (true, PermissionKind::Delegated) => "The token carries no delegated permissions.".into(),
        (false, _) => format!("{} of {all} permissions are missing.", missing.len()),
    };
    let next = match kind {
        PermissionKind::Application => {
            "In the portal open the app's API permissions, add what is missing as application permissions of Microsoft \
             Graph, and have a Privileged Role Administrator grant admin consent. Then wait a minute and test again."
        }
        PermissionKind::Delegated => {
            "Sign in again and accept what is asked. If your organisation asks for admin approval, an administrator has \
             to grant consent first."
        }
    };
    let evidence = Some(format!("missing: {}", missing.join(", ")));
    Finding { state: StepState::Warning, evidence, next: Some(next.into()), ..passed(Step::Permissions, summary) }
}

pub(super) fn who(me: Me) -> String {
    let named = [me.display_name, me.user_principal_name].into_iter().flatten().collect::<Vec<_>>();
    if named.is_empty() { me.id } else { named.join(" · ") }
}

pub(super) fn which(organization: Organization) -> String {
    let domains = organization.verified_domains.join(", ");
    if domains.is_empty() { organization.display_name } else { format!("{} · {domains}", organization.display_name) }
}

pub(super) fn graph_read(ms: u32, evidence: String) -> Finding {
    Finding { ms, evidence: Some(evidence), ..passed(Step::GraphRead, "Microsoft Graph answered a read.") }
}

pub(super) fn graph_forbidden(subject: &Subject, ms: u32, error: &entra::Error) -> Finding {
    let original = error.original().cloned();
    let (state, summary) = match subject.permission_kind() {
        PermissionKind::Application => (
            StepState::Passed,
            "Microsoft Graph took the token, so the credential is right. Reading the organisation's name is not among \
             its permissions (403).",
        ),
        PermissionKind::Delegated => (
            StepState::Warning,
            "Microsoft Graph took the token, so the sign-in is right. Reading one's own profile is not among its \
             permissions (403).",
        ),
    };
    Finding { ms, state, original, ..passed(Step::GraphRead, summary) }
}

pub(super) fn graph_absent(cloud: &Cloud, ms: u32, error: &entra::Error) -> Finding {
    let summary = format!("There is no Microsoft Graph at {}: only the sign-in could be tested.", cloud.graph);
    let next = "This cloud comes from your own clouds file. Correct its Graph address there, if it has one.";
    let original = error.original().cloned();
    Finding { ms, state: StepState::Warning, next: Some(next.into()), original, ..passed(Step::GraphRead, summary) }
}

/// A step that the server or the network refused.
pub(super) fn refused(step: Step, ms: u32, error: &entra::Error) -> Finding {
    let state = if is_no_verdict(error) { StepState::Warning } else { StepState::Failed };
    let (next, original) = (Some(error.help().next), error.original().cloned());
    Finding { ms, state, next, original, ..failed(step, error.to_string()) }
}

/// Whether the service put off its answer, which says nothing about the connection.
pub(super) const fn is_no_verdict(error: &entra::Error) -> bool {
    matches!(error, entra::Error::Throttled { .. } | entra::Error::Unavailable { .. })
}

pub(super) fn skipped(step: Step, because_of: Step) -> Finding {
    let summary = format!("Not tried, because \"{}\" did not pass.", step_name(because_of));
    Finding { state: StepState::Skipped, ..passed(step, summary) }
}

pub(super) fn failed(step: Step, summary: impl Into<String>) -> Finding {
    Finding { state: StepState::Failed, ..passed(step, summary) }
}

pub(super) fn headline(outcome: Outcome, findings: &[Finding], permissions: &[PermissionFinding]) -> String {
    let missing = names_in(permissions, PermissionState::Missing).len();
    let stopped_by = findings.iter().rev().find(|f| f.state != StepState::Skipped).map(|f| f.summary.as_str());
    match outcome {
        Outcome::Works => "Works.".to_owned(),
        Outcome::WorksWithGaps if missing == 1 => format!("Works. 1 of {} permissions is missing.", permissions.len()),
        Outcome::WorksWithGaps if missing > 1 => {
            format!("Works. {missing} of {} permissions are missing.", permissions.len())
        }
        Outcome::WorksWithGaps => "Works, with something to know.".to_owned(),
        Outcome::NeedsSignIn => "Sign in again.".to_owned(),
        Outcome::Fails => format!("Does not work. {}", stopped_by.unwrap_or_default()),
        Outcome::Inconclusive => format!("Nothing is proved yet. {}", stopped_by.unwrap_or_default()),
    }
}

fn passed(step: Step, summary: impl Into<String>) -> Finding {
    let summary = summary.into();
    Finding {
        step,
        state: StepState::Passed,
        ms: 0,
        summary,
        evidence: None,
        next: None,
        actor: None,
        retry: None,
        link: None,
        field: None,
        original: None,
    }
}

fn names_in(permissions: &[PermissionFinding], state: PermissionState) -> Vec<&str> {
    permissions.iter().filter(|permission| permission.state == state).map(|p| p.name.as_str()).collect()
}

const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Keychain => "Keychain",
        Step::NameResolution => "Name resolution",
        Step::Connection => "Connection",
        Step::Tls => "Secure connection",
        Step::Clock => "Clock",
        Step::Tenant => "Tenant",
        Step::Credential => "Credential",
        Step::Identity => "Identity",
        Step::Permissions => "Permissions",
        Step::GraphRead => "Microsoft Graph",
        Step::Probe => "Probe",
        Step::SecretExpiry => "Secret expiry",
    }
}
