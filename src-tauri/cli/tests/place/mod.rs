//! One person's computer: a home, a keychain, the demo tenant as its cloud, and a connection.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
    time::{Duration, Instant},
};

use connections::{AppRegistrationForm, Connections, KEYCHAIN_SERVICE};
use demo_tenant::{DemoTenant, Options, cast};
use entra::Clouds;
use keychain::{Keychain, testing::Keyring};
use keyring_core::mock;
use model::{CloudId, Integration};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) struct Place {
    pub(crate) home: TempDir,
    pub(crate) tenant: DemoTenant,
    // After the tenant, which it runs.
    _runtime: Runtime,
    _keyring: Option<Keyring>,
}

impl Place {
    /// With a connection whose secret is in a real keychain.
    pub(crate) fn with(name: &str) -> Self {
        let keyring = Keyring::unlocked();
        Self::new(name, Keychain::native(KEYCHAIN_SERVICE), Some(keyring))
    }

    /// With a connection that scripts may use, and whose secret is out of reach.
    pub(crate) fn without_keychain(name: &str) -> Self {
        let nowhere = mock::Store::new().expect("a keychain in memory");
        let place = Self::new(name, Keychain::with_store(KEYCHAIN_SERVICE, nowhere), None);
        assert!(place.run(&["allow", name]).status.success());
        place
    }

    fn new(name: &str, keychain: Keychain, keyring: Option<Keyring>) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let home = TempDir::new().expect("a folder");
        let tenant = runtime.block_on(DemoTenant::start(Options::default())).expect("the demo tenant starts");
        fs::write(home.path().join("clouds.json"), tenant.clouds_json()).expect("the clouds file");
        let clouds = Clouds::built_in().with_custom(&tenant.clouds_json()).expect("the clouds file");
        let form = form(name, &tenant);
        runtime.block_on(async {
            let folder = home.path().join(KEYCHAIN_SERVICE);
            let connections = Connections::open(&folder, keychain, clouds).await.expect("opened");
            connections.create_app_registration(&form, None).await.expect("created");
        });
        tenant.clear_requests();
        Self { home, tenant, _runtime: runtime, _keyring: keyring }
    }

    /// A program in this place.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("XDG_DATA_HOME", self.home.path());
        command.env("GRAPH_CONNECT_CLOUDS", self.home.path().join("clouds.json")).env("NO_PROXY", "*");
        command
    }

    pub(crate) fn graph_connect(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_graph-connect"));
        command.args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.graph_connect(arguments).output().expect("the program runs")
    }

    /// The status and the body of a request; 0 when there was no answer.
    pub(crate) fn curl(&self, arguments: &[&str]) -> (u16, String) {
        let fixed = ["--silent", "--max-time", "10", "--noproxy", "*", "--write-out", "\n%{http_code}"];
        let output = self.command("curl").args(fixed).args(arguments).output().expect("curl runs");
        let said = text(&output.stdout);
        let (body, status) = said.rsplit_once('\n').expect("a status after the body");
        (status.parse().unwrap_or_default(), body.to_owned())
    }

    pub(crate) fn token_requests(&self) -> usize {
        let requests = self.tenant.requests();
        requests.iter().filter(|request| request.path.ends_with("/oauth2/v2.0/token")).count()
    }

    /// A folder with a program `az` that gives the tokens of a connection, as docs/SCRIPTS.md shows it.
    pub(crate) fn write_az_shim(&self, folder: &Path, name: &str) {
        fs::create_dir_all(folder).expect("a folder");
        let program = env!("CARGO_BIN_EXE_graph-connect");
        let shim = format!("#!/bin/sh\nexec '{program}' token '{name}' --format az\n");
        let file = folder.join("az");
        fs::write(&file, shim).expect("a program");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it may be run");
    }

    /// Waits until something is so.
    pub(crate) fn wait_until(&self, so: impl Fn() -> bool) {
        let began = Instant::now();
        while !so() {
            assert!(began.elapsed() < Duration::from_secs(20), "waited for 20 seconds");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn form(name: &str, tenant: &DemoTenant) -> AppRegistrationForm {
    let secret = tenant.app(cast::HEALTHY).expect("of the cast").secrets[0].value.clone();
    AppRegistrationForm {
        integration: Integration::EntraId,
        cloud: CloudId::new("demo"),
        name: name.to_owned(),
        description: String::new(),
        tags: Vec::new(),
        client_id: cast::HEALTHY.to_string(),
        client_secret: secret.into(),
        tenant: cast::CONTOSO.to_string(),
        secret_expires_on: None,
        secret_id_is_right: false,
    }
}
