use model::{CloudId, PermissionKind};

use super::{CallMethod, CallProblem, GraphCall};
use crate::cloud::{Cloud, Clouds};

fn global() -> Cloud {
    Clouds::built_in()
        .get(&CloudId::new("global"))
        .cloned()
        .unwrap()
}

fn read(text: &str, beta: bool) -> Result<String, CallProblem> {
    GraphCall::new(&global(), CallMethod::Get, text, beta).map(|call| call.url.to_string())
}

#[test]
fn a_path_is_read_with_and_without_its_version_and_as_a_whole_address() {
    for (text, beta, url) in [
        (
            "/users?$top=3",
            false,
            "https://graph.microsoft.com/v1.0/users?$top=3",
        ),
        ("users", true, "https://graph.microsoft.com/beta/users"),
        (
            "/beta/users",
            false,
            "https://graph.microsoft.com/beta/users",
        ),
        ("beta/users", true, "https://graph.microsoft.com/beta/users"),
        (" v1.0/me ", false, "https://graph.microsoft.com/v1.0/me"),
        (
            "HTTPS://GRAPH.microsoft.com:443/v1.0/me",
            false,
            "https://graph.microsoft.com/v1.0/me",
        ),
        (
            "/users?$filter=city eq 'Bern'",
            false,
            "https://graph.microsoft.com/v1.0/users?$filter=city%20eq%20%27Bern%27",
        ),
        (
            "/betatest",
            false,
            "https://graph.microsoft.com/v1.0/betatest",
        ),
        (
            "/sites/a.sharepoint.com:/sites/x",
            false,
            "https://graph.microsoft.com/v1.0/sites/a.sharepoint.com:/sites/x",
        ),
    ] {
        assert_eq!(read(text, beta).as_deref(), Ok(url), "{text}");
    }
}

#[test]
fn a_typed_path_is_escaped_whole_or_refused_and_never_changes_its_meaning() {
    let root = "https://graph.microsoft.com/v1.0";
    for (text, url) in [
        (
            "/users?$filter=mail eq 'maria+1@a.test'",
            "/users?$filter=mail%20eq%20%27maria%2B1@a.test%27",
        ),
        (
            "/users?$filter=mail%20eq%20'maria+1@a.test'",
            "/users?$filter=mail%20eq%20%27maria%2B1@a.test%27",
        ),
        (
            "/users?$filter=x gt 2026-01-01T00:00:00+01:00",
            "/users?$filter=x%20gt%202026-01-01T00:00:00%2B01:00",
        ),
        ("/users/maria+1@a.test", "/users/maria+1@a.test"),
        (
            "/users?$filter=startswith(displayName,'50% off')",
            "/users?$filter=startswith(displayName,%2750%25%20off%27)",
        ),
        (
            "/users?$filter=displayName eq 'A&B'&$top=1",
            "/users?$filter=displayName%20eq%20%27A%26B%27&$top=1",
        ),
        (
            "/users?$filter=displayName eq %27A&B%27&$top=1",
            "/users?$filter=displayName%20eq%20%27A%26B%27&$top=1",
        ),
        (
            "/users?$search=\"displayName:O'Brien & Co\"&$top=1",
            "/users?$search=%22displayName:O%27Brien%20%26%20Co%22&$top=1",
        ),
        (
            "/users?$search=\"a \\\" & b\"",
            "/users?$search=%22a%20%5C%22%20%26%20b%22",
        ),
        (
            "/users?$filter=displayName eq 'O''Brien&Co'",
            "/users?$filter=displayName%20eq%20%27O%27%27Brien%26Co%27",
        ),
        (
            "/users?$filter=displayName eq 'Jürg'",
            "/users?$filter=displayName%20eq%20%27J%C3%BCrg%27",
        ),
        (
            "/users?$filter=a eq 'x\\y|z'",
            "/users?$filter=a%20eq%20%27x%5Cy%7Cz%27",
        ),
        (
            "/sites/root:/O'Brien/a b?x=1",
            "/sites/root:/O'Brien/a%20b?x=1",
        ),
        (
            "/sites/root/getByPath(path='/a?b')?$select=id",
            "/sites/root/getByPath(path='/a%3Fb')?$select=id",
        ),
        ("/a\\b", "/a%5Cb"),
        (
            "https://graph.microsoft.com/v1.0/users?$filter=a eq 'x&y'",
            "/users?$filter=a%20eq%20%27x%26y%27",
        ),
    ] {
        assert_eq!(read(text, false), Ok(format!("{root}{url}")), "{text}");
    }
    use CallProblem as P;
    for (text, problem) in [
        ("/users?$filter=a%20eq%20'50%'", P::Percent),
        ("/users?$filter=startswith(a,'100%ab')", P::Percent),
        ("/users/100%25%", P::Percent),
        (
            "https://graph.microsoft.com/v1.0/users?$filter=mail eq 'maria+1@a.test'",
            P::Plus,
        ),
        ("/users?$search=O'Brien&$top=1", P::Quote),
        ("/users?$filter=a eq 'x\ty'", P::Control),
        ("/users\n/me", P::Control),
        (
            "https://graph.microsoft.com\\@evil.test/v1.0/me",
            P::Unreadable,
        ),
    ] {
        assert_eq!(read(text, false), Err(problem), "{text}");
    }
}

