//! Requests as a scripted authority hears them, and its replies, byte for byte.

use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpStream};

/// One request that the authority heard.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Heard {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The form, decoded.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.body.as_bytes())
            .into_owned()
            .collect()
    }

    pub(crate) fn field(&self, name: &str) -> Option<String> {
        self.form()
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn is_token_request(&self) -> bool {
        self.path().ends_with("/token")
    }
}

/// What the authority answers.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// A head, then a body without end.
    Endless,
    /// Nothing, ever.
    Silence,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::typed(status, "application/json; charset=utf-8", &body.to_string())
    }

    pub(crate) fn html(status: u16) -> Self {
        Self::typed(
            status,
            "text/html",
            "<!doctype html><title>Welcome to the hotel</title>",
        )
    }

    pub(crate) fn typed(status: u16, media_type: &str, body: &str) -> Self {
        Self::with(
            status,
            &format!("Content-Type: {media_type}\r\n"),
            body.as_bytes(),
        )
    }

    pub(crate) fn with(status: u16, headers: &str, body: &[u8]) -> Self {
        let head = format!(
            "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        Self::Raw([head.as_bytes(), body].concat())
    }

    pub(crate) fn error(status: u16, error: &str, number: u32) -> Self {
        Self::json(status, &error_body(error, number))
    }
}

/// An error body as Entra writes it.
pub(crate) fn error_body(error: &str, number: u32) -> Value {
    json!({
        "error": error,
        "error_description": format!("AADSTS{number}: Something was refused.\r\nTrace ID: 0d7c\r\nCorrelation ID: c0ffee\r\nTimestamp: 2026-11-24 06:00:00Z"),
        "error_codes": [number],
        "timestamp": "2026-11-24 06:00:00Z",
        "trace_id": "trace-0d7c",
        "correlation_id": "correlation-c0ffee",
        "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
    })
}

/// Reads one request with its body.
pub(crate) async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(bytes[end + 4..].to_vec()).ok()?;
    Some(Heard {
        method: first.next()?.to_owned(),
        target: first.next()?.to_owned(),
        headers,
        body,
    })
}
