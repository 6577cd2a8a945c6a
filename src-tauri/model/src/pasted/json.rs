//! JSON of the Azure CLI, of Graph and of settings files, also with the lines of a terminal around
//! it, with comments, or cut off: strings are looked at one by one, and nothing depends on the end.

use super::{Finds, Label, Written, label};

/// One object on the way to where the reading stands.
#[derive(Default)]
struct Object<'a> {
    /// The key that the whole object stands under.
    key: Option<&'a str>,
    /// What its "name" says, as in lists of settings.
    name: Option<&'a str>,
    /// A "value" that came before its name.
    value: Option<&'a str>,
}

/// The most objects in one another that are followed.
const DEEPEST: usize = 32;

pub(super) fn read(found: &mut Finds<'_>) {
    let text = found.text;
    let Some(start) = text.find('{') else { return };
    let mut objects: Vec<Object<'_>> = Vec::new();
    let mut key: Option<&str> = None;
    let mut rest = text.get(start..).unwrap_or_default();
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = after;
        match c {
            '{' if objects.len() < DEEPEST => objects.push(Object {
                key: key.take(),
                ..Object::default()
            }),
            '}' => drop(objects.pop()),
            ',' => key = None,
            '"' => {
                let Some(end) = end_of_string(after) else {
                    return;
                };
                let (string, behind) = (
                    after.get(..end).unwrap_or_default(),
                    after.get(end + 1..).unwrap_or_default(),
                );
                rest = behind;
                if let Some(value) = behind.trim_start().strip_prefix(':') {
                    (key, rest) = (Some(string), value);
                } else if let Some(key) = key.take() {
                    take(found, objects.last_mut(), key, string);
                }
            }
            _ => {}
        }
    }
}

/// `{"clientSecret": "…"}`, `{"client_secret": {"value": "…"}}` of Terraform, `{"name":
/// "CLIENT_SECRET", "value": "…"}`.
fn take<'a>(found: &mut Finds<'a>, object: Option<&mut Object<'a>>, key: &'a str, string: &'a str) {
    let written = if string.contains('\\') {
        Written::Json
    } else {
        Written::Plain
    };
    if let Some(label) =
        label::of(key).filter(|label| !matches!(label, Label::Value | Label::Other))
    {
        found.put(label, string, written);
        return;
    }
    let Some(object) = object else { return };
    if key.eq_ignore_ascii_case("name") {
        object.name = Some(string);
    } else if key.eq_ignore_ascii_case("value") {
        object.value = Some(string);
    }
    if let (Some(name), Some(value)) = (object.name.or(object.key), object.value)
        && let Some(label) =
            label::of(name).filter(|label| !matches!(label, Label::Value | Label::Other))
    {
        let written = if value.contains('\\') {
            Written::Json
        } else {
            Written::Plain
        };
        found.put(label, value, written);
    }
}

/// How many bytes stand before the quotation mark that ends a string.
fn end_of_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

/// What the inside of a string of JSON says.
pub(super) fn unescaped(raw: &str) -> Option<String> {
    let mut value = String::with_capacity(raw.len());
    let mut letters = raw.chars();
    while let Some(c) = letters.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        value.push(match letters.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => unicode(&mut letters)?,
            same @ ('"' | '\\' | '/') => same,
            _ => return None,
        });
    }
    Some(value)
}

/// `\uXXXX`, two of them for what has no place in one.
fn unicode(letters: &mut std::str::Chars<'_>) -> Option<char> {
    let mut unit = || -> Option<u16> {
        let digits: String = letters.by_ref().take(4).collect();
        u16::from_str_radix(&digits, 16)
            .ok()
            .filter(|_| digits.len() == 4)
    };
    let first = unit()?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(u32::from(first));
    }
    if letters.next()? != '\\' || letters.next()? != 'u' {
        return None;
    }
    let digits: String = letters.by_ref().take(4).collect();
    let second = u16::from_str_radix(&digits, 16).ok()?;
    char::decode_utf16([first, second]).next()?.ok()
}
