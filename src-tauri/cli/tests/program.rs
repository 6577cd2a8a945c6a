//! The program as a script sees it: arguments in, standard output and exit code out.

use std::{
    path::Path,
    process::{Command, Output},
    sync::Arc,
};

use connections::{AppRegistrationForm, Connections, KEYCHAIN_SERVICE};
use demo_tenant::{DemoTenant, Options, fixtures};
use entra::Clouds;
use keychain::Keychain;
use keyring_core::{CredentialStore, mock};
use model::{CloudId, Integration, Need};
use tempfile::TempDir;

#[test]
fn without_connections_the_list_is_empty_and_that_is_no_failure() {
    let home = TempDir::new().expect("a folder");
    let output = graph_connect(home.path(), &["list", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let answer: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!(answer, serde_json::json!({"version": 1, "connections": []}));
}

// Windows has no variable that names another data folder (windows.rs tries it there).
#[cfg(unix)]
#[tokio::test]
async fn a_connection_is_listed_and_found_by_its_name_in_any_case() {
    let home = home_with("Contoso audit").await;
    let list = graph_connect(home.path(), &["list"]);
    let text = String::from_utf8(list.stdout).expect("text");
    assert!(
        text.contains("Contoso audit") && text.contains("Never tested"),
        "{text}"
    );
    let show = graph_connect(home.path(), &["show", "CONTOSO AUDIT", "--json"]);
    let answer: serde_json::Value =
        serde_json::from_slice(&show.stdout).expect("JSON and nothing else");
    assert_eq!(
        answer["connection"]["clientId"],
        fixtures::HEALTHY.to_string()
    );
    assert_eq!(answer["report"], serde_json::Value::Null);
}

// Windows has no variable that names another data folder (windows.rs tries it there).
#[cfg(unix)]
#[tokio::test]
async fn an_unknown_name_ends_with_3_and_suggests_the_nearest_on_standard_error() {
    let home = home_with("Contoso audit").await;
    let output = graph_connect(home.path(), &["show", "contoso"]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(output.stdout.is_empty(), "standard output is data only");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("Contoso audit"),
        "{output:?}"
    );
}

// Windows has no variable that names another data folder (windows.rs tries it there).
#[cfg(unix)]
#[tokio::test]
async fn a_check_without_a_keychain_ends_with_5_and_says_what_to_do() {
    let home = home_with("Contoso audit").await;
    let output = graph_connect(home.path(), &["check", "Contoso audit"]);
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.to_lowercase().contains("no keychain can be reached"),
        "{text}"
    );
}

#[test]
fn a_wrong_call_ends_with_2() {
    let home = TempDir::new().expect("a folder");
    for wrong in [&["check"][..], &["nonsense"], &["check", "a", "--all"]] {
        assert_eq!(
            graph_connect(home.path(), wrong).status.code(),
            Some(2),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_list_of_clouds_is_read_with_a_mark_left_out_when_it_is_not_set_and_refused_when_it_may_never_end()
 {
    let home = TempDir::new().expect("a folder");
    let file = home.path().join("clouds.json");
    let base = "http://127.0.0.1:9";
    let own = serde_json::json!([{"id": "own", "name": "Own", "login": base, "graph": base, "portal": base}]);
    std::fs::write(&file, format!("\u{feff}{own}")).expect("written");
    for clouds in ["", file.to_str().expect("text")] {
        let output = in_clouds(home.path(), clouds, &["list", "--json"]);
        assert_eq!(output.status.code(), Some(0), "{clouds}: {output:?}");
    }
    std::fs::write(home.path().join("words"), [0xff, 0xfe, b'[', 0]).expect("written");
    let words = home.path().join("words");
    for (clouds, reason) in [
        ("/nonexistent", "does not exist"),
        (home.path().to_str().expect("text"), "is a folder"),
        (words.to_str().expect("text"), "not text in UTF-8"),
        #[cfg(unix)]
        ("/dev/zero", "not an ordinary file"),
    ] {
        let output = in_clouds(home.path(), clouds, &["list"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains(reason) && said.contains(clouds),
            "{clouds}: {said}"
        );
    }
}

// Windows has no variable that names another data folder (windows.rs tries it there).
#[cfg(unix)]
#[tokio::test]
async fn a_cloud_of_the_persons_own_file_is_marked_wherever_it_shows() {
    let home = home_with("Contoso audit").await;
    let shown = graph_connect(home.path(), &["show", "Contoso audit"]);
    assert!(
        String::from_utf8_lossy(&shown.stdout).contains("demo (custom)"),
        "{shown:?}"
    );
    let shown = graph_connect(home.path(), &["show", "Contoso audit", "--json"]);
    let answer: serde_json::Value =
        serde_json::from_slice(&shown.stdout).expect("JSON and nothing else");
    assert_eq!(answer["connection"]["customCloud"], true);
}

/// The same where a variable names a list of clouds.
fn in_clouds(home: &Path, clouds: &str, arguments: &[&str]) -> Output {
    command(home, arguments)
        .env("GRAPH_CONNECT_CLOUDS", clouds)
        .output()
        .expect("the program runs")
}

fn graph_connect(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().expect("the program runs")
}

/// The program with a data folder of its own and no session bus.
fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_graph-connect"));
    command
        .args(arguments)
        .env("XDG_DATA_HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env_remove("GRAPH_CONNECT_CLOUDS");
    command
}

/// A data folder with one connection, whose secret is in no keychain that the program can reach.
async fn home_with(name: &str) -> TempDir {
    let tenant = DemoTenant::start(Options::default())
        .await
        .expect("the demo tenant starts");
    let home = TempDir::new().expect("a folder");
    let store: Arc<CredentialStore> = mock::Store::new().expect("a keychain in memory");
    let keychain = Keychain::with_store(KEYCHAIN_SERVICE, store);
    let folder = home.path().join(KEYCHAIN_SERVICE);
    let connections = Connections::open(&folder, keychain, clouds(&tenant))
        .await
        .expect("opened");
    let form = AppRegistrationForm {
        integration: Integration::MicrosoftGraph,
        need: Need::default(),
        cloud: CloudId::new("demo"),
        name: name.to_owned(),
        description: String::new(),
        tags: Vec::new(),
        client_id: fixtures::HEALTHY.to_string(),
        client_secret: "hea8Q~some-secret-of-forty-characters-000".into(),
        tenant: fixtures::CONTOSO.to_string(),
        secret_expires_on: None,
        secret_id_is_right: false,
    };
    connections
        .create_app_registration(&form, None)
        .await
        .expect("created");
    home
}

fn clouds(tenant: &DemoTenant) -> Clouds {
    Clouds::built_in()
        .with_custom(&tenant.clouds_json())
        .expect("the clouds file")
}
