//! A real Chromium, for the pages of a sign-in.

use std::ops::Deref;

use serde_json::json;
use url::Url;

use crate::desktop::Desktop;
use crate::driver::Driver;
use crate::home::Home;
use crate::page::Page;
use crate::wait::answered;

/// The running browser, with a profile of its own.
#[derive(Debug)]
pub struct Browser {
    page: Page,
    _driver: Driver,
}

impl Browser {
    /// Starts it; it speaks to nobody by itself.
    pub async fn start(desktop: &Desktop, home: &Home) -> Self {
        let mut command = desktop.command("chromedriver");
        home.settle(&mut command);
        command.env("TMPDIR", home.browser_folder());
        let driver = Driver::start(command, home, "browser.log").await;
        let profile = tempfile::Builder::new()
            .prefix("profile-")
            .tempdir_in(home.browser_folder())
            .expect("a folder");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--no-first-run",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-features=OptimizationHints,MediaRouter",
            &format!("--user-data-dir={}", profile.keep().display()),
        ];
        let options =
            json!({ "goog:chromeOptions": { "binary": "/usr/bin/chromium", "args": arguments } });
        let page = Page::new(driver.session(options).await);
        Self {
            page,
            _driver: driver,
        }
    }

    /// Goes to an address.
    ///
    /// # Panics
    /// If the browser cannot.
    pub async fn visit(&self, address: &Url) {
        answered("going there", self.page.driver().goto(address.as_str()))
            .await
            .unwrap_or_else(|error| panic!("cannot go there: {error}"));
    }

    /// Ends it.
    pub async fn close(self) {
        // It may be gone already.
        let _ended = answered("ending the browser", self.page.driver().clone().close()).await;
    }
}

impl Deref for Browser {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}
