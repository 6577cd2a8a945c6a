//! The token endpoint: what is sent, and which answers are tokens (TK requirements, table C6).

use std::time::{Duration, Instant};

use entra::{Clouds, Error, client_credentials, refresh};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{
    authority::{Authority, CLIENT, TENANT, access_token, client_id, http, tenant, tenant_id},
    browser::begin,
    wire::Reply,
};

const SECRET: &str = "p~a+b&c%d=e f";

pub(crate) async fn as_application(authority: &Authority) -> Result<entra::AccessToken, Error> {
    client_credentials(
        &http(),
        &authority.cloud(),
        &tenant(),
        &client_id(),
        &SecretString::from(SECRET),
        None,
    )
    .await
}

pub(crate) async fn refreshed(authority: &Authority) -> Result<entra::Refreshed, Error> {
    refresh(
        &http(),
        &authority.cloud(),
        &tenant(),
        &client_id(),
        &SecretString::from("old-refresh-token"),
        None,
    )
    .await
}

fn tokens(change: impl FnOnce(&mut Value)) -> Value {
    let mut body =
        json!({"token_type": "Bearer", "expires_in": 3599, "access_token": "opaque-token"});
    change(&mut body);
    body
}

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
async fn a_list_of_a_hundred_thousand_names_is_cut_and_says_so() {
    let names: Vec<String> = (0..100_000).map(|n| format!("A.{n}")).collect();
    let body = json!({"token_type": "Bearer", "access_token": "a.b.c", "scope": names[..50_000].join(" ")});
    let authority = Authority::with_token_reply(Reply::json(200, &body)).await;
    let granted = refreshed(&authority).await.unwrap().granted;
    assert_eq!(granted.len(), 1_501);
    assert_eq!(
        (granted[0].as_str(), granted[1_500].as_str()),
        ("A.0", "(48500 more names)")
    );
}

#[tokio::test]
async fn permissions_that_are_no_list_of_names_make_a_token_unreadable_and_not_empty() {
    for (claims, is_readable) in [
        (json!({"tid": TENANT, "roles": ["User.Read.All"]}), true),
        (json!({"tid": TENANT, "roles": null}), true),
        (json!({"tid": TENANT}), true),
        (json!({"tid": TENANT, "roles": "User.Read.All"}), false),
        (
            json!({"tid": TENANT, "roles": {"0": "User.Read.All"}}),
            false,
        ),
        (json!({"tid": TENANT, "roles": [1]}), false),
        (json!({"tid": TENANT, "scp": ["User.Read"]}), false),
        (json!([TENANT, "x"]), false),
    ] {
        let token = crate::authority::access_token(&claims);
        let body = json!({"token_type": "Bearer", "access_token": token});
        let authority = Authority::with_token_reply(Reply::json(200, &body)).await;
        let access = as_application(&authority).await.unwrap();
        assert_eq!(access.claims().is_some(), is_readable, "{claims}");
    }
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

#[tokio::test]
async fn i_11_a_refresh_keeps_the_old_token_unless_there_is_a_new_one() {
    for (given, expected) in [
        (json!(null), None),
        (json!(""), None),
        (json!("old-refresh-token"), Some("old-refresh-token")),
        (json!("new"), Some("new")),
    ] {
        let authority = Authority::with_token_reply(Reply::json(
            200,
            &tokens(|body| body["refresh_token"] = given.clone()),
        ))
        .await;
        let got = refreshed(&authority).await.unwrap();
        assert_eq!(
            got.refresh.as_ref().map(ExposeSecret::expose_secret),
            expected,
            "{given}"
        );
    }
}

#[tokio::test]
async fn i_12_what_was_granted_comes_from_the_response_in_plain_names() {
    for (scope, expected) in [
        (
            "openid profile email offline_access {graph}/User.Read {graph}/Mail.Send",
            vec!["User.Read", "Mail.Send"],
        ),
        ("User.Read Mail.Send", vec!["User.Read", "Mail.Send"]),
        (
            "https://elsewhere.test/User.Read",
            vec!["https://elsewhere.test/User.Read"],
        ),
        ("", vec![]),
    ] {
        let authority = Authority::scripted(move |heard| {
            let graph = format!("http://{}", heard.header("host").unwrap());
            let body = tokens(|body| body["scope"] = json!(scope.replace("{graph}", &graph)));
            heard.is_token_request().then(|| Reply::json(200, &body))
        })
        .await;
        assert_eq!(refreshed(&authority).await.unwrap().granted, expected);
        let form = authority.token_requests().remove(0);
        assert_eq!(
            form.field("scope").unwrap(),
            format!(
                "{}/.default offline_access openid profile",
                authority.base()
            )
        );
        assert_eq!(form.field("refresh_token").unwrap(), "old-refresh-token");
    }
}

#[tokio::test]
async fn tokens_that_cannot_be_read_stay_usable() {
    for opaque in [
        "opaque",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "e30.bnVsbA.x",
        "e30.W10.x",
        "..",
        "e30.!!.x",
    ] {
        let authority = Authority::with_token_reply(Reply::json(
            200,
            &tokens(|body| body["access_token"] = json!(opaque)),
        ))
        .await;
        let token = as_application(&authority).await.unwrap();
        assert_eq!(token.claims(), None, "{opaque}");
        assert_eq!(token.secret().expose_secret(), opaque);
    }
    let odd = access_token(
        &json!({"tid": 7, "roles": [], "appid": "not a guid", "oid": null, "exp": 1e300}),
    );
    let authority = Authority::with_token_reply(Reply::json(
        200,
        &tokens(|body| body["access_token"] = json!(odd)),
    ))
    .await;
    assert_eq!(
        as_application(&authority).await.unwrap().claims(),
        Some(entra::TokenClaims::default())
    );
}
