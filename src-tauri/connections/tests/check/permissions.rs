//! Permissions: by the token, by the tenant, by the registration, and by the probe.

use demo_tenant::{Service, fixtures};
use model::{Actor, Integration, Outcome, PermissionState, Retry, Step, StepState};

use crate::common::{Computer, finding, permission};

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
