//! Tokens and secrets for scripts before judges that this project did not write: Microsoft's
//! libraries for Python, over TLS.
#![cfg(target_os = "linux")]

mod place;

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use demo_tenant::{fixtures, python};
use keychain::testing::{Bus, again, inside};
use place::{Place, text};
use serde_json::Value;

/// The versions that the proofs were made with.
const AZURE_IDENTITY: &str = "azure-identity==1.27.0";
const MSAL: &str = "msal==1.39.0";

const NAME: &str = "Contoso audit";

/// Where the certificate of the demo tenant's authority lies, for tests whose own process must
/// trust it too.
const AUTHORITY: &str = "GRAPH_CONNECT_TEST_AUTHORITY";

/// What a shell may have left over, in the order in which `DefaultAzureCredential` would take it.
const STALE: [(&str, &str); 5] = [
    ("AZURE_CLIENT_ID", "11111111-1111-1111-1111-111111111111"),
    ("AZURE_TENANT_ID", "11111111-1111-1111-1111-111111111111"),
    ("AZURE_CLIENT_SECRET", "stale"),
    ("AZURE_FEDERATED_TOKEN_FILE", "/stale"),
    ("AZURE_TOKEN_CREDENTIALS", "dev"),
];

#[test]
fn managed_identity_credential_takes_its_token_from_exec_and_reads_graph_over_tls() {
    inside(Bus::Ordinary, || {
        let place = allowed(&["allow", NAME]);
        let judged = judge(
            &place,
            AZURE_IDENTITY,
            "managed-identity",
            &["exec", NAME, "--"],
        );
        is_the_applications(&judged);
        let kept = text(&place.run(&["token", NAME]).stdout);
        assert_eq!(judged["token"], kept.trim(), "the very token that is kept");
        assert_eq!(place.token_requests(), 1);
        assert_eq!(
            place.uses(NAME).last().map(|(program, _)| program.as_str()),
            Some("python")
        );
    });
}

#[test]
fn default_azure_credential_takes_this_connections_token_whatever_the_shell_has_left_over() {
    inside(Bus::Ordinary, || {
        let place = allowed(&["allow", NAME]);
        let (mut exec, graph) = called(&place, AZURE_IDENTITY, "default", &["exec", NAME, "--"]);
        let judged = verdict(
            "DefaultAzureCredential",
            exec.args([&graph, "organization"]).envs(STALE),
        );
        is_the_applications(&judged);
        assert_eq!(
            judged["token"],
            text(&place.run(&["token", NAME]).stdout).trim()
        );
    });
}

#[test]
fn msal_takes_its_token_from_exec_as_of_a_managed_identity_and_reads_graph_over_tls() {
    inside(Bus::Ordinary, || {
        let place = allowed(&["allow", NAME]);
        let judged = judge(&place, MSAL, "msal", &["exec", NAME, "--"]);
        is_the_applications(&judged);
        assert_eq!(
            judged["token"],
            text(&place.run(&["token", NAME]).stdout).trim()
        );
    });
}

#[test]
fn environment_credential_and_the_default_one_sign_in_by_themselves_with_the_secret_that_exec_gives()
 {
    inside(Bus::Ordinary, || {
        let place = allowed(&["allow", NAME, "--secret", "--yes"]);
        for judge_by in ["environment", "default-elsewhere"] {
            place.tenant.clear_requests();
            let exec = ["exec", NAME, "--env", "secret", "--"];
            let (mut exec, graph) = called(&place, AZURE_IDENTITY, judge_by, &exec);
            let judged = verdict(judge_by, exec.args([&graph, "organization"]).envs(STALE));
            is_the_applications(&judged);
            assert_eq!(
                place.token_requests(),
                1,
                "{judge_by}: it asked the login host itself"
            );
        }
        assert_eq!(
            place.uses(NAME),
            vec![("python".to_owned(), "client secret".to_owned()); 2]
        );
    });
}

#[test]
fn azure_cli_credential_takes_its_token_from_the_program_az_of_the_guide() {
    inside(Bus::Ordinary, || {
        let place = allowed(&["allow", NAME]);
        let shim = place.home.path().join("bin");
        place.write_az_shim(&shim, NAME);
        let path = format!(
            "{}:{}",
            shim.display(),
            env::var("PATH").unwrap_or_default()
        );
        let [python, script] = python_and_script(AZURE_IDENTITY);
        let mut python = place.command(&python);
        let graph = graph(&place);
        let judged = verdict(
            "AzureCliCredential",
            python
                .args([&script, "azure-cli", &graph, "organization"])
                .env("PATH", path),
        );
        is_the_applications(&judged);
    });
}

