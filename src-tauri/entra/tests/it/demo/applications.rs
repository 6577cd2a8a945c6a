//! Applications with a secret: what they get from the demo tenant, and how it refuses them.

use demo_tenant::{Fault, fixtures};
use entra::{Error, discover, organization};
use model::{ClientId, Tenant};

use super::{as_application, cloud, demo, secret_of};
use crate::{authority::http, refused::explained};

#[tokio::test]
async fn applications_get_tokens_with_the_permissions_that_were_granted() {
    let demo = demo().await;
    let roles = async |client_id| {
        let token = as_application(
            &demo,
            fixtures::CONTOSO,
            client_id,
            &secret_of(&demo, client_id),
        )
        .await
        .unwrap();
        let claims = token.claims().unwrap();
        assert_eq!(
            (claims.tenant_id, claims.app_id),
            (Some(fixtures::CONTOSO), Some(client_id))
        );
        claims.roles.len()
    };
    let (all, half, none) = (
        roles(fixtures::HEALTHY).await,
        roles(fixtures::HALF_CONSENTED).await,
        roles(fixtures::WITHOUT_CONSENT).await,
    );
    assert!(
        all > half && half > none && none == 0,
        "{all} {half} {none}"
    );
    as_application(
        &demo,
        fixtures::CONTOSO,
        fixtures::ODD_SECRET,
        fixtures::ODD_SECRET_VALUE,
    )
    .await
    .unwrap();
    let healthy = as_application(
        &demo,
        fixtures::CONTOSO,
        fixtures::HEALTHY,
        &secret_of(&demo, fixtures::HEALTHY),
    )
    .await
    .unwrap();
    assert_eq!(
        organization(&http(), &cloud(&demo), &healthy)
            .await
            .unwrap()
            .id,
        fixtures::CONTOSO
    );
    let without = as_application(
        &demo,
        fixtures::CONTOSO,
        fixtures::WITHOUT_CONSENT,
        &secret_of(&demo, fixtures::WITHOUT_CONSENT),
    )
    .await
    .unwrap();
    let error = organization(&http(), &cloud(&demo), &without)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }), "{error}");
}

#[tokio::test]
async fn i_5_each_refusal_of_an_application_has_its_variant_its_number_and_its_help() {
    let demo = demo().await;
    let stranger: ClientId = "77778888-aaaa-2222-bbbb-3333cccc4444".parse().unwrap();
    let secret_id = demo.app(fixtures::HEALTHY).unwrap().secrets[0]
        .key_id
        .to_string();
    for (client_id, secret, number, expected) in [
        (
            fixtures::HEALTHY,
            "wrong".to_owned(),
            7_000_215,
            "The application's credential was refused.",
        ),
        (
            fixtures::HEALTHY,
            secret_id,
            7_000_215,
            "The application's credential was refused.",
        ),
        (
            fixtures::EXPIRED,
            secret_of(&demo, fixtures::EXPIRED),
            7_000_222,
            "The application's credential was refused.",
        ),
        (
            fixtures::DISABLED,
            secret_of(&demo, fixtures::DISABLED),
            7_000_112,
            "The tenant does not accept this application.",
        ),
        (
            stranger,
            "any".to_owned(),
            700_016,
            "The tenant does not accept this application.",
        ),
    ] {
        let error = as_application(&demo, fixtures::CONTOSO, client_id, &secret)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), expected, "{number}");
        let original = error.original().unwrap();
        assert_eq!(original.aadsts, Some(number));
        assert!(
            original.trace_id.is_some()
                && original.correlation_id.is_some()
                && original.timestamp.is_some()
        );
        assert_eq!(error.help(), explained(number));
    }
}

#[tokio::test]
async fn an_unknown_tenant_is_found_out_by_discovery() {
    let demo = demo().await;
    for tenant in ["nowhere.example", "deadbeef-aaaa-2222-bbbb-3333cccc4444"] {
        let tenant = Tenant::parse_concrete(tenant).unwrap().value;
        let error = discover(&http(), &cloud(&demo), &tenant).await.unwrap_err();
        assert!(matches!(error, Error::TenantNotFound { .. }), "{error}");
        assert_eq!(error.original().unwrap().aadsts, Some(90_002));
    }
}

#[tokio::test]
async fn tk_7_the_demo_tenant_throttles_and_stumbles() {
    let demo = demo().await;
    let secret = secret_of(&demo, fixtures::HEALTHY);
    demo.fault(Fault::throttle("/*/oauth2/v2.0/token", 17));
    let error = as_application(&demo, fixtures::CONTOSO, fixtures::HEALTHY, &secret)
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Throttled { retry_after, .. } if retry_after.as_secs() == 17),
        "{error}"
    );
    demo.clear_faults();
    demo.fault(Fault::cut("/*/oauth2/v2.0/token").times(1));
    as_application(&demo, fixtures::CONTOSO, fixtures::HEALTHY, &secret)
        .await
        .unwrap();
}
