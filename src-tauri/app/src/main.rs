//! The program `graph-connect-desktop`.

#![cfg_attr(
    all(not(debug_assertions), target_os = "windows"),
    windows_subsystem = "windows"
)]

use std::{panic, process::ExitCode};

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_panic));
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if let Some(answered) = graph_connect_desktop::answer_arguments(&arguments) {
        return answered;
    }
    #[cfg(target_os = "linux")]
    {
        keychain::restart_without_unusable_variables();
        choose_renderer();
        close_inspector();
    }
    match panic::catch_unwind(graph_connect_desktop::run) {
        Ok(ended) => ended,
        Err(_) => {
            // What went wrong was said on the way, without what it held.
            graph_connect_desktop::show_failure(
                "Graph Connect could not open its window.",
                "Start it from a terminal to see why.",
            );
            ExitCode::FAILURE
        }
    }
}

/// Says where the program failed and nothing of what it held: the message of a panic may quote a
/// value.
fn report_panic(panic: &panic::PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(|place| format!("{}:{}", inside(place.file()), place.line()))
        .unwrap_or_default();
    eprintln!("Graph Connect has to stop because of an error of its own ({place}).");
    if place.contains("tao") {
        eprintln!("Its window could not be opened: is there a display that this program may use?");
    }
}

/// The path of a source file within its crate; where the program was built is nobody's business.
fn inside(file: &str) -> &str {
    let in_registry = file
        .split_once("/registry/src/")
        .and_then(|(_, rest)| rest.split_once('/'));
    in_registry.map_or(file, |(_, rest)| rest)
}

/// With some graphics drivers WebKitGTK shows an empty window unless this is set, and without it
/// starts more slowly and takes more memory; see <https://github.com/tauri-apps/tauri/issues/9394>.
/// Whoever has set it keeps it.
#[cfg(target_os = "linux")]
fn choose_renderer() {
    // Nothing else runs in this process yet, so nobody reads the environment meanwhile.
    let _unchanged = glib::setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1", false);
}

/// These open the web view to whoever reaches a port. They stay for a program that drives the
/// window, which asks for that by another variable.
///
/// Source: <https://docs.webkit.org/Ports/WebKitGTK%20and%20WPE%20WebKit/RemoteInspector.html>
#[cfg(target_os = "linux")]
fn close_inspector() {
    let is_driven =
        std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true");
    for variable in ["WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"] {
        if !is_driven {
            glib::unsetenv(variable);
        }
    }
}
