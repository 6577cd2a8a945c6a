//! Against the demo tenant: whole flows in Entra's own shapes.

mod applications;

use demo_tenant::{
    DemoTenant, IssParameter, Options,
    browser::{BrowserError, Decision},
    fixtures,
};
use entra::{
    AccessToken, Attempt, Cloud, Clouds, Error, SignInRequest, SignedIn, client_credentials,
    discover, me, organization, refresh,
};
use jiff::SignedDuration;
use model::{ClientId, Tenant, TenantId};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, json};
use tokio::sync::mpsc;

use crate::{authority::http, browser::turns, process::delegated};

pub(crate) async fn demo() -> DemoTenant {
    DemoTenant::start(Options::default()).await.unwrap()
}

pub(crate) fn cloud(demo: &DemoTenant) -> Cloud {
    Clouds::built_in()
        .with_custom(&demo.clouds_json())
        .unwrap()
        .default_cloud()
        .clone()
}

pub(crate) fn request(demo: &DemoTenant, tenant: Tenant) -> SignInRequest {
    let scopes = vec!["User.Read".to_owned(), "Files.ReadWrite".to_owned()];
    SignInRequest {
        cloud: cloud(demo),
        client_id: fixtures::DESKTOP,
        tenant,
        scopes,
        login_hint: None,
        claims: None,
    }
}

/// A whole sign-in: the link, the person at the pages, the browser's post to the loopback port.
pub(crate) async fn sign_in(
    demo: &DemoTenant,
    request: SignInRequest,
    address: &str,
    decision: Decision,
) -> Result<SignedIn, Error> {
    let _turn = turns(1).await;
    let attempt = Attempt::begin(&http(), request).await?;
    let link = attempt.url().to_string();
    let (notices, _) = mpsc::unbounded_channel();
    let finished = tokio::spawn(attempt.finish(notices));
    let answer = demo.visit(&link, address, decision).await.unwrap();
    let page = demo.browser().unwrap().deliver(&answer).await.unwrap();
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("you can close this page")
    );
    finished.await.unwrap()
}

pub(crate) async fn as_application(
    demo: &DemoTenant,
    tenant: TenantId,
    client_id: ClientId,
    secret: &str,
) -> Result<entra::AccessToken, Error> {
    client_credentials(
        &http(),
        &cloud(demo),
        &Tenant::Id(tenant),
        &client_id,
        &SecretString::from(secret),
        None,
    )
    .await
}

pub(crate) fn secret_of(demo: &DemoTenant, client_id: ClientId) -> String {
    demo.app(client_id).unwrap().secrets[0].value.clone()
}

pub(crate) fn contoso() -> Tenant {
    Tenant::Id(fixtures::CONTOSO)
}

/// A token for Graph of somebody who signed in to Contoso.
pub(crate) async fn access_of(cloud: &Cloud, signed_in: &SignedIn) -> AccessToken {
    let (tenant, kept) = (contoso(), &signed_in.refresh);
    let refreshed = refresh(&http(), cloud, &tenant, &fixtures::DESKTOP, kept, None).await;
    refreshed.unwrap().access
}

