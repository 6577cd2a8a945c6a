//! A server that repeats what it was sent: none of it comes back by the door of an error.

mod graph;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use entra::{Error, client_credentials, refresh};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    authority::{Authority, client_id, http, tenant},
    browser::begin,
    wire::{Heard, Reply},
};

/// With everything in it that an encoding changes.
const SECRET: &str = "pQ~8.x+y&z%25w=e/f-g_h\"i j'k<l>";

fn percent(text: &str, lower: bool) -> String {
    let encoded = |byte: u8| {
        if lower {
            format!("%{byte:02x}")
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                encoded(b)
            }
        })
        .collect()
}

/// A secret as it may come back.
fn spellings(secret: &str) -> Vec<String> {
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = json!(secret).to_string();
    vec![
        secret.to_owned(),
        percent(secret, false),
        percent(secret, true),
        form,
        json.trim_matches('"').to_owned(),
        secret
            .chars()
            .map(|c| format!("\\u{:04x}", u32::from(c)))
            .collect(),
        BASE64_STANDARD.encode(secret),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        BASE64_STANDARD.encode(format!("{}:{secret}", client_id())),
        secret[..secret.len() - 3].to_owned(),
    ]
}

/// The error as anybody may come to see it: shown, written to a log, kept as JSON.
fn everywhere(error: &Error) -> String {
    let kept = error.original().map(|said| json!(said).to_string());
    format!(
        "{error}\n{error:?}\n{:?}\n{}",
        error.help(),
        kept.unwrap_or_default()
    )
}

fn assert_clean(error: &Error, secret: &str, said: &str) {
    let shown = everywhere(error);
    let core = &BASE64_STANDARD.encode(secret)[..12];
    for spelt in spellings(secret)
        .iter()
        .map(String::as_str)
        .chain([&secret[..12], core])
    {
        let is_in = shown.contains(spelt) || shown.contains(&spelt.replace('\\', "\\\\"));
        assert!(!is_in, "{spelt} of {said}: {shown}");
    }
}

