//! The message that asks somebody else for consent, and consenting in the browser of this computer.

mod common;

use std::collections::BTreeSet;

use common::Computer;
use connections::{ConsentForm, ConsentRequest, Error};
use demo_tenant::fixtures;
use model::{CloudId, ConnectionId, Integration, MethodKind, Need, Outcome, PermissionKind};

/// Names of an application as bad-minded people choose them.
const HOSTILE: [&str; 10] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'; DROP TABLE connections; --",
    "a\r\nBcc: everybody@contoso.example\r\n\r\n<p>hello",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{202e}exe.gpj \u{2066}x\u{2069}",
    "javascript:alert(1) {{7*7}} ${7*7} %s%n {0}",
    "=cmd|' /C calc'!A0",
    "</title></head><body onload=alert(1)>",
    "\u{200b}\u{feff}\u{0} \n",
];

#[tokio::test]
async fn an_application_is_asked_for_with_everything_an_administrator_has_to_know() {
    let computer = Computer::new().await;
    let id = create(&computer, "Audit", Integration::DefenderXdr).await;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let request = computer
        .connections
        .consent_request(id)
        .await
        .expect("a message");
    let set = Integration::DefenderXdr.permissions(PermissionKind::Application);
    for text in [&request.text, &request.html] {
        for permission in &set {
            assert!(
                text.contains(permission.name) && text.contains(permission.purpose),
                "{}: {text}",
                permission.name
            );
        }
        for known in [
            fixtures::WITHOUT_CONSENT.to_string(),
            fixtures::CONTOSO.to_string(),
        ] {
            assert!(text.contains(&known), "{known} is in {text}");
        }
        for words in [
            "Privileged Role Administrator",
            "application.",
            "nothing to send back",
            "can overwrite",
            "cannot reach localhost",
        ] {
            assert!(text.contains(words), "{words} is in {text}");
        }
        assert!(
            text.contains(request.link.as_str())
                || text.contains(&request.link.as_str().replace('&', "&amp;"))
        );
    }
    let scopes = scopes(&request);
    assert_eq!(scopes.len(), 1, "{scopes:?}");
    assert!(
        scopes.iter().all(|scope| scope.ends_with("/.default")),
        "everything that is registered"
    );
    assert!(
        request
            .portal
            .as_str()
            .contains(&fixtures::WITHOUT_CONSENT.to_string()),
        "{}",
        request.portal
    );
    assert!(
        request
            .text
            .lines()
            .any(|line| line == request.link.as_str()),
        "the link stands alone"
    );
}

#[tokio::test]
async fn a_sign_in_is_asked_for_with_all_scopes_because_a_grant_replaces_what_was_there() {
    let computer = Computer::new().await;
    let id = computer
        .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    let request = computer
        .connections
        .consent_request(id)
        .await
        .expect("a message");
    let asked = scopes(&request);
    for permission in Integration::Outlook.permissions(PermissionKind::Delegated) {
        assert!(
            asked.iter().any(|scope| scope.ends_with(permission.name)),
            "{} in {asked:?}",
            permission.name
        );
        assert!(request.text.contains(permission.name));
    }
    assert!(!asked.iter().any(|scope| scope.ends_with(".default")));
    assert!(request.role.starts_with("Cloud Application Administrator"));
    assert!(
        request.text.contains("delegated.") && request.text.contains("can do no more"),
        "{}",
        request.text
    );
}

