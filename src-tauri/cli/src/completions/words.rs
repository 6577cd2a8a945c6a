//! The words of a line that somebody types into a shell, and a text as one such word.
//!
//! A name may have anything in it that a shell does something with. What is completed has to stay
//! one word, and nothing of it may be run when the line is.

/// Inside which quotes the last word of a line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quotes {
    #[default]
    None,
    Single,
    Double,
}

impl Quotes {
    /// The letter that opens and closes them.
    pub(super) const fn letter(self) -> Option<char> {
        match self {
            Self::None => None,
            Self::Single => Some('\''),
            Self::Double => Some('"'),
        }
    }
}

/// A line that is not finished.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its words, as the shell would hand them to a program. The last one may be empty.
    pub(super) words: Vec<String>,
    /// The last word as it was typed.
    pub(super) raw: String,
    /// Inside which quotes it ends.
    pub(super) quotes: Quotes,
}

impl Line {
    /// Reads a line of a POSIX shell up to where the cursor stands.
    pub(super) fn read(line: &str) -> Self {
        let mut read = Self {
            words: vec![String::new()],
            ..Self::default()
        };
        let mut letters = line.chars();
        while let Some(letter) = letters.next() {
            if read.quotes == Quotes::None && letter.is_whitespace() {
                if !read.raw.is_empty() {
                    read.words.push(String::new());
                    read.raw.clear();
                }
                continue;
            }
            read.raw.push(letter);
            match (read.quotes, letter) {
                (Quotes::None, '\'') => read.quotes = Quotes::Single,
                (Quotes::None, '"') => read.quotes = Quotes::Double,
                (Quotes::Single, '\'') | (Quotes::Double, '"') => read.quotes = Quotes::None,
                (Quotes::None | Quotes::Double, '\\') => read.escaped(letters.next()),
                (_, letter) => read.take(letter),
            }
        }
        read
    }

    /// What follows a backslash. Inside double quotes that stands for itself before most letters.
    fn escaped(&mut self, letter: Option<char>) {
        let Some(letter) = letter else { return };
        self.raw.push(letter);
        if self.quotes == Quotes::Double && !matches!(letter, '"' | '\\' | '$' | '`') {
            self.take('\\');
        }
        self.take(letter);
    }

    fn take(&mut self, letter: char) {
        if let Some(word) = self.words.last_mut() {
            word.push(letter);
        }
    }
}

/// A text as one word of bash, as it begins inside these quotes. The closing quote is the shell's
/// to add.
pub(super) fn quoted(text: &str, quotes: Quotes) -> String {
    match quotes {
        Quotes::Single => format!("'{}", text.replace('\'', r"'\''")),
        Quotes::Double => text
            .chars()
            .fold("\"".to_owned(), |done, letter| match letter {
                '"' | '\\' | '$' | '`' => format!("{done}\\{letter}"),
                // The history is looked into here too, and a backslash would stay.
                '!' => format!("{done}\"\\!\""),
                letter => format!("{done}{letter}"),
            }),
        Quotes::None => text
            .chars()
            .fold(String::new(), |done, letter| match letter {
                letter if is_plain(letter) => format!("{done}{letter}"),
                letter => format!("{done}\\{letter}"),
            }),
    }
}

/// Whether a shell takes it for nothing but itself, wherever it stands.
fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || "_./:=@%+,-".contains(letter)
        || (!letter.is_ascii() && !letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_falls_into_the_words_that_a_shell_would_make_of_it() {
        for (line, words, quotes) in [
            (
                "graph-connect show ",
                &["graph-connect", "show", ""][..],
                Quotes::None,
            ),
            (r"g show Cost\ \$5", &["g", "show", "Cost $5"], Quotes::None),
            (r"g show 'it'\''s", &["g", "show", "it's"], Quotes::Single),
            (
                r#"g show "a\b \"c\" \$d"#,
                &["g", "show", r#"a\b "c" $d"#],
                Quotes::Double,
            ),
            (r"g a\", &["g", "a"], Quotes::None),
        ] {
            let read = Line::read(line);
            assert_eq!(
                (
                    read.words
                        .iter()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .as_slice(),
                    read.quotes
                ),
                (words, quotes)
            );
        }
    }

    #[test]
    fn a_text_that_is_quoted_is_the_same_text_when_it_is_read() {
        for text in [
            "Cost $5",
            "`id`",
            "it's",
            r"a\b",
            "-x",
            "~",
            "#1",
            "a!b",
            "Zürich 東京",
            "{a,b} *?[x]",
            "$(x);|&<>",
        ] {
            for (quotes, end) in [
                (Quotes::None, ""),
                (Quotes::Single, "'"),
                (Quotes::Double, "\""),
            ] {
                let line = format!("{}{end}", quoted(text, quotes));
                assert_eq!(Line::read(&line).words, [text], "{line}");
            }
        }
    }
}
