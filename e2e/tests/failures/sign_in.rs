//! Failures of a sign-in: on Microsoft's page, after it, and months later.

use demo_tenant::{RedirectPlatform, fixtures};
use e2e::{Browser, Role};
use model::ClientId;

use crate::frame::{Story, client_of, explanation};

const TEAMS: &str = "Microsoft Teams";
const INTUNE: &str = "Microsoft Intune";

/// Begins a sign-in with an application, and gives the browser at the page that it leads to.
async fn begins(story: &Story, integration: &str, app: ClientId, tenant: &str) -> Browser {
    let browser = story.scene.browser().await;
    story.window.begin_connection(integration).await;
    story
        .window
        .fill("Application (client) ID", &app.to_string())
        .await;
    story.window.fill("Tenant", tenant).await;
    story.window.press("Sign in with Microsoft").await;
    let page = story.scene.home.opens(1).await;
    assert_eq!(client_of(&page), Some(app.to_string()));
    browser.visit(&page).await;
    browser
}

/// Types the code of the browser's page into the window and keeps what that explains.
async fn types_the_code(story: &mut Story, browser: &Browser, code: &str) {
    browser.sees(&format!("AADSTS{code}")).await;
    let [title, next, actor, retry] = explanation(&story.window, code).await;
    story.was_told("Error code on the page", &title, &next, &actor, &retry);
    story.was_shown(&format!("AADSTS{code}"));
    story.did("the page's code typed into “Error code on the page”");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_uri_that_is_not_registered() {
    let name = "Redirect URI that is not registered";
    let acted_out =
        "The registration has no redirect URI; Microsoft's page shows an error and never answers.";
    let mut story = Story::begin(name, acted_out).await;
    let browser = begins(
        &story,
        TEAMS,
        fixtures::WITHOUT_REDIRECT,
        "contoso.onmicrosoft.com",
    )
    .await;
    types_the_code(&mut story, &browser, "50011").await;
    let before = story.scene.home.opened().len();
    story
        .opens_portal(
            "Open Authentication",
            "/Authentication/",
            Some(fixtures::WITHOUT_REDIRECT),
        )
        .await;
    assert_eq!(story.scene.home.opened().len(), before + 1);
    let uri = redirect_uri_of(&story).await;
    story
        .scene
        .tenant
        .add_redirect_uri(fixtures::WITHOUT_REDIRECT, &uri, RedirectPlatform::Native);
    story.did(
        "the redirect URI of the window registered there under “Mobile and desktop applications”",
    );
    story.window.press("Open again").await;
    let page = story.scene.home.opens(before + 2).await;
    browser.sign_in(&page, fixtures::ADMIN).await;
    browser.accept().await;
    story.did("“Open again”, signed in");
    created(&story, TEAMS).await;
    browser.close().await;
    story.ends_healthy(TEAMS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_has_to_approve() {
    let name = "An admin's approval is needed";
    let mut story = Story::begin(
        name,
        "An ordinary user signs in; what is asked for only an administrator may grant.",
    )
    .await;
    let browser = begins(&story, INTUNE, fixtures::DESKTOP, "contoso.onmicrosoft.com").await;
    browser.press(fixtures::USER).await;
    browser
        .find(Role::Secret, "Password")
        .await
        .fill(&fixtures::password_of(fixtures::USER))
        .await;
    browser.press("Sign in").await;
    browser.find(Role::Heading, "Need admin approval").await;
    types_the_code(&mut story, &browser, "90094").await;
    story.window.press("Ask an admin for consent").await;
    story.window.find(Role::Dialog, "Send to an admin").await;
    let link = story
        .window
        .find(Role::TextBox, "Consent link")
        .await
        .value()
        .await;
    story.window.press("Close").await;
    story.did("“Ask an admin for consent”, the message sent");

    let admins = story.scene.browser().await;
    admins
        .sign_in(&link.parse().expect("an address"), fixtures::ADMIN)
        .await;
    admins.find(Role::Heading, "Permissions requested").await;
    admins.press("Accept").await;
    admins.gone(Role::Heading, "Permissions requested").await;
    admins.close().await;
    story.did("the link opened by an administrator, who accepts");
    let before = story.scene.home.opened().len();
    story.window.press("Open again").await;
    browser
        .sign_in(&story.scene.home.opens(before + 1).await, fixtures::USER)
        .await;
    browser.is_sent_back().await;
    story.did("“Open again”, signed in as the same user");
    created(&story, INTUNE).await;
    browser.close().await;
    story.ends_healthy(INTUNE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_tenant_application_is_asked_of_organizations() {
    let name = "Single-tenant application asked of \"organizations\"";
    let mut story = Story::begin(
        name,
        "The field Tenant says “organizations”, the registration allows one tenant.",
    )
    .await;
    let browser = begins(
        &story,
        TEAMS,
        fixtures::SINGLE_TENANT_DESKTOP,
        "organizations",
    )
    .await;
    types_the_code(&mut story, &browser, "50194").await;
    story.window.press("Cancel").await;
    story.window.fill("Tenant", "contoso.onmicrosoft.com").await;
    story.did("“Cancel”, the tenant's domain entered");
    story.window.press("Sign in with Microsoft").await;
    browser
        .sign_in(&story.scene.home.opens(2).await, fixtures::ADMIN)
        .await;
    browser.accept().await;
    story.did("“Sign in with Microsoft”");
    created(&story, TEAMS).await;
    browser.close().await;
    story.ends_healthy(TEAMS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_revoked() {
    let mut story = Story::begin(
        "Sign-in that was revoked",
        "An administrator has revoked the person's sessions.",
    )
    .await;
    let browser = story.scene.browser().await;
    story
        .window
        .connect_by_sign_in(&story.scene, &browser, TEAMS, fixtures::ADMIN)
        .await;
    story.scene.tenant.revoke(fixtures::ADMIN);
    story.window.open_connection(TEAMS).await;
    let before = story.scene.home.opened().len();
    story.window.press("Test Connection").await;
    story.window.sees("Sign in again.").await;
    story.reads("Credential", "AADSTS50173").await;
    story.window.press("Sign in again").await;
    story.window.press("Sign in with Microsoft").await;
    browser
        .sign_in(&story.scene.home.opens(before + 1).await, fixtures::ADMIN)
        .await;
    browser.is_sent_back().await;
    story.window.press("Done").await;
    story.did("“Sign in again”, signed in");
    browser.close().await;
    story.works_on_the_page(TEAMS).await;
}

/// Waits for the sign-in to have made the connection, and goes to the list.
async fn created(story: &Story, name: &str) {
    story.window.sees(&format!("“{name}” was created.")).await;
    story.window.press("Done").await;
    story.window.find(Role::Heading, "Connections").await;
}

/// The redirect URI as the window shows it, to be copied.
async fn redirect_uri_of(story: &Story) -> String {
    story.window.find(Role::Button, "Copy redirect URI").await;
    let shown = story
        .window
        .run(
            "return document.querySelector('code.mono').innerText",
            vec![],
        )
        .await;
    shown.as_str().expect("a text").to_owned()
}
