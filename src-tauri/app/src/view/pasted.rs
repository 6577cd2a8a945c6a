//! What a pasted text holds, for the window that has the text: the secret is named by its place,
//! and does not come back.

use connections::TextRange;
use model::{Written, parse_pasted};
use serde::Serialize;
use specta::Type;

/// The values of a pasted text.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PastedView {
    pub(crate) client_id: Option<String>,
    pub(crate) tenant: Option<String>,
    pub(crate) secret: Option<SecretPlaceView>,
    /// Whether the text is so long that its end was not looked at.
    pub(crate) cut: bool,
}

/// Where in the text the client secret stands.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecretPlaceView {
    pub(crate) range: TextRange,
    pub(crate) written: WrittenView,
}

/// As it is, as the inside of a string of JSON, or as a quoted cell of CSV.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WrittenView {
    Plain,
    Json,
    Csv,
}

impl PastedView {
    pub(crate) fn new(text: &str) -> Self {
        let pasted = parse_pasted(text);
        let secret = pasted.secret.map(|place| SecretPlaceView {
            range: TextRange::of(text, place.range.start, place.range.end),
            written: match place.written {
                Written::Plain => WrittenView::Plain,
                Written::Json => WrittenView::Json,
                Written::Csv => WrittenView::Csv,
            },
        });
        Self {
            client_id: pasted.client_id,
            tenant: pasted.tenant,
            secret,
            cut: pasted.cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PastedView;

    #[test]
    fn the_place_of_a_secret_crosses_to_the_window_and_the_secret_does_not() {
        let text = "# Schlüssel 😀\nCLIENT_SECRET=abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789~\nTENANT_ID=contoso.com";
        let view = PastedView::new(text);
        let place = view.secret.as_ref().expect("a secret");
        let units: Vec<u16> = text.encode_utf16().collect();
        let (start, end) = (place.range.start as usize, place.range.end as usize);
        assert_eq!(
            String::from_utf16_lossy(&units[start..end]),
            "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789~"
        );
        let crossing = serde_json::to_string(&view).expect("JSON");
        assert!(
            crossing.contains("contoso.com") && !crossing.contains("abc8Q"),
            "{crossing}"
        );
    }
}
