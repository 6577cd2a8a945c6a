//! What comes to the loopback port: table C4 and the CB requirements.

use std::{net::Ipv4Addr, time::Duration};

use entra::{Error, Notice};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    authority::{Authority, Reply},
    browser::{Running, begin, post, post_with, send, status_of, turns},
};

#[tokio::test]
async fn cb_1_cb_7_every_form_that_a_browser_may_send_is_taken() {
    let authority = Authority::start().await;
    let long_code = "c".repeat(8_000);
    for (what, code, extra, tail) in [
        ("plain", "the-code", "", ""),
        ("no fetch metadata", "the-code", "Origin: https://login.microsoftonline.com\r\n", ""),
        ("a long code", long_code.as_str(), "", ""),
        (
            "parameters of Entra",
            "the-code",
            "",
            "&session_state=1&client_info=eyJ9&cloud_instance_name=microsoftonline.com&cloud_instance_host_name=login.evil.test",
        ),
    ] {
        let running = begin(&authority).await.waits();
        let reply =
            send(running.port, post_with(running.port, extra, &format!("code={code}&state={}{tail}", running.state)))
                .await;
        assert_eq!(status_of(&reply), "200", "{what}: {reply}");
        running.result().await.expect(what);
        assert_eq!(authority.token_requests().last().unwrap().field("code").unwrap(), code, "{what}");
    }
}

#[tokio::test]
async fn cb_1_the_media_type_may_have_parameters_and_header_names_any_case() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let body = format!("code=the-code&state={}", running.state);
    let odd = format!(
        "POST / HTTP/1.1\r\nhOsT: LOCALHOST:{}\r\nCONTENT-type: Application/X-WWW-Form-URLencoded ; charset=UTF-8\r\ncontent-LENGTH: {}\r\n\r\n{body}",
        running.port,
        body.len()
    );
    assert_eq!(status_of(&send(running.port, odd).await), "200");
    running.result().await.unwrap();
}

#[tokio::test]
async fn cb_1_an_answer_in_segments_of_one_byte_is_taken() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, running.port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in post(running.port, &format!("code=the-code&state={}", running.state)) {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    running.result().await.unwrap();
}

