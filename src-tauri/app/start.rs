//! Before there is a window: what was asked on the terminal, where the data is, and what is said when there can be no window.

use std::{
    ffi::OsString,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use connections::{Connections, Error, KEYCHAIN_SERVICE};

const HELP: &str = "\
Graph Connect: creates, proves and keeps Microsoft Graph connections.

Usage: graph-connect-desktop [--help | --version]

Without an argument it opens its window, or the window that is open already. `graph-connect` is the program for the terminal.
";

/// Answers what is asked on the terminal; nothing if the window is wanted.
pub fn answer_arguments(arguments: &[OsString]) -> Option<ExitCode> {
    let first = arguments.first()?;
    let text = match first.to_str() {
        Some("--help" | "-h") => HELP.to_owned(),
        Some("--version" | "-V") => format!("graph-connect-desktop {}\n", env!("CARGO_PKG_VERSION")),
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
    let nowhere =
        || Error::StoreUnwritable { path: PathBuf::from("$HOME"), source: Some(io::ErrorKind::NotFound.into()) };
    let folder = dirs::data_dir().ok_or_else(nowhere)?.join(KEYCHAIN_SERVICE);
    Connections::prepare_folder(&folder)?;
    Ok(folder)
}

/// Says on standard error, and in a window of its own where there can be one, why there is no other.
pub fn show_failure(what: &str, next: &str) {
    eprintln!("{what}\n{next}");
    #[cfg(target_os = "linux")]
    {
        use gtk::prelude::{DialogExt, GtkWindowExt, MessageDialogExt};
        if gtk::init().is_err() {
            return;
        }
        let flags = gtk::DialogFlags::MODAL;
        let dialog = gtk::MessageDialog::new(
            None::<&gtk::Window>,
            flags,
            gtk::MessageType::Error,
            gtk::ButtonsType::Close,
            what,
        );
        dialog.set_title("Graph Connect");
        dialog.set_secondary_text(Some(next));
        dialog.run();
    }
}
