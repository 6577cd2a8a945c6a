//! The app, in its window.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::desktop::Desktop;
use crate::driver::Driver;
use crate::home::Home;
use crate::page::Page;
use crate::processes;
use crate::wait::{answered, eventually};

/// The running app.
#[derive(Debug)]
pub struct Window {
    page: Page,
    home: PathBuf,
    // After the page: the session ends before its server.
    _driver: Driver,
}

/// What the desktop tells programs about looks, and what a test adds to the environment.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Whether the desktop is set to dark.
    pub dark: bool,
    /// By how much the desktop enlarges text.
    pub text_scale: Option<f64>,
    /// Further variables for the app alone.
    pub environment: Vec<(String, String)>,
}

impl Window {
    /// Starts the app in that home with that clouds file.
    pub async fn open(desktop: &Desktop, home: &Home, clouds: Option<&Path>) -> Self {
        Self::open_as(desktop, home, clouds, &Look::default()).await
    }

    /// The same, on a desktop with other settings.
    pub async fn open_as(
        desktop: &Desktop,
        home: &Home,
        clouds: Option<&Path>,
        look: &Look,
    ) -> Self {
        let mut command = desktop.command("WebKitWebDriver");
        home.settle(&mut command);
        command
            .arg("--host=127.0.0.1")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.env(
            "GTK_THEME",
            if look.dark { "Adwaita:dark" } else { "Adwaita" },
        );
        command.envs(look.environment.iter().cloned());
        if let Some(clouds) = clouds {
            command.env("GRAPH_CONNECT_CLOUDS", clouds);
        }
        if let Some(scale) = look.text_scale {
            command.env("GDK_DPI_SCALE", scale.to_string());
        }
        let driver = Driver::start(command, home, "app.log").await;
        let client = driver
            .session(json!({ "webkitgtk:browserOptions": { "binary": crate::app(), "args": [] } }))
            .await;
        let page = Page::new(client);
        let page = if look.text_scale.is_some() {
            page.clicking_by_script()
        } else {
            page
        };
        eventually("the page to load", async || {
            (page.run("return document.readyState", vec![]).await == "complete").then_some(())
        })
        .await;
        Self {
            page,
            home: home.path().to_owned(),
            _driver: driver,
        }
    }

    /// Ends the app as closing its window does, and waits until it has ended.
    pub async fn close(self) {
        // The app may be gone before it answers, which is what is wanted.
        let _answer = answered("closing the window", self.page.driver().close_window()).await;
        let _ended = answered("ending the session", self.page.driver().clone().close()).await;
        let app = crate::app();
        eventually("the app to end", async || {
            processes::running(&app, &self.home)
                .is_empty()
                .then_some(())
        })
        .await;
    }

    /// The app's process.
    ///
    /// # Panics
    /// If it does not run.
    #[must_use]
    pub fn process(&self) -> u32 {
        *processes::running(&crate::app(), &self.home)
            .first()
            .expect("the app runs")
    }

    /// Gives the window that size.
    ///
    /// # Panics
    /// If the window does not take it.
    pub async fn resize(&self, width: u32, height: u32) {
        answered(
            "resizing",
            self.page.driver().set_window_size(width, height),
        )
        .await
        .expect("the window takes a size");
        let script = "return [window.innerWidth, window.innerHeight]";
        eventually("the window to have its size", async || {
            let size = self.page.run(script, vec![]).await;
            (size[0].as_u64()? <= u64::from(width) && size[1].as_u64()? <= u64::from(height))
                .then_some(())
        })
        .await;
    }
}

impl Deref for Window {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}
