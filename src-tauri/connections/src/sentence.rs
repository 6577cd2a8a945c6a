//! Fragments as sentences.

/// Makes a sentence of a fragment: a capital first letter and a full stop.
pub(crate) fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let end = if fragment.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{end}", letters.as_str())
}