#[test]
fn the_token_of_a_connection_by_oauth_is_the_persons_and_comes_the_same_way() {
    inside(Bus::Ordinary, || {
        trusting(|authority| {
            let place = Place::signed_in_over_tls(NAME, fixtures::ADMIN, authority);
            place.run(&["allow", NAME]);
            for (package, judge_by) in [(AZURE_IDENTITY, "managed-identity"), (MSAL, "msal")] {
                let (mut exec, graph) = called(&place, package, judge_by, &["exec", NAME, "--"]);
                let judged = verdict(judge_by, exec.args([&graph, "me"]));
                let scopes = judged["claims"]["scp"].as_str().unwrap_or_default();
                assert!(
                    scopes.split(' ').any(|scope| scope == "User.Read"),
                    "{judge_by}: {judged}"
                );
                assert_eq!(
                    judged["claims"]["roles"],
                    Value::Null,
                    "{judge_by}: no application's permissions"
                );
                assert_eq!(
                    judged["answer"]["userPrincipalName"],
                    fixtures::ADMIN,
                    "{judge_by}"
                );
            }
        });
    });
}

#[test]
fn a_judge_who_asks_for_a_token_of_something_else_is_told_why_there_is_none() {
    inside(Bus::Ordinary, || {
        let place = allowed(&["allow", NAME]);
        let (mut exec, _) = called(&place, MSAL, "msal", &["exec", NAME, "--"]);
        let output = exec
            .args(["https://management.azure.com", "organization"])
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let told = text(&output.stderr);
        assert!(
            told.contains("tokens for Microsoft Graph only") && !told.contains(".."),
            "{told}"
        );
        assert_eq!(place.token_requests(), 0);
    });
}

#[test]
fn without_the_authority_that_signed_graphs_certificate_no_judge_reads_graph() {
    inside(Bus::Ordinary, || {
        let place = allowed(&["allow", NAME]);
        let (mut exec, graph) = called(&place, MSAL, "msal", &["exec", NAME, "--"]);
        let output = exec
            .args([&graph, "organization"])
            .env_remove("REQUESTS_CA_BUNDLE")
            .output()
            .expect("it runs");
        assert!(!output.status.success(), "{output:?}");
        assert!(
            text(&output.stderr).contains("CERTIFICATE_VERIFY_FAILED"),
            "{output:?}"
        );
    });
}

/// A place over TLS, where this was called once.
fn allowed(call: &[&str]) -> Place {
    let place = Place::over_tls(NAME);
    assert!(place.run(call).status.success());
    place
}

/// What a judge saw who read the organization.
fn judge(place: &Place, package: &str, judge_by: &str, exec: &[&str]) -> Value {
    let (mut exec, graph) = called(place, package, judge_by, exec);
    verdict(judge_by, exec.args([&graph, "organization"]))
}

/// A call of the program that runs a judge, still without what the judge reads; and Graph's
/// address.
fn called(place: &Place, package: &str, judge_by: &str, exec: &[&str]) -> (Command, String) {
    let mut call = place.graph_connect(exec);
    call.args(python_and_script(package)).arg(judge_by);
    (call, graph(place))
}

fn verdict(judge_by: &str, call: &mut Command) -> Value {
    let output = call.output().expect("the program runs");
    serde_json::from_str(&python::succeeded(judge_by, &output)).expect("JSON and nothing else")
}

fn python_and_script(package: &str) -> [String; 2] {
    let python = python::with(Path::new(env!("CARGO_TARGET_TMPDIR")), package);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges.py");
    [python, script].map(|path| path.display().to_string())
}

fn graph(place: &Place) -> String {
    let graph = place.tenant.graph_url();
    assert!(graph.starts_with("https://"), "{graph}");
    graph.to_owned()
}

/// That it is a token of the connection's application, and that Graph answered to it.
fn is_the_applications(judged: &Value) {
    assert_eq!(
        judged["claims"]["appid"],
        fixtures::HEALTHY.to_string(),
        "{judged}"
    );
    assert_eq!(
        judged["claims"]["tid"],
        fixtures::CONTOSO.to_string(),
        "{judged}"
    );
    assert_eq!(judged["claims"]["scp"], Value::Null, "{judged}");
    assert_eq!(
        judged["answer"]["value"][0]["displayName"], "Contoso",
        "{judged}"
    );
}

/// Runs the calling test once more where this process trusts an authority, whose certificate is
/// still to be written.
fn trusting<F: FnOnce(PathBuf)>(body: F) {
    if let Some(authority) = env::var_os(AUTHORITY) {
        return body(authority.into());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("authority.pem");
    let output = again(&body)
        .env("SSL_CERT_FILE", &authority)
        .env(AUTHORITY, &authority)
        .output();
    let output = output.expect("the test program starts again");
    assert!(
        text(&output.stdout).contains("1 passed"),
        "{}",
        python::succeeded("the test", &output)
    );
}
