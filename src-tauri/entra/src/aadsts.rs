//! What the platform's AADSTS numbers mean to an administrator, in our own words. The numbers pick help and nothing
//! else: Microsoft changes them at will.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes#aadsts-error-codes>

use model::{Actor, Field, PortalPage, Retry};

use crate::help::{Help, Job};

/// What an AADSTS number means and what to do about it; a general text for a number that is not in the table.
pub fn explain_aadsts(number: u32) -> Help {
    match entry(number) {
        Some((title, next)) => Help::new(title, next, job(number)),
        None => Help::new(
            format!("Error AADSTS{number}"),
            format!(
                "Look the number up at https://login.microsoftonline.com/error?code={number}, or copy the report with \
                 its correlation ID and send it to the tenant's administrator."
            ),
            (Actor::ApplicationAdministrator, Retry::AfterTheFix, None, None),
        ),
    }
}

/// Whether the table has a text of its own for this number.
pub(crate) fn is_explained(number: u32) -> bool {
    entry(number).is_some()
}

fn entry(number: u32) -> Option<(&'static str, &'static str)> {
    about_credentials(number)
        .or_else(|| about_applications(number))
        .or_else(|| about_tenants(number))
        .or_else(|| about_redirects(number))
        .or_else(|| about_consent(number))
        .or_else(|| about_accounts(number))
        .or_else(|| about_policies(number))
        .or_else(|| about_sessions(number))
        .or_else(|| about_requests(number))
}

/// Whose job it is. The groups are those of the texts below, and finer where one group has several.
fn job(number: u32) -> Job {
    use Actor as A;
    use PortalPage as P;
    let after = Retry::AfterTheFix;
    match number {
        7_000_215 | 70_002 => (A::You, after, Some(P::Secrets), Some(Field::ClientSecret)),
        7_000_222 => (A::ApplicationAdministrator, after, Some(P::Secrets), Some(Field::ClientSecret)),
        700_025 => (A::ApplicationAdministrator, after, Some(P::Authentication), None),
        700_027 | 50_012 | 700_030 => (A::ApplicationAdministrator, after, Some(P::Secrets), None),
        700_016 | 700_011 => (A::You, after, Some(P::Overview), Some(Field::ClientId)),
        70_001 | 7_000_112 | 50_105 => (A::ApplicationAdministrator, after, Some(P::EnterpriseApplications), None),
        90_002 | 900_023 | 50_059 | 50_128 | 90_019 | 9_001_023 | 50_194 => {
            (A::You, after, Some(P::TenantOverview), Some(Field::Tenant))
        }
        90_038 | 900_432 | 900_439 | 900_382 | 500_011 => (A::You, after, None, Some(Field::Cloud)),
        50_011 | 500_113 | 900_971 | 70_004 | 7_000_218 | 9_002_326 | 9_002_327 => {
            (A::ApplicationAdministrator, after, Some(P::Authentication), None)
        }
        65_001 | 65_005 | 650_056 | 650_057 => (A::ApplicationAdministrator, after, Some(P::ApiPermissions), None),
        90_094 | 90_095 => (A::ApplicationAdministrator, after, Some(P::AdminConsentRequests), None),
        650_052 => (A::UserAdministrator, after, Some(P::Licences), None),
        500_021 | 500_022 | 500_212 | 500_213 => (A::NetworkTeam, after, None, None),
        50_020 | 16_000 | 16_003 | 50_034 | 50_014 | 51_004 | 50_057 | 50_053 => {
            (A::UserAdministrator, after, Some(P::Users), None)
        }
        50_097 | 53_000 | 53_001 | 53_002 | 530_004 | 53_003 | 530_032 | 530_035 | 53_011 => {
            (A::SecurityAdministrator, after, Some(P::SignInLogs), None)
        }
        90_023 | 90_013 | 900_144 | 9_002_313 | 70_011 | 28_002 | 28_003 | 700_022 | 700_023 => {
            (A::GraphConnect, after, None, None)
        }
        1_000_031 | 65_002 => (A::ApplicationAdministrator, after, Some(P::AppRegistrations), None),
        50_196 => (A::You, Retry::Later, None, None),
        90_055 | 90_024 | 90_033 | 90_006 => (A::Microsoft, Retry::Later, None, None),
        _ => (A::You, Retry::Now, None, None),
    }
}

