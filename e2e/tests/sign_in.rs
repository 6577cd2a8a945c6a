//! Creating a connection by OAuth: the real window and a real Chromium.

use std::collections::HashMap;
use std::net::TcpStream;

use demo_tenant::fixtures;
use e2e::{Desktop, Home, Role, Scene, Window, eventually};
use model::{Integration, PermissionKind};
use url::Url;

fn parameters(address: &Url) -> HashMap<String, String> {
    address.query_pairs().into_owned().collect()
}

/// Whether the app still listens where this sign-in's answer would go.
fn listens(address: &Url) -> bool {
    let redirect = Url::parse(&parameters(address)["redirect_uri"]).expect("an address");
    TcpStream::connect(("127.0.0.1", redirect.port().expect("it names a port"))).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_the_browser_and_the_connection_is_there() {
    let scene = Scene::set().await;
    let (window, browser) = (scene.window().await, scene.browser().await);
    let address = window.begin_sign_in(&scene, "Microsoft Entra ID").await;
    let asked = parameters(&address);
    assert_eq!(asked["response_mode"], "form_post");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["prompt"], "select_account");
    assert_eq!(
        asked["client_id"],
        fixtures::DESKTOP.to_string(),
        "the application of the clouds file"
    );
    assert!(
        asked["redirect_uri"].starts_with("http://localhost:"),
        "{}",
        asked["redirect_uri"]
    );
    window.sees("Waiting for you to sign in").await;

    browser.sign_in(&address, fixtures::ADMIN).await;
    browser.accept().await;
    window.sees("“Microsoft Entra ID” was created.").await;
    window.sees("Avery Admin").await;
    window.sees(fixtures::ADMIN).await;
    let report = window.find(Role::Region, "Check report").await.text().await;
    assert!(report.starts_with("Connected."), "{report}");
    window.press("Done").await;
    window.lists("Microsoft Entra ID", "Healthy").await;
    eventually("the port to close after the answer", async || {
        (!listens(&address)).then_some(())
    })
    .await;
    browser.close().await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_consent_creates_nothing_and_can_be_tried_again() {
    let scene = Scene::set().await;
    let (window, browser) = (scene.window().await, scene.browser().await);
    let address = window.begin_sign_in(&scene, "Microsoft Outlook").await;
    browser.sign_in(&address, fixtures::ADMIN).await;
    browser.find(Role::Heading, "Permissions requested").await;
    browser.press("Cancel").await;
    browser.is_sent_back().await;
    window.sees("Sign-in declined").await;
    assert!(
        scene
            .desktop
            .keyring_labels(connections::KEYCHAIN_SERVICE)
            .is_empty()
    );

    window.press("Sign in with Microsoft").await;
    let again = scene.home.opens(2).await;
    assert_ne!(parameters(&address)["state"], parameters(&again)["state"]);
    browser.sign_in(&again, fixtures::ADMIN).await;
    browser.accept().await;
    window.sees("“Microsoft Outlook” was created.").await;
    browser.close().await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_consent_is_told_that_an_administrator_must() {
    let scene = Scene::set().await;
    let (window, browser) = (scene.window().await, scene.browser().await);
    let address = window.begin_sign_in(&scene, "Microsoft Intune").await;
    browser.sign_in(&address, fixtures::USER).await;
    browser.find(Role::Heading, "Need admin approval").await;
    browser
        .press("Return to the application without granting consent")
        .await;
    browser.is_sent_back().await;
    let alert = window.find_starting(Role::Alert, "").await.text().await;
    assert!(alert.to_lowercase().contains("admin"), "{alert}");
    browser.close().await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_sign_in_closes_its_port_and_leaves_the_form_as_it_was() {
    let scene = Scene::set().await;
    let window = scene.window().await;
    let address = window.begin_sign_in(&scene, "Microsoft Excel").await;
    assert!(listens(&address));
    window.press("Cancel").await;
    eventually("the port to close", async || {
        (!listens(&address)).then_some(())
    })
    .await;
    assert_eq!(
        window.find(Role::TextBox, "Name").await.value().await,
        "Microsoft Excel"
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_link_signs_in_without_the_app_opening_a_browser() {
    let scene = Scene::set().await;
    let (window, browser) = (scene.window().await, scene.browser().await);
    window.begin_connection("Microsoft OneNote").await;
    window.press("Copy sign-in link").await;
    let link = window
        .find(Role::TextBox, "Sign-in link")
        .await
        .value()
        .await;
    browser
        .sign_in(&Url::parse(&link).unwrap(), fixtures::ADMIN)
        .await;
    browser.accept().await;
    window.sees("“Microsoft OneNote” was created.").await;
    assert_eq!(scene.home.opened(), []);
    browser.close().await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_sign_in_at_once_and_both_succeed() {
    let scene = Scene::set().await;
    let (other_desktop, other_home) = (Desktop::start(), Home::new());
    let (first, second) = (
        scene.window().await,
        Window::open(&other_desktop, &other_home, Some(scene.clouds())).await,
    );
    let browser = scene.browser().await;
    let to_first = first.begin_sign_in(&scene, "Microsoft Teams").await;
    second.begin_connection("SharePoint").await;
    second.press("Sign in with Microsoft").await;
    let to_second = other_home.opens(1).await;

    browser.sign_in(&to_second, fixtures::STRANGER).await;
    browser.accept().await;
    browser.sign_in(&to_first, fixtures::ADMIN).await;
    browser.accept().await;
    first.sees("“Microsoft Teams” was created.").await;
    first.sees(fixtures::ADMIN).await;
    second.sees("“SharePoint” was created.").await;
    second.sees(fixtures::STRANGER).await;
    browser.close().await;
    first.close().await;
    second.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_as_somebody_else_asks_first() {
    let scene = Scene::set().await;
    let (window, browser) = (scene.window().await, scene.browser().await);
    window
        .connect_by_sign_in(&scene, &browser, "Microsoft Entra ID", fixtures::ADMIN)
        .await;
    // Granted to everybody, so that the ordinary user is not stopped at the consent page.
    let wanted = Integration::EntraId.permissions(PermissionKind::Delegated);
    let names: Vec<_> = wanted.iter().map(|permission| permission.name).collect();
    scene
        .tenant
        .grant_scopes(fixtures::DESKTOP, fixtures::CONTOSO, None, &names);
    window.open_connection("Microsoft Entra ID").await;
    window.press("Sign in again").await;
    window.press("Sign in with Microsoft").await;
    browser
        .sign_in(&scene.home.opens(2).await, fixtures::USER)
        .await;
    browser.is_sent_back().await;
    window.sees("Another account signed in").await;
    window.press("Keep the old account").await;
    window.gone(Role::Button, "Keep the old account").await;
    window.press("Cancel").await;
    window.sees("Avery Admin").await;
    browser.close().await;
    window.close().await;
}