/// Requests of table C4 that must change nothing. `{p}` is the port and `{s}` the right state.
fn noise() -> Vec<(&'static str, String)> {
    let form = |body: &str| {
        format!(
            "POST / HTTP/1.1\r\nHost: localhost:{{p}}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {{l}}\r\n\r\n{body}"
        )
    };
    let with = |head: &str, body: &str| format!("{head}Content-Length: {{l}}\r\n\r\n{body}");
    let good = "code=C&state={s}";
    let post = "POST / HTTP/1.1\r\n";
    let host = "Host: localhost:{p}\r\n";
    let media = "Content-Type: application/x-www-form-urlencoded\r\n";
    let mut rows = vec![
        ("no state", form("code=C")),
        ("empty state", form("code=C&state=")),
        ("wrong state", form("code=C&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
        ("state in another case", form("code=C&state={S}")),
        ("state and more", form("code=C&state={s}x")),
        ("state twice", form("code=C&state={s}&state={s}")),
        ("no code", form("state={s}")),
        ("empty code", form("code=&state={s}")),
        ("code twice", form("code=C&code=C&state={s}")),
        ("error twice", form("error=a&error=a&state={s}")),
        ("code and error", form("code=C&error=access_denied&state={s}")),
        ("error without state", form("error=access_denied")),
        ("error with a wrong state", form("error=access_denied&state=B")),
        ("empty error", form("error=&state={s}")),
        ("code with a control character", form("code=a%00b&state={s}")),
        ("code with a line break", form("code=a%0d%0ab&state={s}")),
        ("a broken escape", form("code=C%zz&state={s}")),
        ("half an escape", form("code=C&state={s}&x=%4")),
        ("overlong UTF-8", form("code=C&state={s}&x=%c0%80")),
        ("a lone surrogate", form("code=C&state={s}&x=%ed%a0%80")),
        ("iss twice", form("code=C&state={s}&iss=a&iss=a")),
        ("an empty body", form("")),
        ("a body of separators", form("&&&==&=")),
        ("GET with a code", "GET /?code=C&state={s} HTTP/1.1\r\nHost: localhost:{p}\r\n\r\n".into()),
        ("POST with a query", format!("POST /?code=C&state={{s}} HTTP/1.1\r\n{host}{media}Content-Length: 0\r\n\r\n")),
        ("absolute form", "GET http://evil/ HTTP/1.1\r\nHost: localhost:{p}\r\n\r\n".into()),
        ("CONNECT", "CONNECT evil:443 HTTP/1.1\r\nHost: localhost:{p}\r\n\r\n".into()),
        ("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into()),
        ("HTTP/0.9", "GET /\r\n".into()),
        ("TLS hello", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}".into()),
        ("nothing but line breaks", "\r\n\r\n\r\n".into()),
        ("text/plain", with(&format!("{post}{host}Content-Type: text/plain\r\n"), good)),
        ("multipart", with(&format!("{post}{host}Content-Type: multipart/form-data; boundary=x\r\n"), good)),
        ("JSON", with(&format!("{post}{host}Content-Type: application/json\r\n"), "{}")),
        ("no media type", with(&format!("{post}{host}"), good)),
        ("two media types", with(&format!("{post}{host}{media}Content-Type: text/plain\r\n"), good)),
        ("gzip", with(&format!("{post}{host}{media}Content-Encoding: gzip\r\n"), good)),
        ("foreign host", with(&format!("{post}Host: evil.test:{{p}}\r\n{media}"), good)),
        ("another port", with(&format!("{post}Host: localhost:1\r\n{media}"), good)),
        ("no port", with(&format!("{post}Host: localhost\r\n{media}"), good)),
        ("a host that only begins right", with(&format!("{post}Host: 127.0.0.1.evil.test:{{p}}\r\n{media}"), good)),
        ("a trailing dot", with(&format!("{post}Host: localhost.:{{p}}\r\n{media}"), good)),
        ("no host", with(&format!("{post}{media}"), good)),
        ("two hosts", with(&format!("{post}{host}{host}{media}"), good)),
        ("no length", format!("{post}{host}{media}\r\n")),
        ("chunks", format!("{post}{host}{media}Transfer-Encoding: chunked\r\n\r\n5\r\ncode=\r\n0\r\n\r\n")),
        (
            "chunks and a length",
            format!("{post}{host}{media}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        ),
        ("a million bytes", format!("{post}{host}{media}Content-Length: 1000000\r\n\r\ncode=C")),
        ("a length that is no number", format!("{post}{host}{media}Content-Length: abc\r\n\r\ncode=C")),
        ("two lengths", format!("{post}{host}{media}Content-Length: 5\r\nContent-Length: 6\r\n\r\ncode=C")),
        ("a negative length", format!("{post}{host}{media}Content-Length: -1\r\n\r\ncode=C")),
        ("space before the colon", format!("{post}Host : localhost:{{p}}\r\n\r\n")),
        ("a folded header", format!("{post}{host} x: y\r\n\r\n")),
        ("NUL in a header", format!("{post}{host}X: a\u{0}b\r\n\r\n")),
        ("no version", format!("POST /\r\n{host}\r\n")),
        ("HTTP/3.7", format!("POST / HTTP/3.7\r\n{host}\r\n")),
    ];
    for path in [
        "/favicon.ico",
        "/robots.txt",
        "/apple-touch-icon.png",
        "/.well-known/appspecific/com.chrome.devtools.json",
        "//",
        "/.",
        "/%2e",
        "/%2F",
        "/;x",
        "/index.html",
        "*",
        "/\u{e9}",
    ] {
        rows.push(("another path", format!("GET {path} HTTP/1.1\r\n{host}\r\n")));
        rows.push(("a form for another path", with(&format!("POST {path} HTTP/1.1\r\n{host}{media}"), good)));
    }
    for method in ["HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "PATCH", "post", "X"] {
        rows.push(("another method", with(&format!("{method} / HTTP/1.1\r\n{host}{media}"), good)));
    }
    for fetch in [
        "Dest: image",
        "Dest: script",
        "Dest: style",
        "Dest: iframe",
        "Dest: empty",
        "Dest: object",
        "Mode: no-cors",
        "Mode: cors",
        "Mode: websocket",
    ] {
        rows.push(("not from a window", with(&format!("{post}{host}{media}Sec-Fetch-{fetch}\r\n"), good)));
    }
    rows
}

fn filled(row: &str, running: &Running) -> String {
    let flipped: String = running
        .state
        .chars()
        .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let row = row.replace("{p}", &running.port.to_string()).replace("{s}", &running.state).replace("{S}", &flipped);
    let body = row.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
    row.replace("{l}", &body.to_string())
}

#[tokio::test]
async fn cb_2_cb_3_cb_4_cb_5_cb_6_cb_8_cb_9_noise_of_every_kind_gets_a_neutral_reply_and_the_sign_in_goes_on() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    for (what, row) in noise() {
        let request = filled(&row, &running);
        let reply = send(running.port, &request).await;
        let neutral = reply.is_empty() || reply.starts_with("HTTP/1.1 4") || reply.starts_with("HTTP/1.1 5");
        assert!(neutral, "{what}: {request:?} got {reply}");
        assert!(!reply.contains(&running.state), "{what}: the reply names the state");
        assert!(!reply.to_ascii_lowercase().contains("access-control"), "{what}: {reply}");
        assert!(!running.task.is_finished(), "{what}: {request:?} ended the sign-in");
    }
    assert!(authority.token_requests().is_empty());
    assert_eq!(status_of(&running.answer().await), "200");
    running.result().await.unwrap();
    assert_eq!(authority.token_requests().len(), 1);
}

#[tokio::test]
async fn cb_5_a_foreign_host_is_answered_with_421() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let reply = send(running.port, format!("GET / HTTP/1.1\r\nHost: evil.test:{}\r\n\r\n", running.port)).await;
    assert_eq!(status_of(&reply), "421");
    for host in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"] {
        let reply = send(running.port, format!("GET / HTTP/1.1\r\nHost: {host}:{}\r\n\r\n", running.port)).await;
        assert_eq!(status_of(&reply), "200", "{host}");
    }
}

#[tokio::test]
async fn cb_8_a_preflight_of_local_network_access_is_never_granted() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let preflight = format!(
        "OPTIONS / HTTP/1.1\r\nHost: localhost:{}\r\nOrigin: https://evil.test\r\nAccess-Control-Request-Method: POST\r\n\
         Access-Control-Request-Private-Network: true\r\nAccess-Control-Request-Local-Network: true\r\n\r\n",
        running.port
    );
    let reply = send(running.port, preflight).await;
    assert_eq!(status_of(&reply), "405");
    assert!(!reply.to_ascii_lowercase().contains("access-control"), "{reply}");
}

#[tokio::test]
async fn cb_2_five_wrong_states_and_a_bare_visit_are_told_once_and_change_nothing() {
    let authority = Authority::start().await;
    let mut running = begin(&authority).await.waits();
    for _ in 0..12 {
        running.answer_with("code=C&state=wrong").await;
    }
    for _ in 0..3 {
        let reply = send(running.port, format!("GET / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", running.port)).await;
        assert_eq!(status_of(&reply), "200");
        assert!(reply.contains("Not signed in"), "{reply}");
    }
    running.answer().await;
    let mut noticed = Vec::new();
    while let Some(notice) = running.noticed.recv().await {
        noticed.push(notice);
    }
    assert_eq!(noticed, [Notice::AnotherProgram, Notice::ReturnedWithoutAnswer, Notice::Exchanging]);
    running.result().await.unwrap();
}

#[tokio::test]
async fn cb_10_the_first_answer_wins_and_the_code_is_redeemed_once() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let (one, two, three) = tokio::join!(running.answer(), running.answer(), running.answer());
    let replies = [one, two, three];
    let count = |what: &str| replies.iter().filter(|reply| reply.contains(what)).count();
    assert_eq!((count("has received the answer"), count("already finished")), (1, 2), "{replies:?}");
    running.result().await.unwrap();
    assert_eq!(authority.token_requests().len(), 1);
}