fn about_credentials(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        7_000_215 | 70_002 => (
            "The client secret is wrong",
            "Paste the Value of the secret, not its Secret ID, and check that it belongs to this client ID. A secret \
             made a moment ago may need half a minute; a value that was not copied cannot be shown again, so make a \
             new secret.",
        ),
        7_000_222 => (
            "The client secret has expired",
            "Create a new client secret in the app registration, replace it in this connection, then delete the old \
             one.",
        ),
        700_025 => (
            "A public client sent a secret",
            "The application is registered as a public client, which may not use a secret. Use OAuth for it, or \
             register a confidential application.",
        ),
        700_027 | 50_012 | 700_030 => (
            "The certificate was not accepted",
            "Upload the certificate to this app registration, and check this computer's clock.",
        ),
        _ => return None,
    })
}

fn about_applications(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        700_016 | 700_011 => (
            "The application is not in this tenant",
            "Check the client ID: it is the Application (client) ID, not the Object ID. Check too that the tenant and \
             the cloud are the application's own, or that it has been consented to in this tenant.",
        ),
        70_001 | 7_000_112 => (
            "The application is switched off in this tenant",
            "An administrator can switch it on: Enterprise applications, the application, Properties, \"Enabled for \
             users to sign in\".",
        ),
        1_000_031 => (
            "The application cannot be used at the moment",
            "Ask the tenant's administrator why the application is not available.",
        ),
        50_194 => (
            "The application belongs to one tenant only",
            "Put the tenant's ID or domain into the connection instead of \"organizations\" or \"common\", or make the \
             application multitenant.",
        ),
        65_002 => (
            "Microsoft's application may not be used for this",
            "Register an application of your own and use its client ID.",
        ),
        500_011 => (
            "Microsoft Graph is not known under this address",
            "Check that the right cloud is chosen; each cloud has its own Graph address.",
        ),
        650_052 => (
            "The organisation lacks the service",
            "The tenant has no subscription to the service that the permission belongs to. Ask whoever looks after \
             licences.",
        ),
        50_105 => (
            "The account is not assigned to the application",
            "An administrator can assign it: Enterprise applications, the application, Users and groups.",
        ),
        _ => return None,
    })
}

fn about_tenants(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        90_002 => (
            "The tenant was not found",
            "Check the tenant's ID or domain for a slip, that the domain is verified in the tenant, and that the right \
             cloud is chosen.",
        ),
        900_023 => ("This is not a tenant", "Enter the tenant's ID (a GUID) or one of its domains."),
        50_059 | 50_128 | 90_019 => ("No tenant was named", "Put the tenant's ID into the connection."),
        9_001_023 => (
            "A tenant has to be named",
            "This kind of connection needs the tenant's ID or domain, not \"organizations\" or \"common\".",
        ),
        90_038 | 900_432 | 900_439 => {
            ("The tenant is in another cloud", "Choose the cloud that the tenant belongs to, under More options.")
        }
        500_021 | 500_022 | 500_212 | 500_213 => (
            "A policy keeps this tenant out",
            "The network or one of the two organisations restricts which tenants may be reached. Ask the owner of the \
             network or of the cross-tenant access settings.",
        ),
        _ => return None,
    })
}

fn about_redirects(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        50_011 | 500_113 | 900_971 | 70_004 => (
            "The redirect address is not registered",
            "Add http://localhost to the app registration under Authentication, platform \"Mobile and desktop \
             applications\".",
        ),
        7_000_218 => (
            "The redirect address is registered for a web application",
            "Move http://localhost from \"Web\" to \"Mobile and desktop applications\" under Authentication; for a \
             device code also allow public client flows.",
        ),
        9_002_326 | 9_002_327 => (
            "The redirect address is registered for a single-page application",
            "Move http://localhost from \"Single-page application\" to \"Mobile and desktop applications\" under \
             Authentication.",
        ),
        _ => return None,
    })
}

fn about_consent(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        65_001 => (
            "Nobody has consented yet",
            "Sign in again and accept the permissions, or ask an administrator to grant consent to the application.",
        ),
        65_004 => (
            "The permissions were declined",
            "Sign in again and accept them if you meant to. If the page asked for an admin's approval, someone who may grant \
             consent has to approve first.",
        ),
        90_094 | 90_095 => (
            "An administrator has to consent",
            "Send the consent link to an administrator, who may also approve it under Enterprise applications, Admin \
             consent requests. Then sign in again.",
        ),
        65_005 | 650_056 | 650_057 => (
            "The app registration does not list the permission",
            "Add the Microsoft Graph permissions under API permissions and have an administrator grant consent.",
        ),
        _ => return None,
    })
}

