//! Adding, renewing and removing connections at the command line, and asking what is wrong with the
//! computer.
#![cfg(target_os = "linux")]

mod place;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    process::{Child, Output, Stdio},
};

use demo_tenant::{browser::Decision, fixtures};
use keychain::testing::{Bus, inside};
use place::{Place, terminal::Terminal, text};
use serde_json::Value;

const NAME: &str = "Contoso audit";

/// What `add app` is given beside the secret.
fn add_app<'a>(name: &'a str, id: &'a str) -> Vec<&'a str> {
    vec![
        "add",
        "app",
        "--cloud",
        "demo",
        "--name",
        name,
        "--client-id",
        id,
        "--tenant",
        "contoso.example",
    ]
}

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
fn a_secret_is_read_out_of_the_files_that_people_keep_it_in() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let (id, secret) = (fixtures::HEALTHY.to_string(), secret_of(&place));
        let sixteen: Vec<u8> = format!("\u{feff}{secret}\r\n")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let files: [Vec<u8>; 6] = [
            format!("\u{feff}{secret}\r\n").into_bytes(),
            format!(
                "{{\"appId\": \"{id}\", \"password\": \"{secret}\", \"tenant\": \"{}\"}}",
                fixtures::CONTOSO
            )
            .into_bytes(),
            format!("export AZURE_CLIENT_SECRET=\"{secret}\"\n").into_bytes(),
            format!("demo\t11/20/2027\t{secret}\t11112222-bbbb-3333-cccc-4444dddd5555\n")
                .into_bytes(),
            format!("  {secret}  \nuser: contoso\n").into_bytes(),
            sixteen,
        ];
        for (at, file) in files.iter().enumerate() {
            let name = format!("File {at}");
            let added = fed_bytes(&place, &add_app(&name, &id), file);
            assert!(added.status.success(), "{name}: {added:?}");
            assert!(
                !text(&added.stdout).contains(&secret) && !text(&added.stderr).contains(&secret)
            );
        }
    });
}

#[test]
fn what_holds_no_secret_or_another_applications_is_refused_by_name() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let (id, secret) = (fixtures::HEALTHY.to_string(), secret_of(&place));
        let other = fixtures::EXPIRED;
        for (input, said) in [
            (
                format!("{{\"appId\": \"{id}\"}}").into_bytes(),
                "no client secret",
            ),
            (
                format!("{{\"appId\": \"{other}\", \"password\": \"{secret}\"}}").into_bytes(),
                "which is another one",
            ),
            (
                "11112222-bbbb-3333-cccc-4444dddd5555\n"
                    .to_owned()
                    .into_bytes(),
                "Secret ID",
            ),
            (vec![0x80, 0x81, 0x82], "UTF-8"),
            (vec![b'a'; 70_000], "more than 64 KiB"),
        ] {
            let refused = fed_bytes(&place, &add_app("Second", &id), &input);
            assert_eq!(refused.status.code(), Some(2), "{refused:?}");
            assert!(text(&refused.stderr).contains(said), "{said}: {refused:?}");
            assert!(!text(&refused.stderr).contains(&secret));
        }
        let dates = [add_app("Second", &id), vec!["--expires", "03/05/2027"]].concat();
        let refused = fed(&place, &dates, &secret);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(
            text(&refused.stderr).contains("5 March 2027 or 3 May 2027"),
            "{refused:?}"
        );
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

#[test]
fn a_person_signs_in_by_the_browser_that_is_opened() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let mut waiting = begin_sign_in(&place, &[]);
        let link = waiting.link();
        place.act(&link, fixtures::ADMIN, Decision::AcceptForEverybody);
        let (said, ended) = waiting.end();
        assert!(ended.status.success(), "{said} {ended:?}");
        assert!(
            said.contains(&format!("Signed in as {}", fixtures::ADMIN)),
            "{said}"
        );
        assert!(text(&ended.stdout).contains("Connected"), "{ended:?}");
        assert_eq!(
            fs::read_to_string(place.home.path().join("opened")).expect("the browser was opened"),
            link
        );
        place.run(&["allow", "As me"]);
        assert!(text(&place.run(&["get", "As me", "/me"]).stdout).contains(fixtures::ADMIN));
    });
}

#[test]
fn ctrl_c_cancels_a_sign_in_and_nothing_is_left() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let mut waiting = begin_sign_in(&place, &["--no-browser"]);
        let link = waiting.link();
        let interrupt = place
            .command("kill")
            .args(["-INT", &waiting.running.id().to_string()])
            .status();
        assert!(interrupt.expect("kill runs").success());
        let (said, ended) = waiting.end();
        assert_eq!(
            (ended.status.code(), ended.stdout.len()),
            (Some(1), 0),
            "{said}"
        );
        assert!(said.contains("cancelled"), "{said}");
        assert_eq!(place.run(&["show", "As me"]).status.code(), Some(3));
        let port = link
            .split("localhost%3A")
            .nth(1)
            .expect("a port in the link");
        let port: String = port.chars().take_while(char::is_ascii_digit).collect();
        assert_eq!(
            place.curl(&[&format!("http://127.0.0.1:{port}/")]).0,
            0,
            "its port is closed"
        );
        assert!(
            !place.home.path().join("opened").exists(),
            "no browser was asked for"
        );
    });
}

