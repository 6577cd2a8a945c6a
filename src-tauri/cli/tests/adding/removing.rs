//! `remove`, `duplicate` and `rename`: what is asked before anything changes.

use keychain::testing::{Bus, inside};
use serde_json::Value;

use crate::{
    NAME, fed,
    place::{Place, text},
    secret_of,
};

#[test]
fn all_connections_are_removed_after_one_question_that_counts_them() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        place.add("Second");
        let unasked = fed(&place, &["remove", "--all"], "");
        assert!(!unasked.status.success(), "nobody is there to ask");
        let both = fed(&place, &["remove", NAME, "--all", "--yes"], "");
        assert_eq!(both.status.code(), Some(2), "a name or all");
        let removed = place.run(&["remove", "--all", "--yes", "--json"]);
        let answer: Value = serde_json::from_slice(&removed.stdout).expect("JSON");
        let each = answer["connections"].as_array().expect("a list");
        assert_eq!(each.len(), 2, "{answer}");
        assert!(
            each.iter().all(|one| one["secret"] == "removed"),
            "{answer}"
        );
        let listed = place.run(&["list", "--json"]);
        let listed: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
        assert_eq!(listed["connections"], serde_json::json!([]));
        let nothing_left = place.run(&["remove", "--all"]);
        assert!(nothing_left.status.success(), "no question without any");
    });
}

#[test]
fn a_connection_is_removed_after_a_question_and_never_without() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let unasked = fed(&place, &["remove", NAME], "");
        assert_eq!(unasked.status.code(), Some(2), "{unasked:?}");
        assert!(text(&unasked.stderr).contains("--yes"), "{unasked:?}");
        assert_eq!(place.run(&["show", NAME]).status.code(), Some(0));
        let removed = place.run(&["remove", NAME, "--yes", "--json"]);
        let answer: Value = serde_json::from_slice(&removed.stdout).expect("JSON");
        assert_eq!(
            (&answer["name"], &answer["removed"]),
            (&NAME.into(), &true.into())
        );
        assert_eq!(
            (&answer["secretRemoved"], &answer["secret"]),
            (&true.into(), &"removed".into())
        );
        assert_eq!(place.run(&["show", NAME]).status.code(), Some(3));
    });
}

#[test]
fn a_connection_is_duplicated_with_its_secret_and_renamed_after_a_question() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let copied = place.run(&["duplicate", NAME, "Second", "--with-secret"]);
        assert!(
            copied.status.success() && text(&copied.stdout).contains("Connected"),
            "{copied:?}"
        );
        assert_eq!(
            place
                .run(&["duplicate", NAME, "second", "--with-secret"])
                .status
                .code(),
            Some(2),
            "the name is taken"
        );
        let asked = fed(&place, &["duplicate", NAME, "Third"], &secret_of(&place));
        assert!(asked.status.success(), "{asked:?}");
        let unasked = fed(&place, &["rename", "Second", "Fourth"], "");
        assert_eq!(unasked.status.code(), Some(2), "{unasked:?}");
        assert!(text(&unasked.stderr).contains("--yes"), "{unasked:?}");
        let renamed = place.run(&["rename", "second", "Fourth", "--yes"]);
        assert!(
            renamed.status.success()
                && text(&renamed.stderr).contains("Change the name in your scripts"),
            "{renamed:?}"
        );
        assert_eq!(place.run(&["show", "Second"]).status.code(), Some(3));
        assert!(place.run(&["check", "Fourth"]).status.success());
        assert_eq!(
            place
                .run(&["rename", "Fourth", NAME, "--yes"])
                .status
                .code(),
            Some(2),
            "the name is taken"
        );
    });
}
