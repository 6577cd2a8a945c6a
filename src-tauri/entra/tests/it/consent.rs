//! An administrator's consent: the link, and the answer at the loopback port, which has a gate of
//! its own.

mod gate;

use std::time::Duration;

use demo_tenant::{DemoTenant, RedirectPlatform, browser::Decision, fixtures};
use entra::{Clouds, ConsentAttempt, ConsentTo, Error, Notice, admin_consent_link};
use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{SemaphorePermit, mpsc},
    task::JoinHandle,
};
use url::Url;

use crate::{
    authority::{Authority, CLIENT, TENANT, client_id, http, tenant_id},
    browser::{closes_within, send, status_of, turns},
    demo::{as_application, cloud, demo, secret_of},
};

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// A consent page that is waited for.
struct Waiting {
    port: u16,
    state: String,
    noticed: mpsc::UnboundedReceiver<Notice>,
    task: JoinHandle<Result<(), Error>>,
    _turn: SemaphorePermit<'static>,
}

async fn begin(authority: &Authority) -> Waiting {
    let turn = turns(1).await;
    let (cloud, to) = (authority.cloud(), ConsentTo::Application);
    let attempt = ConsentAttempt::begin(&http(), &cloud, tenant_id(), client_id(), &to)
        .await
        .unwrap();
    let port = Url::parse(attempt.redirect_uri()).unwrap().port().unwrap();
    let state = query(attempt.url(), "state").unwrap();
    let (notices, noticed) = mpsc::unbounded_channel();
    Waiting {
        port,
        state,
        noticed,
        task: tokio::spawn(attempt.finish(notices)),
        _turn: turn,
    }
}

fn get(port: u16, target: &str) -> String {
    get_with(
        port,
        target,
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: cross-site\r\n",
    )
}

fn get_with(port: u16, target: &str, headers: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}\r\n")
}

impl Waiting {
    async fn answer(&self, fields: &str) -> String {
        send(
            self.port,
            get(
                self.port,
                &format!("/?{fields}&tenant={TENANT}&state={}", self.state),
            ),
        )
        .await
    }

    async fn result(self) -> Result<(), Error> {
        tokio::time::timeout(Duration::from_secs(20), self.task)
            .await
            .expect("waiting ends")
            .unwrap()
    }
}

#[test]
fn the_link_for_somebody_else_names_tenant_app_and_permissions_and_leads_back_nowhere() {
    let clouds = Clouds::built_in();
    let cloud = clouds.default_cloud();
    let link = |to: &ConsentTo| admin_consent_link(cloud, &tenant_id(), &client_id(), to).unwrap();
    let application = link(&ConsentTo::Application);
    assert_eq!(application.host_str(), Some("login.microsoftonline.com"));
    assert_eq!(application.path(), format!("/{TENANT}/v2.0/adminconsent"));
    assert_eq!(query(&application, "client_id").as_deref(), Some(CLIENT));
    assert_eq!(
        query(&application, "scope").as_deref(),
        Some("https://graph.microsoft.com/.default")
    );
    assert!(
        query(&application, "redirect_uri").is_none() && query(&application, "state").is_none()
    );
    assert!(cloud.may_open(&application));
    let delegated = link(&ConsentTo::Delegated(vec![
        "User.Read".into(),
        "Mail.Read".into(),
    ]));
    assert_eq!(
        query(&delegated, "scope").as_deref(),
        Some(
            "https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read openid profile offline_access"
        )
    );
    let many = link(&ConsentTo::Delegated(
        (0..47)
            .map(|n| format!("Permission{n}.ReadWrite.All"))
            .collect(),
    ));
    assert!(
        many.as_str().len() < 2_048 && query(&many, "scope").unwrap().starts_with("Permission0"),
        "{many}"
    );
    let endless = ConsentTo::Delegated(vec!["X".repeat(9_000)]);
    let error = admin_consent_link(cloud, &tenant_id(), &client_id(), &endless).unwrap_err();
    assert!(matches!(error, Error::LinkTooLong), "{error}");
}

async fn at_the_demo_tenant(
    demo: &DemoTenant,
    address: &str,
    decision: Decision,
) -> Result<(), Error> {
    let _turn = turns(1).await;
    let to = ConsentTo::Application;
    let attempt = ConsentAttempt::begin(
        &http(),
        &cloud(demo),
        fixtures::CONTOSO,
        fixtures::WITHOUT_CONSENT,
        &to,
    )
    .await?;
    let link = attempt.url().to_string();
    let (notices, _) = mpsc::unbounded_channel();
    let finished = tokio::spawn(attempt.finish(notices));
    let answer = demo.visit(&link, address, decision).await.unwrap();
    assert!(!answer.posted, "the consent page answers in the address");
    let page = demo
        .browser()
        .unwrap()
        .deliver(&answer)
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("checks by itself") && page.contains("you can close this page"),
        "{page}"
    );
    finished.await.unwrap()
}

