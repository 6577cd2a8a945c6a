//! Folders of one test: what the app, the driver and the browser write lands in here and can be
//! searched afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use url::Url;

use crate::processes;
use crate::wait::eventually;

const BROWSER: &str = "browser";
const DOWNLOADS: &str = "Downloads";

/// The folders. Dropping it ends every process that was started in it and removes them.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// Empty folders, and a program `xdg-open` that notes the address it is told to open.
    ///
    /// # Panics
    /// If the folders cannot be made.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("graph-connect-")
            .tempdir()
            .expect("a temporary folder");
        let home = Self { folder };
        for name in [
            "data", "config", "cache", "state", "tmp", "bin", "log", DOWNLOADS, BROWSER,
        ] {
            fs::create_dir(home.path().join(name)).expect("a folder");
        }
        let script = home.path().join("bin/xdg-open");
        let text = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\n",
            home.opened_file().display()
        );
        fs::write(&script, text).expect("a script");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700))
            .expect("an executable script");
        let places = format!("XDG_DOWNLOAD_DIR=\"$HOME/{DOWNLOADS}\"\n");
        fs::write(home.path().join("config/user-dirs.dirs"), places).expect("a file");
        home
    }

    /// Where everything lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the app keeps what it keeps.
    #[must_use]
    pub fn app_data(&self) -> PathBuf {
        self.path().join("data/dev.graphconnect.desktop")
    }

    /// The file of that kind that the app has saved among the downloads, as soon as it is there.
    pub async fn saves(&self, extension: &str) -> PathBuf {
        let folder = self.path().join(DOWNLOADS);
        eventually(&format!("a file of the kind {extension:?}"), async || {
            let files = fs::read_dir(&folder)
                .ok()?
                .map_while(Result::ok)
                .map(|entry| entry.path());
            files
                .into_iter()
                .find(|file| file.extension().is_some_and(|kind| kind == extension))
        })
        .await
    }

    /// Lets a command live in these folders.
    pub fn settle(&self, command: &mut Command) {
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env(
                "PATH",
                format!("{}:{path}", self.path().join("bin").display()),
            )
            .env("HOME", self.path())
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("XDG_CONFIG_HOME", self.path().join("config"))
            .env("XDG_CACHE_HOME", self.path().join("cache"))
            .env("XDG_STATE_HOME", self.path().join("state"))
            .env("TMPDIR", self.path().join("tmp"))
            .env_remove("BROWSER")
            .env_remove("GRAPH_CONNECT_CLOUDS")
            .current_dir(self.path().join("tmp"));
    }

    /// A file for what a command prints.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn log(&self, name: &str) -> fs::File {
        let path = self.path().join("log").join(name);
        fs::File::options()
            .create(true)
            .append(true)
            .open(path)
            .expect("a log file")
    }

    /// What has been printed so far under that name.
    #[must_use]
    pub fn log_text(&self, name: &str) -> String {
        fs::read(self.path().join("log").join(name))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// The addresses that the app has asked the system browser to open, oldest first.
    #[must_use]
    pub fn opened(&self) -> Vec<Url> {
        let text = fs::read_to_string(self.opened_file()).unwrap_or_default();
        text.lines()
            .map(|line| Url::parse(line).expect("the app opens addresses"))
            .collect()
    }

    /// The address that the app opens as its `count`th.
    pub async fn opens(&self, count: usize) -> Url {
        eventually("the app to open the browser", async || {
            self.opened().into_iter().nth(count - 1)
        })
        .await
    }

    /// Each file in here that holds one of the needles: as it is, as UTF-16, percent-encoded or as
    /// in JSON. The browser's own files, and the addresses that it was given, are not the app's and
    /// are left out.
    ///
    /// # Panics
    /// If a folder cannot be read.
    #[must_use]
    pub fn files_with(&self, needles: &[String]) -> Vec<String> {
        let needles: Vec<_> = needles.iter().map(|needle| Needle::new(needle)).collect();
        let mut found = Vec::new();
        for entry in fs::read_dir(self.path())
            .expect("our folder")
            .map_while(Result::ok)
        {
            let path = entry.path();
            if path != self.browser_folder() && path != self.opened_file() {
                search(&path, &needles, &mut found);
            }
        }
        found
    }

    /// Where the browser keeps its own files.
    pub(crate) fn browser_folder(&self) -> PathBuf {
        self.path().join(BROWSER)
    }

    /// Ends every process that lives in here, at once.
    pub fn end_processes(&self) {
        processes::end_those_with_home(self.path());
    }

    fn opened_file(&self) -> PathBuf {
        self.path().join("opened")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.end_processes();
    }
}

/// A secret in every form in which it may have been written down.
struct Needle {
    text: String,
    forms: Vec<Vec<u8>>,
}

impl Needle {
    fn new(text: &str) -> Self {
        assert!(text.len() >= 8, "too short to be told from chance");
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let percent: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let json = serde_json::Value::from(text)
            .to_string()
            .trim_matches('"')
            .to_owned();
        let mut forms = vec![
            text.as_bytes().to_vec(),
            wide,
            percent.into_bytes(),
            json.into_bytes(),
        ];
        forms.dedup();
        Self {
            text: text.to_owned(),
            forms,
        }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms
            .iter()
            .any(|form| memchr::memmem::find(bytes, form).is_some())
    }
}

fn search(path: &Path, needles: &[Needle], found: &mut Vec<String>) {
    let kind = fs::symlink_metadata(path).map(|data| data.file_type());
    if kind.as_ref().is_ok_and(fs::FileType::is_dir) {
        for entry in fs::read_dir(path)
            .into_iter()
            .flatten()
            .map_while(Result::ok)
        {
            search(&entry.path(), needles, found);
        }
    } else if kind.is_ok_and(|kind| kind.is_file()) {
        let bytes = fs::read(path).unwrap_or_default();
        let hits = needles.iter().filter(|needle| needle.is_in(&bytes));
        found.extend(hits.map(|needle| format!("{} holds {}", path.display(), needle.text)));
    }
}
