use std::collections::HashSet;

use model::{ClientId, Integration, PermissionKind, Tenant, TenantId};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use secrecy::ExposeSecret;

use super::Flow;
use crate::{Clouds, SignInRequest, TenantFacts};

fn flow_with(scopes: Vec<String>) -> Flow {
    let client_id: ClientId = "00001111-aaaa-2222-bbbb-3333cccc4444".parse().unwrap();
    let tenant_id: TenantId = "11112222-3333-4444-5555-666677778888".parse().unwrap();
    let tenant = Tenant::Id(tenant_id);
    let base = format!("https://login.microsoftonline.com/{tenant_id}");
    let facts = TenantFacts {
        tenant_id: Some(tenant_id),
        issuer: format!("{base}/v2.0"),
        authorization_endpoint: format!("{base}/oauth2/v2.0/authorize").parse().unwrap(),
        token_endpoint: format!("{base}/oauth2/v2.0/token").parse().unwrap(),
        iss_in_response: false,
        region: None,
    };
    let cloud = Clouds::built_in().default_cloud().clone();
    let request = SignInRequest {
        cloud,
        client_id,
        tenant,
        scopes,
        login_hint: None,
        claims: None,
    };
    Flow::new(request, facts, "http://localhost:53412".to_owned()).unwrap()
}

#[test]
fn au_3_the_challenge_is_that_of_rfc_7636_appendix_b() {
    let verifier = PkceCodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    assert_eq!(
        challenge.as_str(),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
    assert_eq!(challenge.method().as_str(), "S256");
}

#[test]
fn au_3_au_4_state_nonce_and_verifier_are_256_bits_each_and_never_repeat() {
    let mut seen = HashSet::new();
    for _ in 0..10_000 {
        let flow = flow_with(Vec::new());
        for value in [&flow.state, &flow.nonce, &flow.verifier] {
            let value = value.expose_secret().to_owned();
            assert_eq!(value.len(), 43);
            assert!(
                value
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
                "{value}"
            );
            assert!(seen.insert(value));
        }
    }
}

#[test]
fn au_10_the_link_of_the_largest_integration_stays_under_2048_characters() {
    let all = Integration::MicrosoftGraph.permissions(PermissionKind::Delegated);
    let scopes: Vec<String> = all
        .into_iter()
        .map(|permission| permission.name.to_owned())
        .collect();
    let link = flow_with(scopes)
        .link(
            Some("a.rather.long.name@a.rather.long.domain.example"),
            None,
        )
        .unwrap();
    assert!(
        link.as_str().len() < 2_048,
        "{} characters",
        link.as_str().len()
    );
    assert!(link.as_str().contains("User.Read"));
}

#[test]
fn au_8_a_short_list_of_scopes_names_its_graph() {
    let link = flow_with(vec!["User.Read".to_owned()])
        .link(None, None)
        .unwrap();
    assert!(
        link.as_str().contains(
            "scope=https%3A%2F%2Fgraph.microsoft.com%2FUser.Read+openid+profile+offline_access"
        ),
        "{link}"
    );
}

#[test]
fn a_flow_does_not_print_its_secrets() {
    let flow = flow_with(Vec::new());
    let shown = format!("{flow:?}");
    for value in [&flow.state, &flow.nonce, &flow.verifier] {
        assert!(!shown.contains(value.expose_secret()));
    }
}
