//! What a tenant tells of an application, and the one read that proves an integration, at the demo
//! tenant.

use demo_tenant::{Service, browser::Decision, fixtures};
use entra::{
    AccessToken, Error, Http, delegated_grants, graph_permissions, probe, probe_of, registration,
    role_assignments,
};
use model::{Integration, PermissionKind};
use uuid::Uuid;

use crate::{
    authority::http,
    demo::{access_of, as_application, cloud, contoso, demo, request, secret_of, sign_in},
};

async fn token_of(demo: &demo_tenant::DemoTenant, client_id: model::ClientId) -> AccessToken {
    as_application(
        demo,
        fixtures::CONTOSO,
        client_id,
        &secret_of(demo, client_id),
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn a_registration_tells_its_name_its_permissions_and_when_each_secret_expires() {
    let demo = demo().await;
    let secret = demo.app(fixtures::HEALTHY).unwrap().secrets[0].clone();
    let token = token_of(&demo, fixtures::HEALTHY).await;
    let found = registration(&http(), &cloud(&demo), &token, &fixtures::HEALTHY)
        .await
        .unwrap();
    assert_eq!(found.display_name, "Contoso audit");
    let facts = &found.secrets[0];
    assert_eq!(
        facts.hint.as_deref(),
        secret.value.get(..3),
        "three characters and no more"
    );
    assert_eq!(
        facts.expires_at.map(|at| at.as_second()),
        Some(secret.expires.as_second())
    );
    assert!(
        found
            .asked
            .iter()
            .any(|(_, kind)| *kind == PermissionKind::Application)
    );
}

#[tokio::test]
async fn permissions_of_another_api_than_graph_are_left_out_of_what_is_asked() {
    let demo = demo().await;
    let token = token_of(&demo, fixtures::HEALTHY).await;
    let (http, cloud) = (http(), cloud(&demo));
    let known = graph_permissions(&http, &cloud, &token).await.unwrap();
    let half = registration(&http, &cloud, &token, &fixtures::HALF_CONSENTED)
        .await
        .unwrap();
    assert!(!half.asked.is_empty());
    assert!(
        half.asked
            .iter()
            .all(|(id, kind)| known.name(*id, *kind).is_some()),
        "{:?}",
        half.asked
    );
}

#[tokio::test]
async fn what_was_granted_to_an_application_is_read_by_id_and_named_by_graphs_own_list() {
    let demo = demo().await;
    let (http, cloud) = (http(), cloud(&demo));
    let token = token_of(&demo, fixtures::HEALTHY).await;
    let known = graph_permissions(&http, &cloud, &token).await.unwrap();
    let ids = role_assignments(&http, &cloud, &token, &fixtures::HALF_CONSENTED)
        .await
        .unwrap();
    let mut names: Vec<_> = ids
        .iter()
        .map(|id| {
            known
                .name(*id, PermissionKind::Application)
                .unwrap()
                .to_owned()
        })
        .collect();
    names.sort();
    let principal = demo.app(fixtures::HALF_CONSENTED).unwrap();
    let granted: Vec<String> = principal.principals[&fixtures::CONTOSO]
        .roles
        .iter()
        .cloned()
        .collect();
    assert_eq!(names, granted);
    let id = known
        .id("user.read.ALL", PermissionKind::Application)
        .unwrap();
    assert_eq!(
        known.name(id, PermissionKind::Application),
        Some("User.Read.All")
    );
    assert_ne!(
        Some(id),
        known.id("User.Read.All", PermissionKind::Delegated)
    );
    assert_eq!(known.name(Uuid::nil(), PermissionKind::Application), None);
    demo.disable_permission("User.Read.All");
    let known = graph_permissions(&http, &cloud, &token).await.unwrap();
    assert_eq!(
        known.id("User.Read.All", PermissionKind::Application),
        None,
        "switched off is not there"
    );
}

#[tokio::test]
async fn delegated_grants_are_those_for_everybody_and_for_this_person() {
    let demo = demo().await;
    let (http, cloud) = (http(), cloud(&demo));
    demo.grant_scopes(fixtures::DESKTOP, fixtures::CONTOSO, None, &["User.Read"]);
    demo.grant_scopes(
        fixtures::DESKTOP,
        fixtures::CONTOSO,
        Some(fixtures::ADMIN),
        &["Mail.Read"],
    );
    demo.grant_scopes(
        fixtures::DESKTOP,
        fixtures::CONTOSO,
        Some(fixtures::USER),
        &["Files.ReadWrite"],
    );
    let token = token_of(&demo, fixtures::HEALTHY).await;
    let admin = demo.user(fixtures::ADMIN).unwrap().memberships[&fixtures::CONTOSO]
        .object_id
        .to_string();
    let mut granted = delegated_grants(&http, &cloud, &token, &fixtures::DESKTOP, &admin)
        .await
        .unwrap();
    granted.sort();
    assert_eq!(granted, ["Mail.Read", "User.Read"]);
    let nobody = Uuid::nil().to_string();
    assert_eq!(
        delegated_grants(&http, &cloud, &token, &fixtures::DESKTOP, &nobody)
            .await
            .unwrap(),
        ["User.Read"]
    );
}

#[tokio::test]
async fn a_token_that_may_not_read_the_directory_is_told_so_and_proves_the_credential() {
    let demo = demo().await;
    let (http, cloud) = (http(), cloud(&demo));
    let token = token_of(&demo, fixtures::WITHOUT_CONSENT).await;
    let id = fixtures::WITHOUT_CONSENT;
    let errors = [
        registration(&http, &cloud, &token, &id).await.unwrap_err(),
        role_assignments(&http, &cloud, &token, &id)
            .await
            .unwrap_err(),
        delegated_grants(&http, &cloud, &token, &id, "x")
            .await
            .unwrap_err(),
        graph_permissions(&http, &cloud, &token).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::Forbidden { .. }), "{error}");
    }
}

