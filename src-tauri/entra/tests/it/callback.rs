//! What comes to the loopback port: table C4 and the CB requirements.

use std::{net::Ipv4Addr, time::Duration};

use entra::{Error, Notice};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    authority::Authority,
    browser::{begin, post, post_with, send, status_of},
    noise::{filled, noise},
    wire::Reply,
};

#[tokio::test]
async fn cb_1_cb_7_every_form_that_a_browser_may_send_is_taken() {
    let authority = Authority::start().await;
    let long_code = "c".repeat(8_000);
    for (what, code, extra, tail) in [
        ("plain", "the-code", "", ""),
        (
            "no fetch metadata",
            "the-code",
            "Origin: https://login.microsoftonline.com\r\n",
            "",
        ),
        ("a long code", long_code.as_str(), "", ""),
        (
            "parameters of Entra",
            "the-code",
            "",
            "&session_state=1&client_info=eyJ9&cloud_instance_name=microsoftonline.com&cloud_instance_host_name=login.evil.test",
        ),
    ] {
        let running = begin(&authority).await.waits();
        let reply = send(
            running.port,
            post_with(
                running.port,
                extra,
                &format!("code={code}&state={}{tail}", running.state),
            ),
        )
        .await;
        assert_eq!(status_of(&reply), "200", "{what}: {reply}");
        running.result().await.expect(what);
        assert_eq!(
            authority
                .token_requests()
                .last()
                .unwrap()
                .field("code")
                .unwrap(),
            code,
            "{what}"
        );
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
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, running.port))
        .await
        .unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in post(
        running.port,
        &format!("code=the-code&state={}", running.state),
    ) {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    running.result().await.unwrap();
}

#[tokio::test]
async fn cb_2_cb_3_cb_4_cb_5_cb_6_cb_8_cb_9_noise_of_every_kind_gets_a_neutral_reply_and_the_sign_in_goes_on()
 {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    for (what, row) in noise() {
        let request = filled(&row, &running);
        let reply = send(running.port, &request).await;
        let neutral =
            reply.is_empty() || reply.starts_with("HTTP/1.1 4") || reply.starts_with("HTTP/1.1 5");
        assert!(neutral, "{what}: {request:?} got {reply}");
        assert!(
            !reply.contains(&running.state),
            "{what}: the reply names the state"
        );
        assert!(
            !reply.to_ascii_lowercase().contains("access-control"),
            "{what}: {reply}"
        );
        assert!(
            !running.task.is_finished(),
            "{what}: {request:?} ended the sign-in"
        );
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
    let reply = send(
        running.port,
        format!("GET / HTTP/1.1\r\nHost: evil.test:{}\r\n\r\n", running.port),
    )
    .await;
    assert_eq!(status_of(&reply), "421");
    for host in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"] {
        let reply = send(
            running.port,
            format!("GET / HTTP/1.1\r\nHost: {host}:{}\r\n\r\n", running.port),
        )
        .await;
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
    assert!(
        !reply.to_ascii_lowercase().contains("access-control"),
        "{reply}"
    );
}

#[tokio::test]
async fn cb_2_five_wrong_states_and_a_bare_visit_are_told_once_and_change_nothing() {
    let authority = Authority::start().await;
    let mut running = begin(&authority).await.waits();
    for _ in 0..12 {
        running.answer_with("code=C&state=wrong").await;
    }
    for _ in 0..3 {
        let reply = send(
            running.port,
            format!("GET / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", running.port),
        )
        .await;
        assert_eq!(status_of(&reply), "200");
        assert!(reply.contains("Not signed in"), "{reply}");
    }
    running.answer().await;
    let mut noticed = Vec::new();
    while let Some(notice) = running.noticed.recv().await {
        noticed.push(notice);
    }
    assert_eq!(
        noticed,
        [
            Notice::AnotherProgram,
            Notice::ReturnedWithoutAnswer,
            Notice::Exchanging
        ]
    );
    running.result().await.unwrap();
}

#[tokio::test]
async fn cb_10_the_first_answer_wins_and_the_code_is_redeemed_once() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let (one, two, three) = tokio::join!(running.answer(), running.answer(), running.answer());
    let replies = [one, two, three];
    let count = |what: &str| replies.iter().filter(|reply| reply.contains(what)).count();
    assert_eq!(
        (count("has received the answer"), count("already finished")),
        (1, 2),
        "{replies:?}"
    );
    running.result().await.unwrap();
    assert_eq!(authority.token_requests().len(), 1);
}

