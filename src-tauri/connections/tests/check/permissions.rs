//! Permissions: by the token, by the tenant, by the registration, and by the probe.

use connections::{AppRegistrationForm, Edit, Error, SignInForm};
use demo_tenant::{Service, fixtures};
use model::{
    Actor, Integration, Need, Outcome, PermissionKind, PermissionState, Retry, Status, Step,
    StepState,
};

use crate::common::{Computer, finding, permission, sign_in_form};

#[tokio::test]
async fn missing_permissions_are_told_apart_by_whether_they_are_registered() {
    let computer = Computer::new().await;
    let registered = "SecurityIncident.ReadWrite.All";
    computer.tenant.app_mut(fixtures::HEALTHY, |app| {
        app.registered_roles = [registered, "ThreatHunting.Read.All"]
            .map(str::to_owned)
            .into();
    });
    computer
        .tenant
        .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
    // May read the registration, and the directory's grants.
    computer.tenant.grant_roles(
        fixtures::HEALTHY,
        fixtures::CONTOSO,
        &["Application.Read.All", "ThreatHunting.Read.All"],
    );
    let mut form = computer.form("Defender", fixtures::HEALTHY);
    form.integration = Integration::DefenderXdr;
    let report = computer.test(&form).await;
    assert_eq!(report.outcome, Outcome::WorksWithGaps);
    let incidents = permission(&report, registered);
    assert_eq!(
        (incidents.state, incidents.granted),
        (PermissionState::Missing, Some(false))
    );
    assert!(
        incidents
            .next
            .as_ref()
            .is_some_and(|next| next.contains("nobody has consented")),
        "{incidents:?}"
    );
    let alerts = permission(&report, "SecurityAlert.ReadWrite.All");
    assert!(
        alerts
            .next
            .as_ref()
            .is_some_and(|next| next.contains("not registered")),
        "{alerts:?}"
    );
    let step = finding(&report, Step::Permissions);
    assert_eq!(
        step.actor,
        Some(Actor::ApplicationAdministrator),
        "something has to be registered first: {step:?}"
    );
}

#[tokio::test]
async fn a_permission_registered_in_the_other_kind_is_said_to_be_of_the_wrong_kind() {
    let computer = Computer::new().await;
    computer.tenant.app_mut(fixtures::HEALTHY, |app| {
        app.registered_scopes
            .insert("eDiscovery.ReadWrite.All".to_owned());
        app.registered_roles.remove("eDiscovery.ReadWrite.All");
    });
    computer
        .tenant
        .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
    computer.tenant.grant_roles(
        fixtures::HEALTHY,
        fixtures::CONTOSO,
        &["Application.Read.All"],
    );
    let mut form = computer.form("Cases", fixtures::HEALTHY);
    form.integration = Integration::EDiscovery;
    let report = computer.test(&form).await;
    let cases = permission(&report, "eDiscovery.ReadWrite.All");
    assert_eq!(cases.state, PermissionState::WrongKind, "{cases:?}");
    let probe = finding(&report, Step::Probe);
    assert_eq!(probe.state, StepState::Warning, "{probe:?}");
    assert!(probe.summary.contains("not in the token"), "{probe:?}");
}

#[tokio::test]
async fn what_was_granted_but_is_not_in_the_token_yet_says_to_wait_a_minute_and_then_counts() {
    let computer = Computer::new().await;
    let name = "eDiscovery.ReadWrite.All";
    computer
        .tenant
        .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
    computer.tenant.grant_roles(
        fixtures::HEALTHY,
        fixtures::CONTOSO,
        &["Application.Read.All"],
    );
    computer
        .tenant
        .grant_roles_late(fixtures::HEALTHY, fixtures::CONTOSO, &[name], u32::MAX);
    let mut form = computer.form("Cases", fixtures::HEALTHY);
    form.integration = Integration::EDiscovery;
    let report = computer.test(&form).await;
    let cases = permission(&report, name);
    assert_eq!(
        (cases.state, cases.granted, cases.in_token),
        (PermissionState::NotYetInToken, Some(true), Some(false))
    );
    assert_eq!(
        (report.outcome, report.again_after_s),
        (Outcome::WorksWithGaps, Some(60))
    );
    assert_eq!(
        report.headline,
        "Signed in, but 1 of 1 permissions is not in the token yet."
    );
    assert_eq!(
        finding(&report, Step::Permissions).retry,
        Some(Retry::Later)
    );

    computer
        .tenant
        .let_grants_arrive(fixtures::HEALTHY, fixtures::CONTOSO);
    let report = computer.test(&form).await;
    assert_eq!(
        (report.outcome, report.again_after_s),
        (Outcome::Works, None),
        "{report:#?}"
    );
}

#[tokio::test]
async fn what_a_token_carries_was_granted_also_where_the_grants_may_not_be_read() {
    let computer = Computer::new().await;
    let name = "eDiscovery.ReadWrite.All";
    computer
        .tenant
        .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
    computer
        .tenant
        .grant_roles(fixtures::HEALTHY, fixtures::CONTOSO, &[name]);
    let mut form = computer.form("Cases", fixtures::HEALTHY);
    form.integration = Integration::EDiscovery;
    let report = computer.test(&form).await;
    let cases = permission(&report, name);
    assert_eq!((cases.granted, cases.in_token), (Some(true), Some(true)));

    form.integration = Integration::Outlook;
    let report = computer.test(&form).await;
    let mail = permission(&report, "Mail.ReadWrite");
    assert_eq!(
        (mail.granted, mail.in_token),
        (None, Some(false)),
        "not known"
    );
}

