//! The program `graph-connect-desktop`.

#![cfg_attr(all(not(debug_assertions), target_os = "windows"), windows_subsystem = "windows")]

use std::{panic, process::ExitCode};

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_panic));
    #[cfg(target_os = "linux")]
    choose_renderer();
    match graph_connect_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Graph Connect could not open its window: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says where the program failed and nothing of what it held: the message of a panic may quote a value.
fn report_panic(panic: &panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    eprintln!("Graph Connect has to stop because of an error of its own ({place}).");
    if place.contains("tao") {
        eprintln!("Its window could not be opened: is there a display that this program may use?");
    }
}

/// With some graphics drivers WebKitGTK shows an empty window unless this is set, and without it starts more slowly and
/// takes more memory; see <https://github.com/tauri-apps/tauri/issues/9394>. Whoever has set it keeps it.
#[cfg(target_os = "linux")]
fn choose_renderer() {
    // Nothing else runs in this process yet, so nobody reads the environment meanwhile.
    let _unchanged = glib::setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1", false);
}