#[tokio::test]
async fn an_administrator_signs_in_reads_graph_and_stays_signed_in() {
    let demo = demo().await;
    let signed_in = sign_in(
        &demo,
        request(&demo, contoso()),
        fixtures::ADMIN,
        Decision::Accept,
    )
    .await
    .unwrap();
    assert_eq!(signed_in.account.tenant_id, fixtures::CONTOSO);
    assert_eq!(signed_in.account.username.as_deref(), Some(fixtures::ADMIN));
    let mut granted = signed_in.granted.clone();
    granted.sort();
    assert_eq!(granted, ["Files.ReadWrite", "User.Read"]);

    let first = refresh(
        &http(),
        &cloud(&demo),
        &contoso(),
        &fixtures::DESKTOP,
        &signed_in.refresh,
        None,
    )
    .await
    .unwrap();
    let rotated = first
        .refresh
        .expect("the demo tenant rotates refresh tokens");
    assert_ne!(rotated.expose_secret(), signed_in.refresh.expose_secret());
    assert!(
        first.granted.contains(&"User.Read".to_owned()),
        "{:?}",
        first.granted
    );
    let person = me(&http(), &cloud(&demo), &first.access).await.unwrap();
    assert_eq!(
        (person.id, person.user_principal_name.as_deref()),
        (signed_in.account.object_id.clone(), Some(fixtures::ADMIN))
    );
    assert_eq!(
        organization(&http(), &cloud(&demo), &first.access)
            .await
            .unwrap()
            .id,
        fixtures::CONTOSO
    );
    demo.revoke(fixtures::ADMIN);
    let error = refresh(
        &http(),
        &cloud(&demo),
        &contoso(),
        &fixtures::DESKTOP,
        &rotated,
        None,
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Error::NeedsSignIn { .. }), "{error}");
    assert_eq!(error.original().unwrap().aadsts, Some(50_173));
}

#[tokio::test]
async fn tenants_may_be_named_by_domain_or_left_to_the_account() {
    let demo = demo().await;
    for tenant in ["contoso.example", "organizations", "common"] {
        let tenant = Tenant::parse_for_sign_in(tenant).unwrap().value;
        let signed_in = sign_in(
            &demo,
            request(&demo, tenant),
            fixtures::ADMIN,
            Decision::Accept,
        )
        .await
        .unwrap();
        assert_eq!(signed_in.account.tenant_id, fixtures::CONTOSO);
    }
    let guest = sign_in(
        &demo,
        request(&demo, contoso()),
        fixtures::GUEST,
        Decision::Accept,
    )
    .await;
    assert_eq!(
        guest.unwrap().account.tenant_id,
        fixtures::CONTOSO,
        "a guest signs in to the tenant that was named"
    );
}

#[tokio::test]
async fn i_1_a_declined_consent_is_told_as_such() {
    let demo = demo().await;
    let error = sign_in(
        &demo,
        request(&demo, contoso()),
        fixtures::ADMIN,
        Decision::Cancel,
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Error::Declined { .. }), "{error}");
    assert_eq!(error.original().unwrap().aadsts, Some(65_004));
}

#[tokio::test]
async fn i_2_an_error_that_stays_on_the_page_leaves_the_sign_in_waiting() {
    let demo = demo().await;
    let _turn = turns(1).await;
    let wrong_app = SignInRequest {
        client_id: fixtures::SINGLE_TENANT_DESKTOP,
        ..request(&demo, Tenant::Organizations)
    };
    let attempt = Attempt::begin(&http(), wrong_app).await.unwrap();
    let link = attempt.url().to_string();
    let (notices, _) = mpsc::unbounded_channel();
    let finished = tokio::spawn(attempt.finish(notices));
    let page = demo.sign_in(&link, fixtures::ADMIN).await.unwrap_err();
    let BrowserError::Page { text, .. } = page else {
        panic!("{page}")
    };
    assert!(text.contains("AADSTS50194"), "{text}");
    assert!(!finished.is_finished());
    finished.abort();
}

#[tokio::test]
async fn au_7_the_issuer_parameter_is_held_to_what_discovery_promises() {
    let demo = demo().await;
    demo.set_iss_parameter(IssParameter::Right);
    sign_in(
        &demo,
        request(&demo, contoso()),
        fixtures::ADMIN,
        Decision::Accept,
    )
    .await
    .unwrap();
    for iss in [
        IssParameter::Forgotten,
        IssParameter::Other("https://evil.test/v2.0".to_owned()),
    ] {
        demo.set_iss_parameter(iss);
        let error = sign_in(
            &demo,
            request(&demo, contoso()),
            fixtures::ADMIN,
            Decision::Accept,
        )
        .await
        .unwrap_err();
        assert!(matches!(error, Error::IssuerRefused), "{error}");
    }
}

