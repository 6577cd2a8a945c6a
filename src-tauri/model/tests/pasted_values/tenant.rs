//! The tenant: its ID, a domain or an alias, near misses of them, and links that name it.

use model::{Tenant, TenantProblem, TenantWarning};

use crate::{ID, OTHER};

#[test]
fn a_tenant_is_an_id_or_a_domain_and_for_a_sign_in_also_an_alias() {
    for (typed, stored) in [
        (ID, ID),
        (" {00001111-AAAA-2222-bbbb-3333cccc4444} ", ID),
        ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        (" Contoso.COM\u{200b}", "contoso.com"),
        ("xn--cntoso-wqf.com", "xn--cntoso-wqf.com"),
    ] {
        for read in [
            Tenant::parse_concrete(typed),
            Tenant::parse_for_sign_in(typed),
        ] {
            assert_eq!(
                read.map(|tenant| tenant.value.path_segment()),
                Ok(stored.to_owned()),
                "{typed:?}"
            );
        }
    }
    for alias in ["organizations", "Organizations", "common"] {
        assert!(
            Tenant::parse_for_sign_in(alias).is_ok(),
            "{alias} is a tenant for a sign-in"
        );
        assert_eq!(
            Tenant::parse_concrete(alias),
            Err(TenantProblem::Alias),
            "{alias} is none for an app registration"
        );
    }
    assert_eq!(
        Tenant::parse_for_sign_in("consumers"),
        Err(TenantProblem::Consumers)
    );
    assert_eq!(
        Tenant::parse_concrete("consumers"),
        Err(TenantProblem::Alias)
    );
}

#[test]
fn nothing_that_could_change_the_address_is_taken_for_a_tenant() {
    let long_label = format!("{}.com", "a".repeat(64));
    let long_name = format!("{}com", "abcdefghi.".repeat(26));
    for hostile in [
        "contoso.com/",
        "contoso.com/../common",
        "contoso.com?x=",
        "contoso.com#",
        "contoso.com\\evil",
        "%2e%2e",
        "contoso.com%2Foauth2",
        "login.microsoftonline.com@evil.test",
        "evil.test:443",
        "//evil.test",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "-contoso.com",
        "a..b",
        "..",
        ".",
        "con\u{0}toso.com",
        &long_label,
        &long_name,
    ] {
        for read in [
            Tenant::parse_concrete(hostile),
            Tenant::parse_for_sign_in(hostile),
        ] {
            assert!(
                read.is_err(),
                "{hostile:?} must be refused, was read as {read:?}"
            );
        }
    }
}

#[test]
fn near_misses_of_a_tenant_get_a_hint() {
    let table = [
        (
            "admin@contoso.com",
            TenantProblem::Address("contoso.com".into()),
        ),
        (
            "first.last@contoso.com",
            TenantProblem::Address("contoso.com".into()),
        ),
        (
            "contoso",
            TenantProblem::NoDot("contoso.onmicrosoft.com".into()),
        ),
        (
            "alex_fabrikam.com#EXT#@contoso.onmicrosoft.com",
            TenantProblem::Address("contoso.onmicrosoft.com".into()),
        ),
        ("@contoso.com", TenantProblem::Address("contoso.com".into())),
        (
            "https://login.microsoftonline.com/contoso.com/",
            TenantProblem::Link(Some("contoso.com".into())),
        ),
        (
            "contoso.sharepoint.com",
            TenantProblem::SharePoint("contoso.onmicrosoft.com".into()),
        ),
        (
            "c\u{43e}ntoso.com",
            TenantProblem::NotAscii("xn--cntoso-wqf.com".into()),
        ),
        (
            "00000000-0000-0000-0000-000000000000",
            TenantProblem::Placeholder,
        ),
    ];
    for (typed, problem) in table {
        assert_eq!(Tenant::parse_concrete(typed), Err(problem), "{typed:?}");
    }
}

