//! The ID token of a sign-in (ID requirements, fault I8).

use entra::{Error, SignedIn};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    authority::{ACCOUNT, Authority, CLIENT, TENANT, jwt, tenant_id},
    browser::{self, Waiting, begin, turns},
    wire::Reply,
};

const OTHER: &str = "99998888-3333-4444-5555-666677778888";

/// A whole sign-in whose token response is what `response` makes of the good claims.
async fn signed_in_with(
    response: impl Fn(Value) -> Value + Send + 'static,
) -> Result<SignedIn, Error> {
    let claims = std::sync::Arc::new(std::sync::Mutex::new(Value::Null));
    let seen = std::sync::Arc::clone(&claims);
    let authority = Authority::scripted(move |heard| {
        heard
            .is_token_request()
            .then(|| Reply::json(200, &response(seen.lock().unwrap().clone())))
    })
    .await;
    let waiting = begin(&authority).await;
    *claims.lock().unwrap() = authority.id_claims();
    let running = waiting.waits();
    running.answer().await;
    let result = running.result().await;
    assert_eq!(authority.token_requests().len(), 1);
    result
}

async fn with_claims(change: impl Fn(&mut Value) + Send + 'static) -> Result<SignedIn, Error> {
    signed_in_with(move |mut claims| {
        change(&mut claims);
        Authority::tokens_with(&claims)
    })
    .await
}

async fn with_token(make: impl Fn(&Value) -> Value + Send + 'static) -> Result<SignedIn, Error> {
    signed_in_with(move |claims| {
        let mut tokens = Authority::tokens_with(&claims);
        tokens["id_token"] = make(&claims);
        tokens
    })
    .await
}

fn assert_refused(what: &str, result: Result<SignedIn, Error>) {
    match result {
        Err(Error::IdTokenRefused { .. }) => {}
        Err(error) => panic!("{what}: {error}"),
        Ok(_) => panic!("{what} was accepted"),
    }
}

#[tokio::test]
async fn id_5_a_good_sign_in_says_who_it_was_by_tenant_and_object_id() {
    let signed_in = with_claims(|_| {}).await.unwrap();
    assert_eq!(
        (
            signed_in.account.tenant_id,
            signed_in.account.object_id.as_str()
        ),
        (tenant_id(), ACCOUNT)
    );
    assert_eq!(
        signed_in.account.username.as_deref(),
        Some("ada@contoso.example")
    );
    assert_eq!(signed_in.account.display_name.as_deref(), Some("Ada Admin"));
    assert_eq!(signed_in.granted, ["User.Read"]);
    assert_eq!(
        signed_in.refresh.expose_secret(),
        "refresh-token-of-the-test"
    );
    let renamed = with_claims(|claims| claims["preferred_username"] = json!("new@contoso.example"))
        .await
        .unwrap();
    assert!(
        renamed.account.is_same(&signed_in.account),
        "a new name is still the same account"
    );
    let someone_else = with_claims(|claims| claims["oid"] = json!(OTHER))
        .await
        .unwrap();
    assert!(!someone_else.account.is_same(&signed_in.account));
}

#[tokio::test]
async fn id_1_tokens_without_a_public_key_signature_are_refused() {
    for alg in [
        "none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "hs256", "", "RS256 ", "dir",
    ] {
        assert_refused(
            alg,
            with_token(move |claims| json!(jwt(&json!({"alg": alg}), claims))).await,
        );
    }
    assert_refused(
        "no alg",
        with_token(|claims| json!(jwt(&json!({}), claims))).await,
    );
    assert_refused(
        "alg of a wrong type",
        with_token(|claims| json!(jwt(&json!({"alg": ["RS256"]}), claims))).await,
    );
    assert_refused(
        "no signature",
        with_token(|claims| {
            json!(
                jwt(&json!({"alg": "RS256"}), claims)
                    .rsplit_once('.')
                    .unwrap()
                    .0
                    .to_owned()
                    + "."
            )
        })
        .await,
    );
}

#[tokio::test]
async fn id_1_what_is_no_token_of_three_parts_is_refused() {
    for text in ["", "x", "a.b", "a.b.c", "a.b.c.d.e", "...", "e30.e30.e30"] {
        assert_refused(text, with_token(move |_| json!(text)).await);
    }
    assert_refused(
        "missing",
        signed_in_with(|claims| {
            let mut tokens = Authority::tokens_with(&claims);
            tokens.as_object_mut().unwrap().remove("id_token");
            tokens
        })
        .await,
    );
    assert_refused(
        "five parts",
        with_token(|claims| json!(format!("{}.x.y", jwt(&json!({"alg": "RS256"}), claims)))).await,
    );
    assert_refused(
        "a payload that is an array",
        with_token(|_| json!(jwt(&json!({"alg": "RS256"}), &json!([])))).await,
    );
}

#[tokio::test]
async fn id_2_every_claim_that_binds_the_token_to_this_sign_in_is_checked() {
    let rows: Vec<(&str, Value)> = vec![
        ("aud", json!(OTHER)),
        ("aud", json!([OTHER])),
        ("aud", json!([])),
        ("aud", json!([CLIENT, OTHER])),
        ("aud", json!(7)),
        ("aud", Value::Null),
        ("azp", json!(OTHER)),
        ("iss", json!("https://evil.test/v2.0")),
        ("iss", Value::Null),
        ("iss", json!("")),
        ("tid", json!(OTHER)),
        ("tid", json!("not a guid")),
        ("tid", json!("")),
        ("tid", Value::Null),
        ("tid", json!(7)),
        ("nonce", json!("another")),
        ("nonce", json!("")),
        ("nonce", Value::Null),
        ("nonce", json!(7)),
        ("sub", Value::Null),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("oid", Value::Null),
        ("oid", json!("")),
        ("iat", Value::Null),
        ("iat", json!("now")),
        ("exp", Value::Null),
        ("exp", json!([])),
    ];
    for (claim, value) in rows {
        let shown = format!("{claim} = {value}");
        let result = with_claims(move |claims| {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(claim);
            } else {
                claims[claim] = value.clone();
            }
        });
        assert_refused(&shown, result.await);
    }
    assert_refused(
        "doubled claims",
        with_token(|claims| {
            let doubled = claims.to_string().replacen('{', "{\"nonce\":\"other\",", 1);
            let part =
                |text: &str| base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, text);
            json!(format!(
                "{}.{}.x",
                part("{\"alg\":\"RS256\"}"),
                part(&doubled)
            ))
        })
        .await,
    );
}

