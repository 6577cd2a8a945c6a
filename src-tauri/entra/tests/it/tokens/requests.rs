//! What is sent to the token endpoint, and where that is.

use entra::{Clouds, Error, client_credentials};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{SECRET, as_application, refreshed};
use crate::{
    authority::{Authority, CLIENT, TENANT, client_id, http, tenant, tenant_id},
    browser::begin,
    wire::Reply,
};

#[tokio::test]
async fn tk_1_a_secret_with_every_special_character_travels_byte_for_byte_in_the_body() {
    let authority = Authority::start().await;
    let token = as_application(&authority).await.unwrap();
    let claims = token.claims().unwrap();
    assert_eq!(
        (claims.tenant_id, claims.app_id, claims.roles),
        (
            Some(tenant_id()),
            Some(client_id()),
            vec!["User.Read.All".to_owned()]
        )
    );
    let sent = authority.token_requests().remove(0);
    assert_eq!(
        sent.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        (sent.header("authorization"), sent.header("origin")),
        (None, None)
    );
    assert_eq!(
        sent.header("content-length").unwrap(),
        sent.body.len().to_string()
    );
    assert!(
        sent.body.contains("client_secret=p%7Ea%2Bb%26c%25d%3De+f"),
        "{}",
        sent.body
    );
    assert!(
        sent.target.ends_with("/oauth2/v2.0/token"),
        "nothing is in the address: {}",
        sent.target
    );
    let scope = format!("{}/.default", authority.base());
    let mut form = sent.form();
    form.sort();
    let shown: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("client_id", CLIENT),
            ("client_secret", SECRET),
            ("grant_type", "client_credentials"),
            ("scope", &scope)
        ]
    );
}

#[tokio::test]
async fn a_cloud_of_a_file_that_says_it_has_entras_endpoints_is_not_asked_where_they_are() {
    let authority = Authority::start().await;
    let asked = |entry: Value| {
        let clouds = Clouds::built_in()
            .with_custom(&json!([entry]).to_string())
            .unwrap();
        async move {
            client_credentials(
                &http(),
                clouds.default_cloud(),
                &tenant(),
                &client_id(),
                &SECRET.into(),
                None,
            )
            .await
        }
    };
    let base = authority.base();
    let mut entry =
        json!({"id": "own", "name": "Own", "login": base, "graph": base, "portal": base});
    asked(entry.clone()).await.unwrap();
    assert_eq!(authority.heard().len(), 2, "its description comes first");
    entry["endpoints"] = "entra".into();
    asked(entry).await.unwrap();
    let heard = authority.heard();
    assert_eq!(heard.len(), 3);
    assert_eq!(heard[2].path(), format!("/{TENANT}/oauth2/v2.0/token"));
}

#[tokio::test]
async fn tk_1_secrets_of_every_form_arrive_as_they_are() {
    let authority = Authority::start().await;
    for secret in [
        "%41",
        "a%2Bb",
        "a;b",
        "\u{e9}",
        "\u{1f511}",
        "\"",
        "\\",
        " x ",
        "++/=?[]@:*-_.",
        "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789~",
    ] {
        client_credentials(
            &http(),
            &authority.cloud(),
            &tenant(),
            &client_id(),
            &SecretString::from(secret),
            None,
        )
        .await
        .unwrap();
        assert_eq!(
            authority
                .token_requests()
                .last()
                .unwrap()
                .field("client_secret")
                .unwrap(),
            secret
        );
    }
}

#[tokio::test]
async fn au_11_a_sign_in_and_a_refresh_never_send_a_client_secret() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    running.answer().await;
    running.result().await.unwrap();
    refreshed(&authority).await.unwrap();
    for sent in authority.token_requests() {
        assert_eq!(
            (
                sent.field("client_secret"),
                sent.field("client_assertion"),
                sent.header("authorization")
            ),
            (None, None, None)
        );
    }
}

#[tokio::test]
async fn tk_2_no_redirect_of_the_token_endpoint_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Authority::start().await;
        let location = format!(
            "Location: {}/{TENANT}/oauth2/v2.0/token\r\n",
            elsewhere.base()
        );
        let authority = Authority::with_token_reply(Reply::with(status, &location, b"")).await;
        let error = as_application(&authority).await.unwrap_err();
        assert!(
            matches!(error, Error::NotMicrosoft { .. }),
            "{status}: {error}"
        );
        assert!(elsewhere.heard().is_empty(), "{status} was followed");
        assert_eq!(authority.token_requests().len(), 1);
    }
}
