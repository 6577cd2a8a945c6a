//! What shells and terminals get: completed names, pages of the manual, colours.

use std::{fs, io::Write, process::Stdio};

use keychain::testing::{Bus, inside};

use crate::{
    NAME,
    place::{Place, text},
};

#[test]
fn names_complete_in_the_shells_that_are_here_and_are_offered_to_the_others() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let program = env!("CARGO_BIN_EXE_graph-connect");
        let folder = std::path::Path::new(program)
            .parent()
            .expect("a folder")
            .display()
            .to_string();
        let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
        let mut bash = place.command("script");
        bash.args([
            "--quiet",
            "--return",
            "--command",
            "bash --norc --noprofile -i",
            "/dev/null",
        ])
        .env("PATH", &path);
        let mut bash = bash
            .env("PS1", "> ")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script runs");
        let typed = "source <(graph-connect completions bash)\ngraph-connect show Con\t | grep -c 'Never tested'\n\
                     graph-connect show Contoso\\ a\t --json\nexit\n";
        bash.stdin
            .take()
            .expect("its input")
            .write_all(typed.as_bytes())
            .expect("typed");
        let screen = text(&bash.wait_with_output().expect("it ends").stdout);
        assert!(
            screen.contains(r"graph-connect show Contoso\ audit"),
            "{screen}"
        );
        assert!(
            screen.contains(r#""name":"Contoso audit""#),
            "a name that is half there, with its quotes: {screen}"
        );
        for shell in ["zsh", "fish", "powershell"] {
            let script = place.run(&["completions", shell]);
            assert!(
                script.status.success() && text(&script.stdout).contains("GRAPH_CONNECT_COMPLETE"),
                "{script:?}"
            );
            let mut asked = place.graph_connect(&["--", "graph-connect", "exec", "conto"]);
            let asked = asked
                .env("GRAPH_CONNECT_COMPLETE", shell)
                .env("_CLAP_COMPLETE_INDEX", "2")
                .output();
            let asked = asked.expect("it runs");
            assert!(text(&asked.stdout).contains(NAME), "{shell}: {asked:?}");
        }
    });
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let out = folder.path().display().to_string();
    let written = std::process::Command::new(env!("CARGO_BIN_EXE_graph-connect"))
        .args(["man", "--out", &out])
        .output();
    assert!(written.expect("it runs").status.success());
    for page in [
        "graph-connect.1",
        "graph-connect-exec.1",
        "graph-connect-add-app.1",
        "graph-connect-get.1",
    ] {
        let page = fs::read_to_string(folder.path().join(page)).expect("a page");
        assert!(
            page.contains(".TH") && page.contains(".SH EXAMPLES\n.nf\n"),
            "{page}"
        );
    }
    let page = fs::read_to_string(folder.path().join("graph-connect-get.1")).expect("a page");
    assert!(
        page.contains(r"\(aq/users?$top=3&$select=displayName\(aq"),
        "as it is typed: {page}"
    );
}

#[test]
fn colours_are_for_terminals_and_never_with_no_color() {
    inside(Bus::WithoutServices, || {
        let place = Place::without_keychain(NAME);
        assert!(
            !text(&place.run(&["check", NAME]).stdout).contains('\x1b'),
            "no terminal"
        );
        let on_a_terminal = |no_color: &str| {
            let line = format!("'{}' check '{NAME}'", env!("CARGO_BIN_EXE_graph-connect"));
            let mut terminal = place.command("script");
            terminal
                .args(["--quiet", "--command", &line, "/dev/null"])
                .env("TERM", "xterm");
            text(
                &terminal
                    .env("NO_COLOR", no_color)
                    .output()
                    .expect("script runs")
                    .stdout,
            )
        };
        assert!(
            on_a_terminal("").contains('\x1b'),
            "an empty NO_COLOR says nothing"
        );
        assert!(!on_a_terminal("1").contains('\x1b'));
    });
}
