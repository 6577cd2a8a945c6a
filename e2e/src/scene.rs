//! Everything that one story needs: a desktop, folders, and a tenant to connect to.

use std::fs;
use std::path::{Path, PathBuf};

use demo_tenant::{DemoTenant, Options};

use crate::browser::Browser;
use crate::desktop::Desktop;
use crate::home::Home;
use crate::notifications::Notifications;
use crate::window::{Look, Window};

/// The place of one story. Nothing in it is shared with another.
pub struct Scene {
    /// Display, bus and keyring.
    pub desktop: Desktop,
    /// Where files go.
    pub home: Home,
    /// What the desktop shows beside the windows.
    pub notifications: Notifications,
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
        Self::set_with(Options::default()).await
    }

    /// The same, with a tenant that is served in another way.
    ///
    /// # Panics
    /// As [`Scene::set`].
    pub async fn set_with(options: Options) -> Self {
        let (desktop, home) = (Desktop::start(), Home::new());
        let notifications = desktop.notifications().await;
        let tenant = DemoTenant::start(options)
            .await
            .expect("the demo tenant starts");
        let clouds = home.path().join("clouds.json");
        fs::write(&clouds, tenant.clouds_json()).expect("a file");
        Self {
            desktop,
            home,
            notifications,
            tenant,
            clouds,
        }
    }

    /// A second cloud, which the app knows as well when it is started after this.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn add_cloud(&self, id: &str, name: &str) -> DemoTenant {
        let other = DemoTenant::start(Options::default())
            .await
            .expect("another demo tenant starts");
        fs::write(
            &self.clouds,
            self.tenant.clouds_json_with(&[(id, name, &other)]),
        )
        .expect("a file");
        other
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
