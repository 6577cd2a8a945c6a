//! One person's computer: a home, a keychain, the demo tenant as its cloud, and a connection.

#![allow(
    dead_code,
    reason = "each test file uses its own part of this, so `expect` would fail in one of them"
)]

mod making;
pub(crate) mod terminal;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
};

use connections::{Connections, KEYCHAIN_SERVICE};
use demo_tenant::{DemoTenant, Options, browser::Decision};
use entra::Clouds;
use keychain::{Keychain, testing::Keyring};
use keyring_core::mock;
use making::{Making, create, sign_in};
use model::ConnectionName;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) struct Place {
    pub(crate) home: TempDir,
    pub(crate) tenant: DemoTenant,
    // After the tenant, which it runs.
    runtime: Runtime,
    _keyring: Option<Keyring>,
}

impl Place {
    /// With a connection whose secret is in a real keychain.
    pub(crate) fn with(name: &str) -> Self {
        Self::with_keyring(Options::default(), async |place| create(place, name).await)
    }

    /// The same, with the cloud over TLS. What runs here trusts its authority.
    pub(crate) fn over_tls(name: &str) -> Self {
        Self::with_keyring(
            Options {
                tls: true,
                ..Options::default()
            },
            async |place| create(place, name).await,
        )
    }

    /// The same, where a keychain runs already.
    pub(crate) fn on_a_desktop(name: &str) -> Self {
        let options = Options {
            tls: true,
            ..Options::default()
        };
        Self::new(
            options,
            Keychain::native(KEYCHAIN_SERVICE),
            None,
            async |place| create(place, name).await,
        )
    }

    /// The same, in whatever keychain runs.
    pub(crate) fn without_a_keyring_of_its_own(name: &str) -> Self {
        let keychain = Keychain::native(KEYCHAIN_SERVICE);
        Self::new(Options::default(), keychain, None, async |place| {
            create(place, name).await
        })
    }

    /// Adds another connection.
    pub(crate) fn add(&self, name: &str) {
        self.runtime.block_on(async {
            let connections = self.open(Keychain::native(KEYCHAIN_SERVICE)).await;
            create(
                &Making {
                    tenant: &self.tenant,
                    connections,
                },
                name,
            )
            .await;
        });
    }

    /// The same, where the names of Microsoft's own hosts lead to the demo tenant, as in a network
    /// of its own.
    pub(crate) fn as_microsoft(name: &str) -> Self {
        let options = Options {
            tls: true,
            as_microsoft: true,
            ..Options::default()
        };
        Self::new(
            options,
            Keychain::native(KEYCHAIN_SERVICE),
            None,
            async |place| create(place, name).await,
        )
    }

    /// With a connection to which a person has signed in.
    pub(crate) fn signed_in(name: &str, address: &str) -> Self {
        Self::with_keyring(Options::default(), async |place| {
            sign_in(place, name, address).await
        })
    }

    /// The same over TLS; this process has to trust the authority, whose certificate is written to
    /// that file.
    pub(crate) fn signed_in_over_tls(name: &str, address: &str, authority: PathBuf) -> Self {
        let options = Options {
            tls: true,
            ca_file: Some(authority),
            ..Options::default()
        };
        Self::with_keyring(options, async |place| sign_in(place, name, address).await)
    }

    /// With a connection that scripts may use, and whose secret is out of reach.
    pub(crate) fn without_keychain(name: &str) -> Self {
        let nowhere = Keychain::with_store(
            KEYCHAIN_SERVICE,
            mock::Store::new().expect("a keychain in memory"),
        );
        let place = Self::new(Options::default(), nowhere, None, async |place| {
            create(place, name).await
        });
        assert!(place.run(&["allow", name]).status.success());
        place
    }

