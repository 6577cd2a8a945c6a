//! Deep links into the portal of a cloud.

use model::{ClientId, PortalPage};
use url::Url;

use crate::cloud::Cloud;

/// The address of a portal page. Pages of one application lead to the list of app registrations
/// while `client_id` is not known.
pub fn portal_link(cloud: &Cloud, page: PortalPage, client_id: Option<ClientId>) -> Url {
    let mut url = cloud.portal.clone();
    let fragment = match (page, client_id) {
        (PortalPage::EnterpriseApplications, _) => {
            "view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview".to_owned()
        }
        (PortalPage::AdminConsentRequests, _) => {
            "view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AccessRequests".to_owned()
        }
        (PortalPage::TenantOverview, _) => {
            "view/Microsoft_AAD_IAM/ActiveDirectoryMenuBlade/~/Overview".to_owned()
        }
        (PortalPage::SignInLogs, _) => {
            "view/Microsoft_AAD_IAM/ActiveDirectoryMenuBlade/~/SignIns".to_owned()
        }
        (PortalPage::ConditionalAccess, _) => {
            "view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies".to_owned()
        }
        (PortalPage::Users, _) => {
            "view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers".to_owned()
        }
        (PortalPage::Licences, _) => {
            "view/Microsoft_AAD_IAM/LicensesMenuBlade/~/Products".to_owned()
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

#[cfg(test)]
mod tests {
    use model::{ClientId, PortalPage as P};
    use url::Url;
    use uuid::Uuid;

    use super::portal_link;
    use crate::Clouds;

    #[test]
    fn every_page_is_in_the_portal_of_its_cloud_and_names_the_app_where_it_is_about_one() {
        let id = ClientId::new(Uuid::from_u128(7));
        let of_one_app = [
            P::Overview,
            P::Secrets,
            P::Authentication,
            P::ApiPermissions,
        ];
        let of_the_tenant = [
            P::AppRegistrations,
            P::EnterpriseApplications,
            P::AdminConsentRequests,
            P::TenantOverview,
            P::SignInLogs,
            P::ConditionalAccess,
            P::Users,
            P::Licences,
        ];
        for cloud in Clouds::built_in().iter() {
            let mut seen: Vec<Url> = Vec::new();
            for page in of_one_app.into_iter().chain(of_the_tenant) {
                let link = portal_link(cloud, page, Some(id));
                assert_eq!(link.origin(), cloud.portal.origin(), "{page:?}");
                assert!(cloud.may_open(&link), "{link}");
                assert_eq!(
                    link.as_str().contains(&id.to_string()),
                    of_one_app.contains(&page),
                    "{link}"
                );
                assert!(!seen.contains(&link), "{link} stands for two pages");
                seen.push(link);
            }
            let list = portal_link(cloud, P::AppRegistrations, None);
            assert!(
                of_one_app
                    .iter()
                    .all(|page| portal_link(cloud, *page, None) == list)
            );
        }
    }
}
