//! What belongs together in one sign-in, and that nothing from outside can change it (AU-5, AU-7).

use entra::Error;
use serde_json::{Value, json};

use crate::{
    authority::{Authority, CLIENT},
    browser::{begin, status_of, turns},
    wire::Reply,
};

#[tokio::test]
async fn au_5_extra_parameters_of_the_callback_change_nothing_in_the_token_request() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let redirect_uri = waiting.attempt.redirect_uri().to_owned();
    let running = waiting.waits();
    running
        .answer_with(&format!(
            "redirect_uri=https://evil.test&client_id=evil&code_verifier=evil&token_endpoint=https://evil.test&tenant=evil&grant_type=password\
             &cloud_instance_host_name=login.evil.test&scope=evil&client_secret=evil&code=the-code&state={}",
            running.state
        ))
        .await;
    running.result().await.unwrap();
    let sent = authority.token_requests().remove(0);
    let mut form = sent.form();
    form.retain(|(name, _)| name != "code_verifier");
    let shown: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("grant_type", "authorization_code"),
            ("code", "the-code"),
            ("client_id", crate::authority::CLIENT),
            ("redirect_uri", redirect_uri.as_str()),
        ]
    );
    assert_eq!(
        sent.path(),
        format!("/{}/oauth2/v2.0/token", crate::authority::TENANT)
    );
}

#[tokio::test]
async fn au_7_an_issuer_in_the_answer_has_to_be_the_one_that_was_asked() {
    let authority = Authority::start().await;
    let right = format!("{}/{}/v2.0", authority.base(), crate::authority::TENANT);
    for (iss, fits) in [
        (right.clone(), true),
        (format!("{right}/"), false),
        (right.to_uppercase(), false),
        ("https://evil.test".into(), false),
        (String::new(), false),
    ] {
        for rest in ["code=the-code", "error=access_denied"] {
            let running = begin(&authority).await.waits();
            running
                .answer_with(&format!("{rest}&iss={iss}&state={}", running.state))
                .await;
            let refused = matches!(running.result().await, Err(Error::IssuerRefused));
            assert_eq!(refused, !fits, "{rest} {iss}");
        }
    }
}

#[tokio::test]
async fn au_7_a_server_that_promises_an_issuer_has_to_keep_its_word() {
    let base = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&base);
    let authority = Authority::scripted(move |heard| {
        let base = known.get()?;
        heard.path().ends_with("openid-configuration").then(|| {
            let tenant = crate::authority::TENANT;
            Reply::json(200, &json!({
                "issuer": format!("{base}/{tenant}/v2.0"), "authorization_endpoint": format!("{base}/{tenant}/oauth2/v2.0/authorize"),
                "token_endpoint": format!("{base}/{tenant}/oauth2/v2.0/token"), "authorization_response_iss_parameter_supported": true,
            }))
        })
    })
    .await;
    base.set(authority.base().to_owned()).unwrap();
    let running = begin(&authority).await.waits();
    running.answer().await;
    let error = running.result().await.unwrap_err();
    assert!(matches!(error, Error::IssuerRefused), "{error}");
    let running = begin(&authority).await.waits();
    running
        .answer_with(&format!(
            "code=c&state={}&iss={}/{}/v2.0",
            running.state,
            authority.base(),
            crate::authority::TENANT
        ))
        .await;
    running.result().await.unwrap();
}

#[tokio::test]
async fn two_sign_ins_at_once_both_succeed_and_their_answers_cannot_be_swapped() {
    let (left, right) = (Authority::start().await, Authority::start().await);
    let turn = turns(2).await;
    let start = async |authority: &Authority| {
        let request = crate::browser::request(authority, crate::authority::tenant());
        let waiting = crate::browser::Waiting::of(
            entra::Attempt::begin(&crate::authority::http(), request)
                .await
                .unwrap(),
        );
        authority.expect_nonce(&waiting.nonce);
        waiting.waits()
    };
    let (one, two) = (start(&left).await, start(&right).await);
    assert_ne!((one.port, &one.state), (two.port, &two.state));
    assert_eq!(
        status_of(
            &one.answer_with(&format!("code=c&state={}", two.state))
                .await
        ),
        "400"
    );
    one.answer().await;
    two.answer().await;
    one.result().await.unwrap();
    two.result().await.unwrap();
    drop(turn);
}

#[tokio::test]
async fn a_server_without_tenants_gives_accounts_that_can_be_told_apart() {
    let state = std::sync::Arc::new(std::sync::Mutex::new((String::new(), Value::Null)));
    let seen = std::sync::Arc::clone(&state);
    let authority = Authority::scripted(move |heard| {
        let (base, claims) = seen.lock().unwrap().clone();
        Some(match heard.path() {
            "/.well-known/openid-configuration" => Reply::json(
                200,
                &json!({"issuer": base, "authorization_endpoint": format!("{base}/auth"),
                "token_endpoint": format!("{base}/token"), "authorization_response_iss_parameter_supported": true}),
            ),
            "/token" => Reply::json(200, &Authority::tokens_with(&claims)),
            _ => Reply::json(404, &json!({"error": "invalid_request"})),
        })
    })
    .await;
    state.lock().unwrap().0 = authority.base().to_owned();
    for (iss, fits) in [
        (authority.base().to_owned(), true),
        (format!("{}/", authority.base()), false),
    ] {
        let waiting = begin(&authority).await;
        let now = jiff::Timestamp::now().as_second();
        state.lock().unwrap().1 = json!({"iss": iss, "aud": CLIENT, "sub": "sub-7", "nonce": waiting.nonce, "iat": now, "exp": now + 600});
        let running = waiting.waits();
        running
            .answer_with(&format!(
                "code=c&iss={}&state={}",
                authority.base(),
                running.state
            ))
            .await;
        let result = running.result().await;
        assert_eq!(result.is_ok(), fits);
        if let Ok(signed_in) = result {
            let expected =
                uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, authority.base().as_bytes());
            assert_eq!(
                (
                    signed_in.account.tenant_id.guid(),
                    signed_in.account.object_id.as_str()
                ),
                (expected, "sub-7")
            );
            entra::refresh(
                &crate::authority::http(),
                &authority.cloud(),
                &model::Tenant::Id(signed_in.account.tenant_id),
                &crate::authority::client_id(),
                &signed_in.refresh,
                None,
            )
            .await
            .unwrap();
            let sent = authority
                .heard()
                .into_iter()
                .rfind(|heard| heard.path() == "/token")
                .unwrap();
            assert_eq!(
                (sent.field("grant_type").as_deref(), sent.field("scope")),
                (Some("refresh_token"), None)
            );
        }
    }
}
