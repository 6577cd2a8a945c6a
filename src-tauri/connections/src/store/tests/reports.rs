//! What checks learn: reports, days of expiry, and secrets that have expired.

use model::{CheckReport, Finding, Outcome, Status, Step, StepState};

use super::{fresh, keep, method, report, sample};
use crate::{
    Error,
    store::{Kept, Renewal},
};

#[tokio::test]
async fn what_a_check_learns_is_kept_and_the_tenants_day_goes_before_the_one_that_a_person_entered()
{
    let (_folder, store) = fresh();
    let (entered, told) = (jiff::civil::date(2027, 5, 1), jiff::civil::date(2028, 5, 1));
    let mut connection = sample("Contoso");
    connection.method = method(connection.method.client_id(), Some(entered));
    keep(&store, &connection).await.unwrap();
    let hour = "2028-05-01T10:30:00Z".parse().ok();
    let named = CheckReport {
        tenant_name: Some("Contoso".into()),
        ..report(1)
    };
    let learnt = CheckReport {
        secret_expires_on: Some(told),
        secret_expires_at: hour,
        ..named
    };
    store
        .record_check(connection.id, learnt, Status::Healthy)
        .await
        .unwrap();
    store
        .record_check(connection.id, report(2), Status::Healthy)
        .await
        .unwrap();
    let kept = store.get(connection.id).await.unwrap();
    assert_eq!(
        kept.tenant_name.as_deref(),
        Some("Contoso"),
        "a check that could not read the name forgets none"
    );
    assert_eq!(
        kept.method,
        method(connection.method.client_id(), Some(told))
    );
    assert_eq!(kept.secret_expires_at, hour, "and no hour");
    assert_eq!(
        kept.updated_at, connection.updated_at,
        "a check changes nothing of what a person wrote"
    );
}

#[tokio::test]
async fn a_secret_that_has_expired_is_known_to_have_until_it_is_accepted_or_another_takes_its_place()
 {
    let (_folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    let refused = CheckReport {
        outcome: Outcome::Fails,
        secret_expired: true,
        ..report(1)
    };
    let without = |state| CheckReport {
        outcome: Outcome::Fails,
        findings: vec![finding(Step::Credential, state)],
        ..report(2)
    };
    let expired = async |report| {
        store
            .record_check(connection.id, report, Status::Failing)
            .await
            .unwrap();
        store.get(connection.id).await.unwrap().secret_expired
    };
    assert!(expired(refused.clone()).await);
    assert!(
        expired(without(StepState::Skipped)).await,
        "nobody asked for a token"
    );
    assert!(
        expired(CheckReport {
            outcome: Outcome::NeedsSignIn,
            ..report(3)
        })
        .await,
        "it is not in the keychain"
    );
    assert!(
        expired(without(StepState::Failed)).await,
        "refused for another reason"
    );
    assert!(
        !expired(without(StepState::Passed)).await,
        "it was accepted, whatever failed after that"
    );

    assert!(expired(refused).await);
    let next = store.begin_replace(connection.id, None).await.unwrap();
    let (method, at) = (connection.method.clone(), connection.updated_at);
    store
        .commit_replace(
            &next,
            Renewal::ByPerson {
                method,
                at,
                tested: None,
            },
            Kept::InKeychain(None),
        )
        .await
        .unwrap();
    assert!(
        !store.get(connection.id).await.unwrap().secret_expired,
        "the new one has not"
    );
}

#[tokio::test]
async fn fifty_reports_are_kept_newest_first_and_go_with_the_connection() {
    let (_folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    for second in 1..=55 {
        store
            .record_check(connection.id, report(second), Status::Healthy)
            .await
            .unwrap();
    }
    let reports = store.reports(connection.id, 100).await.unwrap();
    assert_eq!(reports.len(), 50);
    assert_eq!(reports.first(), Some(&report(55)));
    assert_eq!(reports.last(), Some(&report(6)));
    assert_eq!(
        store.last_report(connection.id).await.unwrap(),
        Some(report(55))
    );
    let listed = store.get(connection.id).await.unwrap();
    assert_eq!(
        (listed.status, listed.last_checked_at),
        (Status::Healthy, Some(report(55).started_at))
    );

    store.commit_remove(connection.id).await.unwrap();
    assert_eq!(store.reports(connection.id, 100).await.unwrap(), []);
    let late = store
        .record_check(connection.id, report(56), Status::Failing)
        .await;
    assert!(
        matches!(late, Err(Error::NotFound)),
        "a check that ends after the removal is not kept: {late:?}"
    );
}

fn finding(step: Step, state: StepState) -> Finding {
    let (ms, summary) = (0, String::new());
    Finding {
        step,
        state,
        ms,
        summary,
        evidence: None,
        next: None,
        actor: None,
        retry: None,
        link: None,
        field: None,
        original: None,
    }
}
