//! Finds the code of an error in what a person copied from a page or a log.

/// How many digits a number alone has at least, so that a time or a part of an ID is not taken for
/// one.
const MIN_DIGITS: usize = 5;

/// What stands before a number on Microsoft's pages, in links and in JSON.
const MARKS: [&str; 5] = [
    "error code",
    "error_codes",
    "error?code",
    "errorcode",
    "error_code",
];

/// The number of an error: after `AADSTS`, after "Error code", in a link to its page, or alone. The
/// digits of a GUID or of a time are none.
pub(super) fn number_in(text: &str) -> Option<u32> {
    let text = text.to_ascii_lowercase();
    let after = |mark: &str| {
        text.match_indices(mark)
            .find_map(|(at, _)| number_after(&text[at + mark.len()..]))
    };
    after("aadsts")
        .or_else(|| MARKS.into_iter().find_map(after))
        .or_else(|| alone(&text))
}

/// The words of a text, as the protocol writes its own: letters and underscores.
pub(super) fn words_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphabetic() || c == '_'))
        .filter(|word| !word.is_empty())
}

/// A number that follows, with nothing but punctuation and blanks before it, and that ends where
/// its digits do.
fn number_after(text: &str) -> Option<u32> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || ":=#[\"'?s-".contains(c));
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let after = &text[end..];
    // A field of one line glues the next line to it.
    let is_part_of_an_id =
        after.starts_with('-') || end < MIN_DIGITS && after.starts_with(char::is_alphabetic);
    if is_part_of_an_id {
        None
    } else {
        text[..end].parse().ok()
    }
}

/// The one number that stands alone in a text.
fn alone(text: &str) -> Option<u32> {
    let is_apart = |c: char| c.is_whitespace() || ",;()[]\"'".contains(c);
    let bare = |word: &str| word.trim_matches(|c: char| ".:#".contains(c)).to_owned();
    let words = text.split(is_apart).map(bare);
    let mut numbers = words
        .filter(|word| word.len() >= MIN_DIGITS && word.bytes().all(|byte| byte.is_ascii_digit()));
    let number = numbers.next()?.parse().ok()?;
    numbers.next().is_none().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::{number_in, words_in};

    #[test]
    fn the_number_of_an_error_is_found_and_no_digits_of_anything_else() {
        for (text, number) in [
            ("AADSTS50011", Some(50_011)),
            ("  aadsts 50011  ", Some(50_011)),
            ("50011", Some(50_011)),
            ("Error: 90094.", Some(90_094)),
            (
                "Correlation Id: 11111111-2222-3333-4444-555555555555 Error code: 90094",
                Some(90_094),
            ),
            (
                "Error Code: 90094\nCorrelation Id: 11111111-2222-3333-4444-555555555555",
                Some(90_094),
            ),
            (
                "Request Id: 3fa85f64-5717-4562-b3fc-2c963f66afa6\r\nTimestamp: 2026-11-25T10:00:00Z\r\nMessage: AADSTS50194: Application '4ea1bd2b-0000-4444-8888-031111111111' is not multi-tenant.",
                Some(50_194),
            ),
            (
                "Error Code: 50011Request Id: 3fa85f64-5717-4562-b3fc-2c963f66afa6",
                Some(50_011),
            ),
            ("Error code: 3fa85f64-5717-4562-b3fc-2c963f66afa6", None),
            ("Error code: 11111111-2222-3333-4444-555555555555", None),
            (
                "https://login.microsoftonline.com/error?code=7000218",
                Some(7_000_218),
            ),
            (
                r#"{"error":"invalid_client","error_codes":[7000215],"timestamp":"2026-11-25 10:00:00Z"}"#,
                Some(7_000_215),
            ),
            ("AADSTS500011: AADSTS700016", Some(500_011)),
            ("AADSTS9002327", Some(9_002_327)),
            ("11111111-2222-3333-4444-555555555555", None),
            ("AADSTS", None),
            ("AADSTS99999999999999", None),
            ("12345 67890", None),
            ("2026-11-25T10:00:00Z", None),
            ("1234", None),
            ("", None),
        ] {
            assert_eq!(number_in(text), number, "{text}");
        }
        let long = format!("{}AADSTS65001", "x ".repeat(50_000));
        assert_eq!(number_in(&long), Some(65_001), "nothing is cut");
    }

    #[test]
    fn words_of_the_protocol_are_whole_words() {
        let words: Vec<&str> =
            words_in("error=access_denied&state=x; \"invalid_client\"").collect();
        assert_eq!(
            words,
            ["error", "access_denied", "state", "x", "invalid_client"]
        );
    }
}
