//! Consent that is missing, partly missing, or late.

use demo_tenant::fixtures;
use e2e::{Role, within};
use model::{Integration, PermissionKind};

use crate::frame::{LONG, Story, sees_in_time};

const ENTRA: &str = "Microsoft Entra ID";
const INTUNE: &str = "Microsoft Intune";

#[tokio::test(flavor = "multi_thread")]
async fn no_consent_at_all_is_asked_of_an_admin_and_awaited() {
    let mut story = Story::begin(
        "No consent at all",
        "The application has its permissions, but nobody consented.",
    )
    .await;
    story
        .creates_and_reads(ENTRA, fixtures::WITHOUT_CONSENT, "Permissions", "")
        .await;
    story.window.press("Send to an admin").await;
    story.window.find(Role::Dialog, "Send to an admin").await;
    story.window.press("Save as .eml").await;
    let mail = std::fs::read_to_string(story.scene.home.saves("eml").await).expect("a mail");
    assert!(mail.contains("X-Unsent: 1"), "{mail}");
    let link = story
        .window
        .find(Role::TextBox, "Consent link")
        .await
        .value()
        .await;
    assert!(
        link.contains(&fixtures::WITHOUT_CONSENT.to_string()),
        "{link}"
    );
    story.did("“Send to an admin”, “Save as .eml”");
    story.window.press("Watch for consent").await;
    story.window.find(Role::Button, "Stop waiting").await;
    story.did("“Watch for consent”");

    let browser = story.scene.browser().await;
    browser
        .sign_in(&link.parse().expect("an address"), fixtures::ADMIN)
        .await;
    browser.find(Role::Heading, "Permissions requested").await;
    browser.press("Accept").await;
    browser.gone(Role::Heading, "Permissions requested").await;
    browser.close().await;
    story.did("the link opened by an administrator, who accepts");
    let shown = within(LONG, async || {
        story
            .scene
            .notifications
            .shown()
            .into_iter()
            .find(|shown| shown.body.contains(ENTRA))
    });
    let shown = shown.await.expect("a notification of the desktop");
    assert_eq!(shown.program, "Graph Connect");
    sees_in_time(&story.window, "Healthy").await;
    story.did(
        "nothing more: a notification of the desktop says that it has its permissions and works",
    );
    story.window.go_to_list().await;
    story.ends_healthy(ENTRA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn some_missing_permissions_are_granted_right_there() {
    let mut story = Story::begin(
        "Some permissions missing",
        "Only what Microsoft Entra ID needs is granted.",
    )
    .await;
    story
        .creates_and_reads(INTUNE, fixtures::HALF_CONSENTED, "Permissions", "")
        .await;
    let before = story.scene.home.opened().len();
    story.window.press("I am the admin: consent now").await;
    story.window.find(Role::Dialog, "Consent as an admin").await;
    story.window.press("Open consent page").await;
    let page = story.scene.home.opens(before + 1).await;
    story.did("“I am the admin: consent now”, “Open consent page”");
    let browser = story.scene.browser().await;
    browser.sign_in(&page, fixtures::ADMIN).await;
    browser.find(Role::Heading, "Permissions requested").await;
    browser.press("Accept").await;
    story.window.sees("Microsoft's page has answered.").await;
    story.window.sees("Connected.").await;
    browser.close().await;
    story.did("signed in as an administrator and accepted");
    story.window.press("Done").await;
    story.window.go_to_list().await;
    story.ends_healthy(INTUNE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_grant_is_tested_again_by_itself() {
    let name = "Consent that has not reached the token";
    let mut story = Story::begin(
        name,
        "Everything was granted a moment ago; the next token goes without it.",
    )
    .await;
    let needed = Integration::Intune.permissions(PermissionKind::Application);
    let names: Vec<_> = needed.iter().map(|permission| permission.name).collect();
    story
        .scene
        .tenant
        .grant_roles_late(fixtures::HALF_CONSENTED, fixtures::CONTOSO, &names, 1);
    let values = story.values(fixtures::HALF_CONSENTED);
    story.fill_in(INTUNE, &values).await;
    story.tests_and_reads("Permissions", "").await;
    story.window.find(Role::Button, "Test now").await;
    let tested = within(LONG, async || {
        (!story.window.has(Role::Button, "Test now").await).then_some(())
    })
    .await;
    assert!(tested.is_some(), "it does not test again by itself");
    story.window.sees("Connected.").await;
    story.did("nothing: the window counts down and tests again by itself");
    story.window.create_connection(INTUNE).await;
    story.ends_healthy(INTUNE).await;
}
