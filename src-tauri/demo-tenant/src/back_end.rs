//! The back ends of Graph, each of which refuses in words of its own.

use crate::{caller::Caller, graph_errors::GraphRefusal as Refusal, services::Service};

/// Which back end answers a call, and so in whose words it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BackEnd {
    Reports,
    Defender,
    Protection,
    Intune,
    SharePoint,
    Teams,
    Exchange,
    OneNote,
    EDiscovery,
}

impl BackEnd {
    /// What a tenant must have so that it answers.
    pub(crate) fn service(self) -> Option<Service> {
        match self {
            Self::Reports | Self::Protection => Some(Service::EntraPremium),
            Self::Intune => Some(Service::Intune),
            Self::SharePoint | Self::OneNote => Some(Service::SharePoint),
            Self::Teams => Some(Service::Teams),
            Self::Exchange => Some(Service::Exchange),
            Self::Defender | Self::EDiscovery => None,
        }
    }

    /// The caller has none of the permissions.
    pub(crate) fn denied(self, caller: &Caller, any_of: &[&str]) -> Refusal {
        let (wanted, listed) = (any_of.join(", "), any_of.join(","));
        let held = caller
            .permissions
            .iter()
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let (code, message) = match self {
            Self::Reports => ("Authentication_MSGraphPermissionMissing", reports(&wanted)),
            Self::Defender => (
                "Forbidden",
                format!("Missing application roles. API required roles: {listed}, application roles: {held}."),
            ),
            Self::Protection => (
                "Forbidden",
                "You cannot perform the requested operation, required scopes are missing in the token.".to_owned(),
            ),
            Self::Intune => (
                "Forbidden",
                intune(&format!(
                    "Application is not authorized to perform this operation. Application must have one of the following \
                 scopes: {wanted}"
                )),
            ),
            Self::SharePoint => ("accessDenied", "Access denied".to_owned()),
            Self::Teams => (
                "Forbidden",
                format!(
                    "Missing scope permissions on the request. API requires one of '{wanted}'. Scopes on the request \
                     '{held}'"
                ),
            ),
            Self::Exchange => ("ErrorAccessDenied", "Access is denied. Check credentials and try again.".to_owned()),
            Self::OneNote => (
                "40004",
                "The request does not contain a valid OAuth token, or the token lacks the scopes for this request."
                    .to_owned(),
            ),
            Self::EDiscovery => ("Forbidden", "Insufficient privileges to complete the operation.".to_owned()),
        };
        Refusal::of(403, code, message)
    }

    /// The tenant has not subscribed to it.
    pub(crate) fn absent(self) -> Refusal {
        let (status, code, message) = match self {
            Self::Reports => (
                403,
                "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
                "Tenant is not a B2C tenant and doesn't have premium license".to_owned(),
            ),
            Self::Protection => (403, "Forbidden", "Your tenant is not licensed for this feature.".to_owned()),
            Self::Intune => (400, "BadRequest", intune("Request not applicable to target tenant.")),
            Self::SharePoint => (400, "BadRequest", "Tenant does not have a SPO license.".to_owned()),
            Self::OneNote => {
                (404, "30108", "The OneDrive for Business for this user account cannot be retrieved.".to_owned())
            }
            Self::Teams => (
                403,
                "Forbidden",
                "Failed to get license information for the user. Ensure user has a valid Office365 license assigned to \
                 them."
                    .to_owned(),
            ),
            Self::Exchange => (
                404,
                "MailboxNotEnabledForRESTAPI",
                "The mailbox is either inactive, soft-deleted, or is hosted on-premise.".to_owned(),
            ),
            Self::Defender | Self::EDiscovery => (403, "Forbidden", "The service is not available.".to_owned()),
        };
        Refusal::of(status, code, message)
    }
}

fn reports(wanted: &str) -> String {
    format!(
        "The principal does not have required Microsoft Graph permission(s): {wanted} to call this API. For more information \
         about Microsoft Graph permissions, please visit https://learn.microsoft.com/graph/permissions-overview."
    )
}

/// Intune puts a JSON document of its own into the message.
fn intune(text: &str) -> String {
    let message = format!(
        "{text} - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: \
         ce80e7e8-8a96-4c03-898c-d85f9cdf805a - Url: \
         https://fef.msuc02.manage.microsoft.com/DeviceFE/StatelessDeviceFEService/deviceManagement/managedDevices"
    );
    format!(
        "{{\r\n  \"_version\": 3,\r\n  \"Message\": \"{message}\",\r\n  \"CustomApiErrorPhrase\": \"\",\r\n  \
         \"RetryAfter\": null,\r\n  \"ErrorSourceService\": \"\",\r\n  \"HttpHeaders\": \"{{}}\"\r\n}}"
    )
}
