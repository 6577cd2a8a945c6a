//! The cheap calls by which a connection is proved for one integration. Each service behind Graph
//! refuses in words of its own, and each may be absent from a tenant.

use serde_json::{Value, json};

use crate::{
    back_end::BackEnd,
    caller::Caller,
    graph_errors::GraphRefusal as Refusal,
    graph_objects::context,
    world::{Platform, World},
};

/// One call and the permissions that Graph's reference lists for it.
struct Probe {
    path: &'static str,
    delegated: &'static [&'static str],
    /// None: `/me` means nothing to an application.
    application: Option<&'static [&'static str]>,
    behind: BackEnd,
    object: fn() -> Value,
}

/// Answers a probe; None if the path is none.
pub(crate) fn answer(
    platform: &Platform,
    world: &World,
    caller: &Caller,
    path: &str,
) -> Option<Result<Value, Refusal>> {
    let probe = PROBES.iter().find(|probe| probe.path == path)?;
    Some(probe.check(world, caller).map(|()| probe.body(platform)))
}

impl Probe {
    /// Permission first, then the person's role, then what the tenant has subscribed to.
    fn check(&self, world: &World, caller: &Caller) -> Result<(), Refusal> {
        let any_of = match (caller.is_app, self.application) {
            (true, None) => return Err(Refusal::only_delegated()),
            (true, Some(any_of)) => any_of,
            (false, _) => self.delegated,
        };
        if !caller.holds_one(any_of) {
            return Err(self.behind.denied(caller, any_of));
        }
        if self.behind == BackEnd::Reports && !caller.is_app && !caller.is_admin {
            return Err(Refusal::role_unsupported());
        }
        let service = self.behind.service();
        let absent = service.filter(|service| !world.services.has(caller.tenant, *service));
        if absent.is_some() {
            Err(self.behind.absent())
        } else {
            Ok(())
        }
    }

    fn body(&self, platform: &Platform) -> Value {
        let (what, object) = (context(platform, self.path), (self.object)());
        let mut one = object.as_object().cloned().unwrap_or_default();
        if one.remove("$single").is_some() {
            one.insert("@odata.context".to_owned(), what);
            return Value::Object(one);
        }
        json!({ "@odata.context": what, "value": [one] })
    }
}

const SITES: &[&str] = &["Sites.Read.All", "Sites.ReadWrite.All"];
const INCIDENTS: &[&str] = &[
    "SecurityIncident.Read.All",
    "SecurityIncident.ReadWrite.All",
];
const ALERTS: &[&str] = &["SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All"];
const RISKY_USERS: &[&str] = &[
    "IdentityRiskyUser.Read.All",
    "IdentityRiskyUser.ReadWrite.All",
];
const DEVICES: &[&str] = &[
    "DeviceManagementManagedDevices.Read.All",
    "DeviceManagementManagedDevices.ReadWrite.All",
];
const CASES: &[&str] = &["eDiscovery.Read.All", "eDiscovery.ReadWrite.All"];
const SIGN_INS: &[&str] = &["AuditLog.Read.All"];
const DRIVE: &[&str] = &[
    "Files.Read",
    "Files.ReadWrite",
    "Files.Read.All",
    "Files.ReadWrite.All",
    "Sites.Read.All",
    "Sites.ReadWrite.All",
];
const NOTEBOOKS: &[&str] = &[
    "Notes.Create",
    "Notes.Read",
    "Notes.ReadWrite",
    "Notes.Read.All",
    "Notes.ReadWrite.All",
];

const PROBES: &[Probe] = &[
    both("auditLogs/signIns", SIGN_INS, BackEnd::Reports, || {
        json!({ "id": "66ea54eb-6301-4ee5-be62-ff5a759b0100", "createdDateTime": "2026-01-02T03:04:05Z",
            "appDisplayName": "Contoso audit", "isInteractive": true, "status": { "errorCode": 0 } })
    }),
    both(
        "security/incidents",
        INCIDENTS,
        BackEnd::Defender,
        || json!({ "id": "2972395", "displayName": "Multi-stage incident", "severity": "medium", "status": "active" }),
    ),
    both("security/alerts_v2", ALERTS, BackEnd::Defender, || {
        json!({ "id": "da637551227677560813_-961444813", "title": "Suspicious execution", "severity": "low",
            "status": "new" })
    }),
    both(
        "identityProtection/riskyUsers",
        RISKY_USERS,
        BackEnd::Protection,
        || json!({ "id": "a0000002-51c3-4b7e-8a02-0c1d2e3f4a02", "riskLevel": "low", "riskState": "atRisk" }),
    ),
    both(
        "deviceManagement/managedDevices",
        DEVICES,
        BackEnd::Intune,
        || json!({ "id": "705c034c-034c-705c-4c03-5c704c035c70", "deviceName": "CONTOSO-001", "operatingSystem": "Windows" }),
    ),
    both(
        "security/cases/ediscoveryCases",
        CASES,
        BackEnd::EDiscovery,
        || json!({ "id": "22aa2acd-7554-4330-9ba9-ce20014aaae4", "displayName": "Contoso case", "status": "active" }),
    ),
    both("sites/root", SITES, BackEnd::SharePoint, || {
        json!({ "$single": true, "id": "contoso.sharepoint.com,2c712604-1370-44e7-a1f5-426573fda80a,2d2244c3-251a",
            "displayName": "Communication site", "root": {}, "webUrl": "https://contoso.sharepoint.com" })
    }),
    mine(
        "me/chats",
        &["Chat.ReadBasic", "Chat.Read", "Chat.ReadWrite"],
        BackEnd::Teams,
        || json!({ "id": "19:meeting_MjdhNjM4YzUtYzExZi00@thread.v2", "chatType": "group", "topic": "Demo" }),
    ),
    mine("me/drive", DRIVE, BackEnd::SharePoint, || {
        json!({ "$single": true, "id": "b!-RIj2DuyvEyV1T4NlOaMHk8XkS_I8MdFlUCq1BlcjgmhRfAj3-Z8RY2VpuvV_tpd",
            "driveType": "business", "name": "OneDrive" })
    }),
    mine(
        "me/messages",
        &["Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"],
        BackEnd::Exchange,
        || json!({ "id": "AAMkAGUAAAwTW09AAA=", "subject": "Welcome", "isRead": false }),
    ),
    mine(
        "me/onenote/notebooks",
        NOTEBOOKS,
        BackEnd::OneNote,
        || json!({ "id": "1-fb22b2f1-379f-4da4-bf7b-be5dcca7b99a", "displayName": "Demo notebook", "isDefault": true }),
    ),
];

const fn both(
    path: &'static str,
    any_of: &'static [&'static str],
    behind: BackEnd,
    object: fn() -> Value,
) -> Probe {
    Probe {
        path,
        delegated: any_of,
        application: Some(any_of),
        behind,
        object,
    }
}

const fn mine(
    path: &'static str,
    any_of: &'static [&'static str],
    behind: BackEnd,
    object: fn() -> Value,
) -> Probe {
    Probe {
        path,
        delegated: any_of,
        application: None,
        behind,
        object,
    }
}
