//! A second start on Linux: shows the window that is open, and says where it is, or that it does
//! not answer.
//!
//! The name on the bus goes with the data folder, so another home is another app.

#[cfg(test)]
mod tests;

use std::{
    fs, os::unix::ffi::OsStrExt, path::Path, process::ExitCode, sync::mpsc, thread, time::Duration,
};

use connections::KEYCHAIN_SERVICE;
use sha2::{Digest, Sha256};
use zbus::blocking::Connection;

use crate::start::show_failure;

/// How long the first one may take to show its window.
const HANDOVER_TIMEOUT: Duration = Duration::from_secs(2);

/// What the plugin for single instances adds to an ID, and how it is called.
const ENDING: &str = ".SingleInstance";
const INTERFACE: &str = "org.SingleInstance.DBus";

/// The ID of the app with this data folder on the session bus.
pub(crate) fn id(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let digest = Sha256::digest(folder.as_os_str().as_bytes());
    let short: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{KEYCHAIN_SERVICE}.of{short}")
}

/// Hands over to the first one, if there is one; `None` if this is the first, or without a bus.
pub(crate) fn answer(folder: &Path) -> Option<ExitCode> {
    let name = format!("{}{ENDING}", id(folder));
    let bus = Connection::session().ok()?;
    let bus_itself = "org.freedesktop.DBus";
    let owner = bus.call_method(
        Some(bus_itself),
        "/org/freedesktop/DBus",
        Some(bus_itself),
        "GetConnectionUnixProcessID",
        &name,
    );
    let process: u32 = owner.ok()?.body().deserialize().ok()?;
    let (there, here) = (display_of(process), own_display());
    let place = there
        .as_ref()
        .map(|display| format!(" on display {display}"))
        .unwrap_or_default();
    if !shows_its_window(bus, name) {
        show_failure(
            &format!(
                "Graph Connect is already open{place} (process {process}), but it does not answer."
            ),
            "End that process, then start Graph Connect again.",
        );
        return Some(ExitCode::FAILURE);
    }
    if there.is_some() && there != here {
        show_failure(
            &format!("Graph Connect is already open{place}. Its window was shown there."),
            "Close that window first to open it here.",
        );
        return Some(ExitCode::FAILURE);
    }
    eprintln!("Graph Connect is already open{place}. Its window was shown.");
    Some(ExitCode::SUCCESS)
}

/// Asks the first one to show its window, and waits for its word, but not for long.
fn shows_its_window(bus: Connection, name: String) -> bool {
    let (said, hears) = mpsc::channel();
    // Never joined: it ends with this process.
    thread::spawn(move || {
        let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
        let nothing: (Vec<String>, &str) = (Vec::new(), "");
        let answer = bus.call_method(
            Some(name.as_str()),
            path.as_str(),
            Some(INTERFACE),
            "ExecuteCallback",
            &nothing,
        );
        let _too_late = said.send(answer.is_ok());
    });
    hears.recv_timeout(HANDOVER_TIMEOUT).unwrap_or(false)
}

/// The display that another process of this person was started on.
fn display_of(process: u32) -> Option<String> {
    let environment = fs::read(format!("/proc/{process}/environ")).ok()?;
    let value = |name: &str| {
        let mut entries = environment.split(|byte| *byte == 0);
        let value =
            entries.find_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
        Some(String::from_utf8_lossy(value).into_owned()).filter(|value| !value.is_empty())
    };
    value("WAYLAND_DISPLAY").or_else(|| value("DISPLAY"))
}

fn own_display() -> Option<String> {
    let value = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    value("WAYLAND_DISPLAY").or_else(|| value("DISPLAY"))
}
