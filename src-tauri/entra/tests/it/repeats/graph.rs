//! Graph that repeats the access token: as an error, as a name, in a header, in a body.

use base64::{Engine, prelude::BASE64_STANDARD};
use entra::{GraphCall, call, client_credentials, me, organization};
use model::OriginalError;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{everywhere, percent};
use crate::{
    authority::{Authority, access_token, client_id, http, tenant},
    wire::Reply,
};

/// Graph, which repeats the header with the token.
async fn graph_that_repeats(reply: impl Fn(&str) -> Reply + Send + 'static) -> (Authority, String) {
    let token = access_token(&json!({"tid": "x", "padding": "y".repeat(900)}));
    let given = token.clone();
    let authority = Authority::scripted(move |heard| {
        if heard.is_token_request() {
            return Some(Reply::json(
                200,
                &json!({"token_type": "Bearer", "access_token": given}),
            ));
        }
        heard
            .path()
            .starts_with("/v1.0/")
            .then(|| reply(heard.header("authorization").unwrap()))
    })
    .await;
    (authority, token)
}

#[tokio::test]
async fn an_access_token_that_graph_repeats_is_in_no_error() {
    let said = |status: u16, header: &str| {
        let error = json!({"code": "x", "message": format!("You sent {header}"), "innerError": {"request-id": header}});
        Reply::json(status, &json!({"error": error}))
    };
    for status in [400, 401, 403, 404, 429, 503] {
        let (authority, token) = graph_that_repeats(move |header| said(status, header)).await;
        let (http, cloud) = (http(), authority.cloud());
        let access = client_credentials(
            &http,
            &cloud,
            &tenant(),
            &client_id(),
            &SecretString::from("s"),
            None,
        )
        .await
        .unwrap();
        assert_eq!(access.secret().expose_secret(), token);
        let refused = organization(&http, &cloud, &access).await.unwrap_err();
        let shown = everywhere(&refused);
        assert!(
            !shown.contains(&token[20..60]) && shown.contains("[removed]"),
            "{status}: {shown}"
        );
        let asked = GraphCall::new(&cloud, entra::CallMethod::Get, "/users", false).unwrap();
        let original: OriginalError = match call(&http, access.secret(), &asked).await {
            Ok(called) => {
                assert_eq!(called.request_id().as_deref(), Some("Bearer [removed]"));
                called.failure().unwrap().original().unwrap().clone()
            }
            Err(error) => error.original().unwrap().clone(),
        };
        assert_eq!(original.text, "You sent Bearer [removed]", "{status}");
    }
}

#[tokio::test]
async fn an_access_token_that_graph_repeats_as_a_name_or_in_a_header_is_not_shown() {
    let (authority, token) = graph_that_repeats(|header| {
        Reply::json(200, &json!({"id": "1", "displayName": header.replace('.', "\\u002e"), "userPrincipalName": percent(header, true)}))
    })
    .await;
    let (http, cloud) = (http(), authority.cloud());
    let access = client_credentials(
        &http,
        &cloud,
        &tenant(),
        &client_id(),
        &SecretString::from("s"),
        None,
    )
    .await
    .unwrap();
    let person = me(&http, &cloud, &access).await.unwrap();
    assert!(
        !format!("{person:?}").contains(&token[20..60]),
        "{person:?}"
    );
    let (authority, token) = graph_that_repeats(|header| {
        let header = header.replace("Bearer ", "");
        let headers = format!(
            "request-id: {header}\r\nclient-request-id: {header}\r\nWWW-Authenticate: Bearer error=\"insufficient_claims\", claims=\"{}\"\r\n",
            BASE64_STANDARD.encode(json!({"x": header}).to_string())
        );
        Reply::with(401, &headers, b"")
    })
    .await;
    let cloud = authority.cloud();
    let access = client_credentials(
        &http,
        &cloud,
        &tenant(),
        &client_id(),
        &SecretString::from("s"),
        None,
    )
    .await
    .unwrap();
    let refused = me(&http, &cloud, &access).await.unwrap_err();
    assert!(
        !everywhere(&refused).contains(&token[20..60]),
        "{refused:?}"
    );
    assert_eq!(
        refused.claims_challenge(),
        None,
        "claims with a token in them go nowhere"
    );
}

#[tokio::test]
async fn an_access_token_that_graph_repeats_in_a_body_or_an_address_is_not_shown() {
    let answers: [fn(&str) -> Reply; 4] = [
        |header| {
            Reply::json(
                401,
                &json!({"error": {"code": "x", "message": format!("You sent {header}")}}),
            )
        },
        |header| Reply::json(200, &json!({"value": [{"echo": percent(header, false)}]})),
        |header| {
            Reply::with(
                200,
                "Content-Type: text/plain\r\nrequest-id: x\r\n",
                header.as_bytes(),
            )
        },
        |header| {
            let token = header.trim_start_matches("Bearer ");
            Reply::with(
                302,
                &format!("request-id: x\r\nLocation: https://files.example/?t={token}\r\n"),
                b"",
            )
        },
    ];
    for answer in answers {
        let (authority, token) = graph_that_repeats(answer).await;
        let (http, cloud) = (http(), authority.cloud());
        let access = client_credentials(
            &http,
            &cloud,
            &tenant(),
            &client_id(),
            &SecretString::from("s"),
            None,
        )
        .await
        .unwrap();
        let asked = GraphCall::new(&cloud, entra::CallMethod::Get, "/users", false).unwrap();
        let called = call(&http, access.secret(), &asked).await.unwrap();
        let shown = format!("{} {:?}", called.shown_body(), called.kept_at());
        assert!(
            !shown.contains(&token[20..60]),
            "{}: {shown}",
            called.status()
        );
    }
    let elsewhere = |_: &str| {
        Reply::with(
            302,
            "request-id: x\r\nLocation: https://files.example/?t=of-its-own\r\n",
            b"",
        )
    };
    let (authority, _) = graph_that_repeats(elsewhere).await;
    let (http, cloud) = (http(), authority.cloud());
    let access = client_credentials(
        &http,
        &cloud,
        &tenant(),
        &client_id(),
        &SecretString::from("s"),
        None,
    )
    .await
    .unwrap();
    let asked = GraphCall::new(&cloud, entra::CallMethod::Get, "/users", false).unwrap();
    let called = call(&http, access.secret(), &asked).await.unwrap();
    assert_eq!(
        called.kept_at().unwrap().as_str(),
        "https://files.example/?t=of-its-own"
    );
}
