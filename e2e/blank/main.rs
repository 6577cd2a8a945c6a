//! A window with nothing in it, built as the app is built: what the app's start and memory are
//! measured against.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!("e2e/blank/tauri.conf.json"))
}
