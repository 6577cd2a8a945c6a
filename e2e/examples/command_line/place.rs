//! Where everything is measured: a home, the demo tenant over TLS, the keychain of this desktop,
//! and one connection.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use connections::{Connections, KEYCHAIN_SERVICE};
use demo_tenant::{DemoTenant, Fault, Options, fixtures};
use e2e::Home;
use entra::Clouds;
use keychain::Keychain;
use serde_json::Value;
use tokio::runtime::Runtime;

/// How late a late answer comes: about what a token costs over the internet.
pub(crate) const LATE: Duration = Duration::from_millis(100);

const NAME: &str = "Contoso audit";
const TOKEN_ENDPOINT: &str = "/*/oauth2/v2.0/token";
/// What `secret-tool` looks up; as long as a key of the token cache.
const LOOKED_UP: &str = "bG9va2VkIHVwIGJ5IHNlY3JldC10b29sLCAzMiBieXRl";

/// The place.
pub(crate) struct Place {
    home: Home,
    pub(crate) tenant: DemoTenant,
    // After the tenant, which it runs.
    _runtime: Runtime,
}

impl Place {
    /// # Panics
    /// When something cannot be set up.
    pub(crate) fn new() -> Self {
        let (home, runtime) = (Home::new(), Runtime::new().expect("a runtime"));
        let options = Options {
            tls: true,
            ..Options::default()
        };
        let tenant = runtime
            .block_on(DemoTenant::start(options))
            .expect("the demo tenant starts");
        let clouds = clouds(&tenant);
        std::fs::write(home.path().join("clouds.json"), &clouds).expect("the clouds file");
        runtime.block_on(async {
            let clouds = Clouds::built_in()
                .with_custom(&clouds)
                .expect("the clouds file");
            let keychain = Keychain::native(KEYCHAIN_SERVICE);
            let connections = Connections::open(&home.app_data(), keychain, clouds)
                .await
                .expect("an empty store");
            let created = connections
                .create_app_registration(&e2e::healthy(&tenant, NAME), None)
                .await;
            let id = created
                .expect("the keychain of this desktop takes it")
                .connection
                .id;
            connections
                .let_scripts_use(id, true)
                .await
                .expect("the store takes it");
        });
        let place = Self {
            home,
            tenant,
            _runtime: runtime,
        };
        place.store_what_is_looked_up();
        place
    }

    /// A program that lives in here and trusts the test CA alone.
    pub(crate) fn command(&self, program: impl Into<PathBuf>) -> Command {
        let mut command = Command::new(program.into());
        self.home.settle(&mut command);
        let ca = self.ca();
        command
            .env("GRAPH_CONNECT_CLOUDS", self.home.path().join("clouds.json"))
            .env("NO_PROXY", "*");
        command
            .env("SSL_CERT_FILE", &ca)
            .env("REQUESTS_CA_BUNDLE", &ca)
            .env("CURL_CA_BUNDLE", &ca);
        command.env_remove("SSL_CERT_DIR");
        command
    }

    pub(crate) fn graph_connect(&self, arguments: &[&str]) -> Command {
        let program = e2e::checkout().join("target/dist/graph-connect");
        assert!(
            program.exists(),
            "not built: run scripts/build.sh --shipped"
        );
        let mut command = self.command(program);
        command.args(arguments);
        command
    }

    pub(crate) fn token(&self, arguments: &[&str]) -> Command {
        let mut command = self.graph_connect(&["token", NAME]);
        command.args(arguments);
        command
    }

    /// Runs a program with the identity endpoint of the connection.
    pub(crate) fn exec(&self, program: &Command) -> Command {
        let mut command = self.graph_connect(&["exec", NAME, "--"]);
        command.arg(program.get_program()).args(program.get_args());
        command.envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        command
    }

