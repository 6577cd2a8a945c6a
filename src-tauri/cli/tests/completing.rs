//! Names that a shell would do something with, completed in real shells: what is on the line
//! afterwards is the name and nothing else.
#![cfg(target_os = "linux")]

mod place;

use std::{io::Write, path::Path, process::Stdio};

use keychain::testing::{Bus, inside};
use place::{Place, text};

/// A name, and as much of it as is typed before the key for completing.
const NAMES: [(&str, &str); 11] = [
    ("Cost $5 $HOME", "Cos"),
    ("Tick `touch ran` $(touch ran)", "Tic"),
    ("It's \"two\"", "It"),
    (r"Back\slash x", "Bac"),
    ("Zürich 東京", "Zü"),
    ("host:8080 a=b@c", "host:80"),
    ("Amp & Co; <x> | (y)", "Amp"),
    ("Hi! there!", "Hi"),
    ("Ends with 'it'", "End"),
    ("Star *? [x] {a,b} #1", "Sta"),
    ("~tilde plain", r"\~t"),
];

fn a_place() -> Place {
    let place = Place::without_keychain("plain");
    for (name, _) in NAMES {
        place.add_without_keychain(name);
    }
    place
}

/// Types lines into a shell at a terminal, and gives what the screen showed.
fn typed_into(place: &Place, shell: &str, lines: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_graph-connect"));
    let folder = program.parent().expect("a folder").display().to_string();
    let mut script = place.command("script");
    script
        .args(["--quiet", "--return", "--command", shell, "/dev/null"])
        .current_dir(place.home.path());
    script
        .env(
            "PATH",
            format!("{folder}:{}", std::env::var("PATH").unwrap_or_default()),
        )
        .env("PS1", "> ");
    script.env("LC_ALL", "C.UTF-8").env("TERM", "dumb");
    let mut script = script
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script runs");
    script
        .stdin
        .take()
        .expect("its keyboard")
        .write_all(lines.as_bytes())
        .expect("typed");
    text(&script.wait_with_output().expect("it ends").stdout)
}

/// Whether the connection of that name was shown, and nothing in the name was run.
fn was_shown(place: &Place, screen: &str, name: &str, how: &str) {
    let json = serde_json::json!(name).to_string();
    assert!(
        screen.contains(&format!("\"name\":{json}")),
        "{how}: {name} is not in\n{screen}"
    );
    assert!(
        !place.home.path().join("ran").exists(),
        "{how}: something in {name} was run"
    );
}

#[test]
fn in_bash_a_name_stays_a_name_whether_quotes_were_opened_or_not() {
    inside(Bus::WithoutServices, || {
        let place = a_place();
        let mut lines = "source <(graph-connect completions bash)\n".to_owned();
        for (_, typed) in NAMES {
            lines += &format!("graph-connect show {typed}\t --json\n");
            let typed = typed.trim_start_matches('\\');
            lines += &format!(
                "graph-connect show '{typed}\t --json\ngraph-connect show \"{typed}\t --json\n"
            );
        }
        let screen = typed_into(&place, "bash --norc --noprofile -i", &(lines + "exit\n"));
        for (name, _) in NAMES {
            let json = format!("\"name\":{}", serde_json::json!(name));
            assert_eq!(screen.matches(&json).count(), 3, "{name} in\n{screen}");
            was_shown(&place, &screen, name, "bash");
        }
    });
}

#[test]
fn in_bash_a_name_that_is_half_there_goes_on_and_one_with_a_dash_goes_by_its_id() {
    inside(Bus::WithoutServices, || {
        let place = a_place();
        place.add_without_keychain("-dash");
        let lines = "source <(graph-connect completions bash)\ngraph-connect show Cost\\ \\$\t --json\n\
                     graph-connect show host:8080\\ a\t --json\ngraph-connect show Back\\\\s\t --json\n\
                     graph-connect exec Amp\\ \t -- true\nexit\n";
        let screen = typed_into(&place, "bash --norc --noprofile -i", lines);
        for at in [0, 5, 3] {
            was_shown(&place, &screen, NAMES[at].0, "bash");
        }
        let ids = place
            .graph_connect(&["--", "graph-connect show ", ""])
            .env("GRAPH_CONNECT_COMPLETE", "bash")
            .output();
        let ids = text(&ids.expect("it runs").stdout);
        assert!(!ids.lines().any(|line| line == "-dash"), "{ids}");
        assert_eq!(
            ids.lines()
                .filter(|line| line.len() == 36 && line.matches('-').count() == 4)
                .count(),
            1,
            "{ids}"
        );
    });
}

#[test]
fn in_zsh_a_name_stays_a_name() {
    inside(Bus::WithoutServices, || {
        let place = a_place();
        let mut lines =
            "autoload -U compinit; compinit -D -u; source <(graph-connect completions zsh)\n"
                .to_owned();
        for (_, typed) in NAMES {
            lines += &format!("graph-connect show {typed}\t --json\n");
        }
        let screen = typed_into(&place, "zsh -f -i", &(lines + "exit\n"));
        for (name, _) in NAMES {
            was_shown(&place, &screen, name, "zsh");
        }
    });
}

#[test]
fn in_fish_a_name_is_offered_as_the_shell_quotes_it() {
    inside(Bus::WithoutServices, || {
        let place = a_place();
        for (name, typed) in NAMES {
            let ask = "graph-connect completions fish | source; set word (complete --escape -C \"graph-connect show $argv[1]\" | string split -f1 \\t); \
                       eval graph-connect show $word --json";
            let mut fish = place.command("fish");
            let program = Path::new(env!("CARGO_BIN_EXE_graph-connect"));
            let folder = program.parent().expect("a folder").display().to_string();
            fish.env(
                "PATH",
                format!("{folder}:{}", std::env::var("PATH").unwrap_or_default()),
            )
            .env("HOME", place.home.path());
            fish.env("LC_ALL", "C.UTF-8").current_dir(place.home.path());
            let shown = fish
                .args(["--no-config", "-c", ask, typed])
                .output()
                .expect("fish runs");
            was_shown(
                &place,
                &(text(&shown.stdout) + &text(&shown.stderr)),
                name,
                "fish",
            );
        }
    });
}

#[test]
fn powershell_is_offered_words_that_it_reads_as_the_name_and_runs_nothing_of_the_line() {
    inside(Bus::WithoutServices, || {
        let place = a_place();
        let script = text(&place.run(&["completions", "powershell"]).stdout);
        assert!(
            script.contains("Register-ArgumentCompleter") && !script.contains("Invoke-Expression"),
            "{script}"
        );
        let offered = |typed: &str| {
            let mut asked = place.graph_connect(&["--", &format!("graph-connect\nshow\n{typed}")]);
            text(
                &asked
                    .env("GRAPH_CONNECT_COMPLETE", "powershell")
                    .output()
                    .expect("it runs")
                    .stdout,
            )
        };
        assert!(
            offered("Cos").starts_with("'Cost $5 $HOME'\t"),
            "{}",
            offered("Cos")
        );
        assert!(
            offered("It").starts_with("'It''s \"two\"'\t"),
            "{}",
            offered("It")
        );
        assert!(
            offered("plai").starts_with("plain\t"),
            "{}",
            offered("plai")
        );
    });
}
