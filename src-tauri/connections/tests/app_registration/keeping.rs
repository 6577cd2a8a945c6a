//! Create: what is kept of a form and of its test, and what is left after a restart and a deletion.

use connections::Error;
use demo_tenant::fixtures;
use model::{Integration, Method, Outcome, Status};

use crate::common::{Computer, names};

#[tokio::test]
async fn a_domain_is_resolved_to_the_tenants_id_and_both_are_kept() {
    let computer = Computer::new().await;
    let mut form = computer.form("By domain", fixtures::HEALTHY);
    form.tenant = " Contoso.Example ".into();
    let connection = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection;
    let Method::AppRegistration {
        tenant_id, domain, ..
    } = connection.method
    else {
        panic!("an app registration")
    };
    assert_eq!(tenant_id, fixtures::CONTOSO);
    assert_eq!(
        domain.map(|domain| domain.to_string()).as_deref(),
        Some("contoso.example")
    );
}

#[tokio::test]
async fn a_test_counts_only_for_exactly_the_form_that_was_tested() {
    let computer = Computer::new().await;
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let tested = computer
        .connections
        .test_form(&form, &|_| {})
        .await
        .expect("a report");
    let mut other = computer.form("Other secret", fixtures::HEALTHY);
    other.client_secret = "wrn8Q~this-is-not-the-secret-of-the-app0".into();
    let kept = computer
        .connections
        .create_app_registration(&other, Some(tested.clone()))
        .await
        .expect("created")
        .connection;
    assert_eq!(
        kept.status,
        Status::NeverTested,
        "the report was of another secret"
    );
    let kept = computer
        .connections
        .create_app_registration(&form, Some(tested))
        .await
        .expect("created")
        .connection;
    assert_eq!(kept.status, Status::Healthy);
    let report = computer
        .connections
        .last_report(kept.id)
        .await
        .expect("read")
        .expect("kept");
    assert_eq!(report.outcome, Outcome::Works);
}

#[tokio::test]
async fn a_connection_whose_report_cannot_be_kept_is_created_and_says_so() {
    let computer = Computer::new().await;
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let tested = computer
        .connections
        .test_form(&form, &|_| {})
        .await
        .expect("a report");
    computer.fill_up("checks");
    let created = computer
        .connections
        .create_app_registration(&form, Some(tested))
        .await
        .expect("a connection");
    assert_eq!(
        created.connection.status,
        Status::NeverTested,
        "nothing of its test is kept"
    );
    let report = created.report.expect("the report that was shown");
    assert!(
        report
            .not_kept
            .as_ref()
            .is_some_and(|why| why.contains("not kept")),
        "{report:#?}"
    );
    computer.make_room("checks");
    let form = computer.form("Contoso audit 2", fixtures::HEALTHY);
    let tested = computer
        .connections
        .test_form(&form, &|_| {})
        .await
        .expect("a report");
    let created = computer
        .connections
        .create_app_registration(&form, Some(tested))
        .await
        .expect("a connection");
    assert_eq!(created.report.and_then(|report| report.not_kept), None);
}

#[tokio::test]
async fn connections_are_found_again_after_a_restart_and_still_work() {
    let computer = Computer::new().await;
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    let computer = computer.restarted().await;
    assert_eq!(names(&computer.connections).await, ["Contoso audit"]);
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.outcome, Outcome::Works);
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::Healthy
    );
}

#[tokio::test]
async fn a_deleted_connection_is_gone() {
    let computer = Computer::new().await;
    let id = computer
        .create(
            "Contoso audit",
            fixtures::HEALTHY,
            Integration::MicrosoftGraph,
        )
        .await;
    computer.connections.remove(id).await.expect("removed");
    assert!(matches!(
        computer.connections.get(id).await,
        Err(Error::NotFound)
    ));
    assert!(names(&computer.connections).await.is_empty());
}
