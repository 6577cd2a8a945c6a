//! The one cheap read that proves what an integration is for.

use model::{Integration, PermissionKind};
use serde_json::Value;

use crate::{cloud::Cloud, error::Error, graph::read_path, http::Http, token::AccessToken};

/// A read from Graph, and the permissions any of which suffices for it, as Graph's reference lists
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The path below the version, with its query.
    pub path: &'static str,
    /// The permissions, the least one first.
    pub permissions: &'static [&'static str],
}

/// The probe of an integration, if it has a cheap one for this kind of token.
///
/// Source: the "Permissions" table of each call in <https://learn.microsoft.com/graph/api/overview>
pub const fn probe_of(integration: Integration, kind: PermissionKind) -> Option<Probe> {
    use Integration as I;
    match (integration, kind) {
        (I::EntraId, _) => Some(SIGN_INS),
        (I::DefenderXdr, _) => Some(INCIDENTS),
        (I::SharePoint, _) => Some(ROOT_SITE),
        (I::Intune, _) => Some(DEVICES),
        (I::EDiscovery, _) => Some(CASES),
        (I::Teams, PermissionKind::Delegated) => Some(CHATS),
        (I::OneDrive | I::Excel, PermissionKind::Delegated) => Some(DRIVE),
        (I::Outlook, PermissionKind::Delegated) => Some(MESSAGES),
        (I::OneNote, PermissionKind::Delegated) => Some(NOTEBOOKS),
        (I::MicrosoftGraph, _)
        | (
            I::Teams | I::OneDrive | I::Excel | I::Outlook | I::OneNote,
            PermissionKind::Application,
        ) => None,
    }
}

/// Makes the read. What comes back is thrown away.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::LicenceMissing`], [`Error::RequestRefused`] and those of every
/// read from Graph.
pub async fn probe(
    http: &Http,
    cloud: &Cloud,
    token: &AccessToken,
    probe: &Probe,
) -> Result<(), Error> {
    let (path, query) = probe.path.split_once('?').unwrap_or((probe.path, ""));
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let _: Value = read_path(http, cloud, token, &segments, query).await?;
    Ok(())
}

/// All of them.
pub(crate) const PROBES: &[Probe] = &[
    SIGN_INS, INCIDENTS, ROOT_SITE, DEVICES, CASES, CHATS, DRIVE, MESSAGES, NOTEBOOKS,
];

const SIGN_INS: Probe = Probe {
    path: "/auditLogs/signIns?$top=1",
    permissions: &["AuditLog.Read.All"],
};
const INCIDENTS: Probe = Probe {
    path: "/security/incidents?$top=1",
    permissions: &[
        "SecurityIncident.Read.All",
        "SecurityIncident.ReadWrite.All",
    ],
};
const ROOT_SITE: Probe = Probe {
    path: "/sites/root?$select=id",
    permissions: &["Sites.Read.All", "Sites.ReadWrite.All"],
};
const DEVICES: Probe = Probe {
    path: "/deviceManagement/managedDevices?$top=1&$select=id",
    permissions: &[
        "DeviceManagementManagedDevices.Read.All",
        "DeviceManagementManagedDevices.ReadWrite.All",
    ],
};
const CASES: Probe = Probe {
    path: "/security/cases/ediscoveryCases?$top=1",
    permissions: &["eDiscovery.Read.All", "eDiscovery.ReadWrite.All"],
};
const CHATS: Probe = Probe {
    path: "/me/chats?$top=1",
    permissions: &["Chat.ReadBasic", "Chat.Read", "Chat.ReadWrite"],
};
const DRIVE: Probe = Probe {
    path: "/me/drive?$select=id",
    permissions: &[
        "Files.Read",
        "Files.ReadWrite",
        "Files.Read.All",
        "Files.ReadWrite.All",
        "Sites.Read.All",
        "Sites.ReadWrite.All",
    ],
};
const MESSAGES: Probe = Probe {
    path: "/me/messages?$top=1&$select=id",
    permissions: &["Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"],
};
const NOTEBOOKS: Probe = Probe {
    path: "/me/onenote/notebooks?$top=1&$select=id",
    permissions: &[
        "Notes.Create",
        "Notes.Read",
        "Notes.ReadWrite",
        "Notes.Read.All",
        "Notes.ReadWrite.All",
    ],
};
