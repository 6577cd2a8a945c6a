//! The link of a sign-in, and which addresses a browser may be sent to.

use entra::{Attempt, Clouds, SignInRequest, portal_link};
use model::{CloudId, Integration, PermissionKind, PortalPage, Tenant};
use url::Url;

use crate::{
    authority::{Authority, CLIENT, TENANT, client_id, http, tenant},
    browser::{self, begin, in_link, turns},
};

#[tokio::test]
async fn au_2_au_8_au_9_the_link_asks_for_a_code_by_form_post_with_exactly_the_scopes_needed() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let link = waiting.attempt.url();
    let base = authority.base();
    let pairs: Vec<(String, String)> = link.query_pairs().into_owned().collect();
    let shown: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !["state", "nonce", "code_challenge"].contains(name))
        .collect();
    let scope = format!("{base}/User.Read openid profile offline_access");
    assert_eq!(
        shown,
        [
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("code_challenge_method", "S256"),
            ("redirect_uri", waiting.attempt.redirect_uri()),
            ("scope", &scope),
            ("response_mode", "form_post"),
            ("prompt", "select_account"),
        ]
    );
    assert_eq!(
        link.as_str().split('?').next().unwrap(),
        format!("{base}/{TENANT}/oauth2/v2.0/authorize")
    );
    assert_eq!(
        waiting.attempt.redirect_uri(),
        format!("http://localhost:{}", waiting.port)
    );
}

#[tokio::test]
async fn au_3_the_verifier_that_redeems_the_code_fits_the_challenge_of_the_link() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let challenge = in_link(&waiting.attempt, "code_challenge");
    let running = waiting.waits();
    running.answer().await;
    running.result().await.unwrap();
    let verifier = authority.token_requests()[0]
        .field("code_verifier")
        .unwrap();
    assert_eq!(verifier.len(), 43);
    let fitting = oauth2::PkceCodeChallenge::from_code_verifier_sha256(
        &oauth2::PkceCodeVerifier::new(verifier),
    );
    assert_eq!(fitting.as_str(), challenge);
}

#[tokio::test]
async fn au_4_a_state_of_one_attempt_means_nothing_to_the_next() {
    let authority = Authority::start().await;
    let first = begin(&authority).await;
    let old = first.state.clone();
    drop(first);
    let running = begin(&authority).await.waits();
    let reply = running
        .answer_with(&format!("code=the-code&state={old}"))
        .await;
    assert_eq!(browser::status_of(&reply), "400");
    assert!(!running.task.is_finished());
    running.answer().await;
    running.result().await.unwrap();
}

#[tokio::test]
async fn au_6_no_tenant_that_is_accepted_changes_the_host_of_the_link() {
    let inputs = [
        TENANT,
        "contoso.onmicrosoft.com",
        "Contoso.COM",
        "common",
        "organizations",
        "contoso.com/",
        "contoso.com/../common",
        "contoso.com?x=",
        "contoso.com#",
        "contoso.com\\evil",
        "%2e%2e",
        "contoso.com%2Foauth2",
        "..",
        ".",
        "login.microsoftonline.com@evil.test",
        "evil.test:443",
        "//evil.test",
        "https://evil.test/",
        "c\u{43e}ntoso.com",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "a..b",
        "",
    ];
    let authority = Authority::start().await;
    let mut accepted = 0;
    for input in inputs {
        let Ok(tenant) = Tenant::parse_for_sign_in(input) else {
            continue;
        };
        accepted += 1;
        let _turn = turns(1).await;
        let attempt = Attempt::begin(&http(), browser::request(&authority, tenant.value))
            .await
            .unwrap();
        let origin = attempt.url().origin().ascii_serialization();
        assert_eq!(origin, authority.base(), "{input}");
        assert!(
            attempt.url().path().ends_with("/oauth2/v2.0/authorize"),
            "{input}"
        );
    }
    assert!(accepted >= 5, "the well-formed ones are accepted");
}

#[tokio::test]
async fn au_10_a_link_that_no_browser_would_take_is_refused_before_anything_is_opened() {
    let authority = Authority::start().await;
    let _turn = turns(1).await;
    let request = SignInRequest {
        login_hint: Some("x".repeat(8_000)),
        ..browser::request(&authority, tenant())
    };
    let error = Attempt::begin(&http(), request).await.unwrap_err();
    assert!(matches!(error, entra::Error::LinkTooLong), "{error}");
    let names = Integration::MicrosoftGraph.permissions(PermissionKind::Delegated);
    let scopes = names
        .into_iter()
        .map(|permission| permission.name.to_owned())
        .collect();
    let request = SignInRequest {
        scopes,
        login_hint: Some("ada@contoso.example".into()),
        ..browser::request(&authority, tenant())
    };
    let attempt = Attempt::begin(&http(), request).await.unwrap();
    assert!(attempt.url().as_str().len() < 8_000);
}

