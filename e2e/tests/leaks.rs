//! After a whole run at the most talkative log level: no secret, code, verifier or token where it
//! may not be.

use std::fs;

use connections::KEYCHAIN_SERVICE;
use demo_tenant::{DemoTenant, fixtures};
use e2e::{Home, Look, Registration, Scene, Tree};
use serde_json::json;
use url::Url;

/// Keeps every answer that Rust gives the window, in a place that only the test looks at.
const LISTEN_TO_ANSWERS: &str =
    "window.answers = []; const original = window.fetch; window.fetch = async (...request) => {
    const answer = await original(...request);
    answer.clone().text().then(text => window.answers.push(text));
    return answer;
}";

#[test]
fn a_planted_secret_is_found_in_every_form() {
    let home = Home::new();
    let secret = "p~a+b&c%d=\"e f";
    let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    fs::write(home.path().join("tmp/plain"), format!("x{secret}x")).unwrap();
    fs::write(home.path().join("cache/wide"), wide).unwrap();
    fs::write(home.path().join("state/percent"), percent).unwrap();
    fs::write(
        home.path().join("data/json"),
        json!({ "s": secret }).to_string(),
    )
    .unwrap();
    assert_eq!(home.files_with(&[secret.to_owned()]).len(), 4);
    assert!(home.files_with(&["another secret".to_owned()]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_written_logged_shown_or_passed_on() {
    let scene = Scene::set().await;
    let browser = scene.browser().await;
    let talkative = Look {
        environment: vec![("GRAPH_CONNECT_LOG".to_owned(), "trace".to_owned())],
        ..Look::default()
    };
    let window = scene.window_as(&talkative).await;
    window.run(LISTEN_TO_ANSWERS, vec![]).await;
    let right = Registration::of(&scene, fixtures::HEALTHY);
    let wrong = Registration {
        secret: "wrg8Q~planted_and_wrong_secret_0123456789".to_owned(),
        ..right.clone()
    };
    window.begin_connection("Microsoft Entra ID").await;
    window.fill_app_registration(&wrong).await;
    window.test_connection().await;
    window.fill_app_registration(&right).await;
    window.test_connection().await;
    window.create_connection("Microsoft Entra ID").await;
    window
        .connect_by_sign_in(&scene, &browser, "Microsoft Teams", fixtures::ADMIN)
        .await;
    window.open_connection("Microsoft Teams").await;
    window.press("Test Connection").await;
    window.gone(e2e::Role::Region, "Test in progress").await;

    let mut secrets = passed_over_the_wire(&scene.tenant);
    secrets.extend(scene.desktop.keyring_secrets(KEYCHAIN_SERVICE));
    secrets.extend([right.secret, wrong.secret]);
    secrets.sort();
    secrets.dedup();
    assert!(
        secrets.len() >= 10,
        "the run met too few secrets to prove anything: {}",
        secrets.len()
    );

    let shown = window
        .run(
            "return document.documentElement.outerHTML + JSON.stringify(window.answers)",
            vec![],
        )
        .await;
    let answers = window.run("return window.answers.length", vec![]).await;
    assert!(
        answers.as_u64().is_some_and(|count| count > 5),
        "the answers to the window were not overheard: {answers}"
    );
    let outside = Tree::of(window.process()).arguments_and_environment();
    browser.close().await;
    window.close().await;

    let log = scene.home.log_text("app.log");
    assert!(log.lines().count() > 20, "the log is not talkative:\n{log}");
    let bound_to_the_sign_in: Vec<String> = scene
        .home
        .opened()
        .iter()
        .flat_map(state_and_nonce)
        .collect();
    assert_eq!(bound_to_the_sign_in.len(), 2);
    assert_eq!(
        scene
            .home
            .files_with(&[secrets.clone(), bound_to_the_sign_in].concat()),
        [""; 0]
    );
    for secret in &secrets {
        assert!(
            !shown
                .as_str()
                .is_some_and(|text| text.contains(secret.as_str())),
            "the window was told {secret}"
        );
        assert!(
            !outside.contains(secret.as_str()),
            "an argument or the environment holds {secret}"
        );
    }
}

/// Every secret, code, verifier and token that the tenant was sent.
fn passed_over_the_wire(tenant: &DemoTenant) -> Vec<String> {
    const SECRET_FIELDS: [&str; 4] = ["client_secret", "code", "code_verifier", "refresh_token"];
    let mut secrets = Vec::new();
    for request in tenant.requests() {
        secrets.extend(
            SECRET_FIELDS
                .iter()
                .filter_map(|name| request.field(name))
                .map(str::to_owned),
        );
        secrets.extend(
            request
                .header("authorization")
                .and_then(|value| value.strip_prefix("Bearer "))
                .map(str::to_owned),
        );
    }
    for name in SECRET_FIELDS {
        assert!(
            tenant
                .requests()
                .iter()
                .any(|request| request.field(name).is_some()),
            "no {name} was sent"
        );
    }
    secrets
}

/// The window may know these, for it shows the link that they stand in; nothing may write them
/// down.
fn state_and_nonce(address: &Url) -> Vec<String> {
    let wanted = |name: &str| name == "state" || name == "nonce";
    address
        .query_pairs()
        .filter(|(name, _)| wanted(name))
        .map(|(_, value)| value.into_owned())
        .collect()
}
