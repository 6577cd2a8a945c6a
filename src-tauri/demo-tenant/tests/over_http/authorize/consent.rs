//! Consent on the pages: what is asked for, by whom it can be given, and for whom it holds.

use demo_tenant::{browser::Decision, fixtures};

use crate::support::{Ask, http, start, stopped_at};

#[tokio::test]
async fn consent_is_asked_once_and_again_for_more() {
    let tenant = start().await;
    let ask = Ask::default();
    ask.code(&tenant, fixtures::USER).await;
    // A person who would decline is not asked any more.
    assert!(
        ask.visit(&tenant, fixtures::USER, Decision::Cancel)
            .await
            .unwrap()
            .get("code")
            .is_some()
    );
    let more = Ask {
        scope: "User.Read Mail.Send",
        ..Ask::default()
    };
    assert_eq!(
        more.visit(&tenant, fixtures::USER, Decision::Cancel)
            .await
            .unwrap()
            .get("error"),
        Some("access_denied")
    );
    let again = Ask {
        more: vec![("prompt", "consent")],
        ..Ask::default()
    };
    assert_eq!(
        again
            .visit(&tenant, fixtures::USER, Decision::Cancel)
            .await
            .unwrap()
            .get("error"),
        Some("access_denied")
    );
}

#[tokio::test]
async fn an_ordinary_user_needs_an_admin_for_more_than_the_policy_allows() {
    let tenant = start().await;
    let ask = Ask {
        scope: "openid User.Read AuditLog.Read.All",
        ..Ask::default()
    };
    let text = stopped_at(
        ask.visit(&tenant, fixtures::USER, Decision::Accept).await,
        "Need admin approval",
    );
    assert!(text.contains("Graph Connect (demo registration)"), "{text}");
    let answer = ask
        .visit(&tenant, fixtures::USER, Decision::Cancel)
        .await
        .unwrap();
    assert_eq!(answer.get("error"), Some("access_denied"));
}

#[tokio::test]
async fn an_admins_consent_holds_for_the_admin_or_for_everybody() {
    let tenant = start().await;
    let ask = Ask {
        scope: "openid AuditLog.Read.All",
        ..Ask::default()
    };
    ask.visit(&tenant, fixtures::ADMIN, Decision::Accept)
        .await
        .unwrap();
    stopped_at(
        ask.visit(&tenant, fixtures::USER, Decision::Accept).await,
        "Need admin approval",
    );
    let again = Ask {
        more: vec![("prompt", "consent")],
        ..ask.clone()
    };
    again
        .visit(&tenant, fixtures::ADMIN, Decision::AcceptForEverybody)
        .await
        .unwrap();
    assert!(
        ask.visit(&tenant, fixtures::USER, Decision::Accept)
            .await
            .unwrap()
            .get("code")
            .is_some()
    );
}

#[tokio::test]
async fn a_made_up_acceptance_grants_an_ordinary_user_nothing() {
    let tenant = start().await;
    let url = Ask {
        scope: "AuditLog.Read.All",
        ..Ask::default()
    }
    .url(&tenant);
    let html = http().get(url).send().await.unwrap().text().await.unwrap();
    let flow = html
        .split("name=\"flow\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    let password = fixtures::password_of(fixtures::USER);
    let press = |field: (&'static str, String)| {
        let form = [("flow", flow.to_owned()), field];
        http()
            .post(format!("{}/common/login", tenant.login_url()))
            .form(&form)
            .send()
    };
    press(("decision", "accept".to_owned())).await.unwrap();
    press(("account", fixtures::USER.to_owned())).await.unwrap();
    press(("decision", "accept".to_owned())).await.unwrap();
    press(("password", password)).await.unwrap();
    let page = press(("decision", "accept".to_owned()))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("<h1>Need admin approval</h1>"), "{page}");
    let principal = &tenant.app(fixtures::DESKTOP).unwrap().principals[&fixtures::CONTOSO];
    assert!(
        principal.scopes_for(fixtures::USER).is_empty()
            && principal.scopes_for(fixtures::ADMIN).is_empty()
    );
}