/// Every place of an answer at which a server may put what it was sent.
fn places(spelt: &str) -> Vec<Reply> {
    let with = |status: u16, body: &Value| Reply::json(status, body);
    let mut replies = Vec::new();
    for error in [
        "access_denied",
        "invalid_client",
        "unauthorized_client",
        "invalid_grant",
        "invalid_scope",
    ] {
        let text = format!("AADSTS7000215: You sent {spelt}.");
        replies.push(with(
            401,
            &json!({"error": error, "error_description": text}),
        ));
    }
    for error in [
        "consent_required",
        "interaction_required",
        "invalid_tenant",
        "server_error",
        "never_seen",
    ] {
        replies.push(with(
            400,
            &json!({"error": error, "error_description": spelt, "suberror": spelt}),
        ));
    }
    for member in [
        "error",
        "trace_id",
        "correlation_id",
        "timestamp",
        "error_uri",
    ] {
        let mut body =
            json!({"error": "invalid_client", "error_description": "AADSTS7000215: Wrong."});
        body[member] = json!(spelt);
        replies.push(with(400, &body));
    }
    let claims = json!({"access_token": {"x": spelt}}).to_string();
    replies.push(with(
        400,
        &json!({"error": "interaction_required", "error_description": "x", "claims": claims}),
    ));
    let long = format!("{}{spelt}", "a".repeat(1_985));
    replies.push(with(
        400,
        &json!({"error": "invalid_client", "error_description": long}),
    ));
    for status in [429, 500, 503] {
        replies.push(with(
            status,
            &json!({"error": "temporarily_unavailable", "error_description": spelt}),
        ));
    }
    let header: String = spelt
        .chars()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .collect();
    for name in [
        "x-ms-request-id",
        "request-id",
        "client-request-id",
        "WWW-Authenticate",
    ] {
        let headers = format!("Content-Type: application/json\r\n{name}: {header}\r\n");
        replies.push(Reply::with(401, &headers, br#"{"error":"invalid_client"}"#));
    }
    replies
}

#[tokio::test]
async fn a_client_secret_that_a_server_repeats_is_in_no_error() {
    let (http, mut asked) = (http(), tokio::task::JoinSet::new());
    for reply in spellings(SECRET).iter().flat_map(|spelt| places(spelt)) {
        let http = http.clone();
        asked.spawn(async move {
            let said = format!("{reply:?}");
            let (authority, secret) = (
                Authority::with_token_reply(reply).await,
                SecretString::from(SECRET),
            );
            let refused = client_credentials(
                &http,
                &authority.cloud(),
                &tenant(),
                &client_id(),
                &secret,
                None,
            )
            .await;
            assert_clean(&refused.unwrap_err(), SECRET, &said);
        });
    }
    while let Some(done) = asked.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn a_refresh_token_that_a_server_repeats_is_in_no_error_and_in_no_name() {
    let token: String = (0..1_500)
        .map(|n: usize| char::from(b'A' + (n * n % 26) as u8))
        .collect();
    for spelt in [
        token.clone(),
        percent(&format!("0.{token}"), true),
        BASE64_STANDARD.encode(&token),
    ] {
        let body = json!({"error": "invalid_grant", "error_description": format!("AADSTS70000: {spelt} is no grant"), "trace_id": spelt});
        let authority = Authority::with_token_reply(Reply::json(400, &body)).await;
        let secret = SecretString::from(token.as_str());
        let refused = refresh(
            &http(),
            &authority.cloud(),
            &tenant(),
            &client_id(),
            &secret,
            None,
        )
        .await
        .unwrap_err();
        assert!(!everywhere(&refused).contains(&spelt[..40]), "{refused:?}");
        let said = refused.original().unwrap();
        assert!(
            said.text.ends_with("[removed] is no grant"),
            "{}",
            said.text
        );
        let body = json!({"token_type": "Bearer", "access_token": "a.b.c", "scope": format!("User.Read {spelt}")});
        let authority = Authority::with_token_reply(Reply::json(200, &body)).await;
        let refreshed = refresh(
            &http(),
            &authority.cloud(),
            &tenant(),
            &client_id(),
            &secret,
            None,
        )
        .await
        .unwrap();
        assert_eq!(refreshed.granted.len(), 2, "{refreshed:?}");
        assert!(refreshed.granted[1].ends_with("[removed]"), "{refreshed:?}");
    }
}

#[tokio::test]
async fn a_code_and_its_verifier_that_a_server_repeats_are_in_no_error() {
    let authority = Authority::scripted(|heard: &Heard| {
        let (code, verifier) = (heard.field("code")?, heard.field("code_verifier")?);
        let text = format!(
            "AADSTS501481: {verifier} does not fit {}",
            percent(&code, false)
        );
        Some(Reply::json(
            400,
            &json!({"error": "invalid_grant", "error_description": text, "trace_id": code}),
        ))
    })
    .await;
    let running = begin(&authority).await.waits();
    running
        .answer_with(&format!(
            "code=0.the-real-code-67890&state={}",
            running.state
        ))
        .await;
    let refused = running.result().await.unwrap_err();
    let verifier = authority.token_requests()[0]
        .field("code_verifier")
        .unwrap();
    let shown = everywhere(&refused);
    assert!(
        !shown.contains("real-code") && !shown.contains(&verifier[..16]),
        "{shown}"
    );
    assert_eq!(
        refused.original().unwrap().text,
        "AADSTS501481: [removed] does not fit [removed]"
    );
}

#[tokio::test]
async fn an_answer_at_the_loopback_port_that_repeats_the_state_does_not_get_it_shown() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let state = running.state.clone();
    running
        .answer_with(&format!(
            "error=access_denied&error_description=You+sent+{state}&state={state}"
        ))
        .await;
    let refused = running.result().await.unwrap_err();
    assert_eq!(refused.original().unwrap().text, "You sent [removed]");
}
