//! Connections by OAuth: the demo tenant's pages, the loopback answer, the keychain, and signing in
//! again.

mod common;

use std::time::Duration;

use common::{Computer, finding, sign_in_form};
use demo_tenant::{Fault, fixtures};
use model::{Integration, Method, Outcome, Status, Step, StepState};

#[tokio::test]
async fn signing_in_creates_a_connection_that_is_proved_with_the_kept_refresh_token() {
    let computer = Computer::new().await;
    let (kept, report) = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    assert_eq!(kept.account.username.as_deref(), Some(fixtures::ADMIN));
    assert_eq!(kept.account.tenant_id, fixtures::CONTOSO);
    assert_eq!(
        kept.missing,
        Vec::<String>::new(),
        "an admin may grant everything"
    );
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    assert!(
        finding(&report, Step::GraphRead)
            .evidence
            .as_ref()
            .is_some_and(|e| e.contains(fixtures::ADMIN))
    );

    let computer = computer.restarted().await;
    let id = kept.id;
    for _ in 0..2 {
        let report = computer
            .connections
            .check(id, &|_| {})
            .await
            .expect("a report");
        assert_eq!(
            report.outcome,
            Outcome::Works,
            "the rotated refresh token is kept each time"
        );
    }
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::Healthy
    );
}

#[tokio::test]
async fn a_check_that_is_cancelled_after_the_token_answer_leaves_the_new_refresh_token_in_the_keychain()
 {
    let computer = Computer::new().await;
    let id = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    let before = computer
        .connections
        .get(id)
        .await
        .expect("there")
        .credential_version;
    computer
        .tenant
        .fault(Fault::latency("/v1.0/me", Duration::from_secs(60)));
    computer.tenant.clear_requests();
    let connections = computer.connections.clone();
    let check = tokio::spawn(async move { connections.check(id, &|_| {}).await });
    until("Graph is asked", async || {
        computer
            .tenant
            .requests()
            .iter()
            .any(|request| request.path == "/v1.0/me")
    })
    .await;
    check.abort();
    assert!(check.await.expect_err("cancelled").is_cancelled());
    let kept = async || {
        computer
            .connections
            .get(id)
            .await
            .expect("there")
            .credential_version
            > before
    };
    until("the new token is the connection's own", kept).await;
    until("the old one is removed", async || {
        computer.secrets_in_keychain() == 1
    })
    .await;
    computer.tenant.clear_faults();
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("nobody holds its turn");
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
}

#[tokio::test]
async fn a_check_whose_new_refresh_token_cannot_be_kept_says_so_in_its_report() {
    let computer = Computer::new().await;
    let id = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    computer.fill_up("pending");
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    assert!(
        report
            .not_kept
            .as_ref()
            .is_some_and(|why| why.contains("new token")),
        "{report:#?}"
    );
}

#[tokio::test]
async fn a_sign_in_that_is_kept_is_not_said_to_have_failed_because_its_report_or_its_watch_is_not()
{
    let computer = Computer::new().await;
    let plan = computer
        .connections
        .plan_sign_in(&sign_in_form("Contoso mail", Integration::Outlook))
        .await;
    let plan = plan.expect("a plan").waiting_for_consent();
    let signed_in = computer
        .signed_in(&plan, fixtures::USER)
        .await
        .expect("signed in");
    let tried = computer
        .connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .expect("tried");
    computer.fill_up("checks");
    computer.fill_up("watches");
    let kept = computer
        .connections
        .keep_sign_in(&plan, &tried)
        .await
        .expect("the sign-in itself is kept");
    assert!(!kept.missing.is_empty(), "it waits for consent: {kept:?}");
    let said = kept.not_kept.expect("what is not kept is said");
    assert!(said.contains("not kept"), "{said}");
    let connection = computer.connections.get(kept.id).await.expect("there");
    assert_eq!(
        connection.status,
        Status::NeverTested,
        "its report is not kept"
    );
    computer.make_room("checks");
    let report = computer
        .connections
        .check(kept.id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(
        finding(&report, Step::Credential).state,
        StepState::Passed,
        "its token is there: {report:#?}"
    );

    let plan = computer
        .connections
        .plan_sign_in(&sign_in_form("Contoso mail 2", Integration::Outlook))
        .await;
    let plan = plan.expect("a plan").waiting_for_consent();
    let signed_in = computer
        .signed_in(&plan, fixtures::USER)
        .await
        .expect("signed in");
    let tried = computer
        .connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .expect("tried");
    let kept = computer
        .connections
        .keep_sign_in(&plan, &tried)
        .await
        .expect("kept");
    assert_eq!(
        computer
            .connections
            .last_report(kept.id)
            .await
            .expect("read"),
        Some(tried.report().clone())
    );
    let report = kept.report(&tried);
    assert!(
        report
            .not_kept
            .as_ref()
            .is_some_and(|why| why.contains("consent")),
        "nobody looks for it: {report:#?}"
    );
}

#[tokio::test]
async fn a_revoked_sign_in_says_sign_in_again_and_doing_so_repairs_it() {
    let computer = Computer::new().await;
    let id = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await
        .0
        .id;
    computer.tenant.revoke(fixtures::ADMIN);
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!(report.outcome, Outcome::NeedsSignIn, "{report:#?}");
    assert_eq!(finding(&report, Step::Credential).state, StepState::Failed);
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::NeedsSignIn
    );

    let plan = computer
        .connections
        .plan_sign_in_again(id)
        .await
        .expect("a plan");
    let signed_in = computer
        .signed_in(&plan, fixtures::ADMIN)
        .await
        .expect("signed in");
    assert!(
        plan.replaces_account(&signed_in).is_none(),
        "the same person signed in"
    );
    let tried = computer
        .connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .expect("tried");
    let kept = computer
        .connections
        .keep_sign_in(&plan, &tried)
        .await
        .expect("kept");
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert_eq!((kept.id, report.outcome), (id, Outcome::Works));
}

