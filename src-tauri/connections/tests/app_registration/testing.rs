//! Test Connection on the form: what each answer is made of, and what travels.

use demo_tenant::{Fault, Host, fixtures};
use model::{Actor, Outcome, PermissionState, Status, Step, StepState};

use crate::common::{Computer, finding};

#[tokio::test]
async fn a_healthy_app_passes_every_step_and_every_permission_is_granted() {
    let computer = Computer::new().await;
    let report = computer
        .test(&computer.form("Contoso audit", fixtures::HEALTHY))
        .await;
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    assert_eq!(report.headline, "Connected.");
    let steps: Vec<Step> = report.findings.iter().map(|finding| finding.step).collect();
    assert_eq!(
        steps,
        &Step::ALL[1..],
        "one finding a step, in order; a form needs no keychain"
    );
    // The demo tenant is an address without TLS, and there is no one cheap read of everything.
    let without_tls = [Step::NameResolution, Step::Tls, Step::Probe];
    for finding in &report.findings {
        let expected = if without_tls.contains(&finding.step) {
            StepState::Skipped
        } else {
            StepState::Passed
        };
        assert_eq!(finding.state, expected, "{finding:?}");
    }
    assert!(
        finding(&report, Step::GraphRead)
            .evidence
            .as_ref()
            .is_some_and(|e| e.contains("Contoso"))
    );
    assert!(
        report
            .permissions
            .iter()
            .all(|permission| permission.state == PermissionState::Granted)
    );
}

#[tokio::test]
async fn missing_consent_is_a_gap_with_names_and_not_a_wrong_secret() {
    let computer = Computer::new().await;
    let report = computer
        .test(&computer.form("Half", fixtures::HALF_CONSENTED))
        .await;
    assert_eq!(report.outcome, Outcome::WorksWithGaps);
    let missing = report
        .permissions
        .iter()
        .filter(|p| p.state == PermissionState::Missing)
        .count();
    assert!(
        missing > 0 && missing < report.permissions.len(),
        "some are granted and some are missing"
    );
    assert_eq!(
        report.headline,
        format!(
            "Connected. {missing} of {} permissions are missing.",
            report.permissions.len()
        )
    );

    let report = computer
        .test(&computer.form("None", fixtures::WITHOUT_CONSENT))
        .await;
    assert_eq!(
        report.outcome,
        Outcome::WorksWithGaps,
        "the credential works although nothing is granted"
    );
    assert_eq!(finding(&report, Step::Credential).state, StepState::Passed);
    let permissions = finding(&report, Step::Permissions);
    assert!(
        permissions.summary.contains("None of the"),
        "{permissions:?}"
    );
    assert_eq!(permissions.actor, Some(Actor::PrivilegedRoleAdministrator));
    assert!(
        permissions
            .next
            .as_ref()
            .is_some_and(|next| next.contains("grant admin consent")),
        "{permissions:?}"
    );
    let read = finding(&report, Step::GraphRead);
    assert_eq!(
        read.state,
        StepState::Passed,
        "a 403 proves the credential: {read:?}"
    );
    assert!(read.summary.contains("403"), "and is said so: {read:?}");
}