#[tokio::test]
async fn cb_10_after_the_end_a_replay_is_told_so_and_soon_nobody_answers() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    running.answer().await;
    let (port, replay) = (
        running.port,
        post(
            running.port,
            &format!("code=the-code&state={}", running.state),
        ),
    );
    running.result().await.unwrap();
    let reply = send(port, replay).await;
    assert!(reply.contains("already finished"), "{reply}");
    let visit = send(
        port,
        format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"),
    )
    .await;
    assert!(visit.contains("already finished"), "{visit}");
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
        assert_eq!(
            status_of(
                &running
                    .answer_with(&format!("{body}&state={}", running.state))
                    .await
            ),
            "200"
        );
        let error = running.result().await.unwrap_err();
        assert!(matches!(error, Error::Declined { .. }), "{error}");
        let original = error.original().unwrap();
        assert_eq!(
            (original.error.as_deref(), original.aadsts),
            (Some("access_denied"), Some(65_004))
        );
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
        (
            "server_error",
            "The service is not available at the moment.",
        ),
        (
            "temporarily_unavailable",
            "The service is not available at the moment.",
        ),
        (
            "unauthorized_client",
            "The tenant does not accept this application.",
        ),
        ("invalid_scope", "The service refused the request."),
        ("something_new", "The service refused the request."),
    ] {
        let running = begin(&authority).await.waits();
        running
            .answer_with(&format!("error={error}&state={}", running.state))
            .await;
        assert_eq!(
            running.result().await.unwrap_err().to_string(),
            expected,
            "{error}"
        );
    }
}

#[tokio::test]
async fn cb_3_sixty_kilobytes_of_hostile_text_come_out_short_and_visible() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let text = format!("%0d%0a%E2%80%AE%00{{0}}%20%25s${{x}}{}", "a".repeat(60_000));
    running
        .answer_with(&format!(
            "error=server_error&error_description={text}&state={}",
            running.state
        ))
        .await;
    let error = running.result().await.unwrap_err();
    let shown = &error.original().unwrap().text;
    assert!(
        shown.starts_with(" <U+202E>␀{0} %s${x}aaa"),
        "{}",
        &shown[..60]
    );
    assert!(shown.chars().count() <= 2_001);
}

// On Windows a reset takes with it what has arrived and was not read yet.
#[cfg(unix)]
#[tokio::test]
async fn cb_12_a_browser_that_resets_after_its_post_does_not_matter() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, running.port))
        .await
        .unwrap();
    stream
        .write_all(&post(
            running.port,
            &format!("code=the-code&state={}", running.state),
        ))
        .await
        .unwrap();
    #[expect(
        deprecated,
        reason = "zero seconds is the way to send a reset; nothing can block"
    )]
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
async fn lb_1_an_answer_that_comes_before_anybody_waits_for_it_is_taken() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let mut early = TcpStream::connect((Ipv4Addr::LOCALHOST, waiting.port))
        .await
        .unwrap();
    early
        .write_all(&post(
            waiting.port,
            &format!("code=the-code&state={}", waiting.state),
        ))
        .await
        .unwrap();
    let mut reply = String::new();
    early.read_to_string(&mut reply).await.unwrap();
    assert_eq!(status_of(&reply), "200");
    waiting.waits().result().await.unwrap();
}
