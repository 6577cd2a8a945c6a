//! The program before there is a window, as a terminal sees it.
#![cfg(target_os = "linux")]

use std::{
    fs,
    process::{Command, Output},
};

#[test]
fn help_version_and_unknown_arguments_are_answered_on_the_terminal() {
    let help = run(&["--help"], "/nonexistent");
    assert!(
        help.status.success() && text(&help.stdout).contains("Usage: graph-connect-desktop"),
        "{help:?}"
    );
    for version in ["--version", "-V"] {
        let output = run(&[version], "/nonexistent");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(
            text(&output.stdout).trim(),
            concat!("graph-connect-desktop ", env!("CARGO_PKG_VERSION"))
        );
    }
    for unknown in ["--nonsense", "list", ""] {
        let output = run(&[unknown], "/nonexistent");
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(2), 0),
            "{unknown}: {output:?}"
        );
        assert!(
            text(&output.stderr).contains("--help"),
            "{unknown}: {output:?}"
        );
    }
}

#[test]
fn a_start_that_fails_names_the_folder_and_the_reason() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("file"), "a file").expect("written");
    let file = home.path().join("file").display().to_string();
    for (place, reason) in [
        (file.as_str(), "a part of its path is a file"),
        ("/proc/nowhere", "cannot be made"),
    ] {
        let output = run(&[], place);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{place}: {output:?}");
        assert!(
            said.contains(place) && said.contains(reason),
            "{place}: {said}"
        );
        assert!(
            !said.contains(".cargo") && !said.contains("src/"),
            "no path of the build machine: {said}"
        );
    }
}

fn run(arguments: &[&str], data: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_graph-connect-desktop"));
    command
        .args(arguments)
        .env("XDG_DATA_HOME", data)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
