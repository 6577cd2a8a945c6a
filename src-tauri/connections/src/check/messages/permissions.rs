//! What is said about permissions.

use model::{
    Actor, Finding, Integration, Permission, PermissionFinding, PermissionKind, PermissionState,
    PortalPage, Retry, Step,
};

use super::{counted, passed, warning};
use crate::check::{
    assessment::{Assessment, Registered},
    target::CheckTarget,
};

/// In how many seconds a grant should have reached the token.
pub(in crate::check) const UNTIL_A_GRANT_COUNTS: u32 = 60;

/// What the permissions come to.
pub(in crate::check) fn step(
    target: &CheckTarget,
    assessment: &Assessment,
    probed: bool,
) -> Finding {
    let all = assessment.findings.as_slice();
    let lacking = MissingPermissions {
        to_register: assessment.to_register,
        ..MissingPermissions::of(all)
    };
    let excess = names(all, PermissionState::Excess);
    let also = (!excess.is_empty()).then(|| {
        counted(
            excess.len(),
            "permission not needed",
            "permissions not needed",
        )
    });
    let unknown =
        lacking.required > 0 && names(all, PermissionState::Unknown).len() == lacking.required;
    let finding = match (assessment.readable, unknown) {
        (false, true) => unreadable(probed),
        (false, false) => held(
            target,
            &lacking,
            "The permissions cannot be read from this token. The tenant says: ",
        ),
        (true, _) => held(target, &lacking, ""),
    };
    let evidence: Vec<String> = finding.evidence.into_iter().chain(also).collect();
    Finding {
        evidence: (!evidence.is_empty()).then(|| evidence.join(" · ")),
        ..finding
    }
}

/// What to do about one permission.
pub(in crate::check) fn advice(
    kind: PermissionKind,
    state: PermissionState,
    registered: Registered,
    offered: bool,
) -> Option<String> {
    use PermissionState as State;
    let text = match (state, kind) {
        (State::Granted | State::Covered | State::Excess, _) => return None,
        (State::NotYetInToken, _) => "Granted. Wait a minute, then test again.".to_owned(),
        (State::WrongKind, PermissionKind::Application) => as_application(registered),
        (State::WrongKind, PermissionKind::Delegated) => {
            "It is registered as an application permission, which a sign-in does not use. Add the delegated one of the \
             same name, then sign in again and accept."
                .to_owned()
        }
        (State::Unknown, _) if !offered => "Microsoft Graph does not offer it in this cloud.".to_owned(),
        (State::Unknown, _) => "Look it up under API permissions: its status there should be \"Granted\".".to_owned(),
        (State::Missing, PermissionKind::Application) => to_grant(registered).to_owned(),
        (State::Missing, PermissionKind::Delegated) => {
            "Sign in again and accept it, or have an admin grant it.".to_owned()
        }
    };
    Some(text)
}

/// What to do about permissions that are not needed; said once for all of them.
pub(in crate::check) fn remove(
    integration: Integration,
    kind: PermissionKind,
    many: usize,
) -> String {
    let page = match kind {
        PermissionKind::Application => "API permissions",
        PermissionKind::Delegated => "Enterprise applications, Permissions",
    };
    let (these, them) = if many == 1 {
        ("this one", "it")
    } else {
        ("these", "them")
    };
    let product = integration.name();
    format!(
        "{product} does not need {these}. Remove {them} under {page}, unless something else uses this application."
    )
}

/// How many permissions are wanting, for the headline; `None` when none is.
pub(in crate::check) fn wanting(all: &[PermissionFinding]) -> Option<String> {
    let lacking = MissingPermissions::of(all);
    let (missing, waiting, required) = (
        lacking.missing.len(),
        lacking.not_yet.len(),
        lacking.required,
    );
    match (missing, waiting) {
        (0, 0) => None,
        (0, 1) => Some(format!(
            "1 of {required} permissions is not in the token yet."
        )),
        (0, waiting) => Some(format!(
            "{waiting} of {required} permissions are not in the token yet."
        )),
        (1, _) => Some(format!("1 of {required} permissions is missing.")),
        (missing, _) => Some(format!("{missing} of {required} permissions are missing.")),
    }
}

