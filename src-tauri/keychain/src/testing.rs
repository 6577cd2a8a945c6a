//! A private desktop session with a real keychain, for tests on Linux.
//!
//! A test runs its body [`inside`] a session: the test program starts itself once more with a bus,
//! a home folder and an environment of its own, so that tests neither touch the keychain of whoever
//! runs them nor each other. Everything here panics when the machine lacks what it needs
//! (`dbus-daemon`, `gnome-keyring-daemon`, `gdbus`), as a test should.

mod fake;

pub use fake::FakeKeychain;

use std::{
    any::type_name,
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Set in a process that runs inside a session.
const INSIDE: &str = "GRAPH_CONNECT_TEST_SESSION";

/// What kind of session bus there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bus {
    /// The distribution's own, which can start a keychain by itself.
    Ordinary,
    /// One that starts no service.
    WithoutServices,
    /// None at all.
    Absent,
}

/// Runs `body` in a session of its own. It must be called by the test function itself, with a
/// closure written there.
///
/// # Panics
/// When `body` panics or the session cannot be started.
pub fn inside<F: FnOnce()>(bus: Bus, body: F) {
    if env::var_os(fake::FAKE).is_some() {
        return fake::serve();
    }
    if env::var_os(INSIDE).is_some() {
        return body();
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let bus = PrivateBus::start(bus, home.path());
    let mut command = again(&body);
    command
        .envs(session(home.path(), &bus))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    let output = command.output().expect("the test program starts again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "the test failed inside its session\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The command that runs the calling test alone, given any closure written in that test. Inside a
/// session it stays there.
///
/// # Panics
/// When the program's own path is unknown.
pub fn again<F>(here: &F) -> Command {
    let mut command = Command::new(env::current_exe().expect("the test program has a path"));
    command.args(arguments_of(here));
    command
}

/// What makes the test program run the calling test alone.
fn arguments_of<F>(_here: &F) -> [&'static str; 4] {
    let closure = type_name::<F>();
    let test = closure
        .split_once("::")
        .map_or(closure, |(_crate, rest)| rest);
    let test = test.split("::{{closure}}").next().unwrap_or(test);
    ["--exact", test, "--nocapture", "--test-threads=1"]
}

fn session(home: &Path, bus: &PrivateBus) -> Vec<(&'static str, String)> {
    let folder = |name: &str| {
        let path = home.join(name);
        make_private_folder(&path);
        path.display().to_string()
    };
    vec![
        (INSIDE, "1".to_owned()),
        ("HOME", folder("home")),
        ("XDG_RUNTIME_DIR", folder("run")),
        ("XDG_DATA_HOME", folder("data")),
        ("XDG_CONFIG_HOME", folder("config")),
        ("XDG_CACHE_HOME", folder("cache")),
        ("DBUS_SESSION_BUS_ADDRESS", bus.address.clone()),
    ]
}

fn make_private_folder(path: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(path)
        .expect("a folder for the session");
}

struct PrivateBus {
    address: String,
    process: Option<Child>,
}

impl PrivateBus {
    fn start(kind: Bus, home: &Path) -> Self {
        let mut command = Command::new("dbus-daemon");
        match kind {
            Bus::Ordinary => command.arg("--session"),
            Bus::WithoutServices => {
                let config = home.join("bus.conf");
                std::fs::write(&config, BARE_BUS).expect("a configuration for the bus");
                command.arg(format!("--config-file={}", config.display()))
            }
            Bus::Absent => {
                return Self {
                    address: "unix:path=/nonexistent/bus".to_owned(),
                    process: None,
                };
            }
        };
        // What the bus itself starts must not find the display or the home of whoever runs the
        // tests.
        let own = Self {
            address: String::new(),
            process: None,
        };
        command
            .envs(session(home, &own))
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().expect("dbus-daemon starts");
        let mut address = String::new();
        let mut lines = BufReader::new(process.stdout.take().expect("its output is a pipe"));
        lines
            .read_line(&mut address)
            .expect("the bus prints its address");
        Self {
            address: address.trim().to_owned(),
            process: Some(process),
        }
    }
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            end(process);
        }
    }
}

const BARE_BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"#;

/// A running gnome-keyring of the session; it is killed when dropped. Its file stays for the next
/// one.
#[derive(Debug)]
pub struct Keyring {
    process: Child,
}

impl Keyring {
    /// Starts one that is unlocked.
    pub fn unlocked() -> Self {
        Self::start("a password", true)
    }

    /// Starts one whose file exists and is locked.
    pub fn locked() -> Self {
        drop(Self::unlocked());
        Self::start("", false)
    }

    fn start(password: &str, unlock: bool) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        command
            .args(["--foreground", "--components=secrets"])
            .args(unlock.then_some("--unlock"));
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut process = command.spawn().expect("gnome-keyring-daemon starts");
        let mut input = process.stdin.take().expect("its input is a pipe");
        input
            .write_all(password.as_bytes())
            .expect("it reads the password");
        drop(input);
        wait_for_provider();
        Self { process }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

fn wait_for_provider() {
    let mut gdbus = Command::new("gdbus");
    gdbus.args([
        "wait",
        "--session",
        "--timeout",
        "20",
        "org.freedesktop.secrets",
    ]);
    let found = gdbus.status().expect("gdbus starts");
    assert!(found.success(), "a keychain appears on the bus");
}

fn end(process: &mut Child) {
    // A process that has ended by itself is just as well.
    drop(process.kill());
    drop(process.wait());
}
