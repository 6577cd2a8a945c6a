//! The program `graph-connect-desktop`.

#![cfg_attr(all(not(debug_assertions), target_os = "windows"), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match graph_connect_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Graph Connect could not open its window: {error}");
            ExitCode::FAILURE
        }
    }
}