#[test]
fn au_8_client_credentials_ask_for_the_graph_of_their_own_cloud() {
    let scope = |id: &str| {
        Clouds::built_in()
            .get(&CloudId::new(id))
            .unwrap()
            .default_scope()
    };
    assert_eq!(scope("global"), "https://graph.microsoft.com/.default");
    assert_eq!(scope("usgov"), "https://graph.microsoft.us/.default");
    assert_eq!(
        scope("usgov-dod"),
        "https://dod-graph.microsoft.us/.default"
    );
    assert_eq!(
        scope("china"),
        "https://microsoftgraph.chinacloudapi.cn/.default"
    );
}

#[test]
fn au_6_the_login_hosts_of_the_built_in_clouds_are_these_and_no_others() {
    let clouds = Clouds::built_in();
    let shown: Vec<_> = clouds
        .iter()
        .map(|cloud| (cloud.id.as_str(), cloud.login.as_str(), cloud.custom))
        .collect();
    assert_eq!(
        shown,
        [
            ("global", "https://login.microsoftonline.com/", false),
            ("usgov", "https://login.microsoftonline.us/", false),
            ("usgov-dod", "https://login.microsoftonline.us/", false),
            ("china", "https://login.partner.microsoftonline.cn/", false),
        ]
    );
    assert_eq!(clouds.default_cloud().id.as_str(), "global");
}

#[test]
fn a_cloud_of_a_file_is_marked_offered_first_and_held_to_https_or_loopback() {
    let entry = |login: &str| {
        format!(
            r#"[{{"id":"demo","name":"Demo","login":"{login}","graph":"http://127.0.0.1:1/","portal":"https://p.test","client_id":"{CLIENT}"}}]"#
        )
    };
    let clouds = Clouds::built_in()
        .with_custom(&entry("http://localhost:5000"))
        .unwrap();
    assert!(clouds.default_cloud().custom);
    assert_eq!(clouds.default_cloud().client_id, Some(client_id()));
    assert_eq!(clouds.iter().count(), 5);
    for bad in [
        "http://login.test",
        "ftp://localhost",
        "https://u:p@login.test",
        "https://login.test/?a=b",
        "https://login.test/#x",
        "login.test",
        "http://localhost.evil.test",
        "",
    ] {
        assert!(
            Clouds::built_in().with_custom(&entry(bad)).is_err(),
            "{bad}"
        );
    }
    for bad in [
        "",
        "{}",
        "[{}]",
        "null",
        r#"[{"id":"global","name":"G","login":"https://a.test","graph":"https://a.test","portal":"https://a.test"}]"#,
        r#"[{"id":"a","name":"A","login":"https://a.test","graph":"https://a.test","portal":"https://a.test","endpoints":"b"}]"#,
    ] {
        assert!(Clouds::built_in().with_custom(bad).is_err(), "{bad}");
    }
}

#[test]
fn ur_1_ur_3_only_the_exact_login_and_portal_hosts_over_https_may_be_opened() {
    let clouds = Clouds::built_in();
    let cloud = clouds.default_cloud();
    let may_open = |text: &str| Url::parse(text).is_ok_and(|url| cloud.may_open(&url));
    for good in [
        "https://login.microsoftonline.com/x/oauth2/v2.0/authorize?a=b",
        "https://portal.azure.com/#view/x",
        "https://LOGIN.microsoftonline.com:443/",
    ] {
        assert!(may_open(good), "{good}");
    }
    let long = format!("https://login.microsoftonline.com/{}", "a".repeat(8_000));
    for bad in [
        "http://login.microsoftonline.com/",
        "https://login.microsoftonline.com.evil.test/",
        "https://login.microsoftonline.com@evil.test/",
        "https://evil@login.microsoftonline.com/",
        "https://:p@login.microsoftonline.com/",
        "https://login.microsoftonline.com:8443/",
        "https://evil.test/login.microsoftonline.com",
        "https://xlogin.microsoftonline.com/",
        "https://login.microsoftonline.com./",
        "https://l\u{43e}gin.microsoftonline.com/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "\\\\evil\\share",
        "--help",
        "-rf",
        "mailto:a@b.test",
        "ms-settings:",
        "data:text/html,x",
        "https:login",
        "",
        "http://localhost/",
        &long,
        "https://graph.microsoft.com/v1.0/me",
    ] {
        assert!(!may_open(bad), "{bad}");
    }
}

#[test]
fn portal_links_name_the_application_and_stay_on_the_portal_of_the_cloud() {
    let clouds = Clouds::built_in();
    for cloud in clouds.iter() {
        let link = portal_link(cloud, PortalPage::ApiPermissions, Some(client_id()));
        assert_eq!(
            link.as_str(),
            format!(
                "{}#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/{CLIENT}",
                cloud.portal
            )
        );
        assert!(cloud.may_open(&link));
        let list = portal_link(cloud, PortalPage::Secrets, None);
        assert!(list.as_str().ends_with("ApplicationsListBlade"), "{list}");
    }
}
