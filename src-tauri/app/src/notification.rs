//! Notifications of the desktop: what a person is told who does not look at the window.

#[cfg(target_os = "macos")]
mod macos;

#[cfg(target_os = "macos")]
use macos::deliver;
#[cfg(not(target_os = "macos"))]
use notify_rust::{Notification, error::Error};

const TITLE: &str = "Graph Connect";

/// Shows one. A desktop without any shows none, and the window says the same.
pub(crate) async fn show(text: String) {
    if deliver(text).await.is_err() {
        tracing::debug!("the desktop shows no notifications");
    }
}

#[cfg(target_os = "linux")]
async fn deliver(text: String) -> Result<(), Error> {
    // The desktops of Linux read the text as markup, and the name of a connection may be anything.
    let mut notification = notification(&escaped(&text));
    notification.icon("graph-connect-desktop");
    notification.show_async().await.map(drop)
}

#[cfg(target_os = "windows")]
async fn deliver(text: String) -> Result<(), Error> {
    let mut notification = notification(&text);
    notification.app_id("dev.graphconnect.desktop");
    let shown = tauri::async_runtime::spawn_blocking(move || notification.show().map(drop)).await;
    shown.unwrap_or(Ok(()))
}

#[cfg(not(target_os = "macos"))]
fn notification(text: &str) -> Notification {
    let mut notification = Notification::new();
    notification.appname(TITLE).summary(TITLE).body(text);
    notification
}

#[cfg(target_os = "linux")]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
