//! What a person does in the window and on the pages of a sign-in, one step a function.

use demo_tenant::fixtures;
use model::ClientId;
use url::Url;

use crate::browser::Browser;
use crate::page::{Page, Role};
use crate::scene::Scene;
use crate::wait::{DEFAULT_TIMEOUT, eventually, within};

/// The three values of an app registration.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The Application (client) ID.
    pub client_id: String,
    /// The client secret's value.
    pub secret: String,
    /// The tenant, by ID or domain.
    pub tenant: String,
}

impl Registration {
    /// What an administrator copies from the portal for one of the fixtures' confidential
    /// applications.
    ///
    /// # Panics
    /// If the tenant has no such application, or it has no secret.
    #[must_use]
    pub fn of(scene: &Scene, app: ClientId) -> Self {
        let found = scene
            .tenant
            .app(app)
            .expect("the cast has that application");
        let secret = found
            .secrets
            .first()
            .expect("a confidential application")
            .value
            .clone();
        Self {
            client_id: app.to_string(),
            secret,
            tenant: fixtures::CONTOSO.to_string(),
        }
    }

    /// The same with another tenant, by ID or domain.
    #[must_use]
    pub fn in_tenant(self, tenant: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            ..self
        }
    }
}

impl Page {
    /// Opens New Connection and chooses what it is for.
    pub async fn begin_connection(&self, integration: &str) {
        self.press("Add connection").await;
        self.find(Role::Dialog, "New Connection").await;
        self.press(integration).await;
        self.find(Role::Dialog, integration).await;
    }

    /// Chooses App Registration in the form and fills it in.
    pub async fn fill_app_registration(&self, values: &Registration) {
        self.find(Role::Radio, "App Registration")
            .await
            .click()
            .await;
        self.fill("Client ID", &values.client_id).await;
        self.find(Role::Secret, "Client secret")
            .await
            .fill(&values.secret)
            .await;
        self.fill("Tenant ID", &values.tenant).await;
    }

    /// Presses Test Connection and waits for the report: gives its overall line and the rest of its
    /// text.
    pub async fn test_connection(&self) -> String {
        self.press("Test Connection").await;
        self.find(Role::Region, "Check report").await.text().await
    }

    /// Creates the connection and waits for the list to say so.
    pub async fn create_connection(&self, name: &str) {
        self.press("Create connection").await;
        self.sees(&format!("“{name}” was created.")).await;
    }

    /// The whole way to a tested App Registration connection, also if the test does not pass.
    pub async fn connect_by_app_registration(&self, integration: &str, values: &Registration) {
        self.begin_connection(integration).await;
        self.fill_app_registration(values).await;
        let report = self.test_connection().await;
        self.press("Create connection").await;
        if !report.starts_with("Connected.") && !report.starts_with("Signed in, but") {
            self.press("Create anyway").await;
        }
        self.sees(&format!("“{integration}” was created.")).await;
    }

    /// The way to an OAuth connection as far as the browser: gives the address that the app opens
    /// in it.
    pub async fn begin_sign_in(&self, scene: &Scene, integration: &str) -> Url {
        let before = scene.home.opened().len();
        self.begin_connection(integration).await;
        self.press("Sign in with Microsoft").await;
        scene.home.opens(before + 1).await
    }

    /// The whole way to an OAuth connection, as a person of the fixtures who accepts what is asked.
    pub async fn connect_by_sign_in(
        &self,
        scene: &Scene,
        browser: &Browser,
        integration: &str,
        account: &str,
    ) {
        let address = self.begin_sign_in(scene, integration).await;
        browser.sign_in(&address, account).await;
        browser.accept().await;
        self.sees(&format!("“{integration}” was created.")).await;
        self.press("Done").await;
        self.find(Role::Heading, "Connections").await;
    }

    /// Opens a connection from the list.
    pub async fn open_connection(&self, name: &str) {
        self.press(name).await;
        self.find(Role::Heading, name).await;
    }

    /// Goes to the list.
    pub async fn go_to_list(&self) {
        self.press("Connections").await;
        self.find(Role::Heading, "Connections").await;
    }

    /// The rows of the list that are drawn, each with the text of its columns.
    pub async fn rows(&self) -> Vec<Vec<String>> {
        const CELLS: &str = "return [...document.querySelectorAll('table tbody:not([aria-hidden]) tr')].map(row => \
                             [...row.cells].map(cell => cell.innerText.replace(/\\s+/g, ' ').trim()))";
        let rows = self.run(CELLS, vec![]).await;
        serde_json::from_value(rows).expect("rows of text")
    }

    /// Scrolls the list to its end, until that many rows are drawn.
    pub async fn scroll_to_row(&self, count: usize) {
        const SCROLL: &str = "for (let at = document.querySelector('table'); at; at = at.parentElement) at.scrollTop = 1e9";
        eventually(&format!("row {count} to be drawn"), async || {
            self.run(SCROLL, vec![]).await;
            (self.rows().await.len() == count).then_some(())
        })
        .await;
    }

    /// Waits for the list to hold a connection of that name with that status.
    ///
    /// # Panics
    /// If it does not, with the rows that it holds.
    pub async fn lists(&self, name: &str, status: &str) {
        let listed = async || {
            self.rows()
                .await
                .iter()
                .any(|row| row[0] == name && row[4] == status)
                .then_some(())
        };
        if within(DEFAULT_TIMEOUT, listed).await.is_none() {
            panic!(
                "{name:?} is not listed as {status:?}: {:?}",
                self.rows().await
            );
        }
    }
}

impl Browser {
    /// Picks a person of the fixtures and enters the password.
    pub async fn sign_in(&self, address: &Url, account: &str) {
        self.visit(address).await;
        self.press(account).await;
        self.find(Role::Secret, "Password")
            .await
            .fill(&fixtures::password_of(account))
            .await;
        self.press("Sign in").await;
    }

    /// Accepts the permissions that are asked for and waits to be sent back.
    pub async fn accept(&self) {
        self.find(Role::Heading, "Permissions requested").await;
        self.press("Accept").await;
        self.is_sent_back().await;
    }

    /// Waits for the page with which the app answers.
    pub async fn is_sent_back(&self) {
        self.find(Role::Heading, "Back to Graph Connect").await;
    }
}
