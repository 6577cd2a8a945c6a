//! Names: normalised, compared, refused, and counted up.

use model::{ConnectionName, NameProblem};

#[test]
fn a_name_that_was_allowed_once_is_still_read() {
    for kept in ["Contoso\u{206a}", "Contoso\u{fff9}", "Contoso 👩\u{200d}💻"] {
        assert!(ConnectionName::parse(kept).is_ok(), "{kept:?}");
    }
    assert!(ConnectionName::parse("Con\u{200b}toso").is_err());
}

#[test]
fn names_are_normalised_and_the_same_name_is_recognised() {
    assert_eq!(
        ConnectionName::parse("  Contoso audit ").map(|n| n.to_string()),
        Ok("Contoso audit".into())
    );
    assert_eq!(
        ConnectionName::parse("e\u{301}").map(|n| n.to_string()),
        Ok("\u{e9}".into())
    );
    for (one, other) in [
        ("Contoso", "contoso "),
        ("e\u{301}", "\u{c9}"),
        ("\u{fb00}", "FF"),
        ("Stra\u{df}e", "STRASSE"),
    ] {
        let key = |name| ConnectionName::parse(name).expect("a name").key();
        assert_eq!(
            key(one),
            key(other),
            "{one:?} and {other:?} are the same name"
        );
    }
    for odd in [
        "a",
        "CON",
        "..",
        "../../x",
        "a/b",
        "a\\b",
        ".hidden",
        "name.",
        "<script>alert(1)</script>",
        "\"><img src=x>",
        "javascript:alert(1)",
        "{{7*7}}",
        "%s%n",
        "'; DROP TABLE",
        "=cmd|' /C calc'!A0",
        "--help",
        "-rf",
        "name with \"quotes\"",
        "\u{627}\u{644}\u{639} 123",
        "\u{1f469}\u{200d}\u{1f4bb}",
        "\u{1f1e9}\u{1f1ea}",
    ] {
        assert_eq!(
            ConnectionName::parse(odd).map(|n| n.to_string()),
            Ok(odd.to_owned()),
            "text is only text"
        );
    }
    assert!(ConnectionName::parse(&"n".repeat(100)).is_ok());
}

#[test]
fn names_that_would_deceive_or_break_a_line_are_refused() {
    let zalgo = format!("a{}", "\u{336}".repeat(1_000));
    let table = [
        ("".to_owned(), NameProblem::Empty),
        (" \u{a0} ".to_owned(), NameProblem::Empty),
        ("n".repeat(101), NameProblem::TooLong),
        ("n".repeat(10_000), NameProblem::TooLong),
        ("\u{0}".to_owned(), NameProblem::ControlCharacter),
        ("a\nb".to_owned(), NameProblem::ControlCharacter),
        (
            "\u{1b}[31mred\u{1b}]0;title\u{7}".to_owned(),
            NameProblem::ControlCharacter,
        ),
        ("\u{202e}exe.gpj".to_owned(), NameProblem::ControlCharacter),
        (
            "\u{2066}a\u{2069}".to_owned(),
            NameProblem::ControlCharacter,
        ),
        ("\u{200b}name".to_owned(), NameProblem::InvisibleCharacter),
        ("\u{feff}name".to_owned(), NameProblem::InvisibleCharacter),
        ("na\u{200d}me".to_owned(), NameProblem::InvisibleCharacter),
        (zalgo, NameProblem::TooLong),
        (
            format!("a{}", "\u{336}".repeat(20)),
            NameProblem::InvisibleCharacter,
        ),
    ];
    for (typed, problem) in table {
        assert_eq!(
            ConnectionName::parse(&typed),
            Err(problem),
            "{:?}",
            typed.chars().take(20).collect::<String>()
        );
    }
}

#[test]
fn a_free_name_counts_up_from_two() {
    let taken = ["Microsoft Graph", "Microsoft Graph 2"];
    let free = ConnectionName::free("Microsoft Graph", |name| taken.contains(&name.as_str()));
    assert_eq!(free.as_str(), "Microsoft Graph 3");
}