async fn probed(
    demo: &demo_tenant::DemoTenant,
    http: &Http,
    token: &AccessToken,
    integration: Integration,
    kind: PermissionKind,
) -> Result<(), Error> {
    probe(
        http,
        &cloud(demo),
        token,
        &probe_of(integration, kind).unwrap(),
    )
    .await
}

#[tokio::test]
async fn every_probe_of_an_application_passes_with_its_permissions_and_is_refused_without() {
    let demo = demo().await;
    let http = http();
    let without = token_of(&demo, fixtures::WITHOUT_CONSENT).await;
    for integration in [
        Integration::EntraId,
        Integration::DefenderXdr,
        Integration::SharePoint,
        Integration::Intune,
        Integration::EDiscovery,
    ] {
        let probe = probe_of(integration, PermissionKind::Application).unwrap();
        for permission in probe.permissions {
            demo.revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
            demo.grant_roles(fixtures::HEALTHY, fixtures::CONTOSO, &[permission]);
            let token = token_of(&demo, fixtures::HEALTHY).await;
            let result = probed(
                &demo,
                &http,
                &token,
                integration,
                PermissionKind::Application,
            )
            .await;
            assert!(
                result.is_ok(),
                "{integration:?} with {permission}: {result:?}"
            );
        }
        let error = probed(
            &demo,
            &http,
            &without,
            integration,
            PermissionKind::Application,
        )
        .await
        .unwrap_err();
        assert!(
            matches!(error, Error::Forbidden { .. }),
            "{integration:?}: {error}"
        );
    }
}

#[tokio::test]
async fn every_probe_of_a_person_passes_and_a_missing_licence_is_no_missing_permission() {
    let demo = demo().await;
    let http = http();
    let scopes = [
        "Chat.ReadWrite",
        "Files.ReadWrite",
        "Mail.ReadWrite",
        "Notes.ReadWrite.All",
        "AuditLog.Read.All",
    ]
    .map(str::to_owned);
    let request = entra::SignInRequest {
        scopes: scopes.to_vec(),
        ..request(&demo, contoso())
    };
    let signed_in = sign_in(&demo, request, fixtures::ADMIN, Decision::Accept)
        .await
        .unwrap();
    let token = access_of(&cloud(&demo), &signed_in).await;
    for integration in [
        Integration::Teams,
        Integration::OneDrive,
        Integration::Excel,
        Integration::Outlook,
        Integration::OneNote,
        Integration::EntraId,
    ] {
        let result = probed(&demo, &http, &token, integration, PermissionKind::Delegated).await;
        assert!(result.is_ok(), "{integration:?}: {result:?}");
    }
    for (service, integration) in [
        (Service::EntraPremium, Integration::EntraId),
        (Service::Exchange, Integration::Outlook),
        (Service::SharePoint, Integration::OneNote),
    ] {
        demo.withdraw(fixtures::CONTOSO, service);
        let error = probed(&demo, &http, &token, integration, PermissionKind::Delegated)
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::LicenceMissing { .. }),
            "{integration:?}: {error}"
        );
        assert_eq!(error.help().page, Some(model::PortalPage::Licences));
        demo.provide(fixtures::CONTOSO, service);
    }
}

#[test]
fn the_general_integration_and_applications_without_a_person_have_no_probe() {
    assert_eq!(
        probe_of(Integration::MicrosoftGraph, PermissionKind::Delegated),
        None
    );
    for integration in [
        Integration::Teams,
        Integration::OneDrive,
        Integration::Outlook,
        Integration::OneNote,
    ] {
        assert_eq!(probe_of(integration, PermissionKind::Application), None);
    }
}