#[tokio::test]
async fn an_opaque_token_is_judged_by_what_the_tenant_says() {
    let computer = Computer::new().await;
    computer.tenant.issue_opaque_tokens(true);
    let report = computer
        .test(&computer.form("Opaque", fixtures::HEALTHY))
        .await;
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    let permissions = finding(&report, Step::Permissions);
    assert!(
        permissions
            .summary
            .starts_with("The permissions cannot be read from this token."),
        "{permissions:?}"
    );
    assert!(
        report
            .permissions
            .iter()
            .all(|p| p.in_token.is_none() && p.granted == Some(true)),
        "{report:#?}"
    );
    let identity = finding(&report, Step::Identity);
    assert!(
        identity.state == StepState::Passed && identity.summary.contains("Graph says"),
        "{identity:?}"
    );
}

#[tokio::test]
async fn an_opaque_token_that_may_not_ask_the_tenant_is_judged_by_the_probe() {
    let computer = Computer::new().await;
    computer.tenant.issue_opaque_tokens(true);
    let mut form = computer.form("Opaque", fixtures::HEALTHY);
    form.integration = Integration::EDiscovery;
    computer
        .tenant
        .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
    let report = computer.test(&form).await;
    assert_eq!(report.outcome, Outcome::WorksWithGaps, "{report:#?}");
    assert_eq!(
        permission(&report, "eDiscovery.ReadWrite.All").state,
        PermissionState::Unknown
    );
    assert_eq!(
        finding(&report, Step::Permissions).summary,
        "The permissions cannot be read from this token."
    );
    assert_eq!(
        finding(&report, Step::Identity).state,
        StepState::Skipped,
        "nobody says whose it is"
    );

    computer.tenant.grant_roles(
        fixtures::HEALTHY,
        fixtures::CONTOSO,
        &["eDiscovery.ReadWrite.All"],
    );
    let report = computer.test(&form).await;
    assert_eq!(report.outcome, Outcome::Works, "{report:#?}");
    assert_eq!(finding(&report, Step::Probe).state, StepState::Passed);
}

#[tokio::test]
async fn a_permission_that_this_program_has_never_heard_of_is_still_named() {
    let computer = Computer::new().await;
    computer.tenant.issue_opaque_tokens(true);
    computer.tenant.grant_roles(
        fixtures::HEALTHY,
        fixtures::CONTOSO,
        &["Telescope.Read.All"],
    );
    let report = computer
        .test(&computer.form("Astronomy", fixtures::HEALTHY))
        .await;
    let unheard_of = permission(&report, "Telescope.Read.All");
    assert_eq!(
        unheard_of.state,
        PermissionState::Excess,
        "its ID was looked up in the tenant: {unheard_of:?}"
    );
}

#[tokio::test]
async fn more_than_needed_is_named_and_does_not_spoil_that_it_works() {
    let computer = Computer::new().await;
    let mut form = computer.form("Cases", fixtures::HEALTHY);
    form.integration = Integration::EDiscovery;
    let report = computer.test(&form).await;
    assert_eq!(
        (report.outcome, report.headline.as_str()),
        (Outcome::Works, "Connected."),
        "{report:#?}"
    );
    let mail = permission(&report, "Mail.Send");
    assert_eq!(
        (mail.state, mail.granted, mail.in_token),
        (PermissionState::Excess, Some(true), Some(true))
    );
    assert!(
        mail.next
            .as_ref()
            .is_some_and(|next| next.contains("does not need these. Remove them")),
        "{mail:?}"
    );
    let evidence = finding(&report, Step::Permissions)
        .evidence
        .clone()
        .unwrap_or_default();
    assert!(evidence.contains("permissions not needed"), "{evidence}");
}

#[tokio::test]
async fn a_missing_licence_is_not_called_a_missing_permission() {
    let computer = Computer::new().await;
    for (service, integration) in [
        (Service::EntraPremium, Integration::EntraId),
        (Service::Intune, Integration::Intune),
        (Service::SharePoint, Integration::SharePoint),
    ] {
        computer.tenant.withdraw(fixtures::CONTOSO, service);
        let mut form = computer.form("Unlicensed", fixtures::HEALTHY);
        form.integration = integration;
        let report = computer.test(&form).await;
        assert_eq!(
            report.outcome,
            Outcome::WorksWithGaps,
            "{integration:?}: {report:#?}"
        );
        assert!(
            report
                .permissions
                .iter()
                .all(|p| p.state != PermissionState::Missing),
            "{integration:?}"
        );
        assert_eq!(
            finding(&report, Step::Permissions).state,
            StepState::Passed,
            "{integration:?}"
        );
        let probe = finding(&report, Step::Probe);
        assert_eq!(
            probe.state,
            StepState::Warning,
            "{integration:?}: {probe:?}"
        );
        assert!(
            probe.summary.contains("license") && probe.next.is_some(),
            "{integration:?}: {probe:?}"
        );
        assert!(
            probe.original.is_some(),
            "{integration:?}: what the service said is kept"
        );
    }
}

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
