use base64::{Engine as _, engine::general_purpose::STANDARD};
use demo_tenant::fixtures;
use jiff::Timestamp;
use model::{ClientId, Integration, PermissionKind};
use serde_json::Value;

use crate::support::{
    app_token, claims, client_credentials, granted, http, post_token, refused, secret_of, start,
    text,
};

#[tokio::test]
async fn a_healthy_application_gets_a_token_with_every_permission() {
    let tenant = start().await;
    let form = client_credentials(
        &tenant,
        fixtures::HEALTHY,
        &secret_of(&tenant, fixtures::HEALTHY),
    );
    let answer = granted(post_token(&tenant, &fixtures::CONTOSO.to_string(), &form).await).await;
    assert_eq!(answer["token_type"], "Bearer");
    assert!(answer["expires_in"].as_i64().unwrap() >= 3_599);
    assert_eq!(
        (&answer["refresh_token"], &answer["scope"]),
        (&Value::Null, &Value::Null)
    );
    let claims = claims(&answer["access_token"]);
    let mut wanted: Vec<&str> = Integration::MicrosoftGraph
        .permissions(PermissionKind::Application)
        .iter()
        .map(|p| p.name)
        .collect();
    wanted.sort_unstable();
    assert_eq!(claims["roles"], serde_json::json!(wanted));
    assert_eq!(claims["aud"], tenant.graph_url());
    assert_eq!(claims["appid"], fixtures::HEALTHY.to_string());
    assert_eq!(claims["tid"], fixtures::CONTOSO.to_string());
    assert_eq!(
        (&claims["ver"], &claims["idtyp"], &claims["scp"]),
        (&"1.0".into(), &"app".into(), &Value::Null)
    );
}

#[tokio::test]
async fn an_application_without_consent_gets_a_token_without_roles() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    assert_eq!(claims(&token.into())["roles"], Value::Null);
}

#[tokio::test]
async fn a_half_consented_application_gets_only_what_was_granted() {
    let tenant = start().await;
    let token = app_token(&tenant, fixtures::HALF_CONSENTED).await;
    let roles = claims(&token.into())["roles"].as_array().unwrap().len();
    let app = tenant.app(fixtures::HALF_CONSENTED).unwrap();
    assert!(0 < roles && roles < app.registered_roles.len());
}

#[tokio::test]
async fn a_grant_is_in_the_next_token() {
    let tenant = start().await;
    tenant.grant_roles(
        fixtures::WITHOUT_CONSENT,
        fixtures::CONTOSO,
        &["Organization.Read.All"],
    );
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    assert_eq!(
        claims(&token.into())["roles"],
        serde_json::json!(["Organization.Read.All"])
    );
    tenant.revoke_grants(fixtures::WITHOUT_CONSENT, fixtures::CONTOSO);
    let token = app_token(&tenant, fixtures::WITHOUT_CONSENT).await;
    assert_eq!(claims(&token.into())["roles"], Value::Null);
}

#[tokio::test]
async fn a_secret_with_every_odd_character_works_in_the_body_and_in_basic() {
    let tenant = start().await;
    let form = client_credentials(&tenant, fixtures::ODD_SECRET, fixtures::ODD_SECRET_VALUE);
    granted(post_token(&tenant, "contoso.example", &form).await).await;

    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!(
        "{}:{}",
        fixtures::ODD_SECRET,
        encode(fixtures::ODD_SECRET_VALUE)
    );
    let url = format!("{}/contoso.example/oauth2/v2.0/token", tenant.login_url());
    let scope = format!("{}/.default", tenant.graph_url());
    let request = http()
        .post(url)
        .form(&[("grant_type", "client_credentials"), ("scope", &scope)]);
    let request = request.header("Authorization", format!("Basic {}", STANDARD.encode(pair)));
    granted(request.send().await.unwrap()).await;
}

#[tokio::test]
async fn an_odd_secret_pasted_raw_into_the_body_is_refused() {
    let tenant = start().await;
    let scope = format!("{}/.default", tenant.graph_url());
    let id = fixtures::ODD_SECRET;
    let secret = fixtures::ODD_SECRET_VALUE;
    let body = format!(
        "grant_type=client_credentials&client_id={id}&scope={scope}&client_secret={secret}"
    );
    let request = http().post(format!(
        "{}/contoso.example/oauth2/v2.0/token",
        tenant.login_url()
    ));
    let request = request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body);
    refused(request.send().await.unwrap(), "invalid_client", 7_000_215).await;
}

#[tokio::test]
async fn a_wrong_secret_and_a_secret_id_are_refused_alike() {
    let tenant = start().await;
    let secret_id = tenant.app(fixtures::HEALTHY).unwrap().secrets[0]
        .key_id
        .to_string();
    for secret in ["wrong", &secret_id] {
        let form = client_credentials(&tenant, fixtures::HEALTHY, secret);
        let body = refused(
            post_token(&tenant, "contoso.example", &form).await,
            "invalid_client",
            7_000_215,
        )
        .await;
        assert!(
            text(&body["error_description"])
                .contains("client secret value, not the client secret ID")
        );
    }
}

