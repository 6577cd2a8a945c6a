use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use demo_tenant::{
    DemoTenant, Options,
    browser::{Answer, BrowserError, Decision},
    fixtures,
};
use model::ClientId;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

/// A verifier as RFC 7636 has it in its appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const REDIRECT: &str = "http://localhost:53412";

pub(crate) async fn start() -> DemoTenant {
    DemoTenant::start(Options::default()).await.unwrap()
}

pub(crate) fn http() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// An authorization request as a desktop client makes it; a test changes what it is about.
#[derive(Clone)]
pub(crate) struct Ask<'a> {
    pub(crate) place: &'a str,
    pub(crate) client_id: ClientId,
    pub(crate) redirect_uri: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) more: Vec<(&'a str, &'a str)>,
}

impl Default for Ask<'_> {
    fn default() -> Self {
        Self {
            place: "contoso.onmicrosoft.com",
            client_id: fixtures::DESKTOP,
            redirect_uri: REDIRECT,
            scope: "openid profile offline_access User.Read",
            more: Vec::new(),
        }
    }
}

impl Ask<'_> {
    pub(crate) fn url(&self, tenant: &DemoTenant) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut url = Url::parse(&format!(
            "{}/{}/oauth2/v2.0/authorize",
            tenant.login_url(),
            self.place
        ))
        .unwrap();
        let client_id = self.client_id.to_string();
        let usual = [
            ("client_id", client_id.as_str()),
            ("response_type", "code"),
            ("response_mode", "form_post"),
            ("redirect_uri", self.redirect_uri),
            ("scope", self.scope),
            ("state", "the state"),
            ("nonce", "the nonce"),
            ("prompt", "select_account"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in usual {
            let changed = self.more.iter().find(|(other, _)| *other == name);
            let value = changed.map_or(value, |(_, value)| value);
            if !value.is_empty() {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url.into()
    }

    pub(crate) async fn visit(
        &self,
        tenant: &DemoTenant,
        who: &str,
        what: Decision,
    ) -> Result<Answer, BrowserError> {
        tenant.visit(&self.url(tenant), who, what).await
    }

    /// A code for that person, who accepts everything.
    pub(crate) async fn code(&self, tenant: &DemoTenant, who: &str) -> String {
        let answer = self.visit(tenant, who, Decision::Accept).await.unwrap();
        answer
            .get("code")
            .unwrap_or_else(|| panic!("no code in {:?}", answer.fields))
            .to_owned()
    }

    /// The form that redeems a code.
    pub(crate) fn redemption(&self, code: &str) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "authorization_code".to_owned()),
            ("client_id", self.client_id.to_string()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect_uri.to_owned()),
            ("code_verifier", VERIFIER.to_owned()),
        ]
    }

    /// The whole sign-in: the token response.
    pub(crate) async fn tokens(&self, tenant: &DemoTenant, who: &str) -> Value {
        let code = self.code(tenant, who).await;
        granted(post_token(tenant, self.place, &self.redemption(&code)).await).await
    }
}

pub(crate) async fn post_token(
    tenant: &DemoTenant,
    place: &str,
    form: &[(&str, String)],
) -> Response {
    let url = format!("{}/{place}/oauth2/v2.0/token", tenant.login_url());
    http().post(url).form(form).send().await.unwrap()
}

pub(crate) fn client_credentials(
    tenant: &DemoTenant,
    client_id: ClientId,
    secret: &str,
) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", client_id.to_string()),
        ("client_secret", secret.to_owned()),
        ("scope", format!("{}/.default", tenant.graph_url())),
    ]
}

/// The secret that the cast gives an application.
pub(crate) fn secret_of(tenant: &DemoTenant, client_id: ClientId) -> String {
    tenant.app(client_id).unwrap().secrets[0].value.clone()
}

/// An app-only access token of a person of the fixtures.
pub(crate) async fn app_token(tenant: &DemoTenant, client_id: ClientId) -> String {
    let form = client_credentials(tenant, client_id, &secret_of(tenant, client_id));
    text(&granted(post_token(tenant, "contoso.example", &form).await).await["access_token"])
}

pub(crate) async fn granted(response: Response) -> Value {
    let status = response.status();
    let body: Value = response.json().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// Expects a refusal by the login host in its whole shape; gives the body.
pub(crate) async fn refused(response: Response, error: &str, number: u32) -> Value {
    let status = response.status();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"], error, "{body}");
    assert_eq!(body["error_codes"], serde_json::json!([number]), "{body}");
    assert_eq!(
        status.as_u16(),
        if error == "invalid_client" { 401 } else { 400 }
    );
    let description = text(&body["error_description"]);
    let lines: Vec<&str> = description.split("\r\n").collect();
    assert!(
        lines[0].starts_with(&format!("AADSTS{number}: ")),
        "{description}"
    );
    assert_eq!(lines[1], format!("Trace ID: {}", text(&body["trace_id"])));
    assert_eq!(
        lines[2],
        format!("Correlation ID: {}", text(&body["correlation_id"]))
    );
    assert_eq!(lines[3], format!("Timestamp: {}", text(&body["timestamp"])));
    assert!(text(&body["error_uri"]).ends_with(&format!("/error?code={number}")));
    body
}

/// Expects that a visit ended on a page with this heading, and gives the page's text.
pub(crate) fn stopped_at(result: Result<Answer, BrowserError>, expected: &str) -> String {
    match result {
        Err(BrowserError::Page { heading, text }) => {
            assert_eq!(heading, expected, "{text}");
            text
        }
        Err(BrowserError::Http(error)) => panic!("{error}"),
        Ok(answer) => panic!("an answer was sent: {:?}", answer.fields),
    }
}

/// The heading of the page on which errors are shown that never reach an application.
pub(crate) const TROUBLE: &str = "Sorry, but we’re having trouble signing you in";

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

/// The claims of a token, not verified.
pub(crate) fn claims(token: &Value) -> Value {
    let token = text(token);
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
