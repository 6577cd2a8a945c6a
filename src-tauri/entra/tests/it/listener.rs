//! The listener itself: sockets, limits, ends (LB requirements).

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use entra::{Attempt, Error};
use jiff::{SignedDuration, Timestamp};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};

use crate::{
    authority::{Authority, http, tenant},
    browser::{self, Waiting, begin, closes_within, post, send, status_of, turns},
    process::delegated,
    wire::Reply,
};

const SOON: Duration = Duration::from_secs(1);

#[cfg(target_os = "linux")]
#[tokio::test]
async fn lb_3_listens_on_the_two_loopback_addresses_and_nowhere_else() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let port = format!(":{:04X}", waiting.port);
    let mut listening = Vec::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in std::fs::read_to_string(table).unwrap().lines().skip(1) {
            let columns: Vec<&str> = line.split_whitespace().collect();
            if columns[1].ends_with(&port) && columns[3] == "0A" {
                listening.push(columns[1].trim_end_matches(&port).to_owned());
            }
        }
    }
    assert_eq!(listening, ["0100007F", "00000000000000000000000001000000"]);
}

#[tokio::test]
async fn lb_3_the_answer_is_taken_on_either_address() {
    let authority = Authority::start().await;
    for address in [
        std::net::IpAddr::from(Ipv4Addr::LOCALHOST),
        std::net::Ipv6Addr::LOCALHOST.into(),
    ] {
        let running = begin(&authority).await.waits();
        let mut stream = TcpStream::connect((address, running.port)).await.unwrap();
        stream
            .write_all(&post(
                running.port,
                &format!("code=c&state={}", running.state),
            ))
            .await
            .unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        assert_eq!(status_of(&reply), "200");
        running.result().await.unwrap();
    }
}

#[tokio::test]
async fn lb_5_the_port_is_closed_after_success() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let port = running.port;
    running.answer().await;
    running.result().await.unwrap();
    assert!(closes_within(port, SOON).await);
}

#[tokio::test]
async fn lb_5_the_port_is_closed_after_an_error() {
    let authority = Authority::with_token_reply(Reply::error(400, "invalid_grant", 54_005)).await;
    let running = begin(&authority).await.waits();
    let port = running.port;
    running.answer().await;
    running.result().await.unwrap_err();
    assert!(closes_within(port, SOON).await);
}

#[tokio::test]
async fn lb_5_the_port_is_closed_when_the_wait_is_dropped() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let port = waiting.port;
    drop(waiting);
    assert!(closes_within(port, SOON).await, "dropped before it waited");
    let running = begin(&authority).await.waits();
    let port = running.port;
    running.task.abort();
    assert!(closes_within(port, SOON).await, "dropped while it waited");
}

#[tokio::test]
async fn lb_5_lb_6_the_port_is_closed_when_time_is_up() {
    let authority = Authority::start().await;
    let _turn = turns(1).await;
    let request = browser::request(&authority, tenant());
    let attempt = Attempt::begin_lasting(&http(), request, Duration::from_millis(1_200))
        .await
        .unwrap();
    let running = Waiting::of(attempt).waits();
    let (port, late) = (
        running.port,
        post(running.port, &format!("code=c&state={}", running.state)),
    );
    let error = running.result().await.unwrap_err();
    assert!(matches!(error, Error::Expired), "{error}");
    assert!(closes_within(port, SOON).await);
    drop(late);
    assert!(authority.token_requests().is_empty());
}

#[tokio::test]
async fn lb_6_a_sign_in_lasts_five_minutes_and_never_more_than_fifteen() {
    let authority = Authority::start().await;
    let _turn = turns(2).await;
    let before = Timestamp::now();
    let usual = Attempt::begin(&http(), browser::request(&authority, tenant()))
        .await
        .unwrap();
    let left = usual.deadline().duration_since(before);
    assert!(
        left >= SignedDuration::from_mins(5) && left < SignedDuration::from_secs(310),
        "{left}"
    );
    let long = Duration::from_secs(86_400);
    let longest = Attempt::begin_lasting(&http(), browser::request(&authority, tenant()), long)
        .await
        .unwrap();
    assert!(longest.deadline().duration_since(before) < SignedDuration::from_secs(910));
}

#[test]
fn lb_5_a_fifth_sign_in_has_to_wait_for_one_of_four() {
    if delegated(
        "listener::lb_5_a_fifth_sign_in_has_to_wait_for_one_of_four",
        &[],
    ) {
        return;
    }
    on_a_runtime(async {
        let authority = Authority::start().await;
        let mut four = Vec::new();
        for _ in 0..4 {
            four.push(
                Attempt::begin(&http(), browser::request(&authority, tenant()))
                    .await
                    .unwrap(),
            );
        }
        let error = Attempt::begin(&http(), browser::request(&authority, tenant()))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TooManyAttempts), "{error}");
        four.pop();
        Attempt::begin(&http(), browser::request(&authority, tenant()))
            .await
            .unwrap();
    });
}

