//! The exported report, its published schema, and what must not be in it.

mod common;

use common::Computer;
use connections::Error;
use demo_tenant::{Fault, fixtures};
use model::{CheckDocument, ConnectionId, Integration};
use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("../../../docs/check-report.schema.json");

#[test]
fn the_published_schema_is_the_one_of_the_types() {
    let mut schema = schemars::schema_for!(CheckDocument);
    schema.insert("$id".to_owned(), json!(CheckDocument::SCHEMA));
    let schema = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(
            concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../docs/check-report.schema.json"
            ),
            &schema,
        )
        .expect("the schema can be written");
    }
    assert!(
        schema == PUBLISHED,
        "docs/check-report.schema.json is out of date: run this test with UPDATE_SCHEMA=1"
    );
}

#[tokio::test]
async fn real_reports_fit_the_published_schema() {
    let computer = Computer::new().await;
    let mut ids = Vec::new();
    for (name, app) in [
        ("Healthy", fixtures::HEALTHY),
        ("Half", fixtures::HALF_CONSENTED),
        ("Expired", fixtures::EXPIRED),
    ] {
        let form = computer.form(name, app);
        ids.push(
            computer
                .connections
                .create_app_registration(&form, None)
                .await
                .expect("created")
                .connection
                .id,
        );
    }
    ids.push(
        computer
            .sign_in("Notes", Integration::OneNote, fixtures::ADMIN)
            .await
            .0
            .id,
    );
    let validator = jsonschema::validator_for(&published()).expect("a schema");
    for id in ids {
        let report = computer
            .connections
            .check(id, &|_| {})
            .await
            .expect("a report");
        let document = exported(&computer, id).await;
        let wrong: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(wrong.is_empty(), "{wrong:?} in {document:#}");
        assert_eq!(
            (&document["$schema"], &document["version"]),
            (&json!("check-report.schema.json"), &json!(1))
        );
        assert_eq!(document["connection"]["id"], json!(id.to_string()));
        assert_eq!(document["report"]["headline"], json!(report.headline));
        let read: CheckDocument = serde_json::from_value(document).expect("it can be read back");
        assert_eq!(read.report, report);
    }
}

#[test]
fn the_schema_refuses_what_is_not_a_report() {
    let validator = jsonschema::validator_for(&published()).expect("a schema");
    assert!(!validator.is_valid(&json!({})));
    assert!(
        !validator.is_valid(
            &json!({"$schema": "check-report.schema.json", "version": "one", "report": {}})
        )
    );
}

#[tokio::test]
async fn no_secret_is_in_it_even_if_a_server_says_it_aloud() {
    let computer = Computer::new().await;
    let planted = computer.secret_of(fixtures::HEALTHY);
    let id = computer
        .connections
        .create_app_registration(&computer.form("Audit", fixtures::HEALTHY), None)
        .await;
    let id = id.expect("created").connection.id;
    let chatty = json!({"error": "invalid_client", "error_description": format!("AADSTS7000215: {planted} is wrong.")});
    let fault = Fault::status("/*/oauth2/v2.0/token", 401).body(&chatty.to_string());
    computer
        .tenant
        .fault(fault.header("Content-Type", "application/json"));
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let text = computer
        .connections
        .export_report(id)
        .await
        .expect("a document");
    assert!(
        text.contains("AADSTS7000215"),
        "the server's text is there: {text}"
    );
    assert!(!text.contains(&planted), "but not the secret in it");
    computer.tenant.clear_faults();

    let id = computer
        .sign_in("Notes", Integration::OneNote, fixtures::ADMIN)
        .await
        .0
        .id;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let text = computer
        .connections
        .export_report(id)
        .await
        .expect("a document");
    let sent = computer.tenant.requests();
    let tokens: Vec<&str> = sent
        .iter()
        .filter_map(|request| request.field("refresh_token"))
        .collect();
    assert!(
        !tokens.is_empty() && tokens.iter().all(|token| !text.contains(token)),
        "no refresh token"
    );
    let bearers: Vec<&str> = sent
        .iter()
        .filter_map(|r| r.header("authorization")?.strip_prefix("Bearer "))
        .collect();
    assert!(
        !bearers.is_empty() && bearers.iter().all(|token| !text.contains(token)),
        "no access token"
    );
}

#[tokio::test]
async fn a_connection_that_was_never_tested_has_nothing_to_export() {
    let computer = Computer::new().await;
    let id = computer
        .connections
        .create_app_registration(&computer.form("Audit", fixtures::HEALTHY), None)
        .await;
    let refused = computer
        .connections
        .export_report(id.expect("created").connection.id)
        .await;
    assert!(
        matches!(
            refused,
            Err(Error::Invalid {
                field: "Report",
                ..
            })
        ),
        "{refused:?}"
    );
}

async fn exported(computer: &Computer, id: ConnectionId) -> Value {
    let text = computer
        .connections
        .export_report(id)
        .await
        .expect("a document");
    serde_json::from_str(&text).expect("JSON")
}

fn published() -> Value {
    serde_json::from_str(PUBLISHED).expect("JSON")
}