#[tokio::test]
async fn cb_10_after_the_end_a_replay_is_told_so_and_soon_nobody_answers() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    running.answer().await;
    let (port, replay) = (running.port, post(running.port, &format!("code=the-code&state={}", running.state)));
    running.result().await.unwrap();
    let reply = send(port, replay).await;
    assert!(reply.contains("already finished"), "{reply}");
    assert!(crate::browser::closes_within(port, Duration::from_secs(1)).await);
    assert_eq!(authority.token_requests().len(), 1);
}

#[tokio::test]
async fn cb_11_declining_is_an_end_of_its_own_with_the_words_of_the_server() {
    let authority = Authority::start().await;
    for body in [
        "error=access_denied&error_subcode=cancel&error_description=AADSTS65004%3A+User+declined+to+consent.",
        "error=access_denied&error_description=AADSTS65004%3A+User+declined+to+consent.",
    ] {
        let running = begin(&authority).await.waits();
        assert_eq!(status_of(&running.answer_with(&format!("{body}&state={}", running.state)).await), "200");
        let error = running.result().await.unwrap_err();
        assert!(matches!(error, Error::Declined { .. }), "{error}");
        let original = error.original().unwrap();
        assert_eq!((original.error.as_deref(), original.aadsts), (Some("access_denied"), Some(65_004)));
        assert_eq!(original.text, "AADSTS65004: User declined to consent.");
    }
    assert!(authority.token_requests().is_empty());
}

