//! `add app`: what is tested and kept of an application, and what its terminal shows.

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use demo_tenant::fixtures;
use keychain::testing::{Bus, inside};
use serde_json::Value;

use crate::{
    NAME, add_app, fed,
    place::{Place, text},
    secret_of,
};

#[test]
fn an_application_is_added_with_its_secret_from_standard_input_and_tested_at_once() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let id = fixtures::HEALTHY.to_string();
        let secret = secret_of(&place);
        let call = [
            add_app("Second", &id),
            vec!["--integration", "entra id", "--tag", "audit", "--json"],
        ]
        .concat();
        let added = fed(&place, &call, &format!("{secret}\n"));
        assert!(added.status.success(), "{added:?}");
        let answer: Value = serde_json::from_slice(&added.stdout).expect("JSON and nothing else");
        assert_eq!(
            (&answer["connection"]["name"], &answer["report"]["outcome"]),
            (&"Second".into(), &"works".into())
        );
        assert_eq!(answer["connection"]["tags"], serde_json::json!(["audit"]));
        assert!(!text(&added.stdout).contains(&secret) && !text(&added.stderr).contains(&secret));
        place.run(&["allow", "Second"]);
        assert!(
            place
                .run(&["get", "Second", "/organization"])
                .status
                .success(),
            "it can be used"
        );
    });
}

#[test]
fn nothing_is_kept_of_an_application_that_does_not_work_unless_that_is_asked_for() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let id = fixtures::HEALTHY.to_string();
        let wrong = "wro8Q~this-is-no-secret-of-contoso-000000000";
        let refused = fed(&place, &add_app("Second", &id), wrong);
        assert_eq!(refused.status.code(), Some(4), "{refused:?}");
        assert!(
            text(&refused.stderr).contains("nothing was kept"),
            "{refused:?}"
        );
        assert_eq!(place.run(&["show", "Second"]).status.code(), Some(3));
        let kept = fed(
            &place,
            &[add_app("Second", &id), vec!["--untested"]].concat(),
            wrong,
        );
        assert!(kept.status.success(), "{kept:?}");
        let renewed = fed(&place, &["renew", "second"], &secret_of(&place));
        assert!(
            renewed.status.success() && text(&renewed.stdout).contains("Connected"),
            "{renewed:?}"
        );
        assert!(
            text(&renewed.stderr).contains("Secret replaced and tested."),
            "{renewed:?}"
        );
        let again = fed(&place, &["renew", "second"], wrong);
        assert_eq!(again.status.code(), Some(4), "{again:?}");
        let said = text(&again.stderr);
        assert!(
            said.contains("The new secret does not work. The old one is kept.")
                && said.contains("--anyway"),
            "{said}"
        );
        assert!(
            place.run(&["check", "Second"]).status.success(),
            "the secret that works is still there"
        );
        let insisted = fed(&place, &["renew", "second", "--anyway"], wrong);
        assert_eq!(insisted.status.code(), Some(4), "{insisted:?}");
        let said = text(&insisted.stderr);
        assert!(
            said.contains("The new secret does not work. It has replaced the old one"),
            "{said}"
        );
        assert!(!said.contains("is kept"), "{said}");
        assert_eq!(
            place.run(&["check", "Second"]).status.code(),
            Some(4),
            "the old one is gone, as was asked"
        );
        let back = fed(&place, &["renew", "second", "--json"], &secret_of(&place));
        let answer: Value = serde_json::from_slice(&back.stdout).expect("JSON and nothing else");
        assert_eq!(answer["report"]["outcome"], "works");
        let lines = fed(
            &place,
            &["renew", "second"],
            &format!("  {} \r\nuser: contoso\n", secret_of(&place)),
        );
        assert!(
            lines.status.success(),
            "the first line is the secret: {lines:?}"
        );
        for (call, problem) in [
            (
                [add_app("Third", &id), vec!["--expires", "soon"]].concat(),
                "--expires",
            ),
            (add_app(NAME, &id), "--name"),
            (add_app("Third", "not-an-id"), "--client-id"),
            (
                [add_app("Third", &id), vec!["--integration", "Azure"]].concat(),
                "Microsoft Entra ID",
            ),
        ] {
            let refused = fed(&place, &call, wrong);
            assert_eq!(refused.status.code(), Some(2), "{refused:?}");
            assert!(
                text(&refused.stderr).contains(problem),
                "{problem}: {refused:?}"
            );
        }
    });
}

#[test]
fn a_terminal_does_not_show_the_secret_that_is_typed() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let secret = secret_of(&place);
        let program = env!("CARGO_BIN_EXE_graph-connect");
        let line = format!(
            "'{program}' add app --cloud demo --name Second --client-id {} --tenant contoso.example",
            fixtures::HEALTHY
        );
        let mut terminal = place.command("script");
        terminal.args([
            "--quiet",
            "--return",
            "--flush",
            "--command",
            &line,
            "/dev/null",
        ]);
        let mut terminal = terminal
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script runs");
        let mut shown = BufReader::new(terminal.stdout.take().expect("its output"));
        let mut screen = Vec::new();
        shown.read_until(b':', &mut screen).expect("the question");
        assert!(text(&screen).contains("Client secret"), "{}", text(&screen));
        terminal
            .stdin
            .take()
            .expect("its input")
            .write_all(format!("{secret}\r").as_bytes())
            .expect("typed");
        std::io::Read::read_to_end(&mut shown, &mut screen).expect("the rest");
        assert!(
            terminal.wait().expect("it ends").success(),
            "{}",
            text(&screen)
        );
        assert!(
            text(&screen).contains("Connected") && !text(&screen).contains(&secret),
            "{}",
            text(&screen)
        );
    });
}
