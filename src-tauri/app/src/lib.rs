//! The desktop app: one window, the commands it may use, and the state behind them.
//!
//! This is the only code that knows Tauri. What a connection is and what is done with it stands in
//! the crates below; here their results become views, and the forms of the window become their
//! arguments.

mod changes;
mod checks;
mod commands;
mod consents;
mod downloads;
mod error;
mod live_tasks;
mod notification;
mod on_path;
#[cfg(target_os = "linux")]
mod second_start;
mod sign_in;
mod start;
mod view;

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use connections::Connections;
use keychain::Keychain;
use tauri::{
    Manager,
    plugin::{self, TauriPlugin},
};
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};
use tokio::sync::OnceCell;
use tracing_subscriber::{
    Layer as _, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

pub use crate::start::{answer_arguments, show_failure};
use crate::{
    changes::Changes,
    checks::Checks,
    consents::Consents,
    error::{AppError, ErrorCode},
    sign_in::SignIns,
    view::Labels,
};

/// A filter for the log on standard error, such as `info` or `entra=debug`. Nothing is logged
/// without it.
const LOG_FILTER: &str = "GRAPH_CONNECT_LOG";

/// Everything the commands share.
pub(crate) struct App {
    folder: PathBuf,
    downloads: PathBuf,
    connections: OnceCell<Connections>,
    checks: Checks,
    sign_ins: SignIns,
    consents: Consents,
    changes: Arc<Changes>,
    saved: Mutex<Option<PathBuf>>,
    upkeep_began: AtomicBool,
}

impl App {
    fn new(folder: PathBuf, downloads: PathBuf) -> Self {
        Self {
            folder,
            downloads,
            connections: OnceCell::new(),
            checks: Checks::default(),
            sign_ins: SignIns::default(),
            consents: Consents::default(),
            changes: Arc::default(),
            saved: Mutex::default(),
            upkeep_began: AtomicBool::new(false),
        }
    }

    /// The connections, opened by whoever asks first; a failure is tried again by whoever asks
    /// next.
    pub(crate) async fn connections(&self) -> Result<&Connections, AppError> {
        self.connections
            .get_or_try_init(|| open(&self.folder))
            .await
    }

    /// Sets a damaged store aside, so that whoever asks next opens an empty one; says where the
    /// damaged one is. A store that can be opened stays where it is.
    ///
    /// # Errors
    /// When the store can be opened after all, cannot be for another reason, or cannot be moved.
    pub(crate) async fn set_store_aside(&self) -> Result<PathBuf, AppError> {
        match self.connections().await {
            Err(error) if error.code == ErrorCode::StoreDamaged => {}
            Err(error) => return Err(error),
            // It can be opened, and what is in it is damaged all the same: what is open here is not
            // moved away.
            Ok(connections) => {
                connections.list().await?;
                return Err(AppError::cancelled());
            }
        }
        let folder = self.folder.clone();
        let moved =
            tauri::async_runtime::spawn_blocking(move || Connections::move_aside(&folder)).await;
        let closing = |_| AppError::from(connections::Error::Closing);
        Ok(moved.map_err(closing)??)
    }

    /// Removes what earlier changes left in the keychain, and goes on waiting for consent: once and
    /// in the background. Called when the list is there, so that a keychain that asks for its
    /// password does not stand before the window. `version` is the store's when the list was read.
    pub(crate) fn begin_upkeep(&self, connections: &Connections, version: Option<i64>) {
        if self.upkeep_began.swap(true, Ordering::Relaxed) {
            return;
        }
        let (tidying, watching, changes) = (
            connections.clone(),
            connections.clone(),
            Arc::clone(&self.changes),
        );
        tauri::async_runtime::spawn(async move {
            if let Err(error) = tidying.tidy_keychain().await {
                tracing::warn!(%error, "the keychain could not be tidied");
            }
        });
        let (following, told) = (connections.clone(), Arc::clone(&changes));
        tauri::async_runtime::spawn(
            async move { changes::follow(&following, &told, version).await },
        );
        tauri::async_runtime::spawn(async move { changes::watch(&watching, &changes).await });
    }

    /// Where files go that a person asked for.
    pub(crate) fn downloads(&self) -> &Path {
        &self.downloads
    }

    /// Keeps in mind which file was saved last, and says where it is.
    pub(crate) fn remember_saved(&self, path: PathBuf) -> String {
        let shown = path.display().to_string();
        *self.saved.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
        shown
    }

    /// The file that was saved last.
    pub(crate) fn last_saved(&self) -> Option<PathBuf> {
        self.saved
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Where the store is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Opens the window and stays until it is closed. Whatever stands in its way is said in a window,
/// and on standard error.
pub fn run() -> ExitCode {
    start_log();
    let folder = match start::folder() {
        Ok(folder) => folder,
        Err(error) => {
            show_failure(&error.to_string(), &error.advice());
            return ExitCode::FAILURE;
        }
    };
    #[cfg(target_os = "linux")]
    if let Some(answered) = second_start::answer(&folder) {
        return answered;
    }
    #[cfg(windows)]
    if tauri::webview_version().is_err() {
        show_failure(start::NO_WEBVIEW, start::HOW_TO_GET_A_WEBVIEW);
        return ExitCode::FAILURE;
    }
    match open_window(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            show_failure(
                "Graph Connect could not open its window.",
                &error.to_string(),
            );
            ExitCode::FAILURE
        }
    }
}

fn open_window(data: &Path) -> Result<(), tauri::Error> {
    let commands = commands();
    let only_one = tauri_plugin_single_instance::Builder::new()
        .callback(|app, _arguments, _folder| show_window(app));
    #[cfg(target_os = "linux")]
    let only_one = only_one.dbus_id(second_start::id(data));
    let data = data.to_owned();
    tauri::Builder::default()
        .plugin(only_one.build())
        .plugin(guard())
        .invoke_handler(commands.invoke_handler())
        .setup(move |app| {
            let (paths, folder) = (app.path(), data);
            let downloads = paths
                .download_dir()
                .or_else(|_| paths.home_dir())
                .unwrap_or_else(|_| folder.clone());
            app.manage(App::new(folder, downloads));
            // The store opens while the web view starts, so that the list is there when the window
            // asks for it. A failure is found again, and said, by whoever asks.
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(
                async move { drop(handle.state::<App>().connections().await) },
            );
            Ok(())
        })
        .run(tauri::generate_context!())
}

/// Keeps the window on the pages built into the program.
fn guard() -> TauriPlugin<tauri::Wry> {
    plugin::Builder::new("stay")
        .on_navigation(|_window, address| stays_inside(address))
        .build()
}

/// Whether an address is of the pages built into the program. The window goes nowhere else,
/// whatever a script in it asks for.
fn stays_inside(address: &tauri::Url) -> bool {
    match (address.scheme(), address.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => true,
        (_, _) => false,
    }
}

/// The border between the window and Rust: the commands with their types, from which
/// `ui/src/backend/bindings.ts` is made.
pub fn commands() -> Builder<tauri::Wry> {
    Builder::new()
        .error_handling(ErrorHandlingMode::Throw)
        .disable_serde_phases()
        .constant("labels", Labels::new())
        .constant("expiresSoonDays", connections::EXPIRES_SOON_DAYS)
        .constant("sealedSecret", model::Connection::SEALED)
        .commands(collect_commands![
            commands::list_connections,
            commands::connection_detail,
            commands::list_integrations,
            commands::settings::list_clouds,
            commands::suggest_name,
            commands::inspect_app_registration,
            commands::inspect_sign_in,
            commands::read_pasted,
            commands::inspect_day,
            commands::sign_in::resolve_tenant,
            commands::test_app_registration,
            commands::create_app_registration,
            commands::check_connection,
            commands::cancel_check,
            commands::sign_in::begin_sign_in,
            commands::sign_in::begin_sign_in_again,
            commands::sign_in::open_again,
            commands::sign_in::new_sign_in_link,
            commands::sign_in::confirm_account,
            commands::sign_in::cancel_sign_in,
            commands::keep::replace_secret,
            commands::keep::replace_secret_anyway,
            commands::update_connection,
            commands::keep::delete_connection,
            commands::keep::undo_delete,
            commands::keep::suggest_copy_name,
            commands::keep::duplicate_connection,
            commands::keep::rename_connection,
            commands::settings::settings,
            commands::settings::save_settings,
            commands::pages::explain_code,
            commands::pages::open_portal,
            commands::pages::open_demo,
            commands::settings::keychain_self_test,
            commands::settings::unlock_keychain,
            commands::settings::set_store_aside,
            commands::settings::about,
            commands::consent::consent_message,
            commands::consent::save_consent_mail,
            commands::consent::watch_consent,
            commands::consent::stop_watching,
            commands::consent::begin_admin_consent,
            commands::prove::test_all,
            commands::prove::save_report,
            commands::prove::reveal_saved,
            commands::prove::cloud_shell_script,
            commands::prove::subscribe,
            commands::use_it::let_scripts_use,
            commands::use_it::let_scripts_have_secret,
            commands::use_it::connection_uses,
            commands::use_it::try_call,
            commands::use_it::command_line,
            commands::use_it::put_on_path,
            commands::use_it::take_off_path,
        ])
}

async fn open(folder: &Path) -> Result<Connections, AppError> {
    let clouds = connections::clouds_in_use().await?;
    let keychain = Keychain::native(connections::KEYCHAIN_SERVICE);
    let connections = Connections::open(folder, keychain, clouds).await?;
    Ok(connections)
}

/// A second start shows the window of the first. What it was started with is untrusted and ignored.
fn show_window(app: &tauri::AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

fn start_log() {
    let Ok(filter) = std::env::var(LOG_FILTER) else {
        return;
    };
    if filter.is_empty() {
        return;
    }
    let log = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(log.with_filter(targets(&filter)))
        .init();
}

/// What is to be logged. A part that cannot be understood is named on standard error and left out.
fn targets(filter: &str) -> Targets {
    let is_understood = |part: &&str| match part.parse::<Targets>() {
        Ok(_) => true,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{LOG_FILTER}: {part:?} is left out: {error}");
            false
        }
    };
    let understood: Vec<&str> = filter
        .split(',')
        .map(str::trim)
        .filter(is_understood)
        .collect();
    if understood.is_empty() {
        return Targets::new();
    }
    understood.join(",").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::targets;

    #[test]
    fn a_part_of_the_log_filter_that_cannot_be_understood_leaves_the_others() {
        let filter = targets("warn, entra=debug,keychain=loud");
        assert!(filter.would_enable("entra::http", &Level::DEBUG));
        assert!(filter.would_enable("keychain", &Level::WARN));
        assert!(!filter.would_enable("keychain", &Level::INFO));
        assert!(!targets("keychain=loud").would_enable("entra", &Level::ERROR));
        assert!(targets("info").would_enable("entra", &Level::INFO));
    }
}
