//! A person's computer for one test: an empty folder, a keychain in memory, and the demo tenant as
//! its cloud.

#![allow(
    dead_code,
    reason = "each test file uses its own part of this, so `expect` would fail in one of them"
)]

pub(crate) mod lockable;

use std::{path::PathBuf, sync::Arc};

use connections::{
    AppRegistrationForm, Connections, KEYCHAIN_SERVICE, Kept, SecretForm, SignInForm,
};
use demo_tenant::{DemoTenant, Options, fixtures};
use entra::Clouds;
use jiff::civil::Date;
use keychain::Keychain;
use keyring_core::{CredentialStore, mock};
use model::{
    CheckReport, ClientId, CloudId, Connection, ConnectionId, Finding, Integration, Method, Need,
    PermissionFinding, Step,
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

static PLACES: Semaphore = Semaphore::const_new(4);

pub(crate) struct Computer {
    pub(crate) tenant: DemoTenant,
    pub(crate) connections: Connections,
    folder: TempDir,
    store: Arc<CredentialStore>,
}

impl Computer {
    pub(crate) async fn new() -> Self {
        let tenant = DemoTenant::start(Options::default())
            .await
            .expect("the demo tenant starts");
        let clouds = tenant.clouds_json();
        Self::with(tenant, &clouds).await
    }

    /// A computer whose clouds file says this.
    pub(crate) async fn with(tenant: DemoTenant, clouds: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let store: Arc<CredentialStore> = mock::Store::new().expect("a keychain in memory");
        let connections = open(&folder, &store, clouds).await;
        Self {
            tenant,
            connections,
            folder,
            store,
        }
    }

    /// A computer with this keychain.
    pub(crate) async fn with_keychain(keychain: &lockable::Lockable) -> Self {
        let tenant = DemoTenant::start(Options::default())
            .await
            .expect("the demo tenant starts");
        let (folder, store) = (
            TempDir::new().expect("a folder"),
            Arc::new(keychain.clone()) as Arc<CredentialStore>,
        );
        let connections = open(&folder, &store, &tenant.clouds_json()).await;
        Self {
            tenant,
            connections,
            folder,
            store,
        }
    }

    /// The same computer, started again where the tenant cannot be reached any more.
    pub(crate) async fn without_tenant(self) -> Self {
        let Self {
            tenant,
            folder,
            store,
            connections,
        } = self;
        let clouds = tenant.clouds_json();
        drop((connections, tenant));
        let connections = open(&folder, &store, &clouds).await;
        let tenant = DemoTenant::start(Options::default())
            .await
            .expect("another one, at another address");
        Self {
            tenant,
            connections,
            folder,
            store,
        }
    }

    /// Takes a secret out of the keychain behind the program's back.
    pub(crate) async fn forget_secrets(&self, id: ConnectionId, version: u32) {
        let keychain = Keychain::with_store(KEYCHAIN_SERVICE, self.store.clone());
        keychain
            .delete(&keychain::Item::new(id, version), None)
            .await
            .expect("deleted");
    }

    /// The same computer after the program was started again.
    pub(crate) async fn restarted(self) -> Self {
        let Self {
            tenant,
            folder,
            store,
            connections,
        } = self;
        drop(connections);
        let connections = open(&folder, &store, &tenant.clouds_json()).await;
        Self {
            tenant,
            connections,
            folder,
            store,
        }
    }

    /// The same connections as another program sees them that runs at the same time.
    pub(crate) async fn another_program(&self) -> Connections {
        open(&self.folder, &self.store, &self.tenant.clouds_json()).await
    }

    /// Keeps a connection in use, as another program does, until the file is closed.
    pub(crate) fn used_by_another_program(&self, id: ConnectionId) -> std::fs::File {
        let folder = self.folder.path().join("data/turns");
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = std::fs::File::create(folder.join(id.to_string())).expect("a file");
        file.lock().expect("nobody else uses it");
        file
    }

    /// Every file of the store.
    pub(crate) fn data_files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path().join("data")).expect("the data folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_file())
            .collect()
    }

    /// Changes the store behind the program's back, as a clock that is set would.
    pub(crate) fn change(&self, sql: &str, value: &str) {
        let file = self.folder.path().join("data").join("connections.db");
        let database = rusqlite::Connection::open(file).expect("the store");
        assert!(
            database.execute(sql, [value]).expect("changed") > 0,
            "nothing to change: {sql}"
        );
    }

    /// From now on nothing can be added to this table, as on a full disk.
    pub(crate) fn fill_up(&self, table: &str) {
        let name = format!("{table}_full");
        let abort = "BEGIN SELECT RAISE(ABORT, 'no room'); END";
        self.run_sql(&format!(
            "CREATE TRIGGER {name} BEFORE INSERT ON {table} {abort}"
        ));
    }

    /// There is room again.
    pub(crate) fn make_room(&self, table: &str) {
        self.run_sql(&format!("DROP TRIGGER {table}_full"));
    }

    fn run_sql(&self, sql: &str) {
        let file = self.folder.path().join("data").join("connections.db");
        rusqlite::Connection::open(file)
            .expect("the store")
            .execute_batch(sql)
            .expect(sql);
    }

    /// How many items the keychain holds.
    pub(crate) fn secrets_in_keychain(&self) -> usize {
        let found = self
            .store
            .search(&[("service", KEYCHAIN_SERVICE)].into())
            .expect("a search");
        found
            .iter()
            .filter(|entry| entry.get_secret().is_ok())
            .count()
    }

    pub(crate) fn secret_of(&self, app: ClientId) -> String {
        self.tenant
            .app(app)
            .expect("an app of the fixtures")
            .secrets[0]
            .value
            .clone()
    }

    pub(crate) fn form(&self, name: &str, app: ClientId) -> AppRegistrationForm {
        AppRegistrationForm {
            integration: Integration::MicrosoftGraph,
            need: Need::default(),
            cloud: CloudId::new("demo"),
            name: name.to_owned(),
            description: String::new(),
            tags: Vec::new(),
            client_id: app.to_string(),
            client_secret: self.secret_of(app).into(),
            tenant: fixtures::CONTOSO.to_string(),
            secret_expires_on: None,
            secret_id_is_right: false,
        }
    }

    pub(crate) async fn test(&self, form: &AppRegistrationForm) -> CheckReport {
        self.connections
            .test_form(form, &|_| {})
            .await
            .expect("a report")
            .report()
            .clone()
    }

    /// Creates a connection by App Registration without testing it.
    pub(crate) async fn create(
        &self,
        name: &str,
        app: ClientId,
        integration: Integration,
    ) -> ConnectionId {
        let form = AppRegistrationForm {
            integration,
            ..self.form(name, app)
        };
        self.connections
            .create_app_registration(&form, None)
            .await
            .expect("created")
            .connection
            .id
    }

    /// The day on which the saved connection's client secret expires.
    pub(crate) async fn expiry_of(&self, id: ConnectionId) -> Option<Date> {
        match self.connections.get(id).await.expect("there").method {
            Method::AppRegistration {
                secret_expires_on, ..
            } => secret_expires_on,
            Method::OAuth { .. } => None,
        }
    }

    /// Signs in and checks the new connection.
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        integration: Integration,
        address: &str,
    ) -> (Kept, CheckReport) {
        let plan = self
            .connections
            .plan_sign_in(&sign_in_form(name, integration))
            .await
            .expect("a plan");
        let signed_in = self.signed_in(&plan, address).await.expect("signed in");
        let tried = self
            .connections
            .try_sign_in(&plan, signed_in, &|_| {})
            .await
            .expect("tried");
        let kept = self
            .connections
            .keep_sign_in(&plan, &tried)
            .await
            .expect("kept");
        let report = self
            .connections
            .check(kept.id, &|_| {})
            .await
            .expect("a report");
        (kept, report)
    }

    /// Signs in as a person of the fixtures, with the demo tenant's own browser.
    pub(crate) async fn signed_in(
        &self,
        plan: &connections::SignInPlan,
        address: &str,
    ) -> Result<entra::SignedIn, entra::Error> {
        self.signed_in_deciding(
            plan,
            address,
            demo_tenant::browser::Decision::AcceptForEverybody,
        )
        .await
    }

    /// The same with another decision on the consent page.
    pub(crate) async fn signed_in_deciding(
        &self,
        plan: &connections::SignInPlan,
        address: &str,
        decision: demo_tenant::browser::Decision,
    ) -> Result<entra::SignedIn, entra::Error> {
        // A program lets four sign-ins wait at a time, and all tests of a file are one program.
        let _place = PLACES.acquire().await.expect("a place");
        let attempt = self
            .connections
            .begin_attempt(plan)
            .await
            .expect("an attempt");
        let url = attempt.url().to_string();
        let (notices, _noticed) = tokio::sync::mpsc::unbounded_channel();
        let waiting = tokio::spawn(attempt.finish(notices));
        let answer = self
            .tenant
            .visit(&url, address, decision)
            .await
            .expect("an answer of the pages");
        self.tenant
            .browser()
            .expect("a browser")
            .deliver(&answer)
            .await
            .expect("delivered");
        waiting.await.expect("the attempt ends")
    }
}