#[tokio::test]
async fn id_2_a_right_audience_may_be_an_array_or_in_another_case() {
    with_claims(|claims| claims["aud"] = json!([CLIENT]))
        .await
        .unwrap();
    with_claims(|claims| claims["aud"] = json!(CLIENT.to_uppercase()))
        .await
        .unwrap();
    with_claims(|claims| claims["azp"] = json!(CLIENT))
        .await
        .unwrap();
}

#[tokio::test]
async fn id_2_where_any_tenant_may_sign_in_the_issuer_has_to_fit_the_tenant_of_the_token() {
    for (tid, issuer, fits) in [
        (TENANT, TENANT, true),
        (OTHER, OTHER, true),
        (OTHER, TENANT, false),
        (TENANT, "{tenantid}", false),
    ] {
        let claims = std::sync::Arc::new(std::sync::Mutex::new(Value::Null));
        let seen = std::sync::Arc::clone(&claims);
        let authority = Authority::scripted(move |heard| {
            heard
                .is_token_request()
                .then(|| Reply::json(200, &Authority::tokens_with(&seen.lock().unwrap())))
        })
        .await;
        let _turn = turns(1).await;
        let request = browser::request(&authority, model::Tenant::Organizations);
        let waiting = Waiting::of(
            entra::Attempt::begin(&crate::authority::http(), request)
                .await
                .unwrap(),
        );
        authority.expect_nonce(&waiting.nonce);
        let mut good = authority.id_claims();
        good["tid"] = json!(tid);
        good["iss"] = json!(format!("{}/{issuer}/v2.0", authority.base()));
        *claims.lock().unwrap() = good;
        let running = waiting.waits();
        running.answer().await;
        let result = running.result().await;
        assert_eq!(result.is_ok(), fits, "{tid} {issuer}");
        if let Ok(signed_in) = result {
            assert_eq!(signed_in.account.tenant_id.to_string(), tid);
        }
    }
}

#[tokio::test]
async fn id_3_a_wrong_clock_locks_nobody_out() {
    for shift in [
        0,
        600,
        -7_200,
        86_400,
        -86_400,
        -1_700_000_000,
        4_000_000_000,
    ] {
        let signed_in = with_claims(move |claims| {
            for claim in ["iat", "nbf", "exp"] {
                claims[claim] = json!(claims[claim].as_i64().unwrap() + shift);
            }
        });
        signed_in
            .await
            .unwrap_or_else(|error| panic!("{shift}: {error}"));
    }
    with_claims(|claims| claims["exp"] = json!(1e300))
        .await
        .unwrap();
}

/// A sign-in whose tokens end so long after the server says that it sends them, in seconds.
async fn ending(after_sending: i64) -> Result<SignedIn, Error> {
    const SENT: &str = "Tue, 24 Nov 2015 06:00:00 GMT";
    const SENT_AT: i64 = 1_448_344_800;
    let claims = std::sync::Arc::new(std::sync::Mutex::new(Value::Null));
    let seen = std::sync::Arc::clone(&claims);
    let authority = Authority::scripted(move |heard| {
        let body = Authority::tokens_with(&seen.lock().unwrap()).to_string();
        let head = format!("Content-Type: application/json\r\nDate: {SENT}\r\n");
        heard
            .is_token_request()
            .then(|| Reply::with(200, &head, body.as_bytes()))
    })
    .await;
    let waiting = begin(&authority).await;
    let mut good = authority.id_claims();
    good["exp"] = json!(SENT_AT + after_sending);
    *claims.lock().unwrap() = good;
    let running = waiting.waits();
    running.answer().await;
    running.result().await
}

#[tokio::test]
async fn id_3_a_token_that_had_ended_by_the_clock_of_its_own_server_is_refused() {
    for after_sending in [3_600, 0, -299] {
        ending(after_sending)
            .await
            .unwrap_or_else(|error| panic!("{after_sending}: {error}"));
    }
    for after_sending in [-301, -86_400, -1_448_344_800] {
        let refused = ending(after_sending).await.unwrap_err();
        assert!(
            refused.to_string().contains("had ended when it was sent"),
            "{after_sending}: {refused}"
        );
    }
}

#[tokio::test]
async fn id_4_a_sign_in_without_a_refresh_token_keeps_nothing() {
    for given in [json!(null), json!("")] {
        let result = signed_in_with(move |claims| {
            let mut tokens = Authority::tokens_with(&claims);
            tokens["refresh_token"] = given.clone();
            tokens
        });
        assert!(matches!(result.await, Err(Error::TokenMissing)));
    }
}

#[tokio::test]
async fn names_of_people_are_shown_without_tricks() {
    let signed_in = with_claims(|claims| claims["name"] = json!("\u{202e}exe.gpj\u{1b}[31m"))
        .await
        .unwrap();
    assert_eq!(
        signed_in.account.display_name.as_deref(),
        Some("<U+202E>exe.gpj␛[31m")
    );
}
