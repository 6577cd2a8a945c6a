//! Text that a server wrote, made fit to be shown, copied and kept.

use model::is_hidden;

/// The most characters that are kept of a server's text.
const MAX_LENGTH: usize = 2_000;

/// Makes control and direction characters visible and cuts the text to 2,000 characters. Line
/// breaks become spaces.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(MAX_LENGTH));
    let mut room = MAX_LENGTH;
    let mut before = None;
    for c in text.chars() {
        let piece = match c {
            '\n' if before == Some('\r') => String::new(),
            '\r' | '\n' => " ".to_owned(),
            '\u{0}'..='\u{1f}' => picture(c).to_string(),
            '\u{7f}' => "\u{2421}".to_owned(),
            _ if is_hidden(c) || c.is_control() => format!("<U+{:04X}>", u32::from(c)),
            _ => c.to_string(),
        };
        let Some(left) = room.checked_sub(piece.chars().count()) else {
            shown.push('…');
            break;
        };
        shown.push_str(&piece);
        (room, before) = (left, Some(c));
    }
    shown
}

/// The same for a long text with lines, such as a terminal shows it: line breaks and tabs stay, and
/// nothing is cut.
pub fn harmless(text: &str) -> String {
    let piece = |c: char| match c {
        '\n' | '\t' => c,
        '\u{0}'..='\u{1f}' => picture(c),
        '\u{7f}' => '\u{2421}',
        _ if is_hidden(c) || c.is_control() => '\u{fffd}',
        _ => c,
    };
    text.chars().map(piece).collect()
}

/// The Unicode picture of a control character below the space (block "Control Pictures").
fn picture(c: char) -> char {
    char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::{harmless, visible};

    #[test]
    fn control_and_direction_characters_become_visible() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{0}c\u{202e}d\u{200b}"),
            "a␛[31mb␀c<U+202E>d<U+200B>"
        );
        assert_eq!(
            visible("AADSTS1: x\r\nTrace ID: y\nz"),
            "AADSTS1: x Trace ID: y z"
        );
    }

    #[test]
    fn a_text_for_a_terminal_keeps_its_lines_and_nothing_that_steers() {
        assert_eq!(
            harmless("a\tb\nc\u{1b}[2Jd\u{9b}e\u{202e}f\u{7f}"),
            "a\tb\nc\u{241b}[2Jd\u{fffd}e\u{fffd}f\u{2421}"
        );
        assert_eq!(harmless(&"é".repeat(3_000)).chars().count(), 3_000);
    }

    #[test]
    fn a_long_text_is_cut_to_two_thousand_characters() {
        assert_eq!(visible(&"é".repeat(60_000)).chars().count(), 2_001);
        assert!(
            visible(&"\u{202e}".repeat(60_000)).chars().count() <= 2_001,
            "counted as it is shown"
        );
    }

    #[test]
    fn placeholders_and_markup_stay_as_they_are() {
        for text in ["{0} %s ${x}", "<script>alert(1)</script>", "مرحبا 123", ""] {
            assert_eq!(visible(text), text);
        }
    }
}
