//! Which answers are tokens, and what everything else is.

use std::time::{Duration, Instant};

use entra::Error;
use serde_json::json;

use super::{as_application, tokens};
use crate::{authority::Authority, wire::Reply};

#[tokio::test]
async fn tk_4_the_variants_that_microsoft_sends_are_tokens() {
    for (what, body, seconds, assumed) in [
        ("as Entra writes it", tokens(|_| {}), 3_599, false),
        (
            "token type in lower case",
            tokens(|body| body["token_type"] = json!("bearer")),
            3_599,
            false,
        ),
        (
            "a lifetime in quotes",
            tokens(|body| body["expires_in"] = json!("3599")),
            3_599,
            false,
        ),
        (
            "no lifetime",
            tokens(|body| {
                body.as_object_mut().unwrap().remove("expires_in");
            }),
            3_600,
            true,
        ),
        (
            "a lifetime of null",
            tokens(|body| body["expires_in"] = json!(null)),
            3_600,
            true,
        ),
        (
            "a very short life",
            tokens(|body| body["expires_in"] = json!(0)),
            60,
            false,
        ),
        (
            "a day and four hours",
            tokens(|body| body["expires_in"] = json!(100_800)),
            100_800,
            false,
        ),
        (
            "an absurd life",
            tokens(|body| body["expires_in"] = json!(u64::MAX)),
            172_800,
            false,
        ),
        (
            "a lifetime with a point",
            tokens(|body| body["expires_in"] = json!(3599.0)),
            3_599,
            false,
        ),
        (
            "members nobody knows",
            tokens(|body| body["ext_expires_in"] = json!([1, {"a": null}])),
            3_599,
            false,
        ),
        (
            "members of null",
            tokens(|body| {
                body["refresh_token"] = json!(null);
                body["scope"] = json!(null);
                body["id_token"] = json!(null);
            }),
            3_599,
            false,
        ),
    ] {
        let authority = Authority::with_token_reply(Reply::json(200, &body)).await;
        let token = as_application(&authority)
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(
            (token.expires_in.as_secs(), token.lifetime_assumed),
            (seconds, assumed),
            "{what}"
        );
    }
}

