use model::{CloudId, PermissionKind};

use super::{CallMethod, CallProblem, GraphCall};
use crate::cloud::{Cloud, Clouds};

fn global() -> Cloud {
    Clouds::built_in().get(&CloudId::new("global")).cloned().unwrap()
}

fn read(text: &str, beta: bool) -> Result<String, CallProblem> {
    GraphCall::new(&global(), CallMethod::Get, text, beta).map(|call| call.url.to_string())
}

#[test]
fn a_path_is_read_with_and_without_its_version_and_as_a_whole_address() {
    for (text, beta, url) in [
        ("/users?$top=3", false, "https://graph.microsoft.com/v1.0/users?$top=3"),
        ("users", true, "https://graph.microsoft.com/beta/users"),
        ("/beta/users", false, "https://graph.microsoft.com/beta/users"),
        ("beta/users", true, "https://graph.microsoft.com/beta/users"),
        (" v1.0/me ", false, "https://graph.microsoft.com/v1.0/me"),
        ("HTTPS://GRAPH.microsoft.com:443/v1.0/me", false, "https://graph.microsoft.com/v1.0/me"),
        (
            "/users?$filter=city eq 'Bern'",
            false,
            "https://graph.microsoft.com/v1.0/users?$filter=city%20eq%20%27Bern%27",
        ),
        ("/betatest", false, "https://graph.microsoft.com/v1.0/betatest"),
        ("/sites/a.sharepoint.com:/sites/x", false, "https://graph.microsoft.com/v1.0/sites/a.sharepoint.com:/sites/x"),
    ] {
        assert_eq!(read(text, beta).as_deref(), Ok(url), "{text}");
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
        ("https://graph.microsoft.com@evil.test/v1.0/me", P::OtherHost),
        ("https://evil@graph.microsoft.com/v1.0/me", P::OtherHost),
        ("https://graph.microsoft.com.evil.test/v1.0/me", P::OtherHost),
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
    for within in
        ["//evil.test/me", "\\\\evil.test/me", "/@evil.test/me", "me:80@evil.test", "/users?next=https://evil.test"]
    {
        let url = read(within, false).unwrap();
        assert!(url.starts_with("https://graph.microsoft.com/v1.0/"), "{within}: {url}");
    }
}

#[test]
fn the_next_page_is_followed_on_the_same_host_alone() {
    let cloud = global();
    let call = GraphCall::new(&cloud, CallMethod::Get, "/users", false).unwrap();
    let call = call.with_header("ConsistencyLevel: eventual").unwrap();
    let next = call.follow(&cloud, "https://graph.microsoft.com/v1.0/users?$skiptoken=abc").unwrap();
    assert_eq!(next.url.query(), Some("$skiptoken=abc"));
    assert_eq!(next.headers["consistencylevel"], "eventual");
    for elsewhere in ["https://evil.test/v1.0/users", "//evil.test/users", "users?$skiptoken=x"] {
        assert_eq!(call.follow(&cloud, elsewhere).unwrap_err(), CallProblem::OtherHost, "{elsewhere}");
    }
}

#[test]
fn a_header_of_the_caller_cannot_carry_a_token_or_the_shape_of_the_request() {
    let call = || GraphCall::new(&global(), CallMethod::Get, "/users", false).unwrap();
    for refused in
        ["authorization: Bearer x", "Host: evil.test", "Content-Length: 3", "no colon", "a b: c", "x: a\r\ny: b"]
    {
        assert_eq!(call().with_header(refused).unwrap_err(), CallProblem::Header, "{refused}");
    }
    assert!(call().with_header("Prefer: outlook.timezone=\"UTC\"").is_ok());
}

#[test]
fn what_a_read_needs_is_known_for_a_list_and_its_items_and_not_for_what_lies_deeper() {
    let cloud = global();
    let needs = |path: &str, kind| GraphCall::new(&cloud, CallMethod::Get, path, false).unwrap().needs(&cloud, kind);
    assert_eq!(needs("/users?$top=3", PermissionKind::Application).first(), Some(&"User.Read.All"));
    assert_eq!(needs("/users/adele@contoso.example", PermissionKind::Delegated).first(), Some(&"User.ReadBasic.All"));
    assert_eq!(needs("/users(userPrincipalName='a')", PermissionKind::Application).first(), Some(&"User.Read.All"));
    assert_eq!(needs("/users/1/messages", PermissionKind::Application), &[] as &[&str]);
    assert_eq!(needs("/auditLogs/signIns?$top=9", PermissionKind::Application), &["AuditLog.Read.All"]);
    assert_eq!(needs("/usersettings", PermissionKind::Application), &[] as &[&str]);
    let post = GraphCall::new(&cloud, CallMethod::Post, "/users", false).unwrap();
    assert_eq!(post.needs(&cloud, PermissionKind::Application), &[] as &[&str]);
}