    fn with_keyring(options: Options, create: impl AsyncFnOnce(&Making<'_>)) -> Self {
        let keyring = Keyring::unlocked();
        Self::new(
            options,
            Keychain::native(KEYCHAIN_SERVICE),
            Some(keyring),
            create,
        )
    }

    fn new(
        options: Options,
        keychain: Keychain,
        keyring: Option<Keyring>,
        create: impl AsyncFnOnce(&Making<'_>),
    ) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let home = TempDir::new().expect("a folder");
        let tenant = runtime
            .block_on(DemoTenant::start(options))
            .expect("the demo tenant starts");
        fs::write(home.path().join("clouds.json"), tenant.clouds_json()).expect("the clouds file");
        let place = Self {
            home,
            tenant,
            runtime,
            _keyring: keyring,
        };
        place.runtime.block_on(async {
            let connections = place.open(keychain).await;
            create(&Making {
                tenant: &place.tenant,
                connections,
            })
            .await;
        });
        place.tenant.clear_requests();
        place
    }

    /// One more connection, whose secret is out of reach.
    pub(crate) fn add_without_keychain(&self, name: &str) {
        let nowhere = Keychain::with_store(
            KEYCHAIN_SERVICE,
            mock::Store::new().expect("a keychain in memory"),
        );
        self.runtime.block_on(async {
            let connections = self.open(nowhere).await;
            create(
                &Making {
                    tenant: &self.tenant,
                    connections,
                },
                name,
            )
            .await;
        });
    }

    async fn open(&self, keychain: Keychain) -> Connections {
        let clouds = Clouds::built_in()
            .with_custom(&self.tenant.clouds_json())
            .expect("the clouds file");
        Connections::open(&self.home.path().join(KEYCHAIN_SERVICE), keychain, clouds)
            .await
            .expect("opened")
    }

    /// A program in this place.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("XDG_DATA_HOME", self.home.path());
        command
            .env("GRAPH_CONNECT_CLOUDS", self.home.path().join("clouds.json"))
            .env("NO_PROXY", "*");
        if let Some(authority) = self.tenant.ca_file() {
            for trusting in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
                command.env(trusting, authority);
            }
        }
        command
    }

    /// The same, which hears Ctrl-C though whoever started the tests may ignore it, as a shell does
    /// for what it runs in the background.
    pub(crate) fn interruptible(&self, program: &str) -> Command {
        let mut command = self.command("env");
        command.args(["--default-signal", program]);
        command
    }

    pub(crate) fn graph_connect(&self, arguments: &[&str]) -> Command {
        let mut command = self.interruptible(&program());
        command.args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.graph_connect(arguments)
            .output()
            .expect("the program runs")
    }

    /// The status and the body of a request; 0 when there was no answer.
    pub(crate) fn curl(&self, arguments: &[&str]) -> (u16, String) {
        let fixed = [
            "--silent",
            "--max-time",
            "10",
            "--noproxy",
            "*",
            "--write-out",
            "\n%{http_code}",
        ];
        let output = self
            .command("curl")
            .args(fixed)
            .args(arguments)
            .output()
            .expect("curl runs");
        let said = text(&output.stdout);
        let (body, status) = said.rsplit_once('\n').expect("a status after the body");
        (status.parse().unwrap_or_default(), body.to_owned())
    }

    pub(crate) fn token_requests(&self) -> usize {
        let requests = self.tenant.requests();
        requests
            .iter()
            .filter(|request| request.path.ends_with("/oauth2/v2.0/token"))
            .count()
    }

    /// Somebody follows a sign-in link, in the demo tenant's own browser.
    pub(crate) fn act(&self, link: &str, address: &str, decision: Decision) {
        self.runtime.block_on(async {
            let answer = self
                .tenant
                .visit(link, address, decision)
                .await
                .expect("an answer of the pages");
            self.tenant
                .browser()
                .expect("a browser")
                .deliver(&answer)
                .await
                .expect("delivered");
        });
    }

    /// Which programs were handed what of a connection, newest first.
    pub(crate) fn uses(&self, name: &str) -> Vec<(String, String)> {
        self.runtime.block_on(async {
            let connections = self.open(Keychain::native(KEYCHAIN_SERVICE)).await;
            let name = ConnectionName::parse(name).expect("a name");
            let id = connections.find(&name).await.expect("there").id;
            let uses = connections.uses(id, 100).await.expect("the list of uses");
            uses.into_iter()
                .map(|used| (used.program, used.scope))
                .collect()
        })
    }

    /// A folder with a program `az` that gives the tokens of a connection, as docs/SCRIPTS.md shows
    /// it.
    pub(crate) fn write_az_shim(&self, folder: &Path, name: &str) {
        fs::create_dir_all(folder).expect("a folder");
        let program = program();
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/SCRIPTS.md");
        let guide = fs::read_to_string(guide).expect("the guide");
        let from = guide.find("#!/bin/sh").expect("the program in the guide");
        let shim = guide[from..].split("```").next().unwrap_or_default();
        let shim = shim
            .replace("exec graph-connect", &format!("exec '{program}'"))
            .replace("Contoso audit", name);
        let shim = shim.replace(
            "https://graph.microsoft.com",
            self.tenant.graph_url().trim_end_matches('/'),
        );
        let file = folder.join("az");
        fs::write(&file, shim).expect("a program");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it may be run");
    }

    /// From now on nothing can be added to this table, as on a full disk.
    pub(crate) fn fill_up(&self, table: &str) {
        let file = self
            .home
            .path()
            .join(KEYCHAIN_SERVICE)
            .join("connections.db");
        let abort = "BEGIN SELECT RAISE(ABORT, 'no room'); END";
        let sql = format!("CREATE TRIGGER {table}_full BEFORE INSERT ON {table} {abort}");
        rusqlite::Connection::open(file)
            .expect("the store")
            .execute_batch(&sql)
            .expect("full");
    }

    /// Waits until something is so.
    pub(crate) fn wait_until(&self, so: impl Fn() -> bool) {
        let began = Instant::now();
        while !so() {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "waited for 20 seconds"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Where the program is: cargo tells tests; an example lies in a folder beside it.
pub(crate) fn program() -> String {
    if let Some(program) = option_env!("CARGO_BIN_EXE_graph-connect") {
        return program.to_owned();
    }
    let example = std::env::current_exe().expect("this program's path");
    example
        .with_file_name("../graph-connect")
        .display()
        .to_string()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
