//! Nothing is wrong with the credential: another cloud, a busy service, the network, a license.

use demo_tenant::{Fault, Options, Service, fixtures};
use e2e::{Look, Role, Scene, within};

use crate::frame::{LONG, Story, sees_in_time};

const ENTRA: &str = "Microsoft Entra ID";

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_in_another_cloud() {
    let scene = Scene::set().await;
    let other = scene.add_cloud("other", "Other cloud").await;
    scene.tenant.move_to_cloud_of(fixtures::CONTOSO, &other);
    let acted_out = "The tenant lives in another cloud than the one that is chosen.";
    let mut story = Story::begin_in(scene, "Tenant in another cloud", acted_out).await;
    let values = story
        .values(fixtures::HEALTHY)
        .in_tenant("contoso.onmicrosoft.com");
    story.fill_in(ENTRA, &values).await;
    story.window.keys(['\u{E004}']).await;
    let change = story
        .window
        .find(Role::Button, "Change to Other cloud")
        .await;
    let said = "contoso.onmicrosoft.com belongs to the cloud Other cloud.";
    story.window.sees(said).await;
    story.was_told("Under the field Tenant ID", said, "", "you", "");
    change.click().await;
    story.did("“Change to Other cloud”");
    story.works_in_the_form(ENTRA).await;
    drop(other);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_service_is_waited_for() {
    let acted_out = "The sign-in service answers “429 Too Many Requests” and “Retry-After: 5”.";
    let mut story = Story::begin("Too many requests", acted_out).await;
    let values = story.values(fixtures::HEALTHY);
    story
        .window
        .connect_by_app_registration(ENTRA, &values)
        .await;
    story.window.open_connection(ENTRA).await;
    story
        .scene
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 5).times(1));
    story.tests_and_reads("Credential", "").await;
    assert!(
        !story.window.text().await.contains("Failing"),
        "throttled is not failed"
    );
    story.window.find(Role::Button, "Test now").await;
    // The last report that was a test stays beside it, so that what it says is no sign.
    let tested = within(LONG, async || {
        (!story.window.has(Role::Button, "Test now").await).then_some(())
    })
    .await;
    assert!(tested.is_some(), "it does not test again by itself");
    sees_in_time(&story.window, "Connected.").await;
    story.did("nothing: the window waits as long as the service asks, and tests again by itself");
    story.window.go_to_list().await;
    story.ends_healthy(ENTRA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_an_unknown_issuer() {
    let acted_out = "Something on the way shows a certificate of an issuer that this computer does not trust, as a network \
                     that inspects TLS does.";
    let options = Options {
        tls: true,
        ..Options::default()
    };
    let mut story = Story::begin_with(options, "Certificate of an unknown issuer", acted_out).await;
    let values = story.values(fixtures::HEALTHY);
    story.fill_in(ENTRA, &values).await;
    story.tests_and_reads("Secure connection", "").await;
    story
        .window
        .sees("Demo tenant test CA (not Microsoft)")
        .await;
    story.window.sees("SSL_CERT_FILE").await;
    let ca = story
        .scene
        .tenant
        .ca_file()
        .expect("it is served over TLS")
        .display()
        .to_string();
    let look = Look {
        environment: vec![("SSL_CERT_FILE".to_owned(), ca)],
        ..Look::default()
    };
    let mut story = story.restarted(&look).await;
    story.did("Graph Connect started again with SSL_CERT_FILE naming that issuer's certificate");
    story.fill_in(ENTRA, &values).await;
    story.works_in_the_form(ENTRA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_a_licence() {
    let acted_out = "The tenant has no Microsoft Entra ID P1 or P2, which sign-in logs need.";
    let mut story = Story::begin("Service without a license", acted_out).await;
    story
        .scene
        .tenant
        .withdraw(fixtures::CONTOSO, Service::EntraPremium);
    story
        .creates_and_reads(ENTRA, fixtures::HEALTHY, "Sample read", "")
        .await;
    story
        .opens_portal("Open Licenses", "LicensesMenuBlade", None)
        .await;
    story
        .scene
        .tenant
        .provide(fixtures::CONTOSO, Service::EntraPremium);
    story.did("a license bought");
    story.works_on_the_page(ENTRA).await;
}
