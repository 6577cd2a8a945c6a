use http_body_util::Full;
use hyper::{Request, StatusCode, body::Bytes};
use secrecy::{ExposeSecret, SecretString};

use super::{Callback, RequestFilter, RequestKind, decode};

const STATE: &str = "kq2Zb0n8yq5pJ0Yx3m1l9v7w6u4t2s0r8q6o4m2k0i8";

fn filter() -> RequestFilter {
    RequestFilter {
        port: 5000,
        state: SecretString::from(STATE),
    }
}

#[test]
fn cb_13_percent_decoding_is_strict() {
    let decoded = |text: &str| decode(text.as_bytes()).map(|text| text.as_str().to_owned());
    assert_eq!(decoded("a+b%2Bc%C3%A9%00").as_deref(), Some("a b+cé\0"));
    for bad in [
        "%",
        "%4",
        "%zz",
        "%%41",
        "%c0%80",
        "%ed%a0%80",
        "%ff",
        "a%f0%9f%94",
    ] {
        assert_eq!(decoded(bad), None, "{bad}");
    }
}

/// A small deterministic generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

#[test]
fn cb_13_no_mutation_of_a_form_panics_or_passes_with_another_state_or_code() {
    let filter = filter();
    let good =
        format!("code=the-code&state={STATE}&session_state=x%2By&error_description=%E2%80%AE");
    let pieces = [
        "&", "=", "%", "+", "\0", "code=", "state=", "error=", "iss=", "%00", "%ff", STATE,
        "\u{e9}", "%c3", ";",
    ];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..200_000 {
        let mut form = good.clone().into_bytes();
        for _ in 0..=dice.roll(4) {
            let place = dice.roll(form.len().max(1)).min(form.len());
            match dice.roll(4) {
                0 => form.truncate(place),
                1 => form.insert(place, u8::try_from(dice.roll(256)).unwrap()),
                2 if place < form.len() => form[place] ^= 1 << dice.roll(8),
                _ => {
                    let piece = pieces[dice.roll(pieces.len())];
                    form.splice(place..place, piece.bytes());
                }
            }
        }
        let mutated = String::from_utf8_lossy(&form).into_owned();
        if let RequestKind::Answer(callback) = filter.classify_form::<Callback>(&form) {
            let state = form_urlencoded::parse(&form)
                .find(|(name, _)| name == "state")
                .map(|(_, value)| value.into_owned());
            assert_eq!(state.as_deref(), Some(STATE), "round {round}: {mutated}");
            if let Ok(code) = callback.result {
                assert!(!code.expose_secret().is_empty(), "round {round}: {mutated}");
                assert!(
                    code.expose_secret()
                        .bytes()
                        .all(|byte| (0x20..0x7f).contains(&byte)),
                    "round {round}: {mutated}"
                );
            }
        }
    }
}

#[tokio::test]
async fn cb_13_no_head_of_random_pieces_panics() {
    let filter = filter();
    let methods = ["GET", "POST", "OPTIONS", "HEAD", "PUT", "X"];
    let targets = [
        "/",
        "/?code=c",
        "*",
        "http://evil.test/",
        "/a",
        "//",
        "evil.test:443",
        "/%00",
        "/%zz",
    ];
    let names = [
        "host",
        "content-type",
        "content-length",
        "sec-fetch-mode",
        "sec-fetch-dest",
        "transfer-encoding",
        "x",
    ];
    let values: [&[u8]; 8] = [
        b"localhost:5000",
        b"application/x-www-form-urlencoded",
        b"navigate",
        b"document",
        b"",
        b"\xff\xfe",
        b"chunked",
        b"7",
    ];
    let mut dice = Dice(42);
    for _ in 0..20_000 {
        let mut request = Request::builder()
            .method(methods[dice.roll(methods.len())])
            .uri(targets[dice.roll(targets.len())]);
        for _ in 0..dice.roll(6) {
            request = request.header(
                names[dice.roll(names.len())],
                values[dice.roll(values.len())],
            );
        }
        let body = Full::new(Bytes::from(format!(
            "code=the-code&state={}",
            if dice.roll(2) == 0 { "other" } else { "" }
        )));
        let request = request.body(body).unwrap();
        let _ = filter.is_host(request.headers());
        assert!(!matches!(
            filter.classify::<Callback, _>(request).await,
            RequestKind::Answer(_)
        ));
    }
}

#[tokio::test]
async fn lb_8_a_body_without_an_announced_length_is_not_read() {
    let request = Request::builder()
        .method("POST")
        .uri("/")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(format!("code=c&state={STATE}"))))
        .unwrap();
    assert!(matches!(
        filter().classify::<Callback, _>(request).await,
        RequestKind::Rejected(StatusCode::LENGTH_REQUIRED)
    ));
}
