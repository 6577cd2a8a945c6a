//! The program `graph-connect-desktop`.

#![cfg_attr(all(not(debug_assertions), target_os = "windows"), windows_subsystem = "windows")]

use std::{panic, process::ExitCode};

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_panic));
    #[cfg(target_os = "linux")]
    linux::choose_renderer();
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

#[cfg(target_os = "linux")]
mod linux {
    use std::{env, os::unix::process::CommandExt, process::Command};

    /// With some graphics drivers WebKitGTK shows an empty window unless this is set; see
    /// <https://github.com/tauri-apps/tauri/issues/9394>.
    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

    /// Starts the program over with the variable set, because a process cannot safely change its own environment.
    pub(crate) fn choose_renderer() {
        if env::var_os(RENDERER).is_some() {
            return;
        }
        if let Ok(program) = env::current_exe() {
            // Returns only when it failed, and then the window opens with the renderer of the system.
            let _failure = Command::new(program).args(env::args_os().skip(1)).env(RENDERER, "1").exec();
        }
    }
}
