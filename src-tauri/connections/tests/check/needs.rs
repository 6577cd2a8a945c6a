//! What a connection is meant to do: which permissions that takes, which of them cover others, and
//! what is not asked for.

use connections::{AppRegistrationForm, Edit, Error, SignInForm};
use demo_tenant::fixtures;
use model::{Integration, Need, Outcome, PermissionKind, PermissionState, Status, Step, StepState};

use crate::common::{Computer, finding, permission, sign_in_form};

/// What a connection may be meant to do, but for lists of one's own.
const CHOICES: [Need; 2] = [Need::ReadOnly, Need::ReadWrite];

#[tokio::test]
async fn the_healthy_application_is_healthy_for_all_eleven_integrations_whether_they_read_or_write()
{
    let computer = Computer::new().await;
    for integration in Integration::ALL {
        for need in CHOICES {
            let form = AppRegistrationForm {
                integration,
                need,
                ..computer.form(integration.name(), fixtures::HEALTHY)
            };
            let report = computer.test(&form).await;
            assert_eq!(
                report.outcome,
                Outcome::Works,
                "{integration:?}, {:?}: {report:#?}",
                form.need
            );
        }
    }
}

#[tokio::test]
async fn an_administrator_who_signs_in_is_healthy_for_all_eleven_integrations_and_asked_for_no_more_than_was_chosen()
 {
    let computer = Computer::new().await;
    for integration in Integration::ALL {
        for need in CHOICES {
            // Whatever was granted before stays granted in a directory: each choice has a new one.
            computer
                .tenant
                .revoke_grants(fixtures::DESKTOP, fixtures::CONTOSO);
            let name = format!("{} {}", integration.name(), need.name());
            let form = SignInForm {
                integration,
                need: need.clone(),
                ..sign_in_form(&name, integration)
            };
            let plan = computer
                .connections
                .plan_sign_in(&form)
                .await
                .expect("a plan");
            let signed_in = computer
                .signed_in(&plan, fixtures::ADMIN)
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
            let asked = integration.needed(PermissionKind::Delegated, &need);
            assert_eq!(kept.missing, Vec::<String>::new(), "{name}");
            for granted in &kept.granted {
                assert!(
                    asked.iter().any(|permission| permission.name == granted),
                    "{name} did not ask for {granted}"
                );
            }
            let report = computer
                .connections
                .check(kept.id, &|_| {})
                .await
                .expect("a report");
            assert_eq!(report.outcome, Outcome::Works, "{name}: {report:#?}");
            computer.connections.remove(kept.id).await.expect("removed");
        }
    }
}

#[tokio::test]
async fn an_audit_that_reads_is_healthy_without_a_permission_to_write_and_one_that_writes_is_not() {
    let computer = Computer::new().await;
    let reads = Integration::EntraId.needed(PermissionKind::Application, &Need::ReadOnly);
    let reads: Vec<&str> = reads.iter().map(|permission| permission.name).collect();
    computer
        .tenant
        .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
    computer
        .tenant
        .grant_roles(fixtures::HEALTHY, fixtures::CONTOSO, &reads);
    let form = |need| {
        let form = computer.form("Audit", fixtures::HEALTHY);
        AppRegistrationForm {
            integration: Integration::EntraId,
            need,
            ..form
        }
    };
    let report = computer.test(&form(Need::ReadOnly)).await;
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    assert!(
        report
            .permissions
            .iter()
            .all(|p| p.state == PermissionState::Granted),
        "{report:#?}"
    );
    let report = computer.test(&form(Need::ReadWrite)).await;
    assert_eq!(report.outcome, Outcome::WorksWithGaps, "{report:#?}");
    assert_eq!(
        permission(&report, "Directory.ReadWrite.All").state,
        PermissionState::Missing
    );
}