#[tokio::test]
async fn what_other_servers_put_around_their_json_does_no_harm() {
    let body = tokens(|_| {}).to_string();
    for (kind, text) in [
        ("application/json", format!("\u{feff}{body}")),
        ("application/json", format!("\u{feff}\r\n {body}\r\n")),
        ("text/json", body.clone()),
        ("text/json; charset=utf-8", format!("\u{feff}{body}")),
        ("application/vnd.example+json", body.clone()),
        ("APPLICATION/JSON", body.clone()),
    ] {
        let authority = Authority::with_token_reply(Reply::typed(200, kind, &text)).await;
        as_application(&authority)
            .await
            .unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
    let refused = format!(
        "\u{feff}{}",
        crate::wire::error_body("invalid_client", 7_000_215)
    );
    let authority = Authority::with_token_reply(Reply::typed(401, "text/json", &refused)).await;
    let error = as_application(&authority).await.unwrap_err();
    assert!(matches!(&error, Error::CredentialRefused { .. }), "{error}");
    assert_eq!(error.original().unwrap().aadsts, Some(7_000_215));
    let by_position = Reply::typed(401, "application/json", r#"["invalid_client","bad_token"]"#);
    let authority = Authority::with_token_reply(by_position).await;
    let error = as_application(&authority).await.unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error}");
}

#[tokio::test]
async fn tk_4_everything_else_is_a_typed_error() {
    let mut bodies: Vec<(String, Reply)> = Vec::new();
    for member in [
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "scope",
        "id_token",
    ] {
        for value in [
            json!(true),
            json!(-1),
            json!(1.5),
            json!([]),
            json!({}),
            json!(["a"]),
        ] {
            bodies.push((
                format!("{member}: {value}"),
                Reply::json(200, &tokens(|body| body[member] = value)),
            ));
        }
    }
    for member in ["access_token", "token_type"] {
        for value in [json!(null), json!(""), json!(1)] {
            bodies.push((
                format!("{member}: {value}"),
                Reply::json(200, &tokens(|body| body[member] = value)),
            ));
        }
        bodies.push((
            format!("no {member}"),
            Reply::json(
                200,
                &tokens(|body| {
                    body.as_object_mut().unwrap().remove(member);
                }),
            ),
        ));
    }
    for (what, text) in [
        (
            "two tokens",
            r#"{"token_type":"Bearer","access_token":"a","access_token":"b"}"#.to_owned(),
        ),
        (
            "mac",
            tokens(|body| body["token_type"] = json!("mac")).to_string(),
        ),
        (
            "pop",
            tokens(|body| body["token_type"] = json!("pop")).to_string(),
        ),
        (
            "a token with a line break",
            tokens(|body| body["access_token"] = json!("a\r\nb")).to_string(),
        ),
        (
            "a token with a space",
            tokens(|body| body["access_token"] = json!("a b")).to_string(),
        ),
        (
            "a token of 257 KiB",
            tokens(|body| body["access_token"] = json!("a".repeat(257 * 1024))).to_string(),
        ),
        (
            "a word as lifetime",
            tokens(|body| body["expires_in"] = json!("soon")).to_string(),
        ),
        ("an array", "[]".to_owned()),
        ("a string", "\"token\"".to_owned()),
        ("null", "null".to_owned()),
        ("nothing", String::new()),
        (
            "two byte order marks",
            format!("\u{feff}\u{feff}{}", tokens(|_| {})),
        ),
        ("two objects", "{}{}".to_owned()),
        (
            "tokens and a second object",
            format!("{}{{}}", tokens(|_| {})),
        ),
        ("tokens and a comma", format!("{},", tokens(|_| {}))),
        (
            "tokens twice",
            format!("{}\n{}", tokens(|_| {}), tokens(|_| {})),
        ),
        (
            "tokens by their position",
            r#"["a-token","Bearer",3599,null,null,null]"#.to_owned(),
        ),
        ("tokens in a list", json!([tokens(|_| {})]).to_string()),
        ("nesting", "[".repeat(100_000)),
    ] {
        bodies.push((
            what.to_owned(),
            Reply::typed(200, "application/json", &text),
        ));
    }
    bodies.push(("201".into(), Reply::json(201, &tokens(|_| {}))));
    bodies.push(("204".into(), Reply::with(204, "", b"")));
    bodies.push((
        "text".into(),
        Reply::typed(200, "text/plain", &tokens(|_| {}).to_string()),
    ));
    bodies.push((
        "a 400 without an error".into(),
        Reply::json(400, &json!({"message": "no"})),
    ));
    bodies.push(("a 400 with nothing".into(), Reply::with(400, "", b"")));
    bodies.push((
        "an error of a wrong type".into(),
        Reply::json(400, &json!({"error": 7})),
    ));
    for (what, reply) in bodies {
        let authority = Authority::with_token_reply(reply).await;
        match as_application(&authority).await {
            Err(Error::Malformed { .. }) => {}
            Err(error) => panic!("{what}: {error}"),
            Ok(_) => panic!("{what} was taken for tokens"),
        }
    }
}

#[tokio::test]
async fn tk_4_an_answer_that_is_cut_at_any_byte_is_never_a_token() {
    let whole = tokens(|_| {}).to_string();
    let lengths: Vec<usize> = (0..whole.len()).step_by(3).collect();
    for length in lengths {
        let authority =
            Authority::with_token_reply(Reply::typed(200, "application/json", &whole[..length]))
                .await;
        let error = as_application(&authority).await.unwrap_err();
        assert!(
            matches!(error, Error::Malformed { .. }),
            "{length}: {error}"
        );
    }
}

#[tokio::test]
async fn tk_4_n_9_a_body_beyond_one_mebibyte_is_not_read_to_its_end() {
    let authority = Authority::with_token_reply(Reply::Endless).await;
    let begun = Instant::now();
    let error = as_application(&authority).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Malformed {
                flaw: "it is larger than 1 MiB",
                ..
            }
        ),
        "{error}"
    );
    assert!(begun.elapsed() < Duration::from_secs(10));
    let padded = |bytes: usize| {
        let whole = tokens(|_| {}).to_string();
        format!("{whole}{}", " ".repeat(bytes - whole.len()))
    };
    let authority =
        Authority::with_token_reply(Reply::typed(200, "application/json", &padded(1024 * 1024)))
            .await;
    as_application(&authority)
        .await
        .expect("exactly 1 MiB is read");
    let authority = Authority::with_token_reply(Reply::typed(
        200,
        "application/json",
        &padded(1024 * 1024 + 1),
    ))
    .await;
    assert!(matches!(
        as_application(&authority).await,
        Err(Error::Malformed { .. })
    ));
}
