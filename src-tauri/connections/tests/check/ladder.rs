//! The ladder: which steps there are, what each shows, and how long they take together.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use demo_tenant::{Fault, fixtures};
use model::{Actor, Field, Integration, Outcome, PortalPage, Retry, Status, Step, StepState};

use crate::common::{Computer, finding};

/// How long each answer is held back when answers are counted by the clock: much longer than a busy machine
/// needs for the rest.
const LATENCY: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_healthy_check_takes_two_answers_one_after_the_other_the_token_and_a_read_from_graph() {
    let computer = Computer::new().await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    computer.tenant.fault(Fault::latency("", LATENCY));
    let mut fastest = Duration::MAX;
    // A busy machine makes a run slower, never faster, so the fastest of three is what the answers
    // alone take.
    for _ in 0..3 {
        let began = Instant::now();
        let report = computer
            .connections
            .check(id, &|_| {})
            .await
            .expect("a report");
        fastest = fastest.min(began.elapsed());
        assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    }
    assert!(
        fastest >= LATENCY * 2,
        "the token comes before what is read with it: {fastest:?}"
    );
    assert!(
        fastest < LATENCY.mul_f32(2.9),
        "nothing waits for a third answer: {fastest:?}"
    );
}

#[tokio::test]
async fn every_step_is_told_of_and_the_last_word_of_each_is_in_the_report() {
    let computer = Computer::new().await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    let heard = Mutex::new(Vec::new());
    let hear =
        |finding: &model::Finding| heard.lock().expect("one at a time").push(finding.clone());
    let report = computer
        .connections
        .check(id, &hear)
        .await
        .expect("a report");
    let steps: Vec<Step> = report.findings.iter().map(|finding| finding.step).collect();
    assert_eq!(
        steps,
        Step::ALL,
        "a saved connection goes through every step, in order"
    );
    for finding in &report.findings {
        let heard = heard.lock().expect("nobody else");
        let last = heard.iter().rfind(|heard| heard.step == finding.step);
        assert_eq!(
            last,
            Some(finding),
            "what was told last is what the report says"
        );
    }
}

#[tokio::test]
async fn the_tenants_name_is_read_from_graph_and_kept_on_the_connection() {
    let computer = Computer::new().await;
    let id = computer
        .create(
            "Contoso audit",
            fixtures::HEALTHY,
            Integration::MicrosoftGraph,
        )
        .await;
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.tenant_name.as_deref(), Some("Contoso"));
    assert_eq!(report.app_name.as_deref(), Some("Contoso audit"));
    let tenant = finding(&report, Step::Tenant);
    assert!(tenant.summary.contains("Contoso"), "{tenant:?}");
    assert!(
        tenant
            .evidence
            .as_ref()
            .is_some_and(|e| e.contains(&fixtures::CONTOSO.to_string())),
        "{tenant:?}"
    );
    assert_eq!(
        computer
            .connections
            .get(id)
            .await
            .expect("there")
            .tenant_name
            .as_deref(),
        Some("Contoso")
    );

    let (kept, _) = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    let connection = computer.connections.get(kept.id).await.expect("there");
    assert_eq!(
        connection.tenant_name.as_deref(),
        Some("Contoso"),
        "a person may read it too"
    );
}

#[tokio::test]
async fn a_clock_that_is_off_by_ten_minutes_is_warned_of_and_stops_nothing() {
    let computer = Computer::new().await;
    computer
        .tenant
        .set_clock_ahead(jiff::SignedDuration::from_mins(10));
    let report = computer
        .test(&computer.form("Late", fixtures::HEALTHY))
        .await;
    let clock = finding(&report, Step::Clock);
    assert_eq!(clock.state, StepState::Warning, "{clock:?}");
    assert!(
        clock.summary.contains("slow"),
        "this computer is behind the server: {clock:?}"
    );
    assert_eq!(clock.actor, Some(Actor::You));
    assert_eq!(finding(&report, Step::Credential).state, StepState::Passed);
    assert_eq!(report.outcome, Outcome::WorksWithGaps);
}

#[tokio::test]
async fn what_could_not_run_says_because_of_what() {
    let computer = Computer::new().await;
    let mut form = computer.form("Wrong", fixtures::HEALTHY);
    form.client_secret = "wrn8Q~this-is-not-the-secret-of-the-app0".into();
    let report = computer.test(&form).await;
    for later in [
        Step::Identity,
        Step::Permissions,
        Step::GraphRead,
        Step::Probe,
        Step::SecretExpiry,
    ] {
        assert_eq!(
            finding(&report, later).summary,
            "Skipped: no token was issued."
        );
    }
    let credential = finding(&report, Step::Credential);
    assert_eq!(
        credential.field,
        Some(Field::ClientSecret),
        "the focus goes there: {credential:?}"
    );
    assert!(
        credential.actor.is_some() && credential.retry == Some(Retry::AfterTheFix),
        "{credential:?}"
    );
    let link = credential.link.as_ref().expect("where it is done");
    assert_eq!(link.page, PortalPage::Secrets);
    assert!(
        link.url.contains(&fixtures::HEALTHY.to_string()),
        "for that very app: {link:?}"
    );
}

#[tokio::test]
async fn a_throttled_read_is_put_off_and_says_for_how_long() {
    let computer = Computer::new().await;
    let id = computer
        .create("Contoso audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    for path in ["/v1.0/organization", "/v1.0/auditLogs/signIns"] {
        computer.tenant.fault(Fault::throttle(path, 7));
        let report = computer
            .connections
            .check(id, &|_| {})
            .await
            .expect("a report");
        assert_eq!(report.outcome, Outcome::Inconclusive, "{path}: {report:#?}");
        assert_eq!(report.again_after_s, Some(7), "{path}");
        assert!(
            report
                .findings
                .iter()
                .all(|finding| finding.state != StepState::Failed),
            "{path}: {report:#?}"
        );
        assert_eq!(
            computer.connections.get(id).await.expect("there").status,
            Status::Healthy,
            "{path}"
        );
        computer.tenant.clear_faults();
    }
}

#[tokio::test]
async fn an_integration_without_a_cheap_read_says_so() {
    let computer = Computer::new().await;
    let report = computer
        .test(&computer.form("Everything", fixtures::HEALTHY))
        .await;
    let probe = finding(&report, Step::Probe);
    assert_eq!(probe.state, StepState::Skipped, "{probe:?}");
    assert!(probe.summary.starts_with("Skipped:"), "{probe:?}");
}

#[tokio::test]
async fn every_integration_works_for_a_person_and_is_probed_where_there_is_a_cheap_read() {
    let computer = Computer::new().await;
    for integration in Integration::ALL {
        let (_, report) = computer
            .sign_in(integration.name(), integration, fixtures::ADMIN)
            .await;
        assert_eq!(
            report.outcome,
            Outcome::Works,
            "{integration:?}: {report:#?}"
        );
        assert_eq!(
            (finding(&report, Step::Probe).state == StepState::Passed),
            integration != Integration::MicrosoftGraph,
            "{integration:?}"
        );
    }
}

#[tokio::test]
async fn no_report_holds_the_secret_or_a_token() {
    let computer = Computer::new().await;
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let secret = computer.secret_of(fixtures::HEALTHY);
    let report = computer.test(&form).await;
    let text = format!("{report:?}");
    assert!(!text.contains(&secret) && !text.contains("eyJ"), "{text}");
}