#[tokio::test]
async fn a_token_with_only_what_covers_is_covered_and_graph_answers_the_probe_with_it() {
    let computer = Computer::new().await;
    let kind = PermissionKind::Application;
    let mut tried = 0;
    for integration in Integration::ALL {
        let Some(probe) = entra::probe_of(integration, kind) else {
            continue;
        };
        for covered in integration
            .offered(kind)
            .into_iter()
            .filter(|one| probe.permissions.contains(&one.name))
        {
            for cover in covered.covered_by(kind) {
                computer
                    .tenant
                    .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
                computer
                    .tenant
                    .grant_roles(fixtures::HEALTHY, fixtures::CONTOSO, &[*cover]);
                let need = Need::Own {
                    names: vec![covered.name.to_owned()],
                };
                let form = AppRegistrationForm {
                    integration,
                    need,
                    ..computer.form("Covered", fixtures::HEALTHY)
                };
                let report = computer.test(&form).await;
                let found = permission(&report, covered.name);
                let says = (found.state, found.covered_by.as_deref());
                assert_eq!(
                    says,
                    (PermissionState::Covered, Some(*cover)),
                    "{integration:?}: {found:?}"
                );
                assert_eq!(
                    finding(&report, Step::Probe).state,
                    StepState::Passed,
                    "{cover}: {report:#?}"
                );
                assert_eq!(report.outcome, Outcome::Works, "{cover}: {report:#?}");
                let away = report
                    .permissions
                    .iter()
                    .any(|p| p.state == PermissionState::Excess);
                assert!(
                    !away,
                    "nobody is told to remove the only one that covers: {report:#?}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried >= 4, "{tried} covers have a probe");
}

#[tokio::test]
async fn teams_has_its_users_by_a_higher_permission_and_is_told_to_keep_it() {
    let computer = Computer::new().await;
    let form = AppRegistrationForm {
        integration: Integration::Teams,
        ..computer.form("Teams", fixtures::HEALTHY)
    };
    let report = computer.test(&form).await;
    let users = permission(&report, "User.Read.All");
    assert_eq!(users.state, PermissionState::Covered, "{users:?}");
    let cover = users.covered_by.clone().expect("what covers is named");
    assert_eq!(
        report
            .permissions
            .iter()
            .filter(|p| p.name == cover)
            .count(),
        0,
        "{cover} is not called unneeded"
    );

    // With the lower one held as well, the higher one is what nobody needs.
    computer
        .tenant
        .grant_roles(fixtures::HEALTHY, fixtures::CONTOSO, &["User.Read.All"]);
    let report = computer.test(&form).await;
    assert_eq!(
        permission(&report, "User.Read.All").state,
        PermissionState::Granted
    );
    assert_eq!(
        permission(&report, "User.ReadWrite.All").state,
        PermissionState::Excess
    );
}

#[tokio::test]
async fn a_list_of_ones_own_without_the_permission_of_the_probe_is_not_probed() {
    let computer = Computer::new().await;
    let need = Need::Own {
        names: vec!["Device.Read.All".to_owned()],
    };
    let form = AppRegistrationForm {
        integration: Integration::Intune,
        need,
        ..computer.form("Own", fixtures::HEALTHY)
    };
    computer
        .tenant
        .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
    computer
        .tenant
        .grant_roles(fixtures::HEALTHY, fixtures::CONTOSO, &["Device.Read.All"]);
    let report = computer.test(&form).await;
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    assert_eq!(finding(&report, Step::Probe).state, StepState::Skipped);
    assert_eq!(report.permissions.len(), 1);
}

#[tokio::test]
async fn another_choice_on_a_connection_asks_for_a_new_test_and_the_same_choice_does_not() {
    let computer = Computer::new().await;
    let id = computer
        .create("Audit", fixtures::HEALTHY, Integration::EntraId)
        .await;
    computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    let edit = |need| Edit {
        description: "Nightly".into(),
        tags: Vec::new(),
        secret_expires_on: None,
        need,
    };
    let same = computer
        .connections
        .edit(id, &edit(Need::ReadWrite))
        .await
        .expect("edited");
    assert_eq!(same.status, Status::Healthy);
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::Healthy
    );
    let other = computer
        .connections
        .edit(id, &edit(Need::ReadOnly))
        .await
        .expect("edited");
    assert_eq!(
        (other.need.clone(), other.status),
        (Need::ReadOnly, Status::NeverTested)
    );
    let report = computer
        .connections
        .check(id, &|_| {})
        .await
        .expect("a report");
    assert!(
        report
            .permissions
            .iter()
            .all(|p| p.name != "User.RevokeSessions.All" || p.state == PermissionState::Excess)
    );
    assert_eq!(
        computer.connections.get(id).await.expect("there").status,
        Status::Healthy
    );
    let refused = computer
        .connections
        .edit(
            id,
            &edit(Need::Own {
                names: vec!["Made.Up".into()],
            }),
        )
        .await;
    assert!(
        matches!(
            refused,
            Err(Error::Invalid {
                field: "What it may do",
                ..
            })
        ),
        "{refused:?}"
    );
}
