//! A new client secret: which answers of its test keep the old one, and what becomes of its day and
//! its report.

use connections::{Error, Proof, SecretForm};
use demo_tenant::{Fault, fixtures};
use jiff::civil::date;
use model::{Integration, Outcome, Status};

use crate::{
    TYPO,
    common::{Computer, secret_form},
    healthy, kept_secret, refused,
};

#[tokio::test]
async fn a_new_secret_that_does_not_work_leaves_the_old_one_with_its_status_and_its_report() {
    let computer = Computer::new().await;
    let id = healthy(&computer).await;
    let before = computer.connections.get(id).await.expect("there");
    let proof = refused(&computer, id, &secret_form(TYPO)).await;
    assert_eq!(proof, Proof::DoesNotWork);
    assert_eq!(
        proof.say(before.method.kind()),
        "The new secret does not work. The old one is kept."
    );
    assert_eq!(
        computer.connections.get(id).await.expect("there"),
        before,
        "nothing of it has changed"
    );
    assert_eq!(
        kept_secret(&computer, id).await,
        computer.secret_of(fixtures::HEALTHY)
    );
    assert_eq!(
        computer
            .connections
            .last_report(id)
            .await
            .expect("read")
            .expect("kept")
            .outcome,
        Outcome::Works
    );
    assert_eq!(
        computer
            .connections
            .check(id, &|_| {})
            .await
            .expect("a report")
            .outcome,
        Outcome::Works
    );
}

#[tokio::test]
async fn a_secret_that_expired_or_is_of_another_app_does_not_work_either() {
    let computer = Computer::new().await;
    let id = healthy(&computer).await;
    for other in [fixtures::EXPIRED, fixtures::ODD_SECRET] {
        let form = secret_form(&computer.secret_of(other));
        assert_eq!(refused(&computer, id, &form).await, Proof::DoesNotWork);
        assert_eq!(
            kept_secret(&computer, id).await,
            computer.secret_of(fixtures::HEALTHY)
        );
    }
}

#[tokio::test]
async fn a_new_secret_that_could_not_be_tested_leaves_the_old_one_and_is_not_said_to_be_wrong() {
    let computer = Computer::new().await;
    let id = healthy(&computer).await;
    let right = secret_form(&computer.secret_of(fixtures::HEALTHY));
    computer
        .tenant
        .fault(Fault::throttle("/*/oauth2/v2.0/token", 30).times(1));
    assert_eq!(refused(&computer, id, &right).await, Proof::NotTested);
    let computer = computer.restarted().await;
    computer
        .tenant
        .fault(Fault::latency("/*", std::time::Duration::from_secs(60)));
    let silent = refused(&computer, id, &right).await;
    assert_eq!(
        silent,
        Proof::NotTested,
        "a host that is silent says nothing of the secret"
    );
    computer.tenant.clear_faults();
    assert_eq!(
        kept_secret(&computer, id).await,
        computer.secret_of(fixtures::HEALTHY)
    );
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::Healthy
    );
}

#[tokio::test]
async fn a_new_secret_that_works_takes_the_old_ones_place_with_the_report_of_its_test() {
    let computer = Computer::new().await;
    let mut wrong = computer.form("Contoso audit", fixtures::HEALTHY);
    wrong.client_secret = TYPO.into();
    wrong.secret_expires_on = Some("2026-12-01".to_owned());
    let id = computer
        .connections
        .create_app_registration(&wrong, None)
        .await
        .expect("created")
        .connection
        .id;
    assert_eq!(
        computer
            .connections
            .check(id, &|_| {})
            .await
            .expect("a report")
            .outcome,
        Outcome::Fails
    );

    let form = SecretForm {
        secret_expires_on: Some("2031-01-01".to_owned()),
        ..secret_form(&computer.secret_of(fixtures::HEALTHY))
    };
    computer.tenant.clear_requests();
    let tested = computer
        .connections
        .test_secret(id, &form, &|_| {})
        .await
        .expect("tested");
    let report = tested.report().clone();
    computer
        .connections
        .replace_secret(id, &form, tested)
        .await
        .expect("replaced");
    let replaced = computer.connections.get(id).await.expect("there");
    assert_eq!(
        (replaced.status, replaced.last_checked_at),
        (Status::Healthy, Some(report.started_at))
    );
    assert_eq!(
        computer.connections.last_report(id).await.expect("read"),
        Some(report.clone())
    );
    assert_eq!(
        kept_secret(&computer, id).await,
        computer.secret_of(fixtures::HEALTHY)
    );
    let tokens = computer
        .tenant
        .requests()
        .into_iter()
        .filter(|request| request.path.ends_with("/token"))
        .count();
    assert_eq!(tokens, 1, "one test and no more");
    assert!(
        report.secret_expires_on.is_some(),
        "the directory tells the day"
    );
    assert_eq!(
        computer.expiry_of(id).await,
        report.secret_expires_on,
        "and it counts more than what was typed"
    );
}