pub(crate) fn sign_in_form(name: &str, integration: Integration) -> SignInForm {
    SignInForm {
        integration,
        need: Need::default(),
        cloud: CloudId::new("demo"),
        name: name.to_owned(),
        description: String::new(),
        tags: Vec::new(),
        client_id: fixtures::DESKTOP.to_string(),
        tenant: "organizations".to_owned(),
    }
}

/// A new secret, as a person enters it.
pub(crate) fn secret_form(secret: &str) -> SecretForm {
    SecretForm {
        client_secret: secret.into(),
        secret_expires_on: None,
        secret_id_is_right: false,
    }
}

pub(crate) fn finding(report: &CheckReport, step: Step) -> &Finding {
    let found = report.findings.iter().find(|finding| finding.step == step);
    found.unwrap_or_else(|| panic!("the report has a finding for {step:?}: {report:#?}"))
}

pub(crate) fn permission<'a>(report: &'a CheckReport, name: &str) -> &'a PermissionFinding {
    let found = report
        .permissions
        .iter()
        .find(|permission| permission.name == name);
    found.unwrap_or_else(|| panic!("the report has a line for {name}: {report:#?}"))
}

pub(crate) async fn names(connections: &Connections) -> Vec<String> {
    let list = connections.list().await.expect("a list");
    list.connections
        .iter()
        .map(|connection: &Connection| connection.name.to_string())
        .collect()
}

async fn open(folder: &TempDir, store: &Arc<CredentialStore>, clouds: &str) -> Connections {
    let clouds = Clouds::built_in()
        .with_custom(clouds)
        .expect("the clouds file");
    let keychain = Keychain::with_store(KEYCHAIN_SERVICE, store.clone());
    Connections::open(&folder.path().join("data"), keychain, clouds)
        .await
        .expect("opened")
}
