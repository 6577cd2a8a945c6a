//! Deep links into the portal of a cloud.

use model::{ClientId, PortalPage};
use url::Url;

use crate::cloud::Cloud;

/// The address of a portal page. Pages of one application lead to the list of app registrations while `client_id` is
/// not known.
pub fn portal_link(cloud: &Cloud, page: PortalPage, client_id: Option<ClientId>) -> Url {
    let mut url = cloud.portal.clone();
    let fragment = match (page, client_id) {
        (PortalPage::EnterpriseApplications, _) => {
            "view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview".to_owned()
        }
        (PortalPage::AdminConsentRequests, _) => {
            "view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AccessRequests".to_owned()
        }
        (PortalPage::TenantOverview, _) => "view/Microsoft_AAD_IAM/ActiveDirectoryMenuBlade/~/Overview".to_owned(),
        (PortalPage::SignInLogs, _) => "view/Microsoft_AAD_IAM/ActiveDirectoryMenuBlade/~/SignIns".to_owned(),
        (PortalPage::ConditionalAccess, _) => {
            "view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies".to_owned()
        }
        (PortalPage::Users, _) => "view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers".to_owned(),
        (PortalPage::Licences, _) => "view/Microsoft_AAD_IAM/LicensesMenuBlade/~/Products".to_owned(),
        (PortalPage::AppRegistrations, _) | (_, None) => {
            "view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade".to_owned()
        }
        (PortalPage::Overview, Some(id)) => application("Overview", id),
        (PortalPage::Secrets, Some(id)) => application("Credentials", id),
        (PortalPage::Authentication, Some(id)) => application("Authentication", id),
        (PortalPage::ApiPermissions, Some(id)) => application("CallAnAPI", id),
    };
    url.set_fragment(Some(&fragment));
    url
}

fn application(blade: &str, id: ClientId) -> String {
    format!("view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/{blade}/appId/{id}")
}