fn about_accounts(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        50_020 => (
            "The account belongs to another organisation",
            "Use an account of this tenant, or have an administrator invite this one as a guest first.",
        ),
        16_000 | 16_003 | 50_034 | 50_014 | 51_004 => (
            "The account is not in this tenant",
            "Choose another account, check the tenant, or have an administrator invite this account as a guest.",
        ),
        500_208 => ("A work account is needed", "Sign in with a work or school account instead of a personal one."),
        50_057 => ("The account is disabled", "Ask the administrator of the account."),
        50_053 => (
            "The account is locked",
            "Wait a while or ask the administrator of the account; it was locked after failed or suspicious sign-ins.",
        ),
        50_055 => {
            ("The password has expired", "Change the account's password on Microsoft's page, then sign in again.")
        }
        50_126 => ("The user name or password is wrong", "Sign in again, or ask the administrator of the account."),
        50_058 => ("Nobody is signed in", "Sign in again in the browser."),
        50_074 | 50_076 | 50_078 | 50_079 | 50_072 => (
            "A second proof of identity is needed",
            "Sign in again and finish multifactor authentication, or its registration, in the browser.",
        ),
        _ => return None,
    })
}

fn about_policies(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        50_097 | 53_000 | 53_001 | 53_002 | 530_004 => (
            "The device does not meet a policy",
            "Use a device that the organisation manages, or ask the owner of its Conditional Access policies.",
        ),
        53_003 | 530_032 | 530_035 | 53_011 => (
            "A Conditional Access policy blocks this",
            "An administrator can find the sign-in in the sign-in log by its correlation ID and see which policy \
             blocked it.",
        ),
        _ => return None,
    })
}

fn about_sessions(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        70_000 | 70_008 => ("The sign-in has expired", "Sign in again."),
        700_082 => (
            "The sign-in was not used for 90 days",
            "Sign in again; a connection that is used now and then stays signed in.",
        ),
        50_173 => ("The sign-in was revoked", "A password change or an administrator has ended it. Sign in again."),
        70_043 => (
            "A policy asks for a sign-in from time to time",
            "Sign in again. It will be asked again: the tenant's sign-in frequency policy decides how often.",
        ),
        50_089 | 54_005 | 501_481 | 700_005 => {
            ("The sign-in went wrong on the way", "Start the sign-in again from the app and finish it in one go.")
        }
        70_016 | 70_018 | 70_019 | 70_020 => {
            ("The device code is not valid any more", "Start the sign-in again and type the new code.")
        }
        _ => return None,
    })
}

fn about_requests(number: u32) -> Option<(&'static str, &'static str)> {
    Some(match number {
        90_023 | 90_013 | 900_144 | 9_002_313 => (
            "The request was malformed",
            "This is a fault of the app. Copy the report and send it to whoever looks after the app.",
        ),
        70_011 | 28_002 | 28_003 | 700_022 | 700_023 => (
            "A permission name was not accepted",
            "Check that the permissions exist in this cloud. If you did not choose them yourself, copy the report and \
             send it to whoever looks after the app.",
        ),
        50_196 => (
            "The same request came too often",
            "Wait some minutes before the next try; nothing is wrong with the credential.",
        ),
        90_055 | 90_024 | 90_033 | 90_006 => ("The service is busy", "Wait a few minutes and try again."),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{explain_aadsts, is_explained};

    #[test]
    fn tk_8_an_unknown_number_still_gives_a_usable_text() {
        let help = explain_aadsts(123_456_789);
        assert!(help.title.contains("123456789"), "{}", help.title);
        assert!(help.next.contains("error?code=123456789"), "{}", help.next);
    }

    #[test]
    fn every_number_of_the_table_has_a_title_and_a_next_step_of_its_own() {
        for number in [
            7000215, 7000222, 70002, 700016, 700011, 70001, 7000112, 1000031, 90002, 900023, 90023, 90013, 900144,
            9002313, 50059, 50128, 90019, 9001023, 50194, 50011, 500113, 900971, 70004, 7000218, 700025, 9002326,
            9002327, 65001, 65004, 90094, 90095, 65005, 650056, 650057, 650052, 65002, 50020, 16000, 16003, 50034,
            50014, 51004, 500208, 500011, 500021, 500022, 500212, 500213, 50105, 50057, 50053, 50055, 50126, 50058,
            50074, 50076, 50078, 50079, 50072, 50097, 53000, 53001, 53002, 530004, 53003, 530032, 530035, 53011, 70000,
            70008, 700082, 50173, 70043, 50089, 54005, 501481, 700005, 70011, 28002, 28003, 700022, 700023, 700027,
            50012, 700030, 70016, 70018, 70019, 70020, 90038, 900432, 900439, 50196, 90055, 90024, 90033, 90006,
        ] {
            assert!(is_explained(number), "AADSTS{number} has no text of its own");
            let help = explain_aadsts(number);
            assert!(!help.title.ends_with('.') && help.next.ends_with('.'), "AADSTS{number}");
        }
    }
}
