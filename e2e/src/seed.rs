//! Many connections at once, made by the app's own code so that they are what the app makes.

use std::path::Path;

use connections::{AppRegistrationForm, Connections, KEYCHAIN_SERVICE};
use demo_tenant::{DemoTenant, Options, fixtures};
use entra::Clouds;
use keychain::Keychain;
use keyring_core::mock;
use model::{ClientId, CloudId, Integration, Need};
use secrecy::SecretString;

/// Puts `count` connections into an app's data folder. Their secrets are kept nowhere: the list
/// does not ask for them.
///
/// # Panics
/// If one cannot be created.
pub fn seed(folder: &Path, count: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(create(folder, count));
}

/// The same for the demo tenant of a clouds file, with the secrets in the keychain of this process,
/// so that they can be tested: of twenty, one has an expired secret and one has no consent.
///
/// # Panics
/// If one cannot be created.
pub fn seed_with_secrets(folder: &Path, clouds: &str, count: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(create_with_secrets(folder, clouds, count));
}

/// The form of a connection to the demo tenant that works.
///
/// # Panics
/// If the cast was changed.
#[must_use]
pub fn healthy(tenant: &DemoTenant, name: &str) -> AppRegistrationForm {
    AppRegistrationForm {
        integration: Integration::EntraId,
        need: Need::default(),
        cloud: CloudId::new("demo"),
        name: name.to_owned(),
        description: String::new(),
        tags: Vec::new(),
        client_id: fixtures::HEALTHY.to_string(),
        client_secret: tenant
            .app(fixtures::HEALTHY)
            .expect("one of the fixtures")
            .secrets[0]
            .value
            .clone()
            .into(),
        tenant: fixtures::CONTOSO.to_string(),
        secret_expires_on: None,
        secret_id_is_right: false,
    }
}

/// The name of the connection that [`seed`] makes as its `number`th, from 1.
#[must_use]
pub fn seeded_name(number: usize) -> String {
    format!("Customer {number:04}")
}

async fn create(folder: &Path, count: usize) {
    let store = mock::Store::new().expect("a store in memory");
    let keychain = Keychain::with_store(KEYCHAIN_SERVICE, store);
    let connections = Connections::open(folder, keychain, Clouds::built_in())
        .await
        .expect("an empty store");
    let integrations = Integration::ALL.iter().cycle();
    for (number, integration) in (1..=count).zip(integrations) {
        let created = connections
            .create_app_registration(&form(number, *integration, &connections), None)
            .await;
        created.unwrap_or_else(|error| panic!("{}: {error}", seeded_name(number)));
    }
}

async fn create_with_secrets(folder: &Path, clouds: &str, count: usize) {
    let clouds = Clouds::built_in()
        .with_custom(clouds)
        .expect("a clouds file");
    let keychain = Keychain::native(KEYCHAIN_SERVICE);
    let connections = Connections::open(folder, keychain, clouds)
        .await
        .expect("an empty store");
    // The cast is the same at every start, its secrets included.
    let tenant = DemoTenant::start(Options::default())
        .await
        .expect("the demo tenant starts");
    for number in 1..=count {
        let app = member(number);
        let secret = tenant.app(app).expect("one of the fixtures").secrets[0]
            .value
            .clone();
        let form = AppRegistrationForm {
            cloud: CloudId::new("demo"),
            client_id: app.to_string(),
            client_secret: secret.into(),
            tenant: fixtures::CONTOSO.to_string(),
            ..form(number, Integration::EntraId, &connections)
        };
        let created = connections.create_app_registration(&form, None).await;
        created.unwrap_or_else(|error| panic!("{}: {error}", seeded_name(number)));
    }
}

fn member(number: usize) -> ClientId {
    match number % 20 {
        10 => fixtures::WITHOUT_CONSENT,
        0 => fixtures::EXPIRED,
        _ => fixtures::HEALTHY,
    }
}

fn form(number: usize, integration: Integration, connections: &Connections) -> AppRegistrationForm {
    AppRegistrationForm {
        integration,
        need: Need::default(),
        cloud: connections.clouds().default_cloud().id.clone(),
        name: seeded_name(number),
        description: format!("Managed for customer {number}"),
        tags: vec!["customers".to_owned()],
        client_id: format!("5eed0000-0000-4000-8000-{number:012}"),
        client_secret: SecretString::from(format!("seed8Q~secret_of_customer_{number:012}")),
        tenant: format!("5eed0000-1111-4000-8000-{number:012}"),
        secret_expires_on: None,
        secret_id_is_right: false,
    }
}
