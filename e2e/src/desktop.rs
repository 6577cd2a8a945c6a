//! A display, a session bus and an unlocked keyring that belong to one test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::checkout;
use crate::notifications::Notifications;
use crate::screen::Screen;
use crate::wait::eventually;

/// What `scripts/desktop.sh --private` starts; it ends when this is dropped, or when the test's
/// process ends.
#[derive(Debug)]
pub struct Desktop {
    script: Child,
    environment: Vec<(String, String)>,
}

const OURS: [&str; 5] = [
    "DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_RUNTIME_DIR",
    "GDK_BACKEND",
    Screen::VARIABLE,
];
/// The title of the keyring's own dialog, and the password that `scripts/desktop.sh` gave the
/// keyring.
const PROMPT: &str = "Unlock Login Keyring";
const PASSWORD: &str = "demo";
const LAST_LINE: &str = "=ready=";
const LOGIN_COLLECTION: &str = "/org/freedesktop/secrets/collection/login";

impl Desktop {
    /// Starts the three and waits until they answer.
    ///
    /// # Panics
    /// If they cannot be started; `make setup` installs what they need.
    #[must_use]
    pub fn start() -> Self {
        let mut script = Command::new(checkout().join("scripts/desktop.sh"))
            .args([
                "--private",
                "sh",
                "-c",
                "env; echo =ready=; exec cat >/dev/null",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/desktop.sh starts");
        let stdout = script.stdout.take().expect("its output is a pipe");
        let lines: Vec<String> = BufReader::new(stdout)
            .lines()
            .map_while(Result::ok)
            .take_while(|line| line != LAST_LINE)
            .collect();
        let environment: Vec<_> = lines
            .iter()
            .filter_map(|line| line.split_once('='))
            .filter(|(name, _)| OURS.contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert!(environment.len() >= 3, "no desktop; run \"make setup\"");
        Self {
            script,
            environment,
        }
    }

    /// A command that will run on this desktop.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_remove("WAYLAND_DISPLAY")
            .envs(self.environment.iter().cloned());
        command
    }

    /// What is on its display.
    ///
    /// # Panics
    /// If the display does not show itself as a file.
    #[must_use]
    pub fn screen(&self) -> Screen {
        let file = self
            .environment
            .iter()
            .find(|(name, _)| name == Screen::VARIABLE);
        Screen::open(std::path::Path::new(
            &file.expect("a private display shows itself as a file").1,
        ))
    }

    /// Its notifications, from now on.
    ///
    /// # Panics
    /// If somebody else shows them already.
    pub async fn notifications(&self) -> Notifications {
        let bus = self
            .environment
            .iter()
            .find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS");
        Notifications::listen(&bus.expect("a private desktop has a bus").1).await
    }

    /// Locks the keyring, as it is before a person has logged in.
    pub fn lock_keyring(&self) {
        self.secret_service("Lock", &format!("['{LOGIN_COLLECTION}']"));
        assert!(self.keyring_is_locked(), "the keyring did not lock");
    }

    /// Whether the keyring is locked now.
    #[must_use]
    pub fn keyring_is_locked(&self) -> bool {
        let answer = self.bus_call(&[
            "--object-path",
            LOGIN_COLLECTION,
            "--method",
            "org.freedesktop.DBus.Properties.Get",
            "org.freedesktop.Secret.Collection",
            "Locked",
        ]);
        answer.contains("true")
    }

    /// Answers the keyring's question for its password: with the right one, or by dismissing it.
    pub async fn answer_keyring_prompt(&self, unlock: bool) {
        eventually("the keyring to ask for its password", async || {
            let found = self
                .command("xdotool")
                .args(["search", "--onlyvisible", "--name", PROMPT])
                .output();
            (!found.expect("xdotool runs").stdout.is_empty()).then_some(())
        })
        .await;
        if unlock {
            self.press_keys(&["type", PASSWORD]);
            self.press_keys(&["key", "Return"]);
        } else {
            self.press_keys(&["key", "Escape"]);
        }
    }

    /// What is kept in the keyring for the app, secrets included.
    #[must_use]
    pub fn keyring_secrets(&self, service: &str) -> Vec<String> {
        self.keyring_lines(service, "secret = ")
    }

    /// What is kept in the keyring for the app: the labels of its items.
    #[must_use]
    pub fn keyring_labels(&self, service: &str) -> Vec<String> {
        self.keyring_lines(service, "label = ")
    }

    fn keyring_lines(&self, service: &str, start: &str) -> Vec<String> {
        let mut search = self.command("secret-tool");
        let output = search
            .args(["search", "--all", "service", service])
            .output()
            .expect("secret-tool runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut found: Vec<String> = text
            .lines()
            .filter_map(|line| line.strip_prefix(start))
            .map(str::to_owned)
            .collect();
        found.sort();
        found
    }

    fn press_keys(&self, arguments: &[&str]) {
        let status = self
            .command("xdotool")
            .args(arguments)
            .status()
            .expect("xdotool runs");
        assert!(status.success(), "xdotool {arguments:?}");
    }

    fn secret_service(&self, method: &str, argument: &str) -> String {
        let method = format!("org.freedesktop.Secret.Service.{method}");
        self.bus_call(&[
            "--object-path",
            "/org/freedesktop/secrets",
            "--method",
            &method,
            argument,
        ])
    }

    fn bus_call(&self, arguments: &[&str]) -> String {
        let output = self
            .command("gdbus")
            .args(["call", "--session", "--dest", "org.freedesktop.secrets"])
            .args(arguments)
            .output()
            .expect("gdbus runs");
        assert!(
            output.status.success(),
            "gdbus: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        // The script cleans up by itself once its command has no more input; there is no way to act
        // on a failure here.
        let _ended = self.script.wait();
    }
}
