use demo_tenant::fixtures;
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::{Ask, claims, granted, post_token, refused, secret_of, start, text};

#[tokio::test]
async fn a_code_becomes_tokens_for_what_was_consented() {
    let tenant = start().await;
    let answer = Ask::default().tokens(&tenant, fixtures::ADMIN).await;
    assert_eq!(answer["scope"], "openid profile User.Read");
    assert!(text(&answer["refresh_token"]).len() > 1_000);
    let claims = claims(&answer["access_token"]);
    assert_eq!(claims["scp"], "User.Read openid profile");
    assert_eq!(
        (&claims["roles"], &claims["idtyp"]),
        (&Value::Null, &"user".into())
    );
    assert_eq!(claims["appidacr"], "0");
    assert_eq!(claims["upn"], fixtures::ADMIN);
}

#[tokio::test]
async fn scopes_come_back_in_the_form_in_which_they_were_asked() {
    let tenant = start().await;
    let graph = tenant.graph_url();
    let scope = format!("openid {graph}/User.Read {graph}/mail.send");
    let answer = Ask {
        scope: &scope,
        ..Ask::default()
    }
    .tokens(&tenant, fixtures::ADMIN)
    .await;
    assert_eq!(
        answer["scope"],
        format!("openid {graph}/Mail.Send {graph}/User.Read")
    );
    assert_eq!(answer["refresh_token"], Value::Null);
    let default = format!("{graph}/.default");
    let answer = Ask {
        scope: &default,
        ..Ask::default()
    }
    .tokens(&tenant, fixtures::ADMIN)
    .await;
    assert_eq!(
        answer["scope"],
        format!("{graph}/Mail.Send {graph}/User.Read {graph}/.default")
    );
    assert_eq!(answer["id_token"], Value::Null);
}

#[tokio::test]
async fn the_default_scope_asks_for_everything_registered_when_nothing_is_granted() {
    let tenant = start().await;
    let scope = format!("{}/.default", tenant.graph_url());
    let answer = Ask {
        scope: &scope,
        ..Ask::default()
    }
    .tokens(&tenant, fixtures::ADMIN)
    .await;
    let registered = tenant.app(fixtures::DESKTOP).unwrap().registered_scopes;
    assert_eq!(
        text(&claims(&answer["access_token"])["scp"])
            .split(' ')
            .count(),
        registered.len()
    );
}

#[tokio::test]
async fn an_alias_leads_to_the_tenant_at_home() {
    let tenant = start().await;
    for (place, person, home) in [
        ("common", fixtures::GUEST, fixtures::FABRIKAM),
        ("organizations", fixtures::ADMIN, fixtures::CONTOSO),
    ] {
        let answer = Ask {
            place,
            ..Ask::default()
        }
        .tokens(&tenant, person)
        .await;
        let claims = claims(&answer["id_token"]);
        assert_eq!(claims["tid"], home.to_string());
        assert_eq!(claims["iss"], format!("{}/{home}/v2.0", tenant.login_url()));
    }
}

#[tokio::test]
async fn a_code_works_once() {
    let tenant = start().await;
    let ask = Ask::default();
    let form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    granted(post_token(&tenant, ask.place, &form).await).await;
    refused(
        post_token(&tenant, ask.place, &form).await,
        "invalid_grant",
        54_005,
    )
    .await;
}

#[tokio::test]
async fn a_code_lives_ten_minutes() {
    let tenant = start().await;
    let ask = Ask::default();
    let form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    tenant.set_clock_ahead(SignedDuration::from_secs(601));
    refused(
        post_token(&tenant, ask.place, &form).await,
        "invalid_grant",
        70_008,
    )
    .await;
}

#[tokio::test]
async fn a_wrong_or_absent_verifier_is_refused_and_the_right_one_still_works() {
    let tenant = start().await;
    let ask = Ask::default();
    let form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    let mut wrong = form.clone();
    wrong[4].1.replace_range(..1, "X");
    refused(
        post_token(&tenant, ask.place, &wrong).await,
        "invalid_grant",
        501_481,
    )
    .await;
    refused(
        post_token(&tenant, ask.place, &form[..4]).await,
        "invalid_grant",
        501_481,
    )
    .await;
    granted(post_token(&tenant, ask.place, &form).await).await;
}