#[test]
fn spellings_of_one_address_are_the_same_and_another_page_is_not() {
    let cloud = global();
    let first = GraphCall::new(
        &cloud,
        CallMethod::Get,
        "/users?$top=1&$skiptoken=aB%2B",
        false,
    )
    .unwrap();
    let identity = |link: &str| first.follow(&cloud, link).unwrap().identity();
    for same in [
        "https://graph.microsoft.com/v1.0/users?$skiptoken=aB%2B&$top=1",
        "https://GRAPH.Microsoft.com:443/v1.0/Users/?%24top=1&%24skipToken=aB%2b",
        "https://graph.microsoft.com/v1.0/%75sers?$top=%31&$skiptoken=%61B%2B",
    ] {
        assert_eq!(identity(same), first.identity(), "{same}");
    }
    for other in [
        "https://graph.microsoft.com/v1.0/users?$skiptoken=ab%2B&$top=1",
        "https://graph.microsoft.com/v1.0/users?$skiptoken=aB+&$top=1",
        "https://graph.microsoft.com/v1.0/users?$top=1",
        "https://graph.microsoft.com/beta/users?$skiptoken=aB%2B&$top=1",
    ] {
        assert_ne!(identity(other), first.identity(), "{other}");
    }
}

#[test]
fn no_text_leads_to_another_host_or_out_of_the_version() {
    use CallProblem as P;
    for (text, problem) in [
        ("", P::Empty),
        ("https://evil.test/v1.0/me", P::OtherHost),
        ("http://graph.microsoft.com/v1.0/me", P::OtherHost),
        ("https://graph.microsoft.com:444/v1.0/me", P::OtherHost),
        (
            "https://graph.microsoft.com@evil.test/v1.0/me",
            P::OtherHost,
        ),
        ("https://evil@graph.microsoft.com/v1.0/me", P::OtherHost),
        (
            "https://graph.microsoft.com.evil.test/v1.0/me",
            P::OtherHost,
        ),
        ("https://graph.microsoft.us/v1.0/me", P::OtherHost),
        ("https://graph.microsoft.com/v2.0/me", P::Version),
        ("https://graph.microsoft.com/", P::Version),
        ("/../oauth/me", P::Version),
        ("/v1.0/../../me", P::Version),
        ("/%2e%2e/%2e%2e/x", P::Version),
        ("/me#fragment", P::Fragment),
        ("https://[/v1.0/me", P::Unreadable),
    ] {
        assert_eq!(read(text, false), Err(problem), "{text}");
    }
    assert_eq!(read("v1.0/me", true), Err(P::Version), "two versions");
    assert_eq!(read(&"x".repeat(20_000), false), Err(P::TooLong));
    for within in [
        "//evil.test/me",
        "\\\\evil.test/me",
        "/@evil.test/me",
        "me:80@evil.test",
        "/users?next=https://evil.test",
    ] {
        let url = read(within, false).unwrap();
        assert!(
            url.starts_with("https://graph.microsoft.com/v1.0/"),
            "{within}: {url}"
        );
    }
}

#[test]
fn the_next_page_is_followed_on_the_same_host_alone() {
    let cloud = global();
    let call = GraphCall::new(&cloud, CallMethod::Get, "/users", false).unwrap();
    let call = call.with_header("ConsistencyLevel: eventual").unwrap();
    let next = call
        .follow(
            &cloud,
            "https://graph.microsoft.com/v1.0/users?$skiptoken=abc",
        )
        .unwrap();
    assert_eq!(next.url.query(), Some("$skiptoken=abc"));
    let plus = call
        .follow(
            &cloud,
            "https://graph.microsoft.com/v1.0/users?$skiptoken=a+b%20c'&d",
        )
        .unwrap();
    assert_eq!(
        plus.url.query(),
        Some("$skiptoken=a+b%20c%27&d"),
        "what the server wrote is sent as it wrote it"
    );
    assert_eq!(next.headers["consistencylevel"], "eventual");
    for elsewhere in [
        "https://evil.test/v1.0/users",
        "//evil.test/users",
        "users?$skiptoken=x",
    ] {
        assert_eq!(
            call.follow(&cloud, elsewhere).unwrap_err(),
            CallProblem::OtherHost,
            "{elsewhere}"
        );
    }
}

#[test]
fn a_header_of_the_caller_cannot_carry_a_token_or_the_shape_of_the_request() {
    let call = || GraphCall::new(&global(), CallMethod::Get, "/users", false).unwrap();
    for refused in [
        "authorization: Bearer x",
        "Host: evil.test",
        "Content-Length: 3",
        "no colon",
        "a b: c",
        "x: a\r\ny: b",
    ] {
        assert_eq!(
            call().with_header(refused).unwrap_err(),
            CallProblem::Header,
            "{refused}"
        );
    }
    assert!(
        call()
            .with_header("Prefer: outlook.timezone=\"UTC\"")
            .is_ok()
    );
}

#[test]
fn what_a_read_needs_is_known_for_a_list_and_its_items_and_not_for_what_lies_deeper() {
    let cloud = global();
    let needs = |path: &str, kind| {
        GraphCall::new(&cloud, CallMethod::Get, path, false)
            .unwrap()
            .needs(&cloud, kind)
    };
    assert_eq!(
        needs("/users?$top=3", PermissionKind::Application).first(),
        Some(&"User.Read.All")
    );
    assert_eq!(
        needs("/users/adele@contoso.example", PermissionKind::Delegated).first(),
        Some(&"User.ReadBasic.All")
    );
    assert_eq!(
        needs("/users(userPrincipalName='a')", PermissionKind::Application).first(),
        Some(&"User.Read.All")
    );
    assert_eq!(
        needs("/users/1/messages", PermissionKind::Application),
        &[] as &[&str]
    );
    assert_eq!(
        needs("/auditLogs/signIns?$top=9", PermissionKind::Application),
        &["AuditLog.Read.All"]
    );
    assert_eq!(
        needs("/usersettings", PermissionKind::Application),
        &[] as &[&str]
    );
    let post = GraphCall::new(&cloud, CallMethod::Post, "/users", false).unwrap();
    assert_eq!(
        post.needs(&cloud, PermissionKind::Application),
        &[] as &[&str]
    );
}