#[test]
fn the_tenant_in_a_link_is_offered_wherever_portals_and_sign_in_pages_put_it() {
    let table = [
        (
            "https://portal.azure.com/#@contoso.com/blade/Overview".to_owned(),
            "contoso.com",
        ),
        (
            "https://portal.azure.com/contoso.onmicrosoft.com#view/x".to_owned(),
            "contoso.onmicrosoft.com",
        ),
        (
            format!("https://entra.microsoft.com/#view/x/TenantOverview/tenantId/{OTHER}"),
            OTHER,
        ),
        (
            format!("https://portal.azure.us/?tenantId={OTHER}#home"),
            OTHER,
        ),
        (
            format!("https://x.example/?clientId={ID}&tid={OTHER}"),
            OTHER,
        ),
        (
            format!(
                "https://login.partner.microsoftonline.cn/{OTHER}/oauth2/v2.0/authorize?client_id={ID}"
            ),
            OTHER,
        ),
        (
            "https://login.microsoftonline.com/Contoso.com/v2.0".to_owned(),
            "contoso.com",
        ),
        (
            "login.microsoftonline.com/contoso.com/v2.0".to_owned(),
            "contoso.com",
        ),
        (format!("https://sts.windows.net/{OTHER}/"), OTHER),
        (
            "https://contoso.onmicrosoft.com/".to_owned(),
            "contoso.onmicrosoft.com",
        ),
        (format!("http://127.0.0.1:8100/{OTHER}/v2.0"), OTHER),
    ];
    for (link, hint) in table {
        let problem = Tenant::parse_concrete(&link).expect_err("a link is not used as it is");
        assert_eq!(
            problem,
            TenantProblem::Link(Some(hint.to_owned())),
            "{link}"
        );
        assert_eq!(
            Tenant::parse_for_sign_in(&link),
            Err(problem),
            "the same for a sign-in"
        );
        assert!(
            Tenant::parse_concrete(hint).is_ok(),
            "what is offered for {link} is a tenant"
        );
    }
    for link in [
        "https://portal.azure.com/#home",
        "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com@evil.test/contoso.com/",
        "https://example.test/index.html",
    ] {
        assert_eq!(
            Tenant::parse_concrete(link),
            Err(TenantProblem::Link(None)),
            "{link} names no tenant"
        );
    }
}

#[test]
fn the_first_domain_of_a_tenant_is_offered_for_its_sharepoint_in_every_cloud() {
    for (typed, hint) in [
        ("contoso.sharepoint.com", "contoso.onmicrosoft.com"),
        ("Contoso-my.sharepoint.com", "contoso.onmicrosoft.com"),
        (
            "contoso-admin.sharepoint.com/_layouts/15/online",
            "contoso.onmicrosoft.com",
        ),
        (
            "https://contoso.sharepoint.com/sites/audit?x=1#top",
            "contoso.onmicrosoft.com",
        ),
        (
            "https://contoso-my.sharepoint.com/personal/alex_contoso_com",
            "contoso.onmicrosoft.com",
        ),
        ("contoso.sharepoint.us", "contoso.onmicrosoft.us"),
        ("contoso.sharepoint.cn", "contoso.partner.onmschina.cn"),
    ] {
        let read =
            Tenant::parse_concrete(typed).map_err(|problem| problem.hint().map(str::to_owned));
        assert_eq!(read, Err(Some(hint.to_owned())), "{typed}");
    }
    assert!(
        Tenant::parse_concrete("sharepoint.com").is_ok(),
        "a domain of two parts is no SharePoint"
    );
    assert_eq!(
        Tenant::parse_concrete("a_b.sharepoint.com"),
        Err(TenantProblem::NotATenant)
    );
}

#[test]
fn a_tenant_that_nobody_administers_is_accepted_and_warned_about() {
    let warning = |id| Tenant::parse_concrete(id).expect("an ID").value.warning();
    assert_eq!(
        warning("9188040d-6c67-4c5b-b112-36a304b66dad"),
        Some(TenantWarning::PersonalAccounts)
    );
    assert_eq!(
        warning("f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
        Some(TenantWarning::MicrosoftServices)
    );
    assert_eq!(warning(OTHER), None);
    assert_eq!(warning("contoso.com"), None);
}
