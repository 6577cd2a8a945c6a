//! Many connections at once (LB-8, LB-9); what they take of memory is read as Linux tells it.
#![cfg(target_os = "linux")]

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    authority::Authority,
    browser::{begin, status_of},
    listener::on_a_runtime,
    process::delegated,
};

#[test]
fn lb_8_lb_9_a_flood_neither_ends_nor_delays_a_sign_in_nor_fills_memory() {
    if delegated(
        "flood::lb_8_lb_9_a_flood_neither_ends_nor_delays_a_sign_in_nor_fills_memory",
        &[],
    ) {
        return;
    }
    on_a_runtime(async {
        let authority = Authority::start().await;
        let running = begin(&authority).await.waits();
        let port = running.port;
        running.answer_with("code=c&state=wrong").await;
        let before = resident_kilobytes();
        let flood: Vec<_> = (0..4).map(|lane| tokio::spawn(flood(port, lane))).collect();
        let mut held = Vec::new();
        for _ in 0..200 {
            held.push(
                TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                    .await
                    .unwrap(),
            );
        }
        let begun = Instant::now();
        assert_eq!(status_of(&running.answer().await), "200");
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "{:?}",
            begun.elapsed()
        );
        for lane in flood {
            lane.await.unwrap();
        }
        assert!(
            resident_kilobytes() < before + 20_000,
            "{before} kB became {} kB",
            resident_kilobytes()
        );
        running.result().await.unwrap();
    });
}

async fn flood(port: u16, lane: usize) {
    let requests = [
        format!(
            "GET /?{} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
            "a".repeat(10_000)
        ),
        format!(
            "POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n{}",
            "x".repeat(30_000)
        ),
        "\u{16}\u{3}\u{1}".repeat(1_000),
        String::new(),
    ];
    for _ in 0..500 {
        let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else {
            return;
        };
        let _cut = stream.write_all(requests[lane].as_bytes()).await;
    }
}

fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