#[tokio::test]
async fn id_5_somebody_else_signing_in_again_is_noticed_by_tenant_and_object_id() {
    let computer = Computer::new().await;
    let id = computer
        .sign_in("Contoso mail", Integration::OneNote, fixtures::ADMIN)
        .await
        .0
        .id;
    let plan = computer
        .connections
        .plan_sign_in_again(id)
        .await
        .expect("a plan");
    let signed_in = computer
        .signed_in(&plan, fixtures::USER)
        .await
        .expect("signed in");
    let previous = plan
        .replaces_account(&signed_in)
        .expect("another account is noticed");
    assert_eq!(previous.username.as_deref(), Some(fixtures::ADMIN));
    let Method::OAuth { account, .. } = computer.connections.get(id).await.expect("there").method
    else {
        panic!("an OAuth connection")
    };
    assert_eq!(
        account.username.as_deref(),
        Some(fixtures::ADMIN),
        "nothing is overwritten before the question is answered"
    );
}

#[tokio::test]
async fn two_sign_ins_at_once_both_succeed() {
    let computer = Computer::new().await;
    let ((one, first), (two, second)) = tokio::join!(
        computer.sign_in("One", Integration::OneNote, fixtures::ADMIN),
        computer.sign_in("Two", Integration::Outlook, fixtures::ADMIN),
    );
    assert_ne!(one.id, two.id);
    assert_eq!(
        (first.outcome, second.outcome),
        (Outcome::Works, Outcome::Works)
    );
}

#[tokio::test]
async fn what_was_granted_is_compared_with_what_was_asked() {
    let computer = Computer::new().await;
    let narrowed =
        serde_json::json!({"scope": "openid profile offline_access User.Read Mail.Read"});
    computer
        .tenant
        .bend_token_responses(narrowed.as_object().expect("an object").clone());
    let (completed, _) = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    assert!(
        completed.missing.contains(&"Mail.Send".to_owned()),
        "{:?}",
        completed.missing
    );
    assert!(
        !completed.missing.contains(&"Mail.Read".to_owned()),
        "{:?}",
        completed.missing
    );
}

#[tokio::test]
async fn a_form_that_names_no_application_or_no_tenant_cannot_begin() {
    let computer = Computer::new().await;
    let mut form = sign_in_form("Contoso mail", Integration::Outlook);
    form.client_id = "not an id".into();
    let verdict = computer
        .connections
        .inspect_sign_in(&form)
        .await
        .expect("a verdict");
    assert!(!verdict.complete && verdict.client_id.problem.is_some());
    let refused = computer
        .connections
        .plan_sign_in(&form)
        .await
        .err()
        .expect("refused");
    assert!(
        refused.to_string().contains("Application (client) ID"),
        "{refused}"
    );
}

/// Waits until something is so.
async fn until(what: &str, so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting)
        .await
        .expect(what);
}