/// Whether the token carries nothing of what is needed, so that there is nothing that it could do.
pub(in crate::check) fn has_none(all: &[PermissionFinding]) -> bool {
    let needed = |p: &&PermissionFinding| p.state != PermissionState::Excess;
    let lacking = |p: &PermissionFinding| {
        matches!(
            p.state,
            PermissionState::Missing | PermissionState::WrongKind | PermissionState::NotYetInToken
        )
    };
    all.iter().filter(needed).all(lacking)
}

struct MissingPermissions<'a> {
    required: usize,
    granted: usize,
    covered: Vec<String>,
    missing: Vec<&'a str>,
    not_yet: Vec<&'a str>,
    /// The registration is known not to list something that is needed, or lists it in the other
    /// kind.
    to_register: bool,
}

impl<'a> MissingPermissions<'a> {
    fn of(all: &'a [PermissionFinding]) -> Self {
        let required = all
            .iter()
            .filter(|permission| permission.state != PermissionState::Excess);
        let covers = |p: &PermissionFinding| {
            p.covered_by
                .as_ref()
                .map(|by| format!("{} by {by}", p.name))
        };
        let wrong = names(all, PermissionState::WrongKind);
        Self {
            required: required.count(),
            granted: names(all, PermissionState::Granted).len(),
            covered: all.iter().filter_map(covers).collect(),
            to_register: false,
            missing: names(all, PermissionState::Missing)
                .into_iter()
                .chain(wrong)
                .collect(),
            not_yet: names(all, PermissionState::NotYetInToken),
        }
    }

    /// Whether some of what a sign-in is missing can be accepted by an administrator alone.
    fn needs_admin(&self) -> bool {
        let by_admin = |permission: &Permission| permission.needs_admin(PermissionKind::Delegated);
        self.missing
            .iter()
            .filter_map(|name| Permission::find(name))
            .any(by_admin)
    }
}

fn held(target: &CheckTarget, lacking: &MissingPermissions<'_>, before: &str) -> Finding {
    let kind = target.permission_kind();
    if !lacking.missing.is_empty() {
        return missing(target, lacking, before);
    }
    if !lacking.not_yet.is_empty() {
        let many = counted(lacking.not_yet.len(), "permission is", "permissions are");
        let summary = format!("{before}{many} granted but not yet in the token.");
        let next =
            "Wait a minute, then test again. A token carries what was granted when it was issued.";
        let evidence = Some(format!(
            "not yet in the token: {}",
            lacking.not_yet.join(", ")
        ));
        let (actor, retry) = (Some(Actor::You), Some(Retry::Later));
        return Finding {
            evidence,
            next: Some(next.into()),
            actor,
            retry,
            ..warning(Step::Permissions, summary)
        };
    }
    let where_held = if before.is_empty() {
        "in the token"
    } else {
        "granted"
    };
    let evidence =
        (!lacking.covered.is_empty()).then(|| format!("covered: {}", lacking.covered.join(", ")));
    let needed = match kind {
        PermissionKind::Application => "application",
        PermissionKind::Delegated => "delegated",
    };
    let summary = if lacking.covered.is_empty() && lacking.granted == 1 {
        format!("{before}The one {needed} permission that is needed is {where_held}.")
    } else if lacking.covered.is_empty() {
        format!(
            "{before}All {} {needed} permissions are {where_held}.",
            lacking.granted
        )
    } else {
        format!(
            "{before}All {} {needed} permissions are {where_held} or covered by a higher one.",
            lacking.required
        )
    };
    Finding {
        evidence,
        ..passed(Step::Permissions, summary)
    }
}

