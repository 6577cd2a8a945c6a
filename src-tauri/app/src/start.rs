//! Before there is a window: what was asked on the terminal, where the data is, and what is said
//! when there can be no window.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
};

use connections::{Connections, Error};

/// How long a failure stands in a window when nobody closes it.
#[cfg(target_os = "linux")]
const DIALOG_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(120);

/// The longest text that is shown, in bytes.
const MAX_TEXT_BYTES: u64 = 4096;

const HELP: &str = "\
Graph Connect: creates, proves and keeps Microsoft Graph connections.

Usage: graph-connect-desktop [--help | --version]

Without an argument it opens its window, or the window that is open already. `graph-connect` is the program for the terminal.
";

/// Why there can be no window.
#[cfg(windows)]
pub(crate) const NO_WEBVIEW: &str =
    "Graph Connect needs Microsoft Edge WebView2, which is not installed or is damaged.";

/// What to do about that.
#[cfg(windows)]
pub(crate) const HOW_TO_GET_A_WEBVIEW: &str = "Install the Evergreen Runtime from https://developer.microsoft.com/microsoft-edge/webview2, then start Graph Connect again. The command line (graph-connect) works without it.";

/// How this program asks itself, in a process of its own, to show what it reads from standard
/// input.
const SHOW: &str = "--show-failure";

/// Answers what is asked on the terminal; `None` if the window is wanted.
pub fn answer_arguments(arguments: &[OsString]) -> Option<ExitCode> {
    let first = arguments.first()?;
    let text = match first.to_str() {
        Some("--help" | "-h") => HELP.to_owned(),
        Some("--version" | "-V") => {
            format!("graph-connect-desktop {}\n", env!("CARGO_PKG_VERSION"))
        }
        Some(SHOW) => {
            show_what_is_read();
            return Some(ExitCode::SUCCESS);
        }
        _ => {
            eprintln!(
                "graph-connect-desktop: it takes no argument \"{}\".\nRun graph-connect-desktop --help, or graph-connect for the \
                 command line.",
                first.to_string_lossy()
            );
            return Some(ExitCode::from(2));
        }
    };
    // One who does not listen any more has heard enough.
    let _unheard = io::stdout().write_all(text.as_bytes());
    Some(ExitCode::SUCCESS)
}

/// The folder of the data: the same as the command line's.
pub(crate) fn folder() -> Result<PathBuf, Error> {
    let nowhere = || Error::StoreUnwritable {
        path: PathBuf::from("$HOME"),
        source: Some(io::ErrorKind::NotFound.into()),
    };
    let folder = connections::data_folder().ok_or_else(nowhere)?;
    Connections::prepare_folder(&folder)?;
    Ok(folder)
}

/// Says on standard error, and in a window where there can be one, why there is no other.
///
/// The window is a process of its own: who started this program is not kept waiting until somebody
/// has read it.
pub fn show_failure(what: &str, next: &str) {
    eprintln!("{what}\n{next}");
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut window = Command::new(program);
    window
        .arg(SHOW)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Ok(mut window) = window.spawn()
        && let Some(mut input) = window.stdin.take()
    {
        // A window that did not come up shows nothing; it was said above.
        let _unshown = input.write_all(format!("{what}\n{next}").as_bytes());
    }
}

/// Shows what stands on standard input until it is closed, on Linux two minutes at most.
fn show_what_is_read() {
    let mut text = String::new();
    if io::stdin()
        .take(MAX_TEXT_BYTES)
        .read_to_string(&mut text)
        .is_err()
    {
        return;
    }
    let (what, next) = text.split_once('\n').unwrap_or((&text, ""));
    show(what, next);
}

#[cfg(not(target_os = "linux"))]
fn show(what: &str, next: &str) {
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("Graph Connect")
        .set_description(format!("{what}\n\n{next}"))
        .show();
}

#[cfg(target_os = "linux")]
fn show(what: &str, next: &str) {
    use gtk::prelude::{DialogExt, GtkWindowExt, MessageDialogExt};
    if gtk::init().is_err() {
        return;
    }
    let (flags, kind) = (gtk::DialogFlags::MODAL, gtk::MessageType::Error);
    let dialog = gtk::MessageDialog::new(
        None::<&gtk::Window>,
        flags,
        kind,
        gtk::ButtonsType::Close,
        what,
    );
    dialog.set_title("Graph Connect");
    dialog.set_secondary_text(Some(next));
    let open = dialog.clone();
    glib::timeout_add_local_once(DIALOG_TIMEOUT, move || {
        open.response(gtk::ResponseType::Close)
    });
    dialog.run();
}
