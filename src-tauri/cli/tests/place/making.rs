//! The connection of a place: by an application, or by a person who signs in.

use connections::{AppRegistrationForm, Connections, SignInForm};
use demo_tenant::{DemoTenant, browser::Decision, fixtures};
use model::{CloudId, Integration, Need};
use tokio::sync::mpsc::unbounded_channel;

/// A place before its connection is made.
pub(super) struct Making<'a> {
    pub(super) tenant: &'a DemoTenant,
    pub(super) connections: Connections,
}

pub(super) async fn create(place: &Making<'_>, name: &str) {
    let secret = place
        .tenant
        .app(fixtures::HEALTHY)
        .expect("of the fixtures")
        .secrets[0]
        .value
        .clone();
    let form = AppRegistrationForm {
        integration: Integration::EntraId,
        need: Need::default(),
        cloud: CloudId::new("demo"),
        name: name.to_owned(),
        description: String::new(),
        tags: Vec::new(),
        client_id: fixtures::HEALTHY.to_string(),
        client_secret: secret.into(),
        tenant: fixtures::CONTOSO.to_string(),
        secret_expires_on: None,
        secret_id_is_right: false,
    };
    place
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created");
}

/// Signs in as a person of the fixtures, with the demo tenant's own browser.
pub(super) async fn sign_in(place: &Making<'_>, name: &str, address: &str) {
    let Making {
        tenant,
        connections,
    } = place;
    let form = SignInForm {
        integration: Integration::EntraId,
        need: Need::default(),
        cloud: CloudId::new("demo"),
        name: name.to_owned(),
        description: String::new(),
        tags: Vec::new(),
        client_id: fixtures::DESKTOP.to_string(),
        tenant: "organizations".to_owned(),
    };
    let plan = connections.plan_sign_in(&form).await.expect("a plan");
    let attempt = connections.begin_attempt(&plan).await.expect("an attempt");
    let url = attempt.url().to_string();
    let waiting = tokio::spawn(attempt.finish(unbounded_channel().0));
    let answer = tenant
        .visit(&url, address, Decision::AcceptForEverybody)
        .await
        .expect("an answer of the pages");
    tenant
        .browser()
        .expect("a browser")
        .deliver(&answer)
        .await
        .expect("delivered");
    let signed_in = waiting.await.expect("the attempt ends").expect("signed in");
    let tried = connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .expect("tried");
    connections.keep_sign_in(&plan, &tried).await.expect("kept");
}
