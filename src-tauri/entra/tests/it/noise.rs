//! Requests to the loopback port that are no answer of a sign-in.

use crate::browser::Running;

/// Requests of table C4 that must change nothing. `{p}` is the port and `{s}` the right state.
pub(crate) fn noise() -> Vec<(&'static str, String)> {
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
        (
            "wrong state",
            form("code=C&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ),
        ("state in another case", form("code=C&state={S}")),
        ("state and more", form("code=C&state={s}x")),
        ("state twice", form("code=C&state={s}&state={s}")),
        ("no code", form("state={s}")),
        ("empty code", form("code=&state={s}")),
        ("code twice", form("code=C&code=C&state={s}")),
        ("error twice", form("error=a&error=a&state={s}")),
        (
            "code and error",
            form("code=C&error=access_denied&state={s}"),
        ),
        ("error without state", form("error=access_denied")),
        (
            "error with a wrong state",
            form("error=access_denied&state=B"),
        ),
        ("empty error", form("error=&state={s}")),
        (
            "code with a control character",
            form("code=a%00b&state={s}"),
        ),
        ("code with a line break", form("code=a%0d%0ab&state={s}")),
        ("a broken escape", form("code=C%zz&state={s}")),
        ("half an escape", form("code=C&state={s}&x=%4")),
        ("overlong UTF-8", form("code=C&state={s}&x=%c0%80")),
        ("a lone surrogate", form("code=C&state={s}&x=%ed%a0%80")),
        ("iss twice", form("code=C&state={s}&iss=a&iss=a")),
        ("an empty body", form("")),
        ("a body of separators", form("&&&==&=")),
        (
            "GET with a code",
            "GET /?code=C&state={s} HTTP/1.1\r\nHost: localhost:{p}\r\n\r\n".into(),
        ),
        (
            "GET with consent",
            "GET /?admin_consent=True&state={s} HTTP/1.1\r\nHost: localhost:{p}\r\n\r\n".into(),
        ),
        (
            "GET with an error",
            "GET /?error=access_denied&state={s} HTTP/1.1\r\nHost: localhost:{p}\r\n\r\n".into(),
        ),
        (
            "consent instead of a code",
            form("admin_consent=True&state={s}"),
        ),
        (
            "POST with a query",
            format!("POST /?code=C&state={{s}} HTTP/1.1\r\n{host}{media}Content-Length: 0\r\n\r\n"),
        ),
        (
            "absolute form",
            "GET http://evil/ HTTP/1.1\r\nHost: localhost:{p}\r\n\r\n".into(),
        ),
        (
            "CONNECT",
            "CONNECT evil:443 HTTP/1.1\r\nHost: localhost:{p}\r\n\r\n".into(),
        ),
        ("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into()),
        ("HTTP/0.9", "GET /\r\n".into()),
        (
            "TLS hello",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}".into(),
        ),
        ("nothing but line breaks", "\r\n\r\n\r\n".into()),
        (
            "text/plain",
            with(&format!("{post}{host}Content-Type: text/plain\r\n"), good),
        ),
        (
            "multipart",
            with(
                &format!("{post}{host}Content-Type: multipart/form-data; boundary=x\r\n"),
                good,
            ),
        ),
        (
            "JSON",
            with(
                &format!("{post}{host}Content-Type: application/json\r\n"),
                "{}",
            ),
        ),
        ("no media type", with(&format!("{post}{host}"), good)),
        (
            "two media types",
            with(
                &format!("{post}{host}{media}Content-Type: text/plain\r\n"),
                good,
            ),
        ),
        (
            "gzip",
            with(
                &format!("{post}{host}{media}Content-Encoding: gzip\r\n"),
                good,
            ),
        ),
        (
            "foreign host",
            with(&format!("{post}Host: evil.test:{{p}}\r\n{media}"), good),
        ),
        (
            "another port",
            with(&format!("{post}Host: localhost:1\r\n{media}"), good),
        ),
        (
            "no port",
            with(&format!("{post}Host: localhost\r\n{media}"), good),
        ),
        (
            "a host that only begins right",
            with(
                &format!("{post}Host: 127.0.0.1.evil.test:{{p}}\r\n{media}"),
                good,
            ),
        ),
        (
            "a trailing dot",
            with(&format!("{post}Host: localhost.:{{p}}\r\n{media}"), good),
        ),
        ("no host", with(&format!("{post}{media}"), good)),
        (
            "two hosts",
            with(&format!("{post}{host}{host}{media}"), good),
        ),
        ("no length", format!("{post}{host}{media}\r\n")),
        (
            "chunks",
            format!("{post}{host}{media}Transfer-Encoding: chunked\r\n\r\n5\r\ncode=\r\n0\r\n\r\n"),
        ),
        (
            "chunks and a length",
            format!(
                "{post}{host}{media}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
            ),
        ),
        (
            "a million bytes",
            format!("{post}{host}{media}Content-Length: 1000000\r\n\r\ncode=C"),
        ),
        (
            "a length that is no number",
            format!("{post}{host}{media}Content-Length: abc\r\n\r\ncode=C"),
        ),
        (
            "two lengths",
            format!("{post}{host}{media}Content-Length: 5\r\nContent-Length: 6\r\n\r\ncode=C"),
        ),
        (
            "a negative length",
            format!("{post}{host}{media}Content-Length: -1\r\n\r\ncode=C"),
        ),
        (
            "space before the colon",
            format!("{post}Host : localhost:{{p}}\r\n\r\n"),
        ),
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
        rows.push((
            "a form for another path",
            with(&format!("POST {path} HTTP/1.1\r\n{host}{media}"), good),
        ));
    }
    for method in [
        "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "PATCH", "post", "X",
    ] {
        rows.push((
            "another method",
            with(&format!("{method} / HTTP/1.1\r\n{host}{media}"), good),
        ));
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
        rows.push((
            "not from a window",
            with(&format!("{post}{host}{media}Sec-Fetch-{fetch}\r\n"), good),
        ));
    }
    rows
}

pub(crate) fn filled(row: &str, running: &Running) -> String {
    let flipped: String = running
        .state
        .chars()
        .map(|c| {
            if c.is_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let row = row
        .replace("{p}", &running.port.to_string())
        .replace("{s}", &running.state)
        .replace("{S}", &flipped);
    let body = row.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
    row.replace("{l}", &body.to_string())
}