#[tokio::test]
async fn a_form_that_is_not_saved_is_enough_when_it_names_one_tenant() {
    let computer = Computer::new().await;
    let form = |tenant: &str, client_id: &str| ConsentForm {
        integration: Integration::Outlook,
        need: Need::default(),
        cloud: CloudId::new("demo"),
        tenant: tenant.to_owned(),
        client_id: client_id.to_owned(),
        method: MethodKind::AppRegistration,
    };
    let app = fixtures::HEALTHY.to_string();
    let by_domain = computer
        .connections
        .consent_request_for(&form("contoso.example", &app))
        .await
        .expect("a message");
    assert!(
        by_domain
            .link
            .path()
            .contains(&fixtures::CONTOSO.to_string()),
        "{}",
        by_domain.link
    );
    assert!(by_domain.text.contains("contoso.example"));
    let by_id = computer
        .connections
        .consent_request_for(&form(&fixtures::CONTOSO.to_string(), &app))
        .await;
    assert_eq!(by_id.expect("a message").link, by_domain.link);
    for (tenant, client_id, field) in [
        ("organizations", app.as_str(), "Tenant"),
        ("contoso.example", "x", "Client ID"),
    ] {
        let refused = computer
            .connections
            .consent_request_for(&form(tenant, client_id))
            .await;
        assert!(
            matches!(&refused, Err(Error::Invalid { field: named, .. }) if *named == field),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_hostile_name_is_shown_and_does_nothing() {
    let computer = Computer::new().await;
    let harmless = tags(&message_named(&computer, "Harmless", "Harmless").await.html);
    for (number, name) in HOSTILE.into_iter().enumerate() {
        let request = message_named(&computer, &format!("Connection {number}"), name).await;
        assert_eq!(tags(&request.html), harmless, "{name:?} adds no tag");
        assert!(
            !request.subject.chars().any(char::is_control),
            "{name:?}: {:?}",
            request.subject
        );
        let hidden = |c: char| matches!(c, '\u{200b}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        for text in [&request.subject, &request.text, &request.html] {
            assert!(
                !text.contains(|c: char| (c.is_control() && c != '\n') || hidden(c)),
                "{name:?}: {text:?}"
            );
        }
        let (names, mail) = headers(&request);
        let expected = [
            "Message-ID",
            "X-Unsent",
            "Subject",
            "Date",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(
            names,
            expected.map(str::to_owned),
            "{name:?} adds no header: {mail}"
        );
    }
}

#[tokio::test]
async fn the_draft_opens_for_sending_and_names_nobody() {
    let computer = Computer::new().await;
    let id = create(&computer, "Audit", Integration::Outlook).await;
    let request = computer
        .connections
        .consent_request(id)
        .await
        .expect("a message");
    let (names, mail) = headers(&request);
    assert!(mail.contains("\r\nX-Unsent: 1\r\n"), "{mail}");
    assert!(
        mail.contains("multipart/alternative")
            && mail.contains("text/plain")
            && mail.contains("text/html"),
        "{mail}"
    );
    assert!(
        mail.contains("@graph-connect.invalid>"),
        "no name of this computer: {mail}"
    );
    assert!(
        !["From", "To", "Sender"]
            .iter()
            .any(|name| names.contains(&(*name).to_owned()))
    );
    assert!(
        mail.is_ascii() && mail.lines().all(|line| line.len() <= 998),
        "as mail has to be (RFC 5322, 2.1.1)"
    );
}

#[tokio::test]
async fn nothing_secret_is_in_it() {
    let computer = Computer::new().await;
    let secret = computer.secret_of(fixtures::WITHOUT_CONSENT);
    let id = create(&computer, "Audit", Integration::Outlook).await;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let signed_in = computer
        .sign_in("Mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    let sent = computer.tenant.requests();
    let refresh = sent
        .iter()
        .filter_map(|request| request.field("refresh_token"));
    let bearer = sent
        .iter()
        .filter_map(|request| request.header("authorization")?.strip_prefix("Bearer "));
    let planted: Vec<&str> = refresh.chain(bearer).chain([secret.as_str()]).collect();
    assert!(planted.len() > 2);
    for id in [id, signed_in] {
        let request = computer
            .connections
            .consent_request(id)
            .await
            .expect("a message");
        let mail = String::from_utf8(request.eml())
            .expect("ASCII")
            .replace("=\r\n", "");
        for text in [
            &request.subject,
            &request.text,
            &request.html,
            &mail,
            &request.link.to_string(),
        ] {
            assert!(
                planted.iter().all(|secret| !text.contains(secret)),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn an_administrator_at_this_computer_consents_in_the_browser() {
    let computer = Computer::new().await;
    let id = create(&computer, "Audit", Integration::Outlook).await;
    computer.tenant.add_redirect_uri(
        fixtures::WITHOUT_CONSENT,
        "http://localhost",
        demo_tenant::RedirectPlatform::Native,
    );
    let attempt = computer
        .connections
        .begin_consent(id)
        .await
        .expect("an open port");
    let url = attempt.url().to_string();
    let (notices, _noticed) = tokio::sync::mpsc::unbounded_channel();
    let waiting = tokio::spawn(attempt.finish(notices));
    let decision = demo_tenant::browser::Decision::AcceptForEverybody;
    let answer = computer
        .tenant
        .visit(&url, fixtures::ADMIN, decision)
        .await
        .expect("an answer of the page");
    computer
        .tenant
        .browser()
        .expect("a browser")
        .deliver(&answer)
        .await
        .expect("delivered");
    waiting.await.expect("it ends").expect("accepted");
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
}

async fn create(computer: &Computer, name: &str, integration: Integration) -> ConnectionId {
    let form = connections::AppRegistrationForm {
        integration,
        ..computer.form(name, fixtures::WITHOUT_CONSENT)
    };
    computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id
}

/// The message for an application that has this name in the tenant.
async fn message_named(computer: &Computer, connection: &str, app: &str) -> ConsentRequest {
    computer
        .tenant
        .app_mut(fixtures::HEALTHY, |changed| changed.name = app.to_owned());
    let form = computer.form(connection, fixtures::HEALTHY);
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    computer
        .connections
        .consent_request(id)
        .await
        .expect("a message")
}

fn scopes(request: &ConsentRequest) -> BTreeSet<String> {
    let scope = request
        .link
        .query_pairs()
        .find(|(name, _)| name == "scope")
        .expect("a scope")
        .1
        .into_owned();
    scope.split(' ').map(str::to_owned).collect()
}

/// The tags of a document, without what is between them.
fn tags(html: &str) -> Vec<String> {
    let tags = html
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    tags.map(|tag| tag.split(' ').next().unwrap_or_default().to_owned())
        .collect()
}

/// The names of the draft's headers, and the draft.
fn headers(request: &ConsentRequest) -> (Vec<String>, String) {
    let mail = String::from_utf8(request.eml()).expect("ASCII");
    let head = mail.split("\r\n\r\n").next().expect("a head");
    let lines = head
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']));
    (
        lines
            .map(|line| line.split(':').next().unwrap_or_default().to_owned())
            .collect(),
        mail.clone(),
    )
}
