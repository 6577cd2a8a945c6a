use demo_tenant::{AppState, browser::Decision, fixtures};
use serde_json::Value;

use crate::support::{
    Ask, TROUBLE, app_token, claims, client_credentials, post_token, refused, secret_of, start,
    stopped_at,
};

#[tokio::test]
async fn the_cast_shows_the_troubles_that_the_summary_promises() {
    let tenant = start().await;
    for (client_id, heading, mark) in [
        (fixtures::WITHOUT_REDIRECT, TROUBLE, "AADSTS50011: "),
        (fixtures::ASSIGNMENT_REQUIRED, TROUBLE, "AADSTS50105: "),
        (
            fixtures::BLOCKED_BY_POLICY,
            "You cannot access this right now",
            "Error Code: 53003",
        ),
    ] {
        let ask = Ask {
            client_id,
            ..Ask::default()
        };
        let shown = stopped_at(
            ask.visit(&tenant, fixtures::ADMIN, Decision::Accept).await,
            heading,
        );
        assert!(shown.contains(mark), "{shown}");
    }
    let ask = Ask {
        client_id: fixtures::REDIRECT_UNDER_WEB,
        ..Ask::default()
    };
    let form = ask.redemption(&ask.code(&tenant, fixtures::ADMIN).await);
    refused(
        post_token(&tenant, ask.place, &form).await,
        "invalid_client",
        7_000_218,
    )
    .await;
    let form = client_credentials(
        &tenant,
        fixtures::BLOCKED_BY_POLICY,
        &secret_of(&tenant, fixtures::BLOCKED_BY_POLICY),
    );
    refused(
        post_token(&tenant, "contoso.example", &form).await,
        "invalid_grant",
        53_003,
    )
    .await;
    for expected in [false, false, true] {
        let token = app_token(&tenant, fixtures::GRANTED_LATE).await;
        assert_eq!(claims(&token.into())["roles"] != Value::Null, expected);
    }
}

#[tokio::test]
async fn every_state_but_healthy_names_its_trouble() {
    let tenant = start().await;
    for app in tenant.summary().apps {
        assert_eq!(
            app.trouble.is_none(),
            app.state == AppState::Healthy,
            "{}",
            app.name
        );
    }
}
