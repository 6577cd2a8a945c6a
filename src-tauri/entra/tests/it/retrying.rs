//! What is tried once more, and what never is (TK-6, TK-7).

use std::time::{Duration, Instant};

use entra::Error;
use serde_json::json;

use crate::{
    authority::Authority,
    browser::begin,
    tokens::{as_application, refreshed},
    wire::{Reply, error_body},
};

#[tokio::test]
async fn tk_6_a_refresh_that_needs_a_person_says_so_after_one_request() {
    for (error, number, suberror) in [
        ("invalid_grant", 70_008, None),
        ("invalid_grant", 700_082, Some("token_expired")),
        ("invalid_grant", 50_173, Some("bad_token")),
        ("interaction_required", 50_076, Some("basic_action")),
        ("login_required", 50_058, None),
    ] {
        let mut body = error_body(error, number);
        body["suberror"] = json!(suberror);
        let authority = Authority::with_token_reply(Reply::json(400, &body)).await;
        let failed = refreshed(&authority).await.unwrap_err();
        assert!(
            matches!(failed, Error::NeedsSignIn { .. }),
            "{error}: {failed}"
        );
        assert_eq!(authority.token_requests().len(), 1);
    }
}

#[tokio::test]
async fn tk_7_a_failure_that_passes_is_tried_once_more_after_a_second() {
    for passing in [
        Reply::html(503),
        Reply::json(500, &json!({})),
        Reply::Raw(Vec::new()),
        Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
    ] {
        let mut first = Some(passing);
        let authority = Authority::scripted(move |heard| {
            if heard.is_token_request() {
                first.take()
            } else {
                None
            }
        })
        .await;
        let begun = Instant::now();
        as_application(&authority).await.unwrap();
        assert!(
            begun.elapsed() >= Duration::from_secs(1),
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(authority.token_requests().len(), 2);
    }
    let authority = Authority::with_token_reply(Reply::html(500)).await;
    let error = refreshed(&authority).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    assert_eq!(authority.token_requests().len(), 2);
}

#[tokio::test]
async fn tk_7_throttling_is_obeyed_and_never_answered_with_another_try() {
    let authority = Authority::with_token_reply(Reply::with(429, "Retry-After: 60\r\n", b"")).await;
    let error = as_application(&authority).await.unwrap_err();
    assert!(
        matches!(error, Error::Throttled { retry_after, .. } if retry_after.as_secs() == 60),
        "{error}"
    );
    assert_eq!(authority.token_requests().len(), 1);
}

#[tokio::test]
async fn tk_7_n_8_a_code_is_never_sent_twice() {
    for reply in [
        Reply::html(503),
        Reply::Raw(Vec::new()),
        Reply::json(500, &json!({})),
    ] {
        let authority = Authority::with_token_reply(reply).await;
        let running = begin(&authority).await.waits();
        running.answer().await;
        running.result().await.unwrap_err();
        assert_eq!(authority.token_requests().len(), 1);
    }
}