    /// The request that `token --fresh` makes.
    pub(crate) fn curl(&self) -> Command {
        let mut command = self.command("curl");
        command.args([
            "--silent",
            "--show-error",
            "--fail",
            "--data",
            "grant_type=client_credentials",
        ]);
        for (name, value) in [
            ("client_id", fixtures::HEALTHY.to_string()),
            ("client_secret", self.secret()),
            ("scope", format!("{}/.default", self.tenant.graph_url())),
        ] {
            command
                .arg("--data-urlencode")
                .arg(format!("{name}={value}"));
        }
        command.arg(format!(
            "{}/{}/oauth2/v2.0/token",
            self.tenant.login_url(),
            fixtures::CONTOSO
        ));
        command
    }

    pub(crate) fn lookup(&self) -> Command {
        let mut command = self.command("secret-tool");
        command.args(["lookup", "service", "bench"]);
        command
    }

    #[expect(clippy::unused_self, reason = "one place looks up one secret")]
    pub(crate) const fn looked_up(&self) -> &'static str {
        LOOKED_UP
    }

    pub(crate) fn folder(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn ca(&self) -> PathBuf {
        self.tenant.ca_file().expect("it speaks TLS").to_owned()
    }

    pub(crate) fn secret(&self) -> String {
        self.tenant
            .app(fixtures::HEALTHY)
            .expect("one of the fixtures")
            .secrets[0]
            .value
            .clone()
    }

    /// Before each run: nothing was asked yet, and answers come at once or late.
    pub(crate) fn begin(&self, late: bool) {
        self.tenant.clear_faults();
        self.tenant.clear_requests();
        if late {
            self.tenant.fault(Fault::latency(TOKEN_ENDPOINT, LATE));
        }
    }

    pub(crate) fn token_requests(&self) -> usize {
        self.tenant
            .requests()
            .iter()
            .filter(|request| request.path.ends_with("/oauth2/v2.0/token"))
            .count()
    }

    /// What was printed is a token that Graph takes.
    pub(crate) fn verify_token(&self, printed: &str) {
        let mut curl = self.command("curl");
        curl.args(["--silent", "--show-error", "--fail", "--header"]);
        curl.arg(format!("Authorization: Bearer {}", printed.trim_end()));
        let output = curl
            .arg(format!("{}/v1.0/organization", self.tenant.graph_url()))
            .output()
            .expect("curl runs");
        assert!(
            output.status.success(),
            "Graph refuses it: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let body: Value = serde_json::from_slice(&output.stdout).expect("Graph answers in JSON");
        assert_eq!(body["value"][0]["id"], fixtures::CONTOSO.to_string());
    }

    /// What was printed is the answer of a token endpoint.
    pub(crate) fn verify_answer(&self, printed: &str) {
        self.verify_member(printed, "access_token");
    }

    /// What was printed is what `az` prints of a token.
    pub(crate) fn verify_az(&self, printed: &str) {
        self.verify_member(printed, "accessToken");
    }

    fn verify_member(&self, printed: &str, name: &str) {
        let answer: Value = serde_json::from_str(printed).expect("JSON");
        self.verify_token(answer[name].as_str().expect("a token"));
    }

    fn store_what_is_looked_up(&self) {
        let mut store = self.command("secret-tool");
        store
            .args(["store", "--label", "Measured against", "service", "bench"])
            .stdin(Stdio::piped());
        let mut storing = store
            .spawn()
            .expect("secret-tool is there (apt install libsecret-tools)");
        let mut input = storing.stdin.take().expect("its input is a pipe");
        std::io::Write::write_all(&mut input, LOOKED_UP.as_bytes()).expect("it reads the secret");
        drop(input);
        assert!(
            storing.wait().expect("it ends").success(),
            "the keychain takes it"
        );
    }
}

/// The demo tenant as a cloud whose endpoints are known beforehand, as those of Microsoft's own
/// clouds are and as `curl` knows them.
fn clouds(tenant: &DemoTenant) -> String {
    let mut clouds: Value = serde_json::from_str(&tenant.clouds_json()).expect("its clouds file");
    clouds[0]["endpoints"] = "entra".into();
    clouds.to_string()
}