#[tokio::test]
async fn a_code_is_bound_to_tenant_path_redirect_uri_and_application() {
    let tenant = start().await;
    let ask = Ask::default();
    let code = ask.code(&tenant, fixtures::ADMIN).await;
    let form = ask.redemption(&code);
    refused(
        post_token(&tenant, "organizations", &form).await,
        "invalid_grant",
        700_005,
    )
    .await;
    let other = Ask {
        redirect_uri: "http://localhost:1",
        ..Ask::default()
    };
    refused(
        post_token(&tenant, ask.place, &other.redemption(&code)).await,
        "invalid_grant",
        500_112,
    )
    .await;
    let other = Ask {
        client_id: fixtures::SINGLE_TENANT_DESKTOP,
        ..Ask::default()
    };
    refused(
        post_token(&tenant, ask.place, &other.redemption(&code)).await,
        "invalid_grant",
        700_003,
    )
    .await;
    refused(
        post_token(&tenant, ask.place, &ask.redemption("made up")).await,
        "invalid_grant",
        70_008,
    )
    .await;
    // Another name of the same tenant is the same tenant.
    granted(post_token(&tenant, &fixtures::CONTOSO.to_string(), &form).await).await;
}

#[tokio::test]
async fn a_public_client_must_not_send_a_secret() {
    let tenant = start().await;
    let ask = Ask::default();
    let mut form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    form.push(("client_secret", "anything".to_owned()));
    refused(
        post_token(&tenant, ask.place, &form).await,
        "invalid_client",
        700_025,
    )
    .await;
}

#[tokio::test]
async fn a_redirect_uri_under_web_makes_the_client_confidential() {
    let tenant = start().await;
    let ask = Ask {
        client_id: fixtures::HEALTHY,
        redirect_uri: "http://localhost",
        ..Ask::default()
    };
    let mut form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    refused(
        post_token(&tenant, ask.place, &form).await,
        "invalid_client",
        7_000_218,
    )
    .await;
    form.push(("client_secret", secret_of(&tenant, fixtures::HEALTHY)));
    let answer = granted(post_token(&tenant, ask.place, &form).await).await;
    assert_eq!(claims(&answer["access_token"])["appidacr"], "1");
}

#[tokio::test]
async fn scopes_beyond_what_was_consented_are_refused() {
    let tenant = start().await;
    let ask = Ask::default();
    let mut form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    form.push(("scope", "Mail.Send".to_owned()));
    let body = refused(
        post_token(&tenant, ask.place, &form).await,
        "invalid_grant",
        65_001,
    )
    .await;
    assert_eq!(body["suberror"], "consent_required");
}

#[tokio::test]
async fn a_revocation_between_the_pages_and_the_token_is_noticed() {
    let tenant = start().await;
    let ask = Ask::default();
    let form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    tenant.revoke(fixtures::ADMIN);
    refused(
        post_token(&tenant, ask.place, &form).await,
        "invalid_grant",
        50_173,
    )
    .await;
}

#[tokio::test]
async fn client_info_names_the_account_at_home_when_it_is_asked() {
    let tenant = start().await;
    let ask = Ask::default();
    let mut form = ask.redemption(&ask.code(&tenant, fixtures::GUEST).await);
    form.push(("client_info", "1".to_owned()));
    let answer = granted(post_token(&tenant, ask.place, &form).await).await;
    let info = format!("x.{}", text(&answer["client_info"]));
    assert_eq!(claims(&info.into())["utid"], fixtures::FABRIKAM.to_string());
}

#[tokio::test]
async fn responses_and_id_tokens_can_be_bent() {
    let tenant = start().await;
    let over = |value: Value| value.as_object().unwrap().clone();
    tenant.bend_id_tokens(over(serde_json::json!({ "nonce": "another", "oid": null })));
    tenant.bend_token_responses(over(
        serde_json::json!({ "expires_in": "3600", "refresh_token": null }),
    ));
    let answer = Ask::default().tokens(&tenant, fixtures::ADMIN).await;
    assert_eq!(
        (&answer["expires_in"], &answer["refresh_token"]),
        (&"3600".into(), &Value::Null)
    );
    let claims = claims(&answer["id_token"]);
    assert_eq!(
        (&claims["nonce"], &claims["oid"]),
        (&"another".into(), &Value::Null)
    );
}
