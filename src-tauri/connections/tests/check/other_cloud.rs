//! A tenant that is in another cloud than the one that was chosen.

use demo_tenant::{DemoTenant, Options, fixtures};
use model::{CloudId, Field, Outcome, Step, StepState};

use crate::common::{Computer, finding};

/// Contoso has moved from the first demo cloud to the second; the clouds file holds both, or only
/// the first.
async fn moved(both_are_known: bool) -> (Computer, DemoTenant) {
    let here = DemoTenant::start(Options::default())
        .await
        .expect("the demo tenant starts");
    let there = DemoTenant::start(Options::default())
        .await
        .expect("another one starts");
    here.move_to_cloud_of(fixtures::CONTOSO, &there);
    let clouds = if both_are_known {
        here.clouds_json_with(&[("demo-gov", "Demo government", &there)])
    } else {
        here.clouds_json()
    };
    (Computer::with(here, &clouds).await, there)
}

#[tokio::test]
async fn the_wrong_cloud_is_named_with_the_right_one_and_the_field_to_change() {
    let (computer, _there) = moved(true).await;
    let report = computer
        .test(&computer.form("Contoso", fixtures::HEALTHY))
        .await;
    assert_eq!(report.outcome, Outcome::Fails, "{report:#?}");
    let tenant = finding(&report, Step::Tenant);
    assert_eq!(
        (tenant.state, tenant.field),
        (StepState::Failed, Some(Field::Cloud)),
        "{tenant:?}"
    );
    assert!(tenant.summary.contains("Demo government"), "{tenant:?}");
    assert!(
        tenant
            .next
            .as_ref()
            .is_some_and(|next| next.contains("Demo government")),
        "{tenant:?}"
    );
    assert_eq!(
        finding(&report, Step::Connection).state,
        StepState::Passed,
        "the host itself answered"
    );
    assert_eq!(
        finding(&report, Step::Credential).state,
        StepState::Skipped,
        "no secret was judged by the wrong cloud"
    );
}

#[tokio::test]
async fn a_cloud_that_is_not_in_the_list_is_not_offered() {
    let (computer, _there) = moved(false).await;
    let report = computer
        .test(&computer.form("Contoso", fixtures::HEALTHY))
        .await;
    let tenant = finding(&report, Step::Tenant);
    assert_eq!(tenant.state, StepState::Failed, "{tenant:?}");
    assert!(
        tenant.summary.contains("cloud") && tenant.next.is_some(),
        "{tenant:?}"
    );
    let demo = CloudId::new("demo");
    assert!(
        computer
            .connections
            .resolve_tenant(&demo, "contoso.example")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_domain_is_resolved_with_the_cloud_that_it_is_in() {
    let (computer, _there) = moved(true).await;
    let demo = CloudId::new("demo");
    let found = computer
        .connections
        .resolve_tenant(&demo, "contoso.example")
        .await
        .expect("resolved");
    assert_eq!(found.tenant_id, fixtures::CONTOSO);
    assert_eq!(found.other_cloud, Some(CloudId::new("demo-gov")));
    let found = computer
        .connections
        .resolve_tenant(&demo, "fabrikam.example")
        .await
        .expect("resolved");
    assert_eq!(
        (found.tenant_id, found.other_cloud),
        (fixtures::FABRIKAM, None)
    );

    let mut form = computer.form("Contoso", fixtures::HEALTHY);
    form.tenant = "contoso.example".into();
    let refused = computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect_err("the wrong cloud");
    assert!(refused.to_string().contains("Demo government"), "{refused}");
}
