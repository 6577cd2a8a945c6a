//! `KEY=value`, `export KEY="value"`, `$env:KEY = 'value'`, `key: value`, several of them on one
//! line, and labels with their value on the next line, as in the portal's Overview.

use super::{Finds, Label, Written, bare, is_guid, label, looks_like_secret};

/// Lines that the portal's Overview has between a label and its value.
const BETWEEN: [&str; 3] = [":", "copy to clipboard", "copied"];

/// What may stand before a name.
const BEFORE: [&str; 13] = [
    "export ",
    "declare -x ",
    "setx ",
    "set ",
    "$env:",
    "$",
    "const ",
    "let ",
    "var ",
    "- ",
    "* ",
    "\u{2022} ",
    "--",
];

pub(super) fn read(found: &mut Finds<'_>) {
    let lines: Vec<&str> = found
        .text
        .lines()
        .map(bare)
        .filter(|line| !is_between(line))
        .collect();
    let (mut named, mut follows_name) = (None, false);
    for (at, line) in lines.iter().enumerate() {
        let pairs = pairs_in(line);
        for (name, value) in &pairs {
            // "- name: CLIENT_SECRET" with "value: …" on the next line, as Kubernetes has it.
            match label::of(name) {
                Some(Label::Other) if name.eq_ignore_ascii_case("name") => {
                    named = label::of(unquoted(value));
                    follows_name = true;
                }
                Some(Label::Value) if follows_name => {
                    found.put(
                        named.take().unwrap_or(Label::Other),
                        unquoted(value),
                        Written::Plain,
                    );
                    follows_name = false;
                }
                Some(Label::Value) => found.put(
                    value_label(unquoted(value)),
                    unquoted(value),
                    Written::Plain,
                ),
                Some(label) => found.put(label, unquoted(value), Written::Plain),
                None => {}
            }
        }
        if !pairs.is_empty() {
            continue;
        }
        let without_sign = without_signs(line);
        if !without_sign.is_empty() {
            for (label, value) in without_sign {
                found.put(label, value, Written::Plain);
            }
        } else if let Some(label) = label::of(line.trim_end_matches([' ', ':']))
            && let Some(next) = lines.get(at + 1).filter(|next| label::of(next).is_none())
        {
            let label = if label == Label::Value {
                value_label(next)
            } else {
                label
            };
            found.put(label, next, Written::Plain);
        }
    }
}

/// What the portal calls Value is the secret, where it looks like one.
fn value_label(value: &str) -> Label {
    if looks_like_secret(value) {
        Label::Secret
    } else {
        Label::Value
    }
}

/// The most words of a name.
const MAX_WORDS: usize = 6;

/// Known names and their values with nothing but blanks between, as people write in a chat: one or
/// several on a line, and nothing else beside them. Each value has to look like one, or a sentence
/// would be taken for it.
fn without_signs(line: &str) -> Vec<(Label, &str)> {
    let (mut pairs, mut rest) = (Vec::new(), without_prefix(line));
    while !rest.is_empty() {
        let Some((pair, after)) = pair_without_sign(rest) else {
            return Vec::new();
        };
        pairs.push(pair);
        rest = without_prefix(bare(after).trim_start_matches([',', ';', '|']).trim_start());
    }
    pairs
}

/// The first name and its value, and what follows them.
fn pair_without_sign(text: &str) -> Option<((Label, &str), &str)> {
    let blanks = text.char_indices().filter(|(_, c)| c.is_whitespace());
    let word_ends = blanks.filter(|(at, _)| {
        !text
            .get(..*at)
            .is_some_and(|head| head.ends_with(char::is_whitespace))
    });
    word_ends.take(MAX_WORDS).find_map(|(at, _)| {
        let name = text.get(..at)?.trim_end_matches([' ', '-', '\u{2013}']);
        let value = text.get(at..)?.trim_start();
        let value = value.trim_start_matches(['-', '\u{2013}']).trim_start();
        let end = value.find(char::is_whitespace).unwrap_or(value.len());
        let (value, after) = value.split_at_checked(end)?;
        let value = value.trim_end_matches([',', ';']);
        let label = label::of(name)?;
        let label = match label {
            Label::ClientId if is_guid(value) => label,
            Label::Tenant if is_guid(value) || value.contains('.') => label,
            Label::Secret | Label::Value if looks_like_secret(value) => Label::Secret,
            // Known and not wanted: its value is passed over.
            Label::Other if is_guid(value) => label,
            Label::ClientId | Label::Tenant | Label::Secret | Label::Value | Label::Other => {
                return None;
            }
        };
        Some(((label, value), after))
    })
}

