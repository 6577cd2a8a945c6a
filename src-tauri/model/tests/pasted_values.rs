//! What people paste into the form, and what is made of it.

use model::{
    CleanUp, ClientId, ConnectionName, IdProblem, NameProblem, SecretProblem, SecretWarning,
    Tenant, TenantProblem, TenantWarning, inspect_secret,
};
use uuid::{Uuid, uuid};

const ID: &str = "00001111-aaaa-2222-bbbb-3333cccc4444";
const OTHER: &str = "11112222-bbbb-3333-cccc-4444dddd5555";
const GUID: Uuid = uuid!("00001111-aaaa-2222-bbbb-3333cccc4444");

#[test]
fn a_client_id_is_read_from_everything_that_portals_and_editors_add() {
    let table: &[(&str, &[CleanUp])] = &[
        (ID, &[]),
        ("00001111-AAAA-2222-BBBB-3333CCCC4444", &[]),
        (
            "{00001111-aaaa-2222-bbbb-3333cccc4444}",
            &[CleanUp::BracesRemoved],
        ),
        (
            "(00001111-aaaa-2222-bbbb-3333cccc4444)",
            &[CleanUp::BracesRemoved],
        ),
        ("00001111aaaa2222bbbb3333cccc4444", &[CleanUp::DashesAdded]),
        (
            " 00001111-aaaa-2222-bbbb-3333cccc4444\r\n",
            &[CleanUp::SpacesRemoved],
        ),
        (
            "\t00001111-aaaa-2222-bbbb-3333cccc4444",
            &[CleanUp::SpacesRemoved],
        ),
        (
            "\u{a0}00001111-aaaa-2222-bbbb-3333cccc4444\u{3000}",
            &[CleanUp::SpacesRemoved],
        ),
        (
            "\u{200b}00001111-aaaa-2222-bbbb-3333cccc4444",
            &[CleanUp::InvisibleRemoved],
        ),
        (
            "00001111-aaaa-2222-bbbb-3333cccc4444\u{feff}",
            &[CleanUp::InvisibleRemoved],
        ),
        (
            "\u{2060}00001111-aaaa-2222-bbbb-3333cccc4444",
            &[CleanUp::InvisibleRemoved],
        ),
        (
            "\u{202a}00001111-aaaa-2222-bbbb-3333cccc4444\u{202c}",
            &[CleanUp::InvisibleRemoved],
        ),
        (
            "00001111\u{2010}aaaa\u{2013}2222\u{2014}bbbb\u{2212}3333cccc4444",
            &[CleanUp::DashesReplaced],
        ),
    ];
    for (pasted, notes) in table {
        let read = ClientId::parse(pasted)
            .unwrap_or_else(|problem| panic!("{pasted:?} should be read: {problem}"));
        assert_eq!(
            read.value.to_string(),
            ID,
            "{pasted:?} is stored in the canonical form"
        );
        assert_eq!(read.notes, *notes, "what was done to {pasted:?} is said");
    }
}

#[test]
fn what_is_not_one_client_id_is_refused_with_the_fitting_advice() {
    let two = format!("{ID}\n11112222-aaaa-2222-bbbb-3333cccc4444");
    let huge = "0".repeat(1_000_000);
    let table: &[(&str, IdProblem)] = &[
        ("", IdProblem::Empty),
        ("   ", IdProblem::Empty),
        (
            "\u{ff10}\u{ff10}\u{ff10}\u{ff10}1111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::LookAlikes,
        ),
        (
            "\"00001111-aaaa-2222-bbbb-3333cccc4444\"",
            IdProblem::Surrounded(GUID),
        ),
        (
            "'00001111-aaaa-2222-bbbb-3333cccc4444'",
            IdProblem::Surrounded(GUID),
        ),
        (
            "<00001111-aaaa-2222-bbbb-3333cccc4444>",
            IdProblem::Surrounded(GUID),
        ),
        (
            "client_id=00001111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::Surrounded(GUID),
        ),
        (
            "clientId: 00001111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::Surrounded(GUID),
        ),
        (
            "https://portal.azure.com/x/appId/00001111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::Link(Some(GUID)),
        ),
        (
            "api://00001111-aaaa-2222-bbbb-3333cccc4444",
            IdProblem::IdUri(Some(GUID)),
        ),
        (
            "00000000-0000-0000-0000-000000000000",
            IdProblem::Placeholder,
        ),
        (
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            IdProblem::Placeholder,
        ),
        ("0000111-aaaa-2222-bbbb-3333cccc4444", IdProblem::NotAGuid),
        ("000001111-aaaa-2222-bbbb-3333cccc4444", IdProblem::NotAGuid),
        ("g0001111-aaaa-2222-bbbb-3333cccc4444", IdProblem::NotAGuid),
        ("00001111--aaaa-2222-bbbb-3333cccc444", IdProblem::NotAGuid),
        (
            "0000\u{0}1111-aaaa-2222-bbbb-3333cccc444",
            IdProblem::NotAGuid,
        ),
        (&two, IdProblem::TwoValues),
        (&huge, IdProblem::TooLong),
    ];
    for (pasted, problem) in table {
        assert_eq!(
            ClientId::parse(pasted),
            Err(*problem),
            "{:?}",
            pasted.chars().take(60).collect::<String>()
        );
    }
}