fn missing(target: &CheckTarget, lacking: &MissingPermissions<'_>, before: &str) -> Finding {
    let kind = target.permission_kind();
    let (missing, required) = (lacking.missing.len(), lacking.required);
    let none_held =
        lacking.granted == 0 && lacking.covered.is_empty() && lacking.not_yet.is_empty();
    let summary = match (none_held, kind) {
        (true, PermissionKind::Application) => {
            format!("{before}None of the {required} application permissions is granted.")
        }
        (true, PermissionKind::Delegated) => {
            format!("{before}None of the {required} delegated permissions is granted.")
        }
        (false, _) if missing == 1 => format!("{before}1 of {required} permissions is missing."),
        (false, _) => format!("{before}{missing} of {required} permissions are missing."),
    };
    let (actor, next) = match (kind, lacking.to_register) {
        (PermissionKind::Application, true) => (
            Actor::ApplicationAdministrator,
            "Under API permissions add what is missing as application permissions of Microsoft Graph and have admin \
             consent granted. Then wait a minute and test again.",
        ),
        (PermissionKind::Application, false) => (
            Actor::PrivilegedRoleAdministrator,
            "Under API permissions grant admin consent; what is not in the list there has to be added first, as an \
             application permission of Microsoft Graph. Then wait a minute and test again.",
        ),
        (PermissionKind::Delegated, _) if lacking.needs_admin() => (
            Actor::ApplicationAdministrator,
            "Use \"Send to an admin\". If you are an admin yourself, sign in again and accept what is asked. Once it is \
             granted, test again.",
        ),
        (PermissionKind::Delegated, _) => (
            Actor::You,
            "Sign in again and accept what is asked. If Microsoft asks for an admin's approval, use \"Send to an \
             admin\"; once it is granted, test again.",
        ),
    };
    Finding {
        evidence: Some(format!("missing: {}", lacking.missing.join(", "))),
        next: Some(next.to_owned()),
        actor: Some(actor),
        retry: Some(Retry::AfterTheFix),
        link: Some(target.link(PortalPage::ApiPermissions)),
        ..warning(Step::Permissions, summary)
    }
}

/// Neither the token nor the tenant says anything; what the probe proved is all there is.
fn unreadable(probed: bool) -> Finding {
    let summary = "The permissions cannot be read from this token.";
    if probed {
        let evidence = Some("the probe shows that what this connection is for works".to_owned());
        return Finding {
            evidence,
            ..passed(Step::Permissions, summary)
        };
    }
    let next = "Compare the list below with the app's API permissions in the portal.";
    let retry = Some(Retry::AfterTheFix);
    Finding {
        next: Some(next.to_owned()),
        actor: Some(Actor::You),
        retry,
        ..warning(Step::Permissions, summary)
    }
}

const fn to_grant(registered: Registered) -> &'static str {
    match registered {
        Registered::AsNeeded => "It is registered, but nobody has consented. Grant admin consent.",
        Registered::AsOtherKind | Registered::AsDelegatedOnly(_) | Registered::Absent => {
            "It is not registered. Add it as an application permission, then grant admin consent."
        }
        Registered::Unread => {
            "Add it as an application permission if it is not in the list, then grant admin consent."
        }
    }
}

fn as_application(registered: Registered) -> String {
    match registered {
        Registered::AsDelegatedOnly(other) => format!(
            "{other} is registered, which exists only as a delegated permission. Add this application permission in its \
             place and grant admin consent."
        ),
        Registered::AsOtherKind | Registered::AsNeeded | Registered::Absent | Registered::Unread => {
            "It is registered as a delegated permission, which an application without a person does not use. Add the \
             application permission of the same name and grant admin consent."
                .to_owned()
        }
    }
}

fn names(all: &[PermissionFinding], state: PermissionState) -> Vec<&str> {
    all.iter()
        .filter(|permission| permission.state == state)
        .map(|permission| permission.name.as_str())
        .collect()
}