#[tokio::test]
async fn where_the_directory_is_silent_the_day_is_what_was_typed_and_never_that_of_the_old_secret()
{
    let computer = Computer::new().await;
    let mut form = computer.form("Intune", fixtures::WITHOUT_CONSENT);
    form.secret_expires_on = Some("2026-12-01".to_owned());
    let id = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id;
    for typed in [Some("2031-01-01"), None] {
        let secret = secret_form(&computer.secret_of(fixtures::WITHOUT_CONSENT));
        let secret = SecretForm {
            secret_expires_on: typed.map(str::to_owned),
            ..secret
        };
        let tested = computer
            .connections
            .test_secret(id, &secret, &|_| {})
            .await
            .expect("tested");
        assert_eq!(
            tested.report().secret_expires_on,
            None,
            "this application may not read its registration"
        );
        computer
            .connections
            .replace_secret(id, &secret, tested)
            .await
            .expect("replaced");
        assert_eq!(
            computer.expiry_of(id).await,
            typed.map(|_| date(2031, 1, 1))
        );
    }
}

#[tokio::test]
async fn a_test_of_another_secret_or_of_another_connection_proves_nothing() {
    let computer = Computer::new().await;
    let id = healthy(&computer).await;
    let other = computer
        .create("Other", fixtures::ODD_SECRET, Integration::MicrosoftGraph)
        .await;
    let right = secret_form(&computer.secret_of(fixtures::HEALTHY));
    let tested = computer
        .connections
        .test_secret(id, &right, &|_| {})
        .await
        .expect("tested");
    for (connection, form) in [
        (id, secret_form(TYPO)),
        (other, secret_form(&computer.secret_of(fixtures::HEALTHY))),
    ] {
        let refused = computer
            .connections
            .replace_secret(connection, &form, tested.clone())
            .await;
        assert!(
            matches!(
                refused,
                Err(Error::NotProved {
                    proof: Proof::NotTested,
                    ..
                })
            ),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn whoever_insists_gets_the_new_secret_with_what_its_test_found_and_nothing_of_the_old_one() {
    let computer = Computer::new().await;
    let id = healthy(&computer).await;
    let form = secret_form(TYPO);
    let tested = computer
        .connections
        .test_secret(id, &form, &|_| {})
        .await
        .expect("tested");
    computer
        .connections
        .replace_secret_anyway(id, &form, Some(tested))
        .await
        .expect("replaced");
    assert_eq!(kept_secret(&computer, id).await, TYPO);
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::Failing,
        "as its test has shown"
    );

    let right = secret_form(&computer.secret_of(fixtures::HEALTHY));
    computer
        .connections
        .replace_secret_anyway(id, &right, None)
        .await
        .expect("replaced");
    let untested = computer.connections.get(id).await.expect("there");
    assert_eq!(
        (untested.status, untested.last_checked_at),
        (Status::NeverTested, None)
    );
    let report = computer.connections.last_report(id).await.expect("read");
    assert_eq!(
        report, None,
        "what was found with the old secret says nothing of this one"
    );
}