#[test]
fn what_separates_two_lines_is_never_taken_out_from_between_two_values() {
    for separator in ['\u{2028}', '\u{2029}', '\n', ' '] {
        let two = format!("contoso.com{separator}fabrikam.com");
        assert!(Tenant::parse_concrete(&two).is_err(), "{separator:?}");
        let two = format!("{ID}{separator}{ID}");
        assert!(ClientId::parse(&two).is_err(), "{separator:?}");
    }
}

#[test]
fn a_name_that_was_allowed_once_is_still_read() {
    for kept in ["Contoso\u{206a}", "Contoso\u{fff9}", "Contoso 👩\u{200d}💻"] {
        assert!(ConnectionName::parse(kept).is_ok(), "{kept:?}");
    }
    assert!(ConnectionName::parse("Con\u{200b}toso").is_err());
}

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
fn the_application_in_a_link_is_offered() {
    let portal = format!(
        "https://portal.azure.com/#view/x/ApplicationMenuBlade/~/Overview/appId/{ID}/isMSAApp~/false"
    );
    let sign_in = format!(
        "https://login.microsoftonline.com/{OTHER}/oauth2/v2.0/authorize?client_id={ID}&scope=openid"
    );
    let demo = format!(
        "http://127.0.0.1:8100/portal/#view/Overview/AppId/{}",
        ID.to_uppercase()
    );
    for link in [portal, sign_in, demo] {
        assert_eq!(
            ClientId::parse(&link).map_err(|problem| problem.hint()),
            Err(Some(GUID)),
            "{link}"
        );
    }
    let object = format!("https://portal.azure.com/#view/x/objectId/{OTHER}");
    let tenant = format!("https://portal.azure.com/?tenantId={OTHER}");
    for link in [object, tenant, "https://portal.azure.com/".to_owned()] {
        assert_eq!(
            ClientId::parse(&link),
            Err(IdProblem::Link(None)),
            "{link} names no application"
        );
    }
    for (pasted, hint) in [
        (format!("client_id={ID}"), Some(GUID)),
        (format!("api://{ID}"), Some(GUID)),
    ] {
        assert_eq!(
            ClientId::parse(&pasted).map_err(|problem| problem.hint()),
            Err(hint),
            "{pasted}"
        );
    }
    assert_eq!(
        ClientId::parse("api://contoso.com/app").map_err(|problem| problem.hint()),
        Err(None)
    );
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

#[test]
fn secrets_of_every_format_are_kept_byte_for_byte() {
    for secret in [
        "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789~",
        "Old+/=?[]@:*-_.Secret0123456789abcdef",
        "p~a+b&c%d=e f",
        "%41",
        "a%2Bb",
        "a;b",
        "\u{e9}",
        "\u{1f511}",
        "\"",
        "\\",
        "2b9b8e9f6a7d4c0f9e1d2c3b4a596877",
    ] {
        let (cleaned, warnings) =
            inspect_secret(secret, None, None, false).expect("an ordinary secret");
        assert_eq!(
            (cleaned.value, cleaned.notes, warnings),
            (secret, vec![], vec![]),
            "{secret:?}"
        );
    }
    for (pasted, kept) in [("abc\n", "abc"), ("abc\r\n", "abc"), (" abc ", " abc ")] {
        assert_eq!(
            inspect_secret(pasted, None, None, false)
                .expect("kept")
                .0
                .value,
            kept
        );
    }
}

#[test]
fn what_is_not_a_secret_is_refused_and_what_is_odd_is_warned_about() {
    let client_id = ID.parse().ok();
    let tenant = Tenant::parse_concrete("11112222-aaaa-2222-bbbb-3333cccc4444")
        .ok()
        .map(|read| read.value);
    let refused = [
        ("", SecretProblem::Empty),
        (" \r\n", SecretProblem::Empty),
        (
            "aaaa1111-aaaa-2222-bbbb-3333cccc4444",
            SecretProblem::SecretId,
        ),
        (ID, SecretProblem::SameAsClientId),
        (
            "11112222-aaaa-2222-bbbb-3333cccc4444",
            SecretProblem::SameAsTenant,
        ),
        ("abc*****", SecretProblem::Masked),
        ("abc******************", SecretProblem::Masked),
        ("\u{2022}\u{2022}\u{2022}\u{2022}", SecretProblem::Masked),
        ("Hidden", SecretProblem::Masked),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIE",
            SecretProblem::Certificate,
        ),
    ];
    for (pasted, problem) in refused {
        let verdict = inspect_secret(pasted, client_id, tenant.as_ref(), false);
        assert_eq!(verdict.map(|_| ()), Err(problem), "{pasted:?}");
    }
    assert_eq!(
        inspect_secret(&"x".repeat(10_000), None, None, false).map(|_| ()),
        Err(SecretProblem::TooLong)
    );
    assert!(
        inspect_secret(
            "aaaa1111-aaaa-2222-bbbb-3333cccc4444",
            client_id,
            None,
            true
        )
        .is_ok(),
        "a person may insist"
    );

    let warned = [
        (
            "7E68655821A51480C60939D7AE26AC6FC0F5A9E2",
            SecretWarning::Thumbprint,
        ),
        ("abc ", SecretWarning::SpaceAround),
        ("a\u{200b}bc", SecretWarning::Invisible),
        (
            "audit 3417e4a4-1d1c-4f3f-8f6e-0a1b2c3d4e5f some words",
            SecretWarning::Several,
        ),
        (
            "id=3417e4a4-1d1c-4f3f-8f6e-0a1b2c3d4e5f secret=abc",
            SecretWarning::Several,
        ),
    ];
    for (pasted, warning) in warned {
        assert_eq!(
            inspect_secret(pasted, None, None, false)
                .expect("accepted")
                .1,
            vec![warning],
            "{pasted:?}"
        );
    }
}

