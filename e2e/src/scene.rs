//! Everything that one story needs: a desktop, folders, and a tenant to connect to.

use std::fs;
use std::path::{Path, PathBuf};

use demo_tenant::{DemoTenant, Options};

use crate::browser::Browser;
use crate::desktop::Desktop;
use crate::home::Home;
use crate::window::{Look, Window};

/// The place of one story. Nothing in it is shared with another.
pub struct Scene {
    /// Display, bus and keyring.
    pub desktop: Desktop,
    /// Where files go.
    pub home: Home,
    /// The pretend Entra and Graph.
    pub tenant: DemoTenant,
    clouds: PathBuf,
}

impl Scene {
    /// Sets it up.
    ///
    /// # Panics
    /// If a part cannot be started.
    pub async fn set() -> Self {
        let (desktop, home) = (Desktop::start(), Home::new());
        let tenant = DemoTenant::start(Options::default()).await.expect("the demo tenant starts");
        let clouds = home.path().join("clouds.json");
        fs::write(&clouds, tenant.clouds_json()).expect("a file");
        Self { desktop, home, tenant, clouds }
    }

    /// The clouds file that points the app to the tenant.
    #[must_use]
    pub fn clouds(&self) -> &Path {
        &self.clouds
    }

    /// The app, started here.
    pub async fn window(&self) -> Window {
        Window::open(&self.desktop, &self.home, Some(&self.clouds)).await
    }

    /// The app on a desktop with other settings.
    pub async fn window_as(&self, look: &Look) -> Window {
        Window::open_as(&self.desktop, &self.home, Some(&self.clouds), look).await
    }

    /// The browser, started here.
    pub async fn browser(&self) -> Browser {
        Browser::start(&self.desktop, &self.home).await
    }
}