#[tokio::test]
async fn a_refused_credential_names_the_step_the_advice_and_what_the_server_said() {
    let computer = Computer::new().await;
    let mut wrong = computer.form("Wrong", fixtures::HEALTHY);
    wrong.client_secret = "wrn8Q~this-is-not-the-secret-of-the-app0".into();
    let expired = computer.form("Expired", fixtures::EXPIRED);
    let disabled = computer.form("Disabled", fixtures::DISABLED);
    let mut unknown = computer.form("Unknown", fixtures::HEALTHY);
    unknown.client_id = "00001111-aaaa-2222-bbbb-3333cccc4444".into();
    for (form, number) in [
        (wrong, 7_000_215),
        (expired, 7_000_222),
        (disabled, 7_000_112),
        (unknown, 700_016),
    ] {
        let report = computer.test(&form).await;
        assert_eq!(report.outcome, Outcome::Fails, "{}", form.name);
        let credential = finding(&report, Step::Credential);
        assert_eq!(credential.state, StepState::Failed, "{}", form.name);
        assert!(
            credential.next.as_ref().is_some_and(|next| next.len() > 20),
            "{} has advice",
            form.name
        );
        let original = credential
            .original
            .as_ref()
            .expect("what the server said is kept");
        assert_eq!(original.aadsts, Some(number), "{}", form.name);
        assert!(
            original.trace_id.is_some()
                && original.correlation_id.is_some()
                && original.timestamp.is_some()
        );
        for later in [Step::Identity, Step::Permissions, Step::GraphRead] {
            assert_eq!(
                finding(&report, later).state,
                StepState::Skipped,
                "{}: {later:?}",
                form.name
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_tenant_fails_at_the_tenant_and_not_at_the_host() {
    let computer = Computer::new().await;
    let mut form = computer.form("Nowhere", fixtures::HEALTHY);
    form.tenant = "nowhere.example".into();
    let report = computer.test(&form).await;
    assert_eq!(finding(&report, Step::Connection).state, StepState::Passed);
    assert_eq!(finding(&report, Step::Tenant).state, StepState::Failed);
    assert_eq!(report.outcome, Outcome::Fails);
}

#[tokio::test]
async fn throttling_is_not_failure_and_leaves_the_status_as_it_was() {
    let computer = Computer::new().await;
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let tested = computer
        .connections
        .test_form(&form, &|_| {})
        .await
        .expect("a report");
    let connection = computer
        .connections
        .create_app_registration(&form, Some(tested))
        .await
        .expect("created")
        .connection;
    assert_eq!(connection.status, Status::Healthy);

    computer
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 30));
    let report = computer
        .connections
        .check(connection.id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.outcome, Outcome::Inconclusive, "{report:#?}");
    assert_eq!(
        computer
            .connections
            .get(connection.id)
            .await
            .expect("there")
            .status,
        Status::Healthy
    );
}

#[tokio::test]
async fn each_check_asks_for_a_fresh_token() {
    let computer = Computer::new().await;
    let form = computer.form("Contoso audit", fixtures::HEALTHY);
    let connection = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection;
    computer.tenant.clear_requests();
    for _ in 0..3 {
        computer
            .connections
            .check(connection.id, &|_| {})
            .await
            .expect("a report");
    }
    let tokens = computer
        .tenant
        .requests()
        .into_iter()
        .filter(|request| request.path.ends_with("/token"))
        .count();
    assert_eq!(tokens, 3);
}

#[tokio::test]
async fn a_silent_server_ends_the_check_within_ten_seconds_and_dropping_ends_it_at_once() {
    let computer = Computer::new().await;
    let form = computer.form("Slow", fixtures::HEALTHY);
    computer.tenant.fault(Fault::latency(
        "/*/oauth2/v2.0/token",
        std::time::Duration::from_secs(60),
    ));
    let cancelled =
        tokio::time::timeout(std::time::Duration::from_millis(200), computer.test(&form)).await;
    assert!(
        cancelled.is_err(),
        "a check stops when its future is dropped"
    );
    let began = std::time::Instant::now();
    let report = computer.test(&form).await;
    assert!(
        began.elapsed() < connections::CHECK_TIMEOUT + std::time::Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(finding(&report, Step::Credential).state, StepState::Failed);
    assert!(
        finding(&report, Step::Credential)
            .summary
            .contains("in time")
    );
}

#[tokio::test]
async fn the_secret_travels_form_encoded_in_the_body_and_arrives_byte_for_byte() {
    let computer = Computer::new().await;
    let report = computer
        .test(&computer.form("Odd", fixtures::ODD_SECRET))
        .await;
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    let requests = computer.tenant.requests();
    let token = requests
        .iter()
        .find(|request| request.path.ends_with("/token"))
        .expect("a token request");
    assert_eq!(
        token.field("client_secret"),
        Some(fixtures::ODD_SECRET_VALUE)
    );
    assert!(
        token.body.contains("client_secret=p%7Ea%2Bb%26c%25d%3De+f")
            || token.body.contains("p~a%2Bb%26c%25d%3De+f")
    );
    for request in &requests {
        let address = format!("{} {:?}", request.path, request.query);
        assert!(
            !address.contains("p~a+b"),
            "the secret is in no address: {address}"
        );
        let wants_bearer = request.host == Host::Graph;
        let authorization = request.header("authorization").unwrap_or_default();
        assert_eq!(
            authorization.starts_with("Bearer "),
            wants_bearer,
            "tokens go to Graph and nowhere else"
        );
    }
}
