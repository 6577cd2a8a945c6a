//! docs/FIELD.md: what strangers ran into, and the tests that keep each of it mended.

use std::{collections::BTreeSet, fs};

use e2e::checkout;

/// The situations that have to be in the document: four lists, and the twenty tasks of an
/// administrator.
fn situations() -> BTreeSet<String> {
    let lists = [("A", 19), ("B", 16), ("C", 2), ("D", 15), ("T", 20)];
    lists
        .into_iter()
        .flat_map(|(list, count)| (1..=count).map(move |number| format!("{list}{number}")))
        .collect()
}

/// The cells of a line of a table, or `None` where it is no such line.
fn cells(line: &str) -> Option<Vec<&str>> {
    let line = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(line.split(" | ").map(str::trim).collect())
}

/// The lines of the tables of a part of the document.
fn rows(part: &str) -> Vec<Vec<&str>> {
    part.lines().filter_map(cells).collect()
}

/// The tests that a cell names, as ``file`: `test``, each with its file.
fn tests(cell: &str) -> Vec<(&str, &str)> {
    let quoted: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
    let mut file = "";
    let mut tests = Vec::new();
    for text in quoted {
        if text.ends_with(".csv") {
            continue;
        }
        if text.ends_with(".rs")
            || text.ends_with(".ts")
            || text.ends_with(".py")
            || text.ends_with(".sh")
        {
            file = text;
        } else {
            tests.push((file, text));
        }
    }
    tests
}

/// Whether the file has a test of that name.
fn has_test(file: &str, test: &str) -> bool {
    let Ok(text) = fs::read_to_string(checkout().join(file)) else {
        return false;
    };
    let (in_rust, in_typescript) = (
        format!("fn {test}("),
        [format!("\"{test}\""), format!("`{test}`")],
    );
    text.contains(&in_rust) || in_typescript.iter().any(|quoted| text.contains(quoted))
}

#[test]
fn every_situation_of_the_field_is_documented_with_tests_that_exist() {
    let document = fs::read_to_string(checkout().join("docs/FIELD.md")).expect("the document");
    let expected = situations();
    let (mended, open) = document
        .split_once("## Not mended yet")
        .expect("what is not mended stands apart");
    let listed = |rows: &[Vec<&str>]| -> BTreeSet<String> {
        rows.iter().map(|row| row[0].to_owned()).collect()
    };
    let (mended, open) = (rows(mended), rows(open));
    let listed: BTreeSet<String> = listed(&mended).union(&listed(&open)).cloned().collect();
    let left_out: Vec<&String> = expected.difference(&listed).collect();
    assert!(
        left_out.is_empty(),
        "docs/FIELD.md has no line for {left_out:?}"
    );
    let mut wrong = Vec::new();
    for row in mended.iter().filter(|row| expected.contains(row[0])) {
        let named = tests(row[2]);
        if named.is_empty() {
            wrong.push(format!("{}: no test is named", row[0]));
        }
        let absent = named
            .into_iter()
            .filter(|(file, test)| !has_test(file, test));
        wrong.extend(
            absent.map(|(file, test)| format!("{}: {file} has no test \"{test}\"", row[0])),
        );
    }
    assert!(wrong.is_empty(), "docs/FIELD.md: {wrong:#?}");
}

#[test]
fn a_test_that_does_not_exist_is_found_out() {
    assert!(has_test(
        "e2e/tests/field.rs",
        "a_test_that_does_not_exist_is_found_out"
    ));
    assert!(!has_test(
        "e2e/tests/field.rs",
        &["no", "such", "test"].join("_")
    ));
    assert_eq!(
        tests("`a/b.rs`: `one`; `two`; `c.test.ts`: `does three`").len(),
        3
    );
}
