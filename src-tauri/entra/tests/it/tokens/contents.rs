//! What is taken out of a token answer: the refresh token, and the permissions.

use secrecy::ExposeSecret;
use serde_json::json;

use super::{as_application, refreshed, tokens};
use crate::{
    authority::{Authority, TENANT, access_token},
    wire::Reply,
};

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