#[cfg(target_os = "linux")]
#[test]
fn lb_5_a_thousand_sign_ins_leave_no_open_file_behind() {
    if delegated(
        "listener::lb_5_a_thousand_sign_ins_leave_no_open_file_behind",
        &[],
    ) {
        return;
    }
    on_a_runtime(async {
        let authority = Authority::start().await;
        let http = http();
        let files = || std::fs::read_dir("/proc/self/fd").unwrap().count();
        drop(
            Attempt::begin(&http, browser::request(&authority, tenant()))
                .await
                .unwrap(),
        );
        let before = files();
        for _ in 0..1_000 {
            let attempt = Attempt::begin(&http, browser::request(&authority, tenant()))
                .await
                .unwrap();
            drop(attempt);
        }
        let back = async {
            while files() > before + 4 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), back)
            .await
            .expect("the count of open files returns");
    });
}

#[tokio::test]
async fn lb_7_connections_that_stay_silent_delay_nobody() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let mut idle = Vec::new();
    for _ in 0..10 {
        idle.push(
            TcpStream::connect((Ipv4Addr::LOCALHOST, running.port))
                .await
                .unwrap(),
        );
    }
    let begun = Instant::now();
    assert_eq!(status_of(&running.answer().await), "200");
    running.result().await.unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn lb_8_large_heads_many_headers_and_large_bodies_are_refused() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let port = running.port;
    let long_line = format!(
        "GET /{} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
        "a".repeat(64 * 1024)
    );
    let many = format!(
        "GET / HTTP/1.1\r\nHost: localhost:{port}\r\n{}\r\n",
        "x: y\r\n".repeat(101)
    );
    let large = format!(
        "GET / HTTP/1.1\r\nHost: localhost:{port}\r\nX: {}\r\n\r\n",
        "a".repeat(17 * 1024)
    );
    for (what, request) in [
        ("a long request line", long_line),
        ("many headers", many),
        ("a large header", large),
    ] {
        let reply = send(port, request).await;
        assert!(
            reply.is_empty() || reply.starts_with("HTTP/1.1 4"),
            "{what}: {reply}"
        );
    }
    let body = format!("code=c&state={}&x={}", running.state, "a".repeat(64 * 1024));
    assert_eq!(status_of(&send(port, post(port, &body)).await), "413");
    let body = format!("code=c&state={}&x={}", running.state, "a".repeat(60 * 1024));
    assert_eq!(status_of(&send(port, post(port, &body)).await), "200");
    running.result().await.unwrap();
}

#[tokio::test]
async fn lb_8_the_sixty_fifth_connection_is_served_and_the_oldest_has_to_go() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let mut oldest = TcpStream::connect((Ipv4Addr::LOCALHOST, running.port))
        .await
        .unwrap();
    let mut others = Vec::new();
    for _ in 0..64 {
        others.push(
            TcpStream::connect((Ipv4Addr::LOCALHOST, running.port))
                .await
                .unwrap(),
        );
    }
    let mut nothing = Vec::new();
    let closed =
        tokio::time::timeout(Duration::from_secs(2), oldest.read_to_end(&mut nothing)).await;
    assert!(
        closed.is_ok() && nothing.is_empty(),
        "the oldest connection is closed"
    );
    assert_eq!(status_of(&running.answer().await), "200");
    running.result().await.unwrap();
}

#[tokio::test]
async fn lb_8_the_deadlines_are_absolute_whatever_drips_in() {
    let authority = Authority::start().await;
    let running = begin(&authority).await.waits();
    let port = running.port;
    let head = drip(
        port,
        format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nX: "),
    );
    let body = drip(
        port,
        format!(
            "POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"
        ),
    );
    let (head, body) = tokio::join!(head, body);
    assert!(
        head < Duration::from_millis(6_500),
        "the head took {head:?}"
    );
    assert!(
        body < Duration::from_millis(11_500),
        "the exchange took {body:?}"
    );
    running.answer().await;
    running.result().await.unwrap();
}

/// Sends the start of a request, then a byte every half second, until the other side has had
/// enough.
async fn drip(port: u16, start: String) -> Duration {
    let begun = Instant::now();
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .unwrap();
    let (mut read, mut write) = stream.into_split();
    write.write_all(start.as_bytes()).await.unwrap();
    let drops = async {
        while write.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    let mut rest = Vec::new();
    tokio::select! {
        () = drops => {}
        _ = read.read_to_end(&mut rest) => {}
    }
    begun.elapsed()
}

#[tokio::test]
async fn a_sign_in_whose_listener_nobody_hears_any_more_still_ends() {
    let authority = Authority::start().await;
    let waiting = begin(&authority).await;
    let (notices, noticed) = mpsc::unbounded_channel();
    drop(noticed);
    let (port, state) = (waiting.port, waiting.state.clone());
    let task = tokio::spawn(waiting.attempt.finish(notices));
    send(port, post(port, &format!("code=c&state={state}"))).await;
    task.await.unwrap().unwrap();
}

pub(crate) fn on_a_runtime(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work);
}