#[tokio::test]
async fn an_expired_secret_is_refused() {
    let tenant = start().await;
    let form = client_credentials(
        &tenant,
        fixtures::EXPIRED,
        &secret_of(&tenant, fixtures::EXPIRED),
    );
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "invalid_client",
        7_000_222,
    )
    .await;
    tenant.set_secret(fixtures::EXPIRED, "a new one", Timestamp::MAX);
    let form = client_credentials(&tenant, fixtures::EXPIRED, "a new one");
    granted(post_token(&tenant, "contoso.example", &form).await).await;
}

#[tokio::test]
async fn a_disabled_application_is_refused() {
    let tenant = start().await;
    let form = client_credentials(
        &tenant,
        fixtures::DISABLED,
        &secret_of(&tenant, fixtures::DISABLED),
    );
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "unauthorized_client",
        7_000_112,
    )
    .await;
    tenant.app_mut(fixtures::DISABLED, |app| {
        app.principals.get_mut(&fixtures::CONTOSO).unwrap().enabled = true
    });
    granted(post_token(&tenant, "contoso.example", &form).await).await;
}

#[tokio::test]
async fn an_unknown_application_and_one_of_another_tenant_are_refused() {
    let tenant = start().await;
    let unknown: ClientId = "7b1c2d3e-0000-4000-8000-000000000001".parse().unwrap();
    let form = client_credentials(&tenant, unknown, "x");
    let body = refused(
        post_token(&tenant, "contoso.example", &form).await,
        "unauthorized_client",
        700_016,
    )
    .await;
    assert!(text(&body["error_description"]).contains("was not found in the directory 'Contoso'"));
    for client_id in [fixtures::HEALTHY, fixtures::MULTI_TENANT] {
        let form = client_credentials(&tenant, client_id, &secret_of(&tenant, client_id));
        refused(
            post_token(&tenant, "fabrikam.example", &form).await,
            "unauthorized_client",
            700_016,
        )
        .await;
    }
}

#[tokio::test]
async fn an_unknown_tenant_is_refused() {
    let tenant = start().await;
    let form = client_credentials(&tenant, fixtures::HEALTHY, "x");
    refused(
        post_token(&tenant, "nobody.example", &form).await,
        "invalid_request",
        90_002,
    )
    .await;
    refused(
        post_token(&tenant, "nobody", &form).await,
        "invalid_request",
        900_023,
    )
    .await;
}

#[tokio::test]
async fn one_tenant_is_needed() {
    let tenant = start().await;
    let form = client_credentials(
        &tenant,
        fixtures::HEALTHY,
        &secret_of(&tenant, fixtures::HEALTHY),
    );
    refused(
        post_token(&tenant, "common", &form).await,
        "invalid_request",
        50_194,
    )
    .await;
    let form = client_credentials(
        &tenant,
        fixtures::MULTI_TENANT,
        &secret_of(&tenant, fixtures::MULTI_TENANT),
    );
    refused(
        post_token(&tenant, "common", &form).await,
        "invalid_request",
        9_001_023,
    )
    .await;
}

#[tokio::test]
async fn the_scope_must_be_the_default_of_graph() {
    let tenant = start().await;
    let secret = secret_of(&tenant, fixtures::HEALTHY);
    let cases = [
        ("User.Read.All".to_owned(), "invalid_scope", 1_002_012),
        (
            format!("openid {}/.default", tenant.graph_url()),
            "invalid_scope",
            1_002_012,
        ),
        (
            "https://graph.other.example/.default".to_owned(),
            "invalid_resource",
            500_011,
        ),
    ];
    for (scope, error, number) in cases {
        let mut form = client_credentials(&tenant, fixtures::HEALTHY, &secret);
        form.retain(|(name, _)| *name != "scope");
        form.push(("scope", scope));
        refused(
            post_token(&tenant, "contoso.example", &form).await,
            error,
            number,
        )
        .await;
    }
}

#[tokio::test]
async fn each_missing_parameter_is_named() {
    let tenant = start().await;
    let whole = client_credentials(
        &tenant,
        fixtures::HEALTHY,
        &secret_of(&tenant, fixtures::HEALTHY),
    );
    for (missing, error, number) in [
        ("grant_type", "invalid_request", 900_144),
        ("client_id", "invalid_request", 900_144),
        ("scope", "invalid_request", 900_144),
        ("client_secret", "invalid_client", 7_000_216),
    ] {
        let mut form = whole.clone();
        form.retain(|(name, _)| *name != missing);
        let body = refused(
            post_token(&tenant, "contoso.example", &form).await,
            error,
            number,
        )
        .await;
        assert!(
            text(&body["error_description"]).contains(&format!("'{missing}'")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn another_grant_type_is_refused() {
    let tenant = start().await;
    let mut form = client_credentials(&tenant, fixtures::HEALTHY, "x");
    form[0].1 = "password".to_owned();
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "unsupported_grant_type",
        70_003,
    )
    .await;
}

#[tokio::test]
async fn a_request_id_comes_back_as_the_correlation_id() {
    let tenant = start().await;
    let id = "5f0d1f4e-7a0b-4e2c-9b5d-0a1b2c3d4e5f";
    let request = http().post(format!(
        "{}/contoso.example/oauth2/v2.0/token",
        tenant.login_url()
    ));
    let body = refused(
        request
            .header("client-request-id", id)
            .send()
            .await
            .unwrap(),
        "invalid_request",
        900_144,
    )
    .await;
    assert_eq!(body["correlation_id"], id);
}