fn is_between(line: &str) -> bool {
    line.is_empty()
        || BETWEEN
            .iter()
            .any(|between| line.eq_ignore_ascii_case(between))
}

/// The names and values of one line.
fn pairs_in(line: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut rest = without_prefix(line);
    if let Some(after) = line.strip_prefix("setx ") {
        return after
            .trim()
            .split_once(char::is_whitespace)
            .into_iter()
            .collect();
    }
    if pair_at_start(rest).is_none()
        && let Some((_, next)) = next_pair(rest)
    {
        rest = rest.get(next..).unwrap_or_default();
    }
    while let Some((name, value)) = pair_at_start(rest) {
        match next_pair(value) {
            Some((end, next)) => {
                pairs.push((name, bare(value.get(..end).unwrap_or_default())));
                rest = value.get(next..).unwrap_or_default();
            }
            None => {
                pairs.push((name, bare(value)));
                break;
            }
        }
    }
    pairs.retain(|(_, value)| !value.is_empty());
    pairs
}

fn without_prefix(line: &str) -> &str {
    let mut line = line;
    while let Some(rest) = BEFORE
        .iter()
        .find_map(|before| starts_with_word(line, before))
    {
        line = rest.trim_start();
    }
    line
}

fn starts_with_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let head = line.get(..word.len())?;
    head.eq_ignore_ascii_case(word)
        .then(|| line.get(word.len()..))
        .flatten()
}

/// A known name, a sign between, and whatever follows on the line.
fn pair_at_start(text: &str) -> Option<(&str, &str)> {
    let signs = text
        .char_indices()
        .filter(|(_, c)| matches!(c, ':' | '=' | '\t'));
    let near = signs.take_while(|(at, _)| *at <= label::MAX_LABEL_LENGTH);
    let mut found = near.filter_map(|(at, _)| {
        let name = text.get(..at)?.trim().trim_matches(['"', '\'', '`', '*']);
        label::of(name)?;
        Some((name, text.get(at + 1..)?))
    });
    let (name, value) = found.next()?;
    // "Key := value", "key => value" and "key\t: value" are one sign.
    let value = value.trim_start();
    let value = ["=", ">", ":"]
        .iter()
        .find_map(|sign| value.strip_prefix(sign).filter(|_| has_more(value)))
        .unwrap_or(value);
    Some((name, value))
}

/// A second sign is a sign only where a blank follows it: a secret may begin with one.
fn has_more(value: &str) -> bool {
    value.chars().nth(1).is_some_and(char::is_whitespace)
}

/// Where in a value another known name with its sign begins: the end of the value, and the start of
/// the name.
fn next_pair(value: &str) -> Option<(usize, usize)> {
    let breaks = value
        .char_indices()
        .filter(|(_, c)| matches!(c, ';' | ',' | '&' | '|') || c.is_whitespace());
    breaks.filter(|(at, _)| *at > 0).find_map(|(at, c)| {
        let rest = value.get(at + c.len_utf8()..)?;
        let name = without_prefix(rest.trim_start());
        pair_at_start(name)?;
        Some((at, value.len() - name.len()))
    })
}

/// The value within quotation marks, also with what a script has after them. What only begins with
/// one is left as it is.
fn unquoted(value: &str) -> &str {
    let Some(quote) = value
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'))
    else {
        return value;
    };
    let inner = value.get(1..).unwrap_or_default();
    let Some(end) = inner.rfind(quote) else {
        return value;
    };
    let after = inner
        .get(end + 1..)
        .unwrap_or_default()
        .trim_start_matches([';', ',', ')', ' ', '\t']);
    if after.is_empty() || after.starts_with('#') || after.starts_with("//") {
        inner.get(..end).unwrap_or_default()
    } else {
        value
    }
}
