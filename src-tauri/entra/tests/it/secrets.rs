//! Nothing secret reaches a log (CB-4 and rule "never log a value").

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use entra::{Clouds, client_credentials, discover, me, refresh};
use secrecy::SecretString;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    authority::{Authority, client_id, http, tenant},
    browser::{begin, in_link},
    process::delegated,
    wire::Reply,
};

/// What everything writes to.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A proxy that nobody runs, with a password that nobody may read.
const PROXY: &str = "http://proxy-user:proxy-password-4711@127.0.0.1:9";

#[test]
fn cb_4_ne_3_a_whole_run_at_trace_level_writes_no_code_verifier_state_token_or_secret() {
    if delegated(
        "secrets::cb_4_ne_3_a_whole_run_at_trace_level_writes_no_code_verifier_state_token_or_secret",
        &[
            ("HTTPS_PROXY", PROXY),
            ("https_proxy", PROXY),
            ("NO_PROXY", ""),
            ("no_proxy", ""),
        ],
    ) {
        return;
    }
    let captured = Captured::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(captured.clone())
        .init();
    let planted = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(whole_run());
    let log = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    assert!(
        log.contains("signed in") && log.contains("TRACE"),
        "the log is really written:\n{log}"
    );
    for secret in planted {
        assert!(secret.len() >= 8, "{secret} is too short to be looked for");
        assert!(!log.contains(&secret), "{secret} is in the log");
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        assert!(!log.contains(&encoded), "{encoded} is in the log");
    }
}

/// A sign-in with noise, a refresh, a Graph read, an application's token, and refusals; gives all
/// that must stay secret.
async fn whole_run() -> Vec<String> {
    let (http, authority) = (http(), Authority::start().await);
    let waiting = begin(&authority).await;
    let mut planted = vec![
        waiting.state.clone(),
        waiting.nonce.clone(),
        in_link(&waiting.attempt, "code_challenge"),
    ];
    let running = waiting.waits();
    running
        .answer_with("code=stolen-code-12345&state=a-guessed-state")
        .await;
    running.answer_with("code=%zz-broken-code-12345").await;
    running
        .answer_with(&format!("code=the-real-code-67890&state={}", running.state))
        .await;
    let signed_in = running.result().await.unwrap();
    planted.extend(
        [
            "stolen-code-12345",
            "broken-code-12345",
            "the-real-code-67890",
            "refresh-token-of-the-test",
        ]
        .map(str::to_owned),
    );
    planted.push(
        authority.token_requests()[0]
            .field("code_verifier")
            .unwrap(),
    );
    let refreshed = refresh(
        &http,
        &authority.cloud(),
        &tenant(),
        &client_id(),
        &signed_in.refresh,
        None,
    )
    .await
    .unwrap();
    me(&http, &authority.cloud(), &refreshed.access)
        .await
        .unwrap();
    planted.push(secrecy::ExposeSecret::expose_secret(refreshed.access.secret()).to_owned());
    let secret = SecretString::from("p~a+b&c%d=e f-client-secret");
    planted.push("p~a+b&c%d=e f-client-secret".to_owned());
    client_credentials(
        &http,
        &authority.cloud(),
        &tenant(),
        &client_id(),
        &secret,
        None,
    )
    .await
    .unwrap();
    for reply in [
        Reply::error(401, "invalid_client", 7_000_215),
        Reply::typed(
            200,
            "application/json",
            r#"{"token_type":"Bearer","access_token":"half-a-token-4711"#,
        ),
        Reply::html(200),
        Reply::json(
            400,
            &serde_json::json!({"error": "invalid_client", "error_description": "p~a+b&c%d=e f-client-secret"}),
        ),
    ] {
        let authority = Authority::with_token_reply(reply).await;
        let error = client_credentials(
            &http,
            &authority.cloud(),
            &tenant(),
            &client_id(),
            &secret,
            None,
        )
        .await
        .unwrap_err();
        tracing::info!(%error, ?error, help = ?error.help(), "refused");
    }
    planted.push("half-a-token-4711".to_owned());
    let error = discover(&http, Clouds::built_in().default_cloud(), &tenant())
        .await
        .unwrap_err();
    tracing::info!(%error, ?error, "through the proxy");
    planted.extend([
        "proxy-password-4711".to_owned(),
        BASE64_STANDARD.encode("proxy-user:proxy-password-4711"),
    ]);
    tracing::info!(?signed_in, "as a careless caller would write it");
    planted
}