#[tokio::test]
async fn cb_3_an_error_with_the_right_state_ends_the_sign_in_by_its_protocol_name() {
    let authority = Authority::start().await;
    for (error, expected) in [
        ("consent_required", "Consent to the permissions is missing."),
        ("interaction_required", "A person has to sign in again."),
        ("login_required", "A person has to sign in again."),
        ("server_error", "The service is not available at the moment."),
        ("temporarily_unavailable", "The service is not available at the moment."),
        ("unauthorized_client", "The tenant does not accept this application."),
        ("invalid_scope", "The service refused the request."),
        ("something_new", "The service refused the request."),
    ] {
        let running = begin(&authority).await.waits();
        running.answer_with(&format!("error={error}&state={}", running.state)).await;
        assert_eq!(running.result().await.unwrap_err().to_string(), expected, "{error}");
    }
}

#[tokio::test]
async fn cb_3_sixty_kilobytes_of_hostile_text_come_out_short_and_visible() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let text = format!("%0d%0a%E2%80%AE%00{{0}}%20%25s${{x}}{}", "a".repeat(60_000));
    running.answer_with(&format!("error=server_error&error_description={text}&state={}", running.state)).await;
    let error = running.result().await.unwrap_err();
    let shown = &error.original().unwrap().text;
    assert!(shown.starts_with(" <U+202E>␀{0} %s${x}aaa"), "{}", &shown[..60]);
    assert!(shown.chars().count() <= 2_001);
}

#[tokio::test]
async fn cb_12_a_browser_that_resets_after_its_post_does_not_matter() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, running.port)).await.unwrap();
    stream.write_all(&post(running.port, &format!("code=the-code&state={}", running.state))).await.unwrap();
    #[expect(deprecated, reason = "zero seconds is the way to send a reset; nothing can block")]
    stream.set_linger(Some(Duration::ZERO)).unwrap();
    drop(stream);
    running.result().await.unwrap();
}

#[tokio::test]
async fn cb_12_the_page_comes_before_the_tokens_do() {
    let authority = Authority::with_token_reply(Reply::Silence).await;
    let running = begin(&authority).await.waits();
    assert_eq!(status_of(&running.answer().await), "200");
    assert!(!running.task.is_finished());
    running.task.abort();
}

