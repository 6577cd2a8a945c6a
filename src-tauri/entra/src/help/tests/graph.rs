//! Errors of Graph: explained by their code before their kind.

use std::time::Duration;

use model::{Actor, OriginalError, PortalPage};

use crate::Error;

#[test]
fn a_code_of_graph_is_explained_before_the_kind_of_error() {
    let said = |code: &str| {
        Some(Box::new(OriginalError {
            error: Some(code.to_owned()),
            ..OriginalError::default()
        }))
    };
    for (error, words) in [
        (
            Error::LicenceMissing {
                original: said("MailboxNotEnabledForRESTAPI"),
            },
            "mailbox",
        ),
        (
            Error::LicenceMissing {
                original: said("Authentication_RequestFromNonPremiumTenantOrB2CTenant"),
            },
            "P1 or P2",
        ),
        (
            Error::Forbidden {
                original: said("accessdenied"),
            },
            "lacks a permission",
        ),
        (
            Error::NotAuthorized {
                original: said("InvalidAuthenticationToken"),
                claims: None,
            },
            "fresh token",
        ),
        (
            Error::RequestRefused {
                original: said("Request_ResourceNotFound"),
            },
            "deleted",
        ),
        (
            Error::Unavailable {
                original: said("generalException"),
            },
            "service health",
        ),
        (
            Error::Throttled {
                retry_after: Duration::from_secs(1),
                original: said("TooManyRequests"),
            },
            "Wait as long",
        ),
        (
            Error::Forbidden { original: said("") },
            "lacks a permission",
        ),
        (
            Error::RequestRefused {
                original: said("neverSeen"),
            },
            "correlation ID",
        ),
        (
            Error::RequestRefused {
                original: said("invalid_scope"),
            },
            "exist in this cloud",
        ),
        (
            Error::RequestRefused {
                original: said("BadRequest"),
            },
            "/me works only",
        ),
        (
            Error::Forbidden {
                original: said("UnknownError"),
            },
            "lacks a permission",
        ),
        (
            Error::NotAuthorized {
                original: said("Authorization_IdentityNotFound"),
                claims: None,
            },
            "enterprise application",
        ),
    ] {
        assert!(
            error.help().next.contains(words),
            "{error}: {}",
            error.help().next
        );
    }
}

#[test]
fn a_403_is_about_permission_whatever_its_code_and_an_unknown_identity_about_consent() {
    let said = |code: &str| {
        Some(Box::new(OriginalError {
            error: Some(code.to_owned()),
            ..OriginalError::default()
        }))
    };
    for code in [
        "UnknownError",
        "generalException",
        "NotFound",
        "Forbidden",
        "accessDenied",
        "somethingNew",
    ] {
        let help = Error::Forbidden {
            original: said(code),
        }
        .help();
        assert_eq!(
            (help.actor, help.page),
            (
                Actor::PrivilegedRoleAdministrator,
                Some(PortalPage::ApiPermissions)
            ),
            "{code}"
        );
    }
    assert_eq!(
        Error::Unavailable {
            original: said("UnknownError")
        }
        .help()
        .actor,
        Actor::Microsoft
    );
}