#[test]
fn ctrl_c_at_the_question_whether_to_replace_anyway_keeps_the_old_secret() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let mut terminal = Terminal::open(&place);
        terminal.types(&format!("\"$P\" renew '{NAME}'; echo co''de $?\n"));
        terminal.types("Xy1~0000000000000000000000000000000000wrong\n");
        terminal.until("The old one is kept.");
        terminal.types("\x03");
        let said = terminal.until("code 1");
        assert!(said.contains("cancelled; the old one is kept"), "{said}");
        terminal.exits();
        assert!(place.run(&["check", NAME]).status.success());
    });
}

#[test]
fn a_secret_that_comes_with_another_applications_id_is_refused_before_anything_is_sent() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let of =
            |app: &str, secret: &str| format!(r#"{{"appId": "{app}", "password": "{secret}"}}"#);
        let other = "00001111-aaaa-2222-bbbb-3333cccc4444";
        let refused = fed(&place, &["renew", NAME], &of(other, &secret_of(&place)));
        assert_eq!(
            (refused.status.code(), place.token_requests()),
            (Some(2), 0),
            "{refused:?}"
        );
        assert!(text(&refused.stderr).contains(other), "{refused:?}");
        let own = fed(
            &place,
            &["renew", NAME],
            &of(&fixtures::HEALTHY.to_string(), &secret_of(&place)),
        );
        assert!(own.status.success(), "{own:?}");
    });
}

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

#[test]
fn doctor_finds_everything_in_order_and_shows_no_secret_and_no_environment() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let mut doctor = place.graph_connect(&["doctor"]);
        let healthy = doctor
            .env("PLANTED", "planted-value")
            .output()
            .expect("it runs");
        assert!(healthy.status.success(), "{healthy:?}");
        let said = text(&healthy.stdout);
        for part in [
            "connections",
            "keychain",
            "loopback",
            "answers for sign-ins",
            "answers for Microsoft Graph",
            "127.0.0.1",
            "The clock is right",
        ] {
            assert!(said.contains(part), "{part} is not in {said}");
        }
        assert!(
            !said.contains("planted-value") && !said.contains(&secret_of(&place)),
            "{said}"
        );
        place
            .tenant
            .set_clock_ahead(-jiff::SignedDuration::from_mins(10));
        let late = place.run(&["doctor", "--json"]);
        assert_eq!(late.status.code(), Some(1), "{late:?}");
        let answer: Value = serde_json::from_slice(&late.stdout).expect("JSON and nothing else");
        let clock = answer["examined"]
            .as_array()
            .and_then(|all| all.last())
            .expect("the clock");
        assert_eq!(
            (&clock["part"], &clock["good"]),
            (&"clock".into(), &false.into())
        );
        let lost = place
            .graph_connect(&["doctor"])
            .env_remove("GRAPH_CONNECT_CLOUDS")
            .output()
            .expect("it runs");
        assert!(
            text(&lost.stdout).contains("\"demo\" is not in the list of clouds"),
            "{lost:?}"
        );
        fs::write(place.home.path().join("clouds.json"), "{").expect("a damaged file");
        let damaged = place.run(&["doctor"]);
        assert!(
            text(&damaged.stdout).contains("clouds.json")
                && text(&damaged.stdout).contains("keychain"),
            "{damaged:?}"
        );
    });
}

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

/// A sign-in that waits for its person.
struct Waiting {
    running: Child,
    said: BufReader<std::process::ChildStderr>,
    so_far: String,
}

impl Waiting {
    fn link(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert!(
                self.said.read_line(&mut line).expect("a line") > 0,
                "it ended: {}",
                self.so_far
            );
            self.so_far += &line;
            if line.starts_with("http") {
                return line.trim().to_owned();
            }
        }
    }

    fn end(mut self) -> (String, Output) {
        std::io::Read::read_to_string(&mut self.said, &mut self.so_far).expect("the rest");
        (
            self.so_far,
            self.running.wait_with_output().expect("it ends"),
        )
    }
}

/// With a browser that only writes down what it is given.
fn begin_sign_in(place: &Place, more: &[&str]) -> Waiting {
    let bin = place.home.path().join("bin");
    fs::create_dir_all(&bin).expect("a folder");
    let browser = bin.join("xdg-open");
    let script = format!(
        "#!/bin/sh\nprintf %s \"$1\" >'{}'\n",
        place.home.path().join("opened").display()
    );
    fs::write(&browser, script).expect("a program");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).expect("it may be run");
    let path = format!(
        "{}:{}",
        bin.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let call = [
        "add",
        "sign-in",
        "--cloud",
        "demo",
        "--name",
        "As me",
        "--integration",
        "Microsoft Graph",
    ];
    let mut running = place.graph_connect(&[&call[..], more].concat());
    let running = running
        .env("PATH", path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = running.spawn().expect("the program runs");
    let said = BufReader::new(running.stderr.take().expect("its messages"));
    Waiting {
        running,
        said,
        so_far: String::new(),
    }
}

fn fed(place: &Place, call: &[&str], input: &str) -> Output {
    fed_bytes(place, call, input.as_bytes())
}

fn fed_bytes(place: &Place, call: &[&str], input: &[u8]) -> Output {
    let mut running = place.graph_connect(call);
    let running = running
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = running.spawn().expect("the program runs");
    // One that refuses before it reads has closed its end.
    let _ = running.stdin.take().expect("its input").write_all(input);
    running.wait_with_output().expect("it ends")
}

fn secret_of(place: &Place) -> String {
    place
        .tenant
        .app(fixtures::HEALTHY)
        .expect("of the fixtures")
        .secrets[0]
        .value
        .clone()
}
