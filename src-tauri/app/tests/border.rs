//! The border between the window and Rust: what is committed for the window is what Rust has.

use std::{fs, path::Path};

use specta_typescript::Typescript;

const BINDINGS: &str = "ui/src/backend/bindings.ts";

#[test]
fn the_committed_bindings_are_those_that_rust_exports() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let exported = root.join("target/bindings.ts");
    let header = "// Made from src-tauri/app by `cargo test --release -p graph-connect-desktop`; do not edit.\n";
    graph_connect_desktop::commands()
        .export(Typescript::default().header(header), &exported)
        .expect("exported");
    let exported = fs::read_to_string(exported).expect("just written");
    let committed = fs::read_to_string(root.join(BINDINGS)).unwrap_or_default();
    assert!(
        exported == committed,
        "{BINDINGS} is out of date: copy target/bindings.ts over it"
    );
}

#[test]
fn every_command_is_allowed_by_name_and_nothing_else_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let app = root.join("src-tauri/app/src");
    let further = fs::read_dir(app.join("commands")).expect("the folder of the commands");
    let files = further.map(|file| file.expect("readable").path());
    let source: String = std::iter::once(app.join("commands.rs"))
        .chain(files)
        .map(|file| fs::read_to_string(file).expect("the commands"))
        .collect();
    let permissions = fs::read_to_string(root.join("src-tauri/permissions/connections.toml"))
        .expect("the permissions");
    let after_attribute = source.split("#[specta::specta]\n").skip(1);
    let mut commands: Vec<&str> = after_attribute
        .filter_map(|text| text.split("fn ").nth(1)?.split('(').next())
        .collect();
    let mut allowed: Vec<&str> = permissions
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","))
        .collect();
    commands.sort_unstable();
    allowed.sort_unstable();
    assert!(commands.len() > 20, "the commands are found in the source");
    assert_eq!(
        commands, allowed,
        "src-tauri/permissions/connections.toml names exactly the commands"
    );
    let capability =
        fs::read_to_string(root.join("src-tauri/capabilities/main.json")).expect("the capability");
    let capability: serde_json::Value = serde_json::from_str(&capability).expect("JSON");
    assert_eq!(
        capability["permissions"],
        serde_json::json!(["window"]),
        "no permission of Tauri's or of a plugin"
    );
    assert_eq!(
        capability["windows"],
        serde_json::json!(["main"]),
        "one window by its exact label"
    );
}