#[test]
fn names_are_normalised_and_the_same_name_is_recognised() {
    assert_eq!(
        ConnectionName::parse("  Contoso audit ").map(|n| n.to_string()),
        Ok("Contoso audit".into())
    );
    assert_eq!(
        ConnectionName::parse("e\u{301}").map(|n| n.to_string()),
        Ok("\u{e9}".into())
    );
    for (one, other) in [
        ("Contoso", "contoso "),
        ("e\u{301}", "\u{c9}"),
        ("\u{fb00}", "FF"),
        ("Stra\u{df}e", "STRASSE"),
    ] {
        let key = |name| ConnectionName::parse(name).expect("a name").key();
        assert_eq!(
            key(one),
            key(other),
            "{one:?} and {other:?} are the same name"
        );
    }
    for odd in [
        "a",
        "CON",
        "..",
        "../../x",
        "a/b",
        "a\\b",
        ".hidden",
        "name.",
        "<script>alert(1)</script>",
        "\"><img src=x>",
        "javascript:alert(1)",
        "{{7*7}}",
        "%s%n",
        "'; DROP TABLE",
        "=cmd|' /C calc'!A0",
        "--help",
        "-rf",
        "name with \"quotes\"",
        "\u{627}\u{644}\u{639} 123",
        "\u{1f469}\u{200d}\u{1f4bb}",
        "\u{1f1e9}\u{1f1ea}",
    ] {
        assert_eq!(
            ConnectionName::parse(odd).map(|n| n.to_string()),
            Ok(odd.to_owned()),
            "text is only text"
        );
    }
    assert!(ConnectionName::parse(&"n".repeat(100)).is_ok());
}

#[test]
fn names_that_would_deceive_or_break_a_line_are_refused() {
    let zalgo = format!("a{}", "\u{336}".repeat(1_000));
    let table = [
        ("".to_owned(), NameProblem::Empty),
        (" \u{a0} ".to_owned(), NameProblem::Empty),
        ("n".repeat(101), NameProblem::TooLong),
        ("n".repeat(10_000), NameProblem::TooLong),
        ("\u{0}".to_owned(), NameProblem::ControlCharacter),
        ("a\nb".to_owned(), NameProblem::ControlCharacter),
        (
            "\u{1b}[31mred\u{1b}]0;title\u{7}".to_owned(),
            NameProblem::ControlCharacter,
        ),
        ("\u{202e}exe.gpj".to_owned(), NameProblem::ControlCharacter),
        (
            "\u{2066}a\u{2069}".to_owned(),
            NameProblem::ControlCharacter,
        ),
        ("\u{200b}name".to_owned(), NameProblem::InvisibleCharacter),
        ("\u{feff}name".to_owned(), NameProblem::InvisibleCharacter),
        ("na\u{200d}me".to_owned(), NameProblem::InvisibleCharacter),
        (zalgo, NameProblem::TooLong),
        (
            format!("a{}", "\u{336}".repeat(20)),
            NameProblem::InvisibleCharacter,
        ),
    ];
    for (typed, problem) in table {
        assert_eq!(
            ConnectionName::parse(&typed),
            Err(problem),
            "{:?}",
            typed.chars().take(20).collect::<String>()
        );
    }
}

#[test]
fn a_free_name_counts_up_from_two() {
    let taken = ["Microsoft Graph", "Microsoft Graph 2"];
    let free = ConnectionName::free("Microsoft Graph", |name| taken.contains(&name.as_str()));
    assert_eq!(free.as_str(), "Microsoft Graph 3");
}