#[tokio::test]
async fn id_2_id_4_a_bent_id_token_discards_the_whole_response() {
    let demo = demo().await;
    for (claim, value) in [
        ("nonce", json!("another")),
        ("aud", json!(fixtures::HEALTHY)),
        ("tid", json!(fixtures::FABRIKAM)),
        ("iss", json!("https://evil.test")),
        ("oid", json!(null)),
    ] {
        demo.bend_id_tokens(Map::from_iter([(claim.to_owned(), value)]));
        let error = sign_in(
            &demo,
            request(&demo, contoso()),
            fixtures::ADMIN,
            Decision::Accept,
        )
        .await
        .unwrap_err();
        assert!(
            matches!(error, Error::IdTokenRefused { .. }),
            "{claim}: {error}"
        );
    }
    demo.bend_id_tokens(Map::new());
    demo.bend_token_responses(Map::from_iter([("refresh_token".to_owned(), json!(null))]));
    let error = sign_in(
        &demo,
        request(&demo, contoso()),
        fixtures::ADMIN,
        Decision::Accept,
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Error::TokenMissing), "{error}");
}

#[tokio::test]
async fn id_3_n_11_a_clock_that_is_off_locks_nobody_out() {
    let demo = demo().await;
    for days in [3, -3] {
        demo.set_clock_ahead(SignedDuration::from_hours(24 * days));
        sign_in(
            &demo,
            request(&demo, contoso()),
            fixtures::ADMIN,
            Decision::Accept,
        )
        .await
        .unwrap();
    }
}

const OVER_TLS: &str =
    "demo::a_whole_sign_in_works_over_tls_with_the_test_authority_trusted_and_not_without";

// Only Unix reads certificates that a variable names.
#[cfg(unix)]
#[test]
fn a_whole_sign_in_works_over_tls_with_the_test_authority_trusted_and_not_without() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Ok(login) = std::env::var("DEMO_LOGIN") {
        runtime.block_on(sign_in_over_tls(
            &login,
            &std::env::var("DEMO_CLOUDS").unwrap(),
        ));
        return;
    }
    let demo = runtime
        .block_on(DemoTenant::start(Options {
            tls: true,
            ..Options::default()
        }))
        .unwrap();
    runtime.block_on(async {
        let error = discover(&http(), &cloud(&demo), &contoso())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Tls { .. }), "{error}");
    });
    let (clouds, file) = (
        demo.clouds_json(),
        demo.ca_file().unwrap().to_str().unwrap().to_owned(),
    );
    assert!(delegated(
        OVER_TLS,
        &[
            ("SSL_CERT_FILE", &file),
            ("DEMO_LOGIN", demo.login_url()),
            ("DEMO_CLOUDS", &clouds)
        ]
    ));
}

/// Runs where `SSL_CERT_FILE` names the authority of a demo tenant in another process.
async fn sign_in_over_tls(login: &str, clouds: &str) {
    assert!(login.starts_with("https://"));
    let clouds = Clouds::built_in().with_custom(clouds).unwrap();
    let request = SignInRequest {
        cloud: clouds.default_cloud().clone(),
        client_id: fixtures::DESKTOP,
        tenant: contoso(),
        scopes: vec!["User.Read".to_owned()],
        login_hint: None,
        claims: None,
    };
    let attempt = Attempt::begin(&http(), request.clone()).await.unwrap();
    let link = attempt.url().to_string();
    let (notices, _) = mpsc::unbounded_channel();
    let finished = tokio::spawn(attempt.finish(notices));
    let browser = demo_tenant::browser::Browser::new(None).unwrap();
    let answer = browser
        .visit(
            &link,
            fixtures::ADMIN,
            &fixtures::password_of(fixtures::ADMIN),
            Decision::Accept,
        )
        .await
        .unwrap();
    browser.deliver(&answer).await.unwrap();
    let signed_in = finished.await.unwrap().unwrap();
    let access = access_of(&request.cloud, &signed_in).await;
    me(&http(), &request.cloud, &access).await.unwrap();
}
