//! Client ID, client secret, tenant: what is entered, and what the registration is worth.

use demo_tenant::fixtures;
use e2e::{Registration, Role};

use crate::frame::{Story, far, notes_of, with_another_end};

const ENTRA: &str = "Microsoft Entra ID";

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret() {
    let mut story = Story::begin(
        "Wrong client secret",
        "The secret's last character is another one.",
    )
    .await;
    let right = story.values(fixtures::HEALTHY);
    let wrong = Registration {
        secret: with_another_end(&right.secret),
        ..right
    };
    story.fill_in(ENTRA, &wrong).await;
    story.tests_and_reads("Credential", "AADSTS7000215").await;
    story
        .opens_portal(
            "Open Certificates & secrets",
            "/Credentials/",
            Some(fixtures::HEALTHY),
        )
        .await;
    let new = story
        .scene
        .tenant
        .new_secret(fixtures::HEALTHY, "Graph Connect", far());
    story.did("a new secret made there");
    story.goes_to("Client secret").await;
    story
        .window
        .find(Role::Secret, "Client secret")
        .await
        .fill(&new.value)
        .await;
    story.did("its value entered");
    story.works_in_the_form(ENTRA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_id_in_place_of_the_value() {
    let name = "Secret ID in place of the secret's value";
    let mut story = Story::begin(
        name,
        "The column “Secret ID” is copied from the portal, not the column “Value”.",
    )
    .await;
    let right = story.values(fixtures::HEALTHY);
    let id = story
        .scene
        .tenant
        .app(fixtures::HEALTHY)
        .expect("one of the fixtures")
        .secrets[0]
        .key_id;
    story
        .fill_in(
            ENTRA,
            &Registration {
                secret: id.to_string(),
                ..right.clone()
            },
        )
        .await;
    let note = notes_of(&story.window, Role::Secret, "Client secret").await;
    assert!(note.contains("Secret ID"), "{note}");
    story.was_told("Under the field Client secret", &note, "", "you", "");
    story
        .window
        .find(Role::Secret, "Client secret")
        .await
        .fill(&right.secret)
        .await;
    story.did("the secret's Value entered");
    story.works_in_the_form(ENTRA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_secret() {
    let mut story = Story::begin(
        "Expired client secret",
        "The connection's only secret expired on 1 January 2025.",
    )
    .await;
    story
        .creates_and_reads(ENTRA, fixtures::EXPIRED, "Credential", "AADSTS7000222")
        .await;
    story
        .opens_portal(
            "Open Certificates & secrets",
            "/Credentials/",
            Some(fixtures::EXPIRED),
        )
        .await;
    let new = story
        .scene
        .tenant
        .new_secret(fixtures::EXPIRED, "Graph Connect", far());
    story.did("a new secret made there");
    story.window.press("Replace secret").await;
    story.window.find(Role::Dialog, "Replace secret").await;
    story
        .window
        .find(Role::Secret, "Client secret")
        .await
        .fill(&new.value)
        .await;
    story.window.press("Replace secret").await;
    story.window.sees("Secret replaced and tested.").await;
    story.did("“Replace secret”, its value entered");
    story.works_on_the_page(ENTRA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_does_not_exist() {
    let name = "Tenant that does not exist";
    let mut story = Story::begin(name, "The domain is misspelt: “contosso.onmicrosoft.com”.").await;
    let right = story.values(fixtures::HEALTHY);
    story
        .fill_in(ENTRA, &right.clone().in_tenant("contosso.onmicrosoft.com"))
        .await;
    story.tests_and_reads("Tenant", "AADSTS90002").await;
    story.goes_to("Tenant ID").await;
    story
        .window
        .fill("Tenant ID", "contoso.onmicrosoft.com")
        .await;
    story.did("the domain corrected");
    story.works_in_the_form(ENTRA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_id_of_no_application() {
    let name = "Client ID of no application in the tenant";
    let mut story = Story::begin(name, "A digit of the client ID is another one.").await;
    let right = story.values(fixtures::HEALTHY);
    let wrong = Registration {
        client_id: with_another_end(&right.client_id),
        ..right.clone()
    };
    story.fill_in(ENTRA, &wrong).await;
    story.tests_and_reads("Credential", "AADSTS700016").await;
    story.goes_to("Client ID").await;
    story.window.fill("Client ID", &right.client_id).await;
    story.did("the ID corrected");
    story.works_in_the_form(ENTRA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_is_switched_off() {
    let name = "Application that is switched off";
    let mut story = Story::begin(
        name,
        "“Enabled for users to sign-in?” of the enterprise application is set to No.",
    )
    .await;
    story
        .creates_and_reads(ENTRA, fixtures::DISABLED, "Credential", "AADSTS7000112")
        .await;
    story
        .opens_portal("Open Enterprise applications", "AppAppsPreview", None)
        .await;
    story
        .scene
        .tenant
        .enable_app(fixtures::DISABLED, fixtures::CONTOSO, true);
    story.did("the application switched on there");
    story.works_on_the_page(ENTRA).await;
}