#[tokio::test]
async fn an_administrator_consents_here_and_a_fresh_token_has_the_permissions() {
    let demo = demo().await;
    demo.add_redirect_uri(
        fixtures::WITHOUT_CONSENT,
        "http://localhost",
        RedirectPlatform::Native,
    );
    let roles = async || {
        let secret = secret_of(&demo, fixtures::WITHOUT_CONSENT);
        let token = as_application(&demo, fixtures::CONTOSO, fixtures::WITHOUT_CONSENT, &secret)
            .await
            .unwrap();
        token.claims().unwrap().roles
    };
    assert!(roles().await.is_empty());
    let declined = at_the_demo_tenant(&demo, fixtures::ADMIN, Decision::Cancel)
        .await
        .unwrap_err();
    assert!(
        declined
            .original()
            .is_some_and(|said| said.aadsts.is_some()),
        "{declined}"
    );
    assert!(roles().await.is_empty());
    at_the_demo_tenant(&demo, fixtures::ADMIN, Decision::Accept)
        .await
        .unwrap();
    assert!(!roles().await.is_empty());
}

#[tokio::test]
async fn a_refusal_ends_it_by_its_protocol_name_and_keeps_the_words() {
    let authority = Authority::start().await;
    for (error, is_expected) in [
        (
            "access_denied",
            (|error| matches!(error, Error::Declined { .. })) as fn(&Error) -> bool,
        ),
        ("permission_denied", |error| {
            matches!(error, Error::Declined { .. })
        }),
        ("consent_required", |error| {
            matches!(error, Error::ConsentMissing { .. })
        }),
        ("server_error", |error| {
            matches!(error, Error::Unavailable { .. })
        }),
        ("admin_consent=True&error=access_denied&x", |error| {
            matches!(error, Error::Declined { .. })
        }),
    ] {
        let waiting = begin(&authority).await;
        let fields = if error.contains('=') {
            error.to_owned()
        } else {
            format!("error={error}")
        };
        let reply = waiting
            .answer(&format!(
                "{fields}&error_description=AADSTS65004%3A+%3Cscript%3E+No%2e"
            ))
            .await;
        assert_eq!(status_of(&reply), "200");
        let refused = waiting.result().await.unwrap_err();
        assert!(is_expected(&refused), "{error}: {refused}");
        let original = refused.original().unwrap();
        assert_eq!(
            (original.aadsts, original.text.as_str()),
            (Some(65_004), "AADSTS65004: <script> No.")
        );
    }
}

#[tokio::test]
async fn cb_10_the_first_answer_wins_and_the_port_closes() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let port = waiting.port;
    let again = get(
        port,
        &format!("/?error=access_denied&state={}", waiting.state),
    );
    assert_eq!(
        status_of(&waiting.answer("admin_consent=True").await),
        "200"
    );
    assert_eq!(status_of(&send(port, again).await), "410");
    waiting.result().await.unwrap();
    assert!(closes_within(port, Duration::from_secs(3)).await);
}

#[tokio::test]
async fn lb_5_lb_6_it_ends_by_itself_or_when_it_is_dropped_and_closes_its_port() {
    let authority = Authority::start().await;
    let _turns = turns(2).await;
    let (cloud, to, http) = (
        authority.cloud(),
        ConsentTo::Delegated(vec!["User.Read".into()]),
        http(),
    );
    let begin = async |seconds| {
        let lasting = Duration::from_secs(seconds);
        ConsentAttempt::begin_lasting(&http, &cloud, tenant_id(), client_id(), &to, lasting)
            .await
            .unwrap()
    };
    let (notices, _) = mpsc::unbounded_channel();
    let short = begin(0).await;
    let port = Url::parse(short.redirect_uri()).unwrap().port().unwrap();
    assert!(matches!(short.finish(notices).await, Err(Error::Expired)));
    assert!(closes_within(port, Duration::from_secs(1)).await);
    let long = begin(100_000).await;
    assert!(
        long.deadline() <= Timestamp::now() + SignedDuration::from_mins(15),
        "15 minutes at most"
    );
    let port = Url::parse(long.redirect_uri()).unwrap().port().unwrap();
    drop(long);
    assert!(closes_within(port, Duration::from_secs(1)).await);
}
