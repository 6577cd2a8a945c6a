//! Which permissions a read of Microsoft Graph needs, for the calls that people make most.

use model::PermissionKind;

use crate::probe::PROBES;

/// A path below the version, and the permissions any of which suffices, the least one first.
struct Read {
    path: &'static str,
    as_person: &'static [&'static str],
    as_application: &'static [&'static str],
}

/// Source: the "Permissions" table of "List" and "Get" of each resource in
/// <https://learn.microsoft.com/graph/api/overview>
const READS: &[Read] = &[
    Read {
        path: "me",
        as_person: &[
            "User.Read",
            "User.ReadWrite",
            "User.ReadBasic.All",
            "User.Read.All",
            "User.ReadWrite.All",
        ],
        as_application: &[],
    },
    Read {
        path: "users",
        as_person: &[
            "User.ReadBasic.All",
            "User.Read.All",
            "User.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
        ],
        as_application: &[
            "User.Read.All",
            "User.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
        ],
    },
    Read {
        path: "groups",
        as_person: GROUPS,
        as_application: GROUPS,
    },
    Read {
        path: "organization",
        as_person: &[
            "User.Read",
            "Organization.Read.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
        ],
        as_application: &[
            "Organization.Read.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
            "User.Read.All",
        ],
    },
    Read {
        path: "applications",
        as_person: APPLICATIONS,
        as_application: APPLICATIONS,
    },
    Read {
        path: "servicePrincipals",
        as_person: APPLICATIONS,
        as_application: APPLICATIONS,
    },
    Read {
        path: "devices",
        as_person: DEVICES,
        as_application: DEVICES,
    },
    Read {
        path: "security/alerts_v2",
        as_person: &["SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All"],
        as_application: &["SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All"],
    },
    Read {
        path: "identityProtection/riskyUsers",
        as_person: &["IdentityRiskyUser.Read.All"],
        as_application: &["IdentityRiskyUser.Read.All"],
    },
];

const GROUPS: &[&str] = &[
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const APPLICATIONS: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const DEVICES: &[&str] = &[
    "Device.Read.All",
    "Device.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

/// The permissions that suffice for reading the path: the list itself, or one item of it. What lies
/// deeper (somebody's mail) needs others.
pub(super) fn of(path: &str, kind: PermissionKind) -> &'static [&'static str] {
    let path = path.trim_end_matches('/');
    if let Some(probe) = PROBES.iter().find(|probe| path_of(probe.path) == path) {
        return probe.permissions;
    }
    let found = READS.iter().find(|read| {
        let below = path.strip_prefix(read.path);
        below.is_some_and(|item| {
            item.is_empty() || item.starts_with(['/', '(']) && !item[1..].contains('/')
        })
    });
    match (found, kind) {
        (Some(read), PermissionKind::Delegated) => read.as_person,
        (Some(read), PermissionKind::Application) => read.as_application,
        (None, _) => &[],
    }
}

fn path_of(with_query: &str) -> &str {
    with_query
        .split('?')
        .next()
        .unwrap_or(with_query)
        .trim_start_matches('/')
}
