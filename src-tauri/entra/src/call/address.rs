//! How a text that a person typed becomes the path and the query of an address: escaped whole, or
//! refused where nobody can tell what was meant. What a server wrote (`@odata.nextLink`) does not
//! come here.

use super::CallProblem;

/// What a `+` in a query means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plus {
    /// Itself. Graph reads a bare one as a blank, so it is escaped.
    Itself,
    /// Either: a whole address may come from a program, which wrote its blanks so.
    Unclear,
}

/// Escapes a path with its query. What is escaped already stays as it is.
pub(super) fn escape(text: &str, plus: Plus) -> Result<String, CallProblem> {
    if text.chars().any(char::is_control) {
        return Err(CallProblem::Control);
    }
    let text = with_percent_signs(text)?;
    let (path, query) = split(&text);
    let mut escaped = escaped_path(path);
    if let Some(query) = query {
        escaped.push('?');
        escaped += &escaped_query(query, plus)?;
    }
    Ok(escaped)
}

/// The bytes behind a text with `%XX` in it.
pub(super) fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match escape_at(rest) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[3..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

/// Either every percent sign begins an escape, or none does and each is itself.
fn with_percent_signs(text: &str) -> Result<String, CallProblem> {
    let signs = || {
        text.bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'%')
            .map(|(at, _)| at)
    };
    let escapes = signs()
        .filter(|at| escape_at(&text.as_bytes()[*at..]).is_some())
        .count();
    if escapes == 0 {
        return Ok(text.replace('%', "%25"));
    }
    let all = escapes == signs().count();
    // `100%ab` looks like an escape, but of no character.
    if all && String::from_utf8(decode(text)).is_ok() {
        Ok(text.to_owned())
    } else {
        Err(CallProblem::Percent)
    }
}

fn escape_at(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else {
        return None;
    };
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    Some(digit(*high)? * 16 + digit(*low)?)
}

/// The path and the query. A `?` in a quoted key, such as `getByPath(path='a?b')`, begins no query.
fn split(text: &str) -> (&str, Option<&str>) {
    let (mut is_quoted, mut before) = (false, ' ');
    for (at, c) in text.char_indices() {
        match c {
            '\'' if is_quoted => is_quoted = false,
            // An apostrophe elsewhere in a path is one, as in `/O'Brien`.
            '\'' => is_quoted = matches!(before, '(' | '=' | '\'') && text[at + 1..].contains('\''),
            '?' if !is_quoted => return (&text[..at], Some(&text[at + 1..])),
            _ => {}
        }
        before = c;
    }
    (text, None)
}

fn escaped_path(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    path.chars()
        .for_each(|c| push(&mut escaped, c, "-._~/%!$&'()*+,;=:@"));
    escaped
}

fn escaped_query(query: &str, plus: Plus) -> Result<String, CallProblem> {
    let mut escaped = String::with_capacity(query.len());
    let mut quotes = Quotes::default();
    let mut between = false;
    for (at, c) in query.char_indices() {
        quotes.pass(&query[at..], c);
        between &= quotes.open.is_some();
        match c {
            '&' if quotes.open.is_some() => {
                between = true;
                escaped += "%26";
            }
            '+' if plus == Plus::Unclear => return Err(CallProblem::Plus),
            _ => push(&mut escaped, c, "-._~/?%!$&'()*,;=:@"),
        }
    }
    // Then nobody can tell which `&` separates and which is text.
    if between && quotes.open.is_some() {
        Err(CallProblem::Quote)
    } else {
        Ok(escaped)
    }
}

/// Which quotation of OData is open: `'…'` in a filter, `"…"` in a search, escaped or not.
#[derive(Default)]
struct Quotes {
    open: Option<char>,
    /// The character after a backslash in a search is itself.
    is_itself: bool,
}

impl Quotes {
    fn pass(&mut self, rest: &str, c: char) {
        if std::mem::take(&mut self.is_itself) {
            return;
        }
        let mark = match (c, rest.get(1..3)) {
            ('%', Some("27")) => '\'',
            ('%', Some("22")) => '"',
            _ => c,
        };
        match (self.open, mark) {
            (Some('"'), '\\') => self.is_itself = true,
            (Some(open), _) if open == mark => self.open = None,
            (None, '\'' | '"') => self.open = Some(mark),
            _ => {}
        }
    }
}

fn push(escaped: &mut String, c: char, as_it_is: &str) {
    if c.is_ascii_alphanumeric() || as_it_is.contains(c) {
        escaped.push(c);
        return;
    }
    let mut bytes = [0; 4];
    for byte in c.encode_utf8(&mut bytes).bytes() {
        escaped.push('%');
        for half in [byte >> 4, byte & 15] {
            escaped.extend(
                char::from_digit(u32::from(half), 16).map(|digit| digit.to_ascii_uppercase()),
            );
        }
    }
}
