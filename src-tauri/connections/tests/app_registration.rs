//! Connections by App Registration, from the form to the list, over real HTTP.

mod common;

use common::{Computer, finding, names};
use connections::{AppRegistrationForm, Error};
use demo_tenant::{Fault, Host, fixtures};
use model::{Actor, Integration, Method, Outcome, PermissionState, Status, Step, StepState};

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
async fn a_name_is_taken_whatever_its_case_and_is_suggested_with_a_number() {
    let computer = Computer::new().await;
    let suggest = |computer: &Computer| {
        let connections = computer.connections.clone();
        async move {
            connections
                .suggest_name(Integration::MicrosoftGraph)
                .await
                .expect("a name")
                .to_string()
        }
    };
    assert_eq!(suggest(&computer).await, "Microsoft Graph");
    computer
        .connections
        .create_app_registration(&computer.form("microsoft GRAPH", fixtures::HEALTHY), None)
        .await
        .expect("created");
    assert_eq!(suggest(&computer).await, "Microsoft Graph 2");
    let again = computer
        .connections
        .create_app_registration(&computer.form("Microsoft Graph", fixtures::HEALTHY), None)
        .await;
    assert!(matches!(again, Err(Error::NameTaken)), "{again:?}");
    let verdict = computer
        .connections
        .inspect_app_registration(&computer.form("Microsoft Graph", fixtures::HEALTHY))
        .await;
    assert!(
        verdict.expect("a verdict").name.problem.is_some(),
        "the form says so before anything is sent"
    );
}

#[tokio::test]
async fn a_secret_in_a_field_that_is_shown_and_kept_in_the_clear_is_refused() {
    let computer = Computer::new().await;
    let secret = computer.secret_of(fixtures::HEALTHY);
    let entra = "abc8Q~another-secret.of_Entra-0000000000";
    let fits = |name: &str| computer.form(name, fixtures::HEALTHY);
    let forms = [
        ("Name", fits(&secret)),
        ("Name", fits(&format!("Contoso {secret} of today"))),
        ("Name", fits(entra)),
        (
            "Description",
            AppRegistrationForm {
                description: format!("secret: {secret}"),
                ..fits("Audit")
            },
        ),
        (
            "Description",
            AppRegistrationForm {
                description: format!("secret:{entra};"),
                ..fits("Audit")
            },
        ),
        (
            "Tags",
            AppRegistrationForm {
                tags: vec!["audit".to_owned(), secret.clone()],
                ..fits("Audit")
            },
        ),
        (
            "Name",
            AppRegistrationForm {
                client_secret: "plain-old-secret".into(),
                ..fits("my plain-old-secret")
            },
        ),
    ];
    for (field, form) in &forms {
        let refused = computer
            .connections
            .create_app_registration(form, None)
            .await;
        assert!(
            matches!(&refused, Err(Error::Invalid { field: named, .. }) if named == field),
            "{refused:?}"
        );
        let told = format!("{refused:?}");
        assert!(!told.contains(&secret) && !told.contains(entra), "{told}");
    }
    let verdict = computer
        .connections
        .inspect_app_registration(&fits(&secret))
        .await
        .expect("a verdict");
    assert!(
        verdict
            .name
            .problem
            .is_some_and(|problem| problem.contains("client secret"))
    );
    assert_eq!(computer.secrets_in_keychain(), 0);
    for name in [
        "Contoso ~ Fabrikam, the one for the audit of 2026",
        "a~b-c_d.e",
        "Sehr~langer~Name~ohne~eine~einzige~Ziffer",
    ] {
        let kept = computer
            .connections
            .create_app_registration(&fits(name), None)
            .await
            .expect("a name like any other");
        assert_eq!(kept.connection.name.as_str(), name);
        let id = kept.connection.id;
        let renamed = computer.connections.rename(id, entra).await;
        assert!(
            matches!(renamed, Err(Error::Invalid { field: "Name", .. })),
            "{renamed:?}"
        );
    }
}

#[tokio::test]
async fn what_was_probably_meant_is_offered_and_never_taken_by_itself() {
    let computer = Computer::new().await;
    let mut form = computer.form("Contoso audit", fixtures::HEALTHY);
    let id = form.client_id.clone();
    form.client_id =
        format!("https://portal.azure.com/#view/x/Overview/appId/{id}/isMSAApp~/false");
    form.tenant = "admin@contoso.example".into();
    let verdict = computer
        .connections
        .inspect_app_registration(&form)
        .await
        .expect("a verdict");
    assert_eq!(
        (verdict.client_id.suggestion, verdict.tenant.suggestion),
        (Some(id), Some("contoso.example".into()))
    );
    assert!(
        verdict.client_id.problem.is_some() && verdict.tenant.problem.is_some(),
        "both are refused as they are"
    );
    assert!(!verdict.complete, "nothing can be tested with them");

    form.tenant = "9188040d-6c67-4c5b-b112-36a304b66dad".into();
    let verdict = computer
        .connections
        .inspect_app_registration(&form)
        .await
        .expect("a verdict");
    assert_eq!(
        verdict.tenant.problem, None,
        "a tenant that nobody administers is a tenant"
    );
    assert!(
        verdict
            .tenant
            .notes
            .iter()
            .any(|note| note.contains("personal accounts")),
        "{:?}",
        verdict.tenant.notes
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
