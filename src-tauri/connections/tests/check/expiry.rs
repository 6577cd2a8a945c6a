//! The day on which the client secret expires.

use demo_tenant::{Fault, fixtures};
use model::{Actor, Field, Integration, Outcome, PortalPage, Status, Step, StepState};

use crate::common::{Computer, finding};

#[tokio::test]
async fn the_secrets_last_day_is_found_by_its_first_three_characters_and_kept() {
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
    let day = jiff::civil::date(2050, 1, 1);
    assert_eq!(report.secret_expires_on, Some(day));
    assert_eq!(
        finding(&report, Step::SecretExpiry).state,
        StepState::Passed
    );
    assert_eq!(
        computer.expiry_of(id).await,
        Some(day),
        "it is saved, because nobody had entered one"
    );
    let row = computer.connections.get(id).await.expect("there");
    assert_eq!(row.status, Status::Healthy);
}

#[tokio::test]
async fn a_secret_that_ends_in_less_than_thirty_days_is_warned_of_and_fails_nothing() {
    let computer = Computer::new().await;
    let secret = computer.secret_of(fixtures::HEALTHY);
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 10);
    computer.tenant.set_secret(fixtures::HEALTHY, &secret, soon);
    let report = computer
        .test(&computer.form("Soon", fixtures::HEALTHY))
        .await;
    let expiry = finding(&report, Step::SecretExpiry);
    assert_eq!(expiry.state, StepState::Warning, "{expiry:?}");
    assert_eq!(expiry.actor, Some(Actor::ApplicationAdministrator));
    assert_eq!(
        expiry.link.as_ref().map(|link| link.page),
        Some(PortalPage::Secrets)
    );
    assert_eq!(report.outcome, Outcome::WorksWithGaps);
    assert!(
        report
            .headline
            .starts_with("Connected. The client secret expires on"),
        "{}",
        report.headline
    );
}

#[tokio::test]
async fn several_secrets_that_begin_alike_are_said_to_be_several_and_no_day_is_guessed() {
    let computer = Computer::new().await;
    computer.tenant.app_mut(fixtures::HEALTHY, |app| {
        let mut second = app.secrets[0].clone();
        second.value = "hea8Q~another-secret-of-forty-characters".to_owned();
        second.expires = "2040-06-01T00:00:00Z".parse().expect("a time");
        app.secrets.push(second);
    });
    let report = computer
        .test(&computer.form("Two", fixtures::HEALTHY))
        .await;
    assert_eq!(report.secret_expires_on, None);
    let expiry = finding(&report, Step::SecretExpiry);
    assert!(expiry.summary.contains("2 secrets begin"), "{expiry:?}");
    let days = expiry.evidence.clone().unwrap_or_default();
    assert!(days.contains(" 2040") && days.contains(" 2050"), "{days}");
    assert_eq!(report.outcome, Outcome::Works, "that is no fault");
}

#[tokio::test]
async fn where_the_registration_may_not_be_read_the_day_is_to_be_entered_by_hand() {
    let computer = Computer::new().await;
    computer
        .tenant
        .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
    computer.tenant.grant_roles(
        fixtures::HEALTHY,
        fixtures::CONTOSO,
        &["eDiscovery.ReadWrite.All"],
    );
    let mut form = computer.form("Cases", fixtures::HEALTHY);
    form.integration = Integration::EDiscovery;
    let report = computer.test(&form).await;
    let expiry = finding(&report, Step::SecretExpiry);
    assert_eq!(
        (expiry.state, expiry.field),
        (StepState::Skipped, Some(Field::SecretExpiresOn)),
        "{expiry:?}"
    );
    assert!(expiry.summary.starts_with("Skipped:"), "{expiry:?}");
    assert!(
        expiry
            .next
            .as_ref()
            .is_some_and(|next| next.contains("by hand")),
        "{expiry:?}"
    );
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");

    form.secret_expires_on = Some("2026-12-01".to_owned());
    let report = computer.test(&form).await;
    let expiry = finding(&report, Step::SecretExpiry);
    assert!(
        expiry.summary.contains("1 Dec 2026"),
        "what was entered counts then: {expiry:?}"
    );
}

#[tokio::test]
async fn where_a_typed_day_and_the_tenant_disagree_the_report_says_so_and_the_tenant_is_followed() {
    let computer = Computer::new().await;
    let mut form = computer.form("Contoso audit", fixtures::HEALTHY);
    form.secret_expires_on = Some("2026-12-20".to_owned());
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let expiry = finding(&report, Step::SecretExpiry);
    let told = expiry.next.as_deref().unwrap_or_default();
    assert!(told.contains("You entered 20 Dec 2026;"), "{expiry:?}");
    assert_eq!(
        report.secret_expires_at,
        "2050-01-01T00:00:00Z".parse().ok(),
        "{report:#?}"
    );
    assert_eq!(
        computer.expiry_of(id).await,
        report.secret_expires_on,
        "the tenant knows better"
    );
    let kept = computer.connections.get(id).await.expect("there");
    assert_eq!(kept.secret_expires_at, report.secret_expires_at);

    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let next = &finding(&report, Step::SecretExpiry).next;
    assert_eq!(*next, None, "said once: {report:#?}");
}

#[tokio::test]
async fn a_secret_that_was_refused_as_expired_is_known_to_be_until_a_test_passes() {
    let computer = Computer::new().await;
    let id = computer
        .create("Expired", fixtures::EXPIRED, Integration::EntraId)
        .await;
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert!(report.secret_expired, "{report:#?}");
    assert!(
        computer
            .connections
            .get(id)
            .await
            .expect("there")
            .secret_expired
    );

    computer
        .tenant
        .fault(Fault::aadsts("/*/v2.0/.well-known/openid-configuration", 90_002).times(1));
    let computer = computer.restarted().await;
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.outcome, Outcome::Fails, "{report:#?}");
    assert_eq!(
        finding(&report, Step::Credential).state,
        StepState::Skipped,
        "nobody asked for a token"
    );
    assert!(
        computer
            .connections
            .get(id)
            .await
            .expect("there")
            .secret_expired,
        "so it says nothing of the secret"
    );

    computer.tenant.set_secret(
        fixtures::EXPIRED,
        &computer.secret_of(fixtures::EXPIRED),
        "2050-01-01T00:00:00Z".parse().unwrap(),
    );
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(
        finding(&report, Step::Credential).state,
        StepState::Passed,
        "{report:#?}"
    );
    assert!(
        !computer
            .connections
            .get(id)
            .await
            .expect("there")
            .secret_expired
    );
}
