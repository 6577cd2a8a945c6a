//! The pages on which a person chooses an account and gives its password.

use demo_tenant::{browser::Decision, fixtures};

use crate::support::{Ask, TROUBLE, http, start, stopped_at};

#[tokio::test]
async fn a_wrong_password_is_told_and_asked_again() {
    let tenant = start().await;
    let browser = tenant.browser().unwrap();
    let result = browser
        .visit(
            &Ask::default().url(&tenant),
            fixtures::ADMIN,
            "wrong",
            Decision::Accept,
        )
        .await;
    assert!(stopped_at(result, "Enter password").contains("AADSTS50126"));
}

#[tokio::test]
async fn somebody_of_another_tenant_is_turned_away_on_the_page() {
    let tenant = start().await;
    let result = Ask::default()
        .visit(&tenant, fixtures::STRANGER, Decision::Accept)
        .await;
    let text = stopped_at(result, TROUBLE);
    assert!(
        text.starts_with("AADSTS50020: ") && text.contains("does not exist in tenant 'Contoso'"),
        "{text}"
    );
    let result = Ask {
        place: "fabrikam.example",
        ..Ask::default()
    }
    .visit(&tenant, fixtures::ADMIN, Decision::Accept)
    .await;
    assert!(stopped_at(result, TROUBLE).starts_with("AADSTS50020: "));
}

#[tokio::test]
async fn an_account_nobody_has_is_turned_away() {
    let tenant = start().await;
    let result = Ask::default()
        .visit(&tenant, "nobody@contoso.example", Decision::Accept)
        .await;
    assert!(stopped_at(result, TROUBLE).starts_with("AADSTS50034: "));
}

#[tokio::test]
async fn a_page_of_a_finished_visit_leads_nowhere() {
    let tenant = start().await;
    let url = format!("{}/common/login", tenant.login_url());
    let response = http()
        .post(url)
        .form(&[("flow", "long gone"), ("decision", "accept")])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 400);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("<h1>This sign-in has ended</h1>")
    );
}

#[tokio::test]
async fn a_login_hint_leads_to_the_password_unless_the_picker_is_wanted() {
    let tenant = start().await;
    let hint = format!("&login_hint={}", fixtures::ADMIN);
    let page = |url: String| async { http().get(url).send().await.unwrap().text().await.unwrap() };
    let picker = page(Ask::default().url(&tenant) + &hint).await;
    assert!(picker.contains("<h1>Pick an account</h1>"));
    let password = page(
        Ask {
            more: vec![("prompt", "")],
            ..Ask::default()
        }
        .url(&tenant)
            + &hint,
    )
    .await;
    assert!(password.contains("<h1>Enter password</h1>") && password.contains(fixtures::ADMIN));
}

#[tokio::test]
async fn text_from_a_request_is_no_html_on_the_pages() {
    let tenant = start().await;
    let ask = Ask {
        redirect_uri: "http://localhost/<script>alert(1)</script>",
        ..Ask::default()
    };
    let html = http()
        .get(ask.url(&tenant))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        html.contains("&lt;script&gt;") && !html.contains("<script>alert"),
        "{html}"
    );
}
