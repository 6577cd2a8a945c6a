//! Drives the release build of the app in its real window, and a real Chromium for the pages of the
//! sign-in.
//!
//! A test takes a [`Desktop`] (display, session bus and keyring of its own), a [`Home`] (folders of
//! its own), opens the [`Window`] there, and finds what a person finds: a control by its role and
//! its accessible name. Everything waits for what it needs to see, and nothing sleeps for a length
//! of time.
//!
//! Deliberately not in here: any knowledge of the app's inside. What a test cannot do by the
//! window, the browser, the command line, the keychain or the files on disk, it does not do.

mod axe;
mod browser;
mod desktop;
mod driver;
mod failure;
mod home;
mod median;
mod notifications;
mod page;
mod processes;
mod scene;
mod screen;
mod seed;
mod steps;
mod wait;
mod window;

pub use axe::Finding;
pub use browser::Browser;
pub use desktop::Desktop;
pub use failure::{FAILURES, Failure, assemble, documented};
pub use home::Home;
pub use median::median;
pub use notifications::{Notification, Notifications};
pub use page::{Control, Page, Role};
pub use processes::{Tree, proportional_memory};
pub use scene::Scene;
pub use screen::{Frame, Screen};
pub use seed::{healthy, seed, seed_with_secrets, seeded_name};
pub use steps::Registration;
pub use wait::{DEFAULT_TIMEOUT, eventually, within};
pub use window::{Look, Window};

use std::path::{Path, PathBuf};

/// The root of the checkout.
#[must_use]
pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this crate lies in the checkout")
}

/// The app under test: the release build, or what `GRAPH_CONNECT_APP` names.
///
/// # Panics
/// If it has not been built: a test of the window without the app must not pass.
#[must_use]
pub fn app() -> PathBuf {
    let app = std::env::var_os("GRAPH_CONNECT_APP").map_or_else(
        || checkout().join("target/release/graph-connect-desktop"),
        PathBuf::from,
    );
    assert!(
        app.exists(),
        "{} is not built: run scripts/build.sh",
        app.display()
    );
    app
}
