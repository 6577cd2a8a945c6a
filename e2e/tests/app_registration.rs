//! Creating a connection by App Registration, in the real window.

use demo_tenant::fixtures;
use e2e::{Registration, Role, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_tested_created_and_listed() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.begin_connection("Microsoft Entra ID").await;
    window
        .fill_app_registration(&Registration::of(&scene, fixtures::HEALTHY))
        .await;
    let report = window.test_connection().await;
    assert!(report.starts_with("Connected."), "{report}");
    window.create_connection("Microsoft Entra ID").await;
    window.lists("Microsoft Entra ID", "Healthy").await;
    let labels = scene.desktop.keyring_labels(connections::KEYCHAIN_SERVICE);
    assert_eq!(labels, ["Graph Connect: Microsoft Entra ID"]);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_refused_with_the_servers_own_words_and_the_right_one_then_works() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    let right = Registration::of(&scene, fixtures::HEALTHY);
    let wrong = Registration {
        secret: "wrg8Q~this_is_not_the_secret_of_that_app".to_owned(),
        ..right.clone()
    };
    window.begin_connection("Microsoft Entra ID").await;
    window.fill_app_registration(&wrong).await;
    let report = window.test_connection().await;
    assert!(report.starts_with("Connection failed."), "{report}");
    let original = window
        .run(
            "return document.querySelector('dialog').textContent",
            vec![],
        )
        .await;
    assert!(
        original
            .as_str()
            .is_some_and(|text| text.contains("AADSTS7000215")),
        "{original}"
    );

    window
        .find(Role::Secret, "Client secret")
        .await
        .fill(&right.secret)
        .await;
    let report = window.test_connection().await;
    assert!(report.starts_with("Connected."), "{report}");
    window.create_connection("Microsoft Entra ID").await;
    window.lists("Microsoft Entra ID", "Healthy").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_is_resolved_and_shown_with_the_id_it_stands_for() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.begin_connection("SharePoint").await;
    window
        .fill_app_registration(
            &Registration::of(&scene, fixtures::HEALTHY).in_tenant("contoso.example"),
        )
        .await;
    window.keys(['\u{E004}']).await;
    window
        .sees(&format!("contoso.example is tenant {}", fixtures::CONTOSO))
        .await;
    window.test_connection().await;
    window.create_connection("SharePoint").await;
    window.open_connection("SharePoint").await;
    window.sees("contoso.example").await;
    window.sees(&fixtures::CONTOSO.to_string()).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_with_every_awkward_character_arrives_byte_for_byte_and_never_in_an_address() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.begin_connection("OneDrive").await;
    window
        .fill_app_registration(&Registration::of(&scene, fixtures::ODD_SECRET))
        .await;
    let report = window.test_connection().await;
    assert!(report.starts_with("Connected."), "{report}");
    let requests = scene.tenant.requests();
    let sent: Vec<_> = requests
        .iter()
        .filter_map(|request| request.field("client_secret"))
        .collect();
    assert!(
        !sent.is_empty()
            && sent
                .iter()
                .all(|secret| *secret == fixtures::ODD_SECRET_VALUE),
        "{sent:?}"
    );
    let in_address = |value: &(String, String)| value.1.contains(fixtures::ODD_SECRET_VALUE);
    assert!(
        !requests
            .iter()
            .any(|request| request.query.iter().any(in_address))
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_passing_test_creation_asks_first_and_the_status_says_so() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.begin_connection("Microsoft Outlook").await;
    window
        .fill_app_registration(&Registration::of(&scene, fixtures::HEALTHY))
        .await;
    window.press("Create connection").await;
    window.find(Role::Dialog, "Create without testing?").await;
    window.press("Go back").await;
    window.gone(Role::Dialog, "Create without testing?").await;
    window.press("Create connection").await;
    window.press("Create anyway").await;
    window.lists("Microsoft Outlook", "Never tested").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_consent_is_a_gap_and_is_named() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    window.begin_connection("Microsoft Intune").await;
    window
        .fill_app_registration(&Registration::of(&scene, fixtures::WITHOUT_CONSENT))
        .await;
    let report = window.test_connection().await;
    assert!(
        report.starts_with("Signed in, but") && report.contains("permissions are missing"),
        "{report}"
    );
    window.create_connection("Microsoft Intune").await;
    window.lists("Microsoft Intune", "Needs attention").await;
    window.close().await;
}
