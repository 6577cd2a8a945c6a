//! The page that the browser ends on (PG requirements).

use crate::{
    authority::Authority,
    browser::{begin, post_with, send},
};

fn parts(reply: &str) -> (Vec<String>, &str) {
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let headers = head
        .lines()
        .filter(|line| !line.starts_with("date:"))
        .map(str::to_ascii_lowercase)
        .collect();
    (headers, body)
}

async fn page_for(tail: &str, headers: &str) -> String {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let reply = send(
        running.port,
        post_with(
            running.port,
            headers,
            &format!("state={}&{tail}", running.state),
        ),
    )
    .await;
    let _ended = running.result().await;
    reply
}

#[tokio::test]
async fn pg_1_pg_5_the_page_is_the_same_to_the_byte_whatever_the_request_says() {
    let plain = page_for("code=c", "").await;
    let (headers, body) = parts(&plain);
    for tail in [
        "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "code=%3Cscript%3E&x=%3Cimg%20src%3Dx%3E",
        "error=%7B0%7D&error_description=%25s%20%24%7Bx%7D&error_uri=https://evil.test&redirect_uri=https://evil.test",
        "code=c&next=https://evil.test&return_to=//evil.test&lang=xx",
    ] {
        let hostile = "Accept-Language: <script>\r\nUser-Agent: {0}%s${}\r\nReferer: https://evil.test/<script>\r\nX-Forwarded-Host: evil.test\r\n";
        let reply = page_for(tail, hostile).await;
        assert_eq!(parts(&reply), (headers.clone(), body), "{tail}");
    }
    assert!(
        !plain.to_ascii_lowercase().contains("location:") && !body.contains("http"),
        "nothing leads elsewhere: {body}"
    );
}

#[tokio::test]
async fn pg_2_the_headers_allow_nothing_but_the_one_style() {
    let reply = page_for("code=c", "").await;
    let (mut headers, body) = parts(&reply);
    let policy = headers
        .iter()
        .position(|line| line.starts_with("content-security-policy: "))
        .unwrap();
    let policy = headers.remove(policy);
    headers.sort();
    let length = format!("content-length: {}", body.len());
    assert_eq!(
        headers,
        [
            "cache-control: no-store",
            "connection: close",
            length.as_str(),
            "content-type: text/html; charset=utf-8",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "http/1.1 200 ok",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
        ]
    );
    let style = body
        .split_once("<style>")
        .unwrap()
        .1
        .split_once("</style>")
        .unwrap()
        .0;
    let hash = base64::Engine::encode(
        &base64::prelude::BASE64_STANDARD,
        <sha2::Sha256 as sha2::Digest>::digest(style),
    );
    let expected = format!(
        "content-security-policy: default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    assert_eq!(policy, expected.to_ascii_lowercase());
}

#[tokio::test]
async fn pg_3_a_wrong_state_and_a_broken_form_get_the_same_page() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let wrong_state = running.answer_with("code=c&state=wrong").await;
    let no_code = running
        .answer_with(&format!("state={}", running.state))
        .await;
    let broken = running.answer_with("%zz").await;
    assert_eq!(parts(&wrong_state), parts(&no_code));
    assert_eq!(parts(&wrong_state), parts(&broken));
}

#[tokio::test]
async fn pg_4_the_page_is_readable_by_everybody_and_says_what_not_to_share() {
    let reply = page_for("code=c", "").await;
    let body = parts(&reply).1;
    for piece in [
        "<html lang=\"en\">",
        "<meta name=\"viewport\"",
        "<link rel=\"icon\" href=\"data:,\">",
        "<main>",
        "<h1>",
        "role=\"status\"",
        "prefers-color-scheme:dark",
        "color-scheme:light dark",
        "you can close this page",
        "Do not share this page",
    ] {
        assert!(body.contains(piece), "{piece} is missing");
    }
    assert!(!body.contains("<script") && !body.contains("<form") && !body.contains("<iframe"));
}
