use demo_tenant::{IssParameter, fixtures};
use serde_json::Value;

use crate::support::{Ask, claims, granted, http, refused, start, text};

async fn configuration(tenant: &demo_tenant::DemoTenant, place: &str) -> reqwest::Response {
    let url = format!(
        "{}/{place}/v2.0/.well-known/openid-configuration",
        tenant.login_url()
    );
    http().get(url).send().await.unwrap()
}

#[tokio::test]
async fn a_tenant_is_found_by_id_and_by_each_domain_in_any_case() {
    let tenant = start().await;
    let by_id = granted(configuration(&tenant, &fixtures::CONTOSO.to_string()).await).await;
    for domain in [
        "contoso.onmicrosoft.com",
        "contoso.example",
        "CONTOSO.Example",
    ] {
        assert_eq!(granted(configuration(&tenant, domain).await).await, by_id);
    }
    let base = format!("{}/{}", tenant.login_url(), fixtures::CONTOSO);
    assert_eq!(by_id["issuer"], format!("{base}/v2.0"));
    assert_eq!(by_id["token_endpoint"], format!("{base}/oauth2/v2.0/token"));
    assert_eq!(
        by_id["authorization_endpoint"],
        format!("{base}/oauth2/v2.0/authorize")
    );
    assert_eq!(by_id["tenant_region_scope"], "EU");
}

#[tokio::test]
async fn an_alias_has_a_template_for_an_issuer() {
    let tenant = start().await;
    for alias in ["common", "organizations"] {
        let document = granted(configuration(&tenant, alias).await).await;
        assert_eq!(
            document["issuer"],
            format!("{}/{{tenantid}}/v2.0", tenant.login_url())
        );
        assert_eq!(
            document["token_endpoint"],
            format!("{}/{alias}/oauth2/v2.0/token", tenant.login_url())
        );
        assert_eq!(document["tenant_region_scope"], Value::Null);
    }
}

#[tokio::test]
async fn an_unknown_tenant_is_refused_by_number() {
    let tenant = start().await;
    let body = refused(
        configuration(&tenant, "nobody.example").await,
        "invalid_tenant",
        90_002,
    )
    .await;
    assert!(text(&body["error_description"]).contains("Tenant 'nobody.example' not found"));
    let stranger = "9b1c2d3e-0000-4000-8000-000000000001";
    refused(
        configuration(&tenant, stranger).await,
        "invalid_tenant",
        90_002,
    )
    .await;
    refused(
        configuration(&tenant, "nobody").await,
        "invalid_tenant",
        900_023,
    )
    .await;
}

#[tokio::test]
async fn the_published_keys_verify_an_id_token() {
    let tenant = start().await;
    let id_token = text(&Ask::default().tokens(&tenant, fixtures::ADMIN).await["id_token"]);
    let document = granted(configuration(&tenant, "contoso.example").await).await;
    let keys: jsonwebtoken::jwk::JwkSet = http()
        .get(text(&document["jwks_uri"]))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let header = jsonwebtoken::decode_header(&id_token).unwrap();
    let key =
        jsonwebtoken::DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.set_audience(&[fixtures::DESKTOP.to_string()]);
    rules.set_issuer(&[text(&document["issuer"])]);
    let token = jsonwebtoken::decode::<Value>(&id_token, &key, &rules).unwrap();
    assert_eq!(token.claims["nonce"], "the nonce");
}

#[tokio::test]
async fn the_id_token_names_person_tenant_and_application() {
    let tenant = start().await;
    let claims = claims(&Ask::default().tokens(&tenant, fixtures::GUEST).await["id_token"]);
    let guest = tenant.user(fixtures::GUEST).unwrap().memberships[&fixtures::CONTOSO].object_id;
    assert_eq!(claims["aud"], fixtures::DESKTOP.to_string());
    assert_eq!(
        claims["iss"],
        format!("{}/{}/v2.0", tenant.login_url(), fixtures::CONTOSO)
    );
    assert_eq!(claims["tid"], fixtures::CONTOSO.to_string());
    assert_eq!(claims["oid"], guest.to_string());
    assert_eq!(claims["preferred_username"], fixtures::GUEST);
    assert_eq!(claims["ver"], "2.0");
    assert!(
        claims["exp"].as_i64() > claims["iat"].as_i64()
            && claims["nbf"].as_i64() <= claims["iat"].as_i64()
    );
}

#[tokio::test]
async fn iss_in_the_answer_is_announced_only_when_it_is_switched_on() {
    let tenant = start().await;
    let member = "authorization_response_iss_parameter_supported";
    assert_eq!(
        granted(configuration(&tenant, "contoso.example").await).await[member],
        Value::Null
    );
    let url = Ask::default().url(&tenant);
    assert_eq!(
        tenant
            .sign_in(&url, fixtures::ADMIN)
            .await
            .unwrap()
            .get("iss"),
        None
    );
    tenant.set_iss_parameter(IssParameter::Right);
    let document = granted(configuration(&tenant, "contoso.example").await).await;
    assert_eq!(document[member], true);
    let answer = tenant.sign_in(&url, fixtures::ADMIN).await.unwrap();
    assert_eq!(answer.get("iss"), Some(text(&document["issuer"]).as_str()));
}

#[tokio::test]
async fn the_instance_list_names_this_host() {
    let tenant = start().await;
    let url = format!(
        "{}/common/discovery/instance?api-version=1.1",
        tenant.login_url()
    );
    let document = granted(http().get(url).send().await.unwrap()).await;
    assert!(text(&document["tenant_discovery_endpoint"]).starts_with(tenant.login_url()));
}