#[tokio::test]
async fn au_5_extra_parameters_of_the_callback_change_nothing_in_the_token_request() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let redirect_uri = waiting.attempt.redirect_uri().to_owned();
    let running = waiting.waits();
    running
        .answer_with(&format!(
            "redirect_uri=https://evil.test&client_id=evil&code_verifier=evil&token_endpoint=https://evil.test&tenant=evil&grant_type=password\
             &cloud_instance_host_name=login.evil.test&scope=evil&client_secret=evil&code=the-code&state={}",
            running.state
        ))
        .await;
    running.result().await.unwrap();
    let sent = authority.token_requests().remove(0);
    let mut form = sent.form();
    form.retain(|(name, _)| name != "code_verifier");
    let shown: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("grant_type", "authorization_code"),
            ("code", "the-code"),
            ("client_id", crate::authority::CLIENT),
            ("redirect_uri", redirect_uri.as_str()),
        ]
    );
    assert_eq!(sent.path(), format!("/{}/oauth2/v2.0/token", crate::authority::TENANT));
}

#[tokio::test]
async fn au_7_an_issuer_in_the_answer_has_to_be_the_one_that_was_asked() {
    let authority = Authority::start().await;
    let right = format!("{}/{}/v2.0", authority.base(), crate::authority::TENANT);
    for (iss, fits) in [
        (right.clone(), true),
        (format!("{right}/"), false),
        (right.to_uppercase(), false),
        ("https://evil.test".into(), false),
        (String::new(), false),
    ] {
        for rest in ["code=the-code", "error=access_denied"] {
            let running = begin(&authority).await.waits();
            running.answer_with(&format!("{rest}&iss={iss}&state={}", running.state)).await;
            let refused = matches!(running.result().await, Err(Error::IssuerRefused));
            assert_eq!(refused, !fits, "{rest} {iss}");
        }
    }
}

#[tokio::test]
async fn au_7_a_server_that_promises_an_issuer_has_to_keep_its_word() {
    let base = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&base);
    let authority = Authority::scripted(move |heard| {
        let base = known.get()?;
        heard.path().ends_with("openid-configuration").then(|| {
            let tenant = crate::authority::TENANT;
            Reply::json(200, &json!({
                "issuer": format!("{base}/{tenant}/v2.0"), "authorization_endpoint": format!("{base}/{tenant}/oauth2/v2.0/authorize"),
                "token_endpoint": format!("{base}/{tenant}/oauth2/v2.0/token"), "authorization_response_iss_parameter_supported": true,
            }))
        })
    })
    .await;
    base.set(authority.base().to_owned()).unwrap();
    let running = begin(&authority).await.waits();
    running.answer().await;
    let error = running.result().await.unwrap_err();
    assert!(matches!(error, Error::IssuerRefused), "{error}");
    let running = begin(&authority).await.waits();
    running
        .answer_with(&format!(
            "code=c&state={}&iss={}/{}/v2.0",
            running.state,
            authority.base(),
            crate::authority::TENANT
        ))
        .await;
    running.result().await.unwrap();
}

#[tokio::test]
async fn two_sign_ins_at_once_both_succeed_and_their_answers_cannot_be_swapped() {
    let (left, right) = (Authority::start().await, Authority::start().await);
    let turn = turns(2).await;
    let start = async |authority: &Authority| {
        let request = crate::browser::request(authority, crate::authority::tenant());
        let waiting =
            crate::browser::Waiting::of(entra::Attempt::begin(&crate::authority::http(), request).await.unwrap());
        authority.expect_nonce(&waiting.nonce);
        waiting.waits()
    };
    let (one, two) = (start(&left).await, start(&right).await);
    assert_ne!((one.port, &one.state), (two.port, &two.state));
    assert_eq!(status_of(&one.answer_with(&format!("code=c&state={}", two.state)).await), "400");
    one.answer().await;
    two.answer().await;
    one.result().await.unwrap();
    two.result().await.unwrap();
    drop(turn);
}

#[tokio::test]
async fn lb_1_an_answer_that_comes_before_anybody_waits_for_it_is_taken() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let mut early = TcpStream::connect((Ipv4Addr::LOCALHOST, waiting.port)).await.unwrap();
    early.write_all(&post(waiting.port, &format!("code=the-code&state={}", waiting.state))).await.unwrap();
    let mut reply = String::new();
    early.read_to_string(&mut reply).await.unwrap();
    assert_eq!(status_of(&reply), "200");
    waiting.waits().result().await.unwrap();
}
