use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use secrecy::SecretString;

use super::{MAX_TEXT, Raw, Sent};

/// With everything in it that some encoding changes.
const SECRET: &str = r#"aB8~Q/x+y z&w="q\t%d.e-f_g'h<i>jK9"#;

fn sent(secret: &str) -> Sent {
    Sent::of([SecretString::from(secret)])
}

fn percent(text: &str, lower: bool, keeps: &str) -> String {
    let encoded = |byte: u8| {
        if lower {
            format!("%{byte:02x}")
        } else {
            format!("%{byte:02X}")
        }
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || keeps.contains(char::from(byte));
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                encoded(byte)
            }
        })
        .collect()
}

#[test]
fn a_secret_is_found_however_it_was_spelt() {
    let json = serde_json::json!(SECRET).to_string();
    let json = json.trim_matches('"').to_owned();
    let unicode: String = SECRET
        .chars()
        .map(|c| format!("\\u{:04X}", u32::from(c)))
        .collect();
    let html = SECRET
        .replace('&', "&amp;")
        .replace('"', "&#34;")
        .replace('<', "&lt;")
        .replace('>', "&#x3E;");
    let form: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
    let folded = BASE64_STANDARD.encode(format!("id:{SECRET}"));
    let folded = format!("{}\r\n {}", &folded[..20], &folded[20..]);
    let hidden: String = SECRET
        .chars()
        .map(String::from)
        .collect::<Vec<_>>()
        .join("\u{200b}");
    for spelt in [
        SECRET.to_owned(),
        SECRET.to_uppercase(),
        percent(SECRET, false, "-._~"),
        percent(SECRET, true, ""),
        percent(&percent(SECRET, false, ""), false, ""),
        form.to_lowercase(),
        form,
        json.replace('/', "\\/"),
        serde_json::json!(json)
            .to_string()
            .trim_matches('"')
            .to_owned(),
        json,
        unicode,
        html,
        hex,
        hidden,
        folded,
        BASE64_STANDARD.encode(SECRET),
        BASE64_URL_SAFE_NO_PAD.encode(SECRET),
        percent(
            BASE64_STANDARD.encode(SECRET).trim_end_matches('='),
            true,
            "",
        ),
        BASE64_STANDARD.encode(format!("00001111-aaaa-2222-bbbb-3333cccc4444:{SECRET}")),
        BASE64_URL_SAFE_NO_PAD.encode(format!("x{SECRET}y")),
    ] {
        let cleaned = sent(SECRET).cleaned(&format!("AADSTS7000215: You sent ({spelt}) here."));
        assert_eq!(
            cleaned, "AADSTS7000215: You sent ([removed]) here.",
            "{spelt}"
        );
    }
}

#[test]
fn a_part_that_tells_much_of_a_secret_is_removed_too() {
    let token: String = (0..4_000)
        .map(|n| char::from(b'a' + (n * n % 23) as u8))
        .collect();
    for part in [&SECRET[..20], &SECRET[10..], &SECRET[5..25]] {
        assert_eq!(sent(SECRET).cleaned(&format!("<{part}>")), "<[removed]>");
    }
    assert_eq!(sent(&token).cleaned(&format!("<{token}>")), "<[removed]>");
    let cut = sent(&token).cleaned(&format!("<{}", &token[7..1_000]));
    assert!(cut.len() < 50 && cut.contains("[removed]"), "{cut}");
}

#[test]
fn what_is_no_secret_stays_as_it_is() {
    let text =
        "AADSTS7000215: Invalid client secret provided. Trace ID: 0d7c %41 \\n &amp; +é<U+200B>";
    for secret in [SECRET, "the-client-secret", "x"] {
        assert_eq!(sent(secret).cleaned(text), text, "{secret}");
    }
    assert_eq!(Sent::default().cleaned(text), text);
    assert_eq!(sent("").cleaned(text), text);
}

#[test]
fn a_very_short_secret_is_removed_where_it_stands_alone() {
    assert_eq!(
        sent("any").cleaned("many any: 'any'"),
        "many [removed]: '[removed]'"
    );
}

#[test]
fn a_secret_at_the_limit_is_removed_before_the_text_is_cut() {
    for before in [1_966, 1_980, 1_999, 2_000, 2_001] {
        let text = format!("{}{SECRET}", "é".repeat(before));
        let shown = sent(SECRET)
            .original(Raw {
                text: &text,
                ..Raw::default()
            })
            .text;
        assert!(!shown.contains("aB8~"), "{before}");
        let shown = sent(SECRET).shown(&SECRET.repeat(before / 20));
        assert!(!shown.contains("aB8~"), "{before}");
    }
    let long = format!("{}{SECRET}", "a".repeat(MAX_TEXT - 5));
    assert!(!sent(SECRET).shown(&long).contains("aB8~"));
}

#[test]
fn every_member_of_an_original_error_is_cleaned() {
    let raw = Raw {
        http_status: Some(400),
        error: Some(SECRET),
        aadsts: Some(1),
        text: SECRET,
        trace_id: Some(SECRET),
        correlation_id: Some(SECRET),
        timestamp: Some(SECRET),
    };
    let said = sent(SECRET).original(raw);
    assert!(!format!("{said:?}").contains("aB8"), "{said:?}");
    assert_eq!(
        (said.text.as_str(), said.error.as_deref()),
        ("[removed]", Some("[removed]"))
    );
}
