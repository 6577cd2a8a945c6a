//! The gate of the loopback port: what is no answer to the request, and what its page never shows.

use entra::Notice;

use super::{begin, get, get_with};
use crate::{
    authority::Authority,
    browser::{post, send, status_of},
};

#[tokio::test]
async fn what_is_no_answer_to_this_request_changes_nothing() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let (port, state) = (waiting.port, waiting.state.clone());
    let good = format!("admin_consent=True&state={state}");
    let navigate = "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    for (what, request, status) in [
        ("no state", get(port, "/?admin_consent=True"), "400"),
        (
            "a wrong state",
            get(port, "/?admin_consent=True&state=AAAA"),
            "400",
        ),
        (
            "the state twice",
            get(port, &format!("/?{good}&state={state}")),
            "400",
        ),
        (
            "an answer twice",
            get(port, &format!("/?{good}&admin_consent=True")),
            "400",
        ),
        ("no answer", get(port, &format!("/?state={state}")), "400"),
        (
            "not true",
            get(port, &format!("/?admin_consent=False&state={state}")),
            "400",
        ),
        (
            "an empty error",
            get(port, &format!("/?error=&state={state}")),
            "400",
        ),
        (
            "a code",
            get(port, &format!("/?code=c&state={state}")),
            "400",
        ),
        (
            "a broken escape",
            get(port, &format!("/?{good}&x=%zz")),
            "400",
        ),
        ("another path", get(port, &format!("/x?{good}")), "404"),
        (
            "a foreign host",
            format!("GET /?{good} HTTP/1.1\r\nHost: evil.test:{port}\r\n{navigate}\r\n"),
            "421",
        ),
        (
            "an image",
            get_with(
                port,
                &format!("/?{good}"),
                "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n",
            ),
            "403",
        ),
        (
            "a frame",
            get_with(
                port,
                &format!("/?{good}"),
                "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n",
            ),
            "403",
        ),
        (
            "HEAD",
            get(port, &format!("/?{good}")).replace("GET ", "HEAD "),
            "405",
        ),
        (
            "a form",
            String::from_utf8(post(port, &good)).unwrap(),
            "405",
        ),
    ] {
        let reply = send(port, &request).await;
        assert_eq!(status_of(&reply), status, "{what}: {reply}");
        assert!(!waiting.task.is_finished(), "{what}");
    }
    assert_eq!(
        status_of(&waiting.answer("admin_consent=True").await),
        "200"
    );
    waiting.result().await.unwrap();
}

#[tokio::test]
async fn a_bare_visit_and_five_wrong_states_are_told() {
    let authority = Authority::start().await;
    let mut waiting = begin(&authority).await;
    assert_eq!(
        status_of(&send(waiting.port, get(waiting.port, "/")).await),
        "200"
    );
    assert_eq!(
        waiting.noticed.recv().await,
        Some(Notice::ReturnedWithoutAnswer)
    );
    for _ in 0..5 {
        send(
            waiting.port,
            get(waiting.port, "/?admin_consent=True&state=B"),
        )
        .await;
    }
    assert_eq!(waiting.noticed.recv().await, Some(Notice::AnotherProgram));
    assert!(!waiting.task.is_finished());
    waiting.task.abort();
}

#[tokio::test]
async fn pg_1_pg_2_the_page_is_the_same_to_the_byte_whatever_the_answer_says() {
    let authority = Authority::start().await;
    let mut pages = Vec::new();
    for fields in [
        "admin_consent=True",
        "admin_consent=true&scope=%3Cscript%3E&x=%7B0%7D",
        "error=a&error_description=%3Cb%3E",
    ] {
        let waiting = begin(&authority).await;
        let reply = waiting.answer(fields).await.to_ascii_lowercase();
        let _ended = waiting.result().await;
        pages.push(
            reply
                .lines()
                .filter(|line| !line.starts_with("date:"))
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    for header in [
        "content-security-policy: default-src 'none'",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "cross-origin-opener-policy: same-origin",
        "connection: close",
    ] {
        assert!(pages[0].contains(header), "{header}");
    }
    assert!(!pages[0].contains("location:") && !pages[0].contains("set-cookie"));
}
