//! Generates what Tauri needs at compile time: the context, and the list of commands that the
//! window may use.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // An app permission has to exist, or Tauri lets the window call every command that is
    // registered.
    let permissions = tauri_build::AppManifest::new()
        .permissions_path_pattern("./src-tauri/permissions/**/*.toml");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(permissions);
    tauri_build::try_build(attributes)?;
    // Tauri says so only of the folders that it would look into by itself.
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    Ok(())
}
