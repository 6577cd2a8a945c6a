//! The demo tenant before a judge that this project did not write: Microsoft's own library for
//! Python, which insists on TLS, checks discovery and id_tokens in its own way, and posts its forms
//! itself.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose preparation fails has failed"
)]

use std::path::{Path, PathBuf};

use demo_tenant::{DemoTenant, Options, fixtures, python};
use serde_json::json;

const MSAL: &str = "msal==1.39.0";

#[tokio::test]
async fn msal_gets_a_token_by_client_credentials() {
    let (tenant, python) = prepare().await;
    let secret = tenant.app(fixtures::ODD_SECRET).unwrap().secrets[0]
        .value
        .clone();
    let answer = run(
        &python,
        &tenant,
        "client_credentials",
        &[&fixtures::ODD_SECRET.to_string(), &secret],
    )
    .await;
    assert_eq!(answer["token_type"], "Bearer");
    let request = tenant
        .requests()
        .into_iter()
        .find(|request| request.method == "POST")
        .unwrap();
    assert_eq!(
        request.field("client_secret"),
        Some(fixtures::ODD_SECRET_VALUE)
    );
}

#[tokio::test]
async fn msal_is_told_that_a_secret_is_wrong() {
    let (tenant, python) = prepare().await;
    let answer = run(
        &python,
        &tenant,
        "client_credentials",
        &[&fixtures::HEALTHY.to_string(), "wrong"],
    )
    .await;
    assert_eq!(
        (&answer["error"], &answer["error_codes"]),
        (&json!("invalid_client"), &json!([7_000_215]))
    );
}

#[tokio::test]
async fn msal_signs_a_person_in_by_form_post_and_refreshes() {
    let (tenant, python) = prepare().await;
    let arguments = [
        &fixtures::DESKTOP.to_string(),
        fixtures::ADMIN,
        &fixtures::password_of(fixtures::ADMIN),
    ];
    let answer = run(&python, &tenant, "auth_code", &arguments).await;
    assert_eq!(answer["claims"]["preferred_username"], fixtures::ADMIN);
    assert_eq!(answer["claims"]["tid"], fixtures::CONTOSO.to_string());
    assert_eq!(answer["username"], fixtures::ADMIN);
    assert_eq!(answer["graph_me"]["userPrincipalName"], fixtures::ADMIN);
    assert_eq!(
        (&answer["refreshed"], &answer["different"]),
        (&json!("Bearer"), &json!(true))
    );
}

/// A running tenant and a Python that has msal.
async fn prepare() -> (DemoTenant, PathBuf) {
    let tenant = DemoTenant::start(Options {
        tls: true,
        ..Options::default()
    })
    .await
    .unwrap();
    let python =
        tokio::task::spawn_blocking(|| python::with(Path::new(env!("CARGO_TARGET_TMPDIR")), MSAL))
            .await
            .unwrap();
    (tenant, python)
}

async fn run(
    python: &Path,
    tenant: &DemoTenant,
    what: &str,
    arguments: &[&str],
) -> serde_json::Value {
    let mut command = tokio::process::Command::new(python);
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/msal_client.py"))
        .arg(what);
    command
        .arg(format!("{}/{}", tenant.login_url(), fixtures::CONTOSO))
        .arg(tenant.graph_url())
        .args(arguments);
    command
        .env("REQUESTS_CA_BUNDLE", tenant.ca_file().unwrap())
        .env("NO_PROXY", "*")
        .kill_on_drop(true);
    let output = command.output().await.unwrap();
    serde_json::from_str(&python::succeeded("the msal client", &output)).unwrap()
}
