//! Characters that a person does not see, by the Unicode standard.

/// Whether a character is drawn as nothing, or steers what stands around it: zero-width characters,
/// byte order marks, line and paragraph separators, direction controls, annotations.
///
/// Control characters are not among them ([`char::is_control`]).
///
/// Source: Unicode Standard, 23.2 "Layout Controls" and 23.8 "Specials".
pub const fn is_hidden(c: char) -> bool {
    is_bidi(c)
        || matches!(
            c,
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}'
        )
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Whether a character changes the direction of the text around it (Unicode Bidirectional
/// Algorithm, UAX #9).
pub(crate) const fn is_bidi(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
