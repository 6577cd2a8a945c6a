//! The message as plain text and as HTML.

use super::letter::Block;

/// Plain text. Addresses stand on lines of their own, so that no program breaks or extends them.
pub(super) fn text(letter: &[Block]) -> String {
    let lines = |rows: &[(&str, String)], between: &str, before: &str| {
        rows.iter()
            .map(|(label, about)| format!("{before}{label}{between}{about}\n"))
            .collect::<String>()
            + "\n"
    };
    let part = |part: &Block| match part {
        Block::Heading(heading) => format!("{}\n", heading.to_uppercase()),
        Block::Paragraph(paragraph) => format!("{paragraph}\n\n"),
        Block::Facts(facts) => lines(facts, ": ", ""),
        Block::Permissions(permissions) => lines(permissions, ": ", "- "),
        Block::Link(what, link) => format!("{what}\n{link}\n\n"),
    };
    letter
        .iter()
        .map(part)
        .collect::<String>()
        .trim_end()
        .to_owned()
        + "\n"
}

/// A whole HTML document without scripts, pictures or anything else from elsewhere.
pub(super) fn html(title: &str, letter: &[Block]) -> String {
    let mut body = String::new();
    for part in letter {
        match part {
            Block::Heading(heading) => body.extend(["<h2>", &escaped(heading), "</h2>\n"]),
            Block::Paragraph(paragraph) => body.extend(["<p>", &escaped(paragraph), "</p>\n"]),
            Block::Facts(facts) => {
                let row = |(label, fact): &(&str, String)| {
                    format!(
                        "<tr><th align=\"left\">{}</th><td>{}</td></tr>\n",
                        escaped(label),
                        escaped(fact)
                    )
                };
                body.extend([
                    "<table>\n",
                    &facts.iter().map(row).collect::<String>(),
                    "</table>\n",
                ]);
            }
            Block::Permissions(permissions) => {
                let item = |(name, about): &(&str, String)| {
                    format!("<li><b>{}</b>: {}</li>\n", escaped(name), escaped(about))
                };
                body.extend([
                    "<ul>\n",
                    &permissions.iter().map(item).collect::<String>(),
                    "</ul>\n",
                ]);
            }
            Block::Link(what, link) => {
                let link = escaped(link.as_str());
                body.extend([
                    "<p>",
                    &escaped(what),
                    "<br>\n<a href=\"",
                    &link,
                    "\">",
                    &link,
                    "</a></p>\n",
                ]);
            }
        }
    }
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// Text in HTML, also within quotes of an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}
