//! Deep links into the portal of a cloud.

use model::ClientId;
use url::Url;

use crate::cloud::Cloud;

/// A page of the portal that a guide sends people to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalPage {
    /// The list of app registrations.
    AppRegistrations,
    /// The overview of one app registration, where its IDs stand.
    Overview,
    /// "Certificates & secrets" of one app registration.
    Secrets,
    /// "Authentication" of one app registration, where redirect addresses stand.
    Authentication,
    /// "API permissions" of one app registration, where consent is granted.
    ApiPermissions,
    /// The list of enterprise applications, where an app is switched on and people are assigned.
    EnterpriseApplications,
}

/// The address of a portal page. Pages of one application lead to the list of app registrations while `client_id` is
/// not known.
pub fn portal_link(cloud: &Cloud, page: PortalPage, client_id: Option<ClientId>) -> Url {
    let mut url = cloud.portal.clone();
    let fragment = match (page, client_id) {
        (PortalPage::EnterpriseApplications, _) => {
            "view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview".to_owned()
        }
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
