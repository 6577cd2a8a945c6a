//! A text as the bytes that it stands for, each with its place: percent-encoding, JSON's and HTML's
//! escapes are undone one by one, since they may lie one in the other, and what looks like one may
//! be a part of the secret.

use std::ops::Range;

use model::is_hidden;

/// So many readings of one text are searched; a text with no escapes has one.
const MAX_READINGS: usize = 24;
/// The longest name of an HTML character that is looked for, as in `&quot;`.
const MAX_ENTITY: usize = 8;

/// A byte that a part of a text stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) byte: u8,
    /// Where that part begins and ends.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How what is sought is spelt, and how much of a spelling is beside the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// As it is. Case, blanks and `+`, which is a form's blank, make no difference.
    Plain,
    /// Both alphabets of base64. Blanks and line breaks make no difference.
    Base64,
}

impl Alphabet {
    /// The spelling that is compared; `None` for what makes no difference.
    pub(super) fn spell(self, byte: u8) -> Option<u8> {
        match (self, byte) {
            (_, byte) if byte.is_ascii_whitespace() || byte.is_ascii_control() => None,
            (Self::Plain, b'+') => None,
            (Self::Plain, byte) => Some(byte.to_ascii_lowercase()),
            (Self::Base64, b'-') => Some(b'+'),
            (Self::Base64, b'_') => Some(b'/'),
            (Self::Base64, byte) => Some(byte),
        }
    }

    /// What has to go along with what was found: of base64 the whole, since the characters at its
    /// ends share bits with it.
    pub(super) fn whole(self, text: &str, found: Range<usize>) -> Range<usize> {
        if self == Self::Plain {
            return found;
        }
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
        let (before, after) = (
            &text.as_bytes()[..found.start],
            &text.as_bytes()[found.end..],
        );
        let before = before.iter().rev().take_while(|byte| is_part(byte)).count();
        let after = after.iter().take_while(|byte| is_part(byte)).count();
        found.start - before..found.end + after
    }
}

/// The kinds of escapes.
#[derive(Clone, Copy)]
enum Escape {
    /// `%41`
    Percent,
    /// `\\u0041`, `\\"`
    Backslash,
    /// `&amp;`, `&#38;`
    Entity,
}

/// The text as it is, then with one kind of escapes undone, then with one more kind, or the same
/// once more.
pub(super) fn readings(text: &str) -> Vec<Vec<Unit>> {
    let mut readings = vec![as_it_is(text)];
    let mut next = 0;
    while next < readings.len() && readings.len() < MAX_READINGS {
        let more = [Escape::Percent, Escape::Backslash, Escape::Entity]
            .map(|kind| undone(&readings[next], kind));
        readings.extend(more.into_iter().flatten());
        next += 1;
    }
    readings
}

/// Characters that cannot be seen are left out, wherever they are put.
fn as_it_is(text: &str) -> Vec<Unit> {
    let seen = text
        .char_indices()
        .filter(|(_, c)| !is_hidden(*c) && !matches!(c, '\u{80}'..='\u{9f}'));
    seen.flat_map(|(start, c)| {
        let end = start + c.len_utf8();
        text.as_bytes()[start..end].iter().map(move |byte| Unit {
            byte: *byte,
            start,
            end,
        })
    })
    .collect()
}

/// With one layer of one kind of escapes undone; `None` if there is none.
fn undone(units: &[Unit], kind: Escape) -> Option<Vec<Unit>> {
    let mut plain = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        let (bytes, length) = escaped(&units[at..], kind).unwrap_or((vec![units[at].byte], 1));
        let (start, end) = (units[at].start, units[at + length - 1].end);
        plain.extend(bytes.into_iter().map(|byte| Unit { byte, start, end }));
        at += length;
    }
    (plain.len() < units.len()).then_some(plain)
}

/// What an escape at the beginning stands for, and how long it is.
fn escaped(units: &[Unit], kind: Escape) -> Option<(Vec<u8>, usize)> {
    let (first, second) = (units.first()?.byte, units.get(1)?.byte);
    match (kind, first, second) {
        (Escape::Percent, b'%', _) => {
            Some((vec![u8::try_from(number(units.get(1..3)?, 16)?).ok()?], 3))
        }
        (Escape::Backslash, b'\\', b'u') => unicode(units),
        (Escape::Backslash, b'\\', b'x') => {
            Some((vec![u8::try_from(number(units.get(2..4)?, 16)?).ok()?], 4))
        }
        (Escape::Backslash, b'\\', b'n' | b'r' | b't' | b'b' | b'f') => Some((vec![b' '], 2)),
        (Escape::Backslash, b'\\', escaped) if escaped.is_ascii_punctuation() => {
            Some((vec![escaped], 2))
        }
        (Escape::Entity, b'&', _) => entity(units),
        (_, _, _) => None,
    }
}

/// `\u0041`, or two of them for a character beyond the first 65,536.
fn unicode(units: &[Unit]) -> Option<(Vec<u8>, usize)> {
    let first = number(units.get(2..6)?, 16)?;
    if let Some(c) = char::from_u32(first) {
        return Some((bytes_of(c), 6));
    }
    let is_second = units.get(6)?.byte == b'\\' && units.get(7)?.byte == b'u';
    let second = number(units.get(8..12)?, 16)
        .filter(|second| is_second && (0xdc00..0xe000).contains(second))?;
    let c = char::from_u32(0x1_0000 + (first.checked_sub(0xd800)? << 10) + (second - 0xdc00))?;
    Some((bytes_of(c), 12))
}

/// `&amp;`, `&#38;`, `&#x26;`.
fn entity(units: &[Unit]) -> Option<(Vec<u8>, usize)> {
    let end = units
        .iter()
        .take(MAX_ENTITY + 2)
        .position(|unit| unit.byte == b';')?;
    let name: Vec<u8> = units
        .get(1..end)?
        .iter()
        .map(|unit| unit.byte.to_ascii_lowercase())
        .collect();
    let c = match name.as_slice() {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        b"plus" => '+',
        [b'#', b'x', ..] => char::from_u32(number(units.get(3..end)?, 16)?)?,
        [b'#', ..] => char::from_u32(number(units.get(2..end)?, 10)?)?,
        _ => return None,
    };
    Some((bytes_of(c), end + 1))
}

fn number(digits: &[Unit], radix: u32) -> Option<u32> {
    let digits: String = digits.iter().map(|unit| char::from(unit.byte)).collect();
    if digits.starts_with('+') {
        None
    } else {
        u32::from_str_radix(&digits, radix).ok()
    }
}

fn bytes_of(c: char) -> Vec<u8> {
    c.encode_utf8(&mut [0; 4]).as_bytes().to_vec()
}
