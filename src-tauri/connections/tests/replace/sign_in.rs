//! A new sign-in in the place of the old one.

use connections::{Error, Proof};
use demo_tenant::{Fault, fixtures};
use model::{Integration, Method, Outcome, Status, Step, StepState};

use crate::common::{Computer, finding};

#[tokio::test]
async fn a_new_sign_in_that_does_not_work_leaves_the_old_one() {
    let computer = Computer::new().await;
    let (kept, _) = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    let before = computer.connections.get(kept.id).await.expect("there");
    let plan = computer
        .connections
        .plan_sign_in_again(kept.id)
        .await
        .expect("a plan");
    let signed_in = computer
        .signed_in(&plan, fixtures::USER)
        .await
        .expect("signed in");
    computer.tenant.revoke(fixtures::USER);
    let tried = computer
        .connections
        .try_sign_in(&plan, signed_in, &|_| {})
        .await
        .expect("tried");
    assert_eq!(
        finding(tried.report(), Step::Credential).state,
        StepState::Failed
    );
    let refused = computer.connections.keep_sign_in(&plan, &tried).await;
    let Err(Error::NotProved { method, proof }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        proof.say(method),
        "The new sign-in does not work. The old one is kept."
    );
    assert_eq!(
        computer.connections.get(kept.id).await.expect("there"),
        before,
        "the account too"
    );
    assert_eq!(
        computer
            .connections
            .check(kept.id, &|_| {})
            .await
            .expect("a report")
            .outcome,
        Outcome::Works
    );

    computer
        .connections
        .keep_sign_in_anyway(&plan, &tried)
        .await
        .expect("kept, since somebody insists");
    let now = computer.connections.get(kept.id).await.expect("there");
    assert_eq!(now.status, Status::NeedsSignIn);
    let Method::OAuth { account, .. } = now.method else {
        panic!("an OAuth connection")
    };
    assert_eq!(account.username.as_deref(), Some(fixtures::USER));
}

#[tokio::test]
async fn a_new_sign_in_that_could_not_be_tested_leaves_the_old_one_and_one_that_works_takes_its_place()
 {
    let computer = Computer::new().await;
    let (kept, _) = computer
        .sign_in("Contoso mail", Integration::Outlook, fixtures::ADMIN)
        .await;
    for (busy, works) in [(true, false), (false, true)] {
        let plan = computer
            .connections
            .plan_sign_in_again(kept.id)
            .await
            .expect("a plan");
        let signed_in = computer
            .signed_in(&plan, fixtures::ADMIN)
            .await
            .expect("signed in");
        if busy {
            computer
                .tenant
                .fault(Fault::throttle("/*/oauth2/v2.0/token", 30).times(1));
        }
        let tried = computer
            .connections
            .try_sign_in(&plan, signed_in, &|_| {})
            .await
            .expect("tried");
        let outcome = computer.connections.keep_sign_in(&plan, &tried).await;
        assert_eq!(outcome.is_ok(), works, "{outcome:?}");
        if let Err(error) = outcome {
            assert!(
                matches!(
                    error,
                    Error::NotProved {
                        proof: Proof::NotTested,
                        ..
                    }
                ),
                "{error:?}"
            );
        }
        let computer = &computer.connections;
        assert_eq!(
            computer
                .check(kept.id, &|_| {})
                .await
                .expect("a report")
                .outcome,
            Outcome::Works
        );
    }
}
