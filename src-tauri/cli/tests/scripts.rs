//! Tokens for scripts, as scripts see them: a real keychain and real processes.
#![cfg(target_os = "linux")]

mod calls;
mod place;

use std::{
    fs::Permissions,
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use demo_tenant::{Fault, python};
use keychain::testing::{Bus, inside};
use place::{Place, text};
use serde_json::Value;

/// Microsoft's library for Python, which the window's line for Python uses.
const AZURE_IDENTITY: &str = "azure-identity==1.27.0";

const NAME: &str = "Contoso audit";

/// Asks as the SDKs of Microsoft do.
const ASK_FOR_IDENTITY: &str = "curl --silent --fail --noproxy '*' --output /dev/null --header \"X-IDENTITY-HEADER: $IDENTITY_HEADER\" \
                                \"$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=.default\"";

#[test]
fn ci_1_the_token_alone_is_on_standard_output_and_nothing_else_anywhere() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let refused = place.run(&["token", NAME]);
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert!(
            text(&refused.stderr).contains("Scripts may use this connection"),
            "{refused:?}"
        );
        assert!(place.run(&["allow", NAME]).status.success());
        let raw = place.run(&["token", "contoso AUDIT"]);
        assert!(raw.status.success() && raw.stderr.is_empty(), "{raw:?}");
        let token = text(&raw.stdout);
        assert_eq!(token.lines().count(), 1);
        assert_eq!(
            token.trim().split('.').count(),
            3,
            "a token of the demo tenant has three parts"
        );
        let header = place.run(&["token", NAME, "--format", "header"]);
        assert_eq!(
            text(&header.stdout),
            format!("Authorization: Bearer {token}")
        );
        let json: Value =
            serde_json::from_slice(&place.run(&["token", NAME, "--json"]).stdout).expect("JSON");
        assert_eq!(json["access_token"], token.trim());
        assert_eq!(
            (&json["version"], &json["connection"]),
            (&Value::from(1), &Value::from(NAME))
        );
        assert_eq!(place.token_requests(), 1, "it was asked for once and kept");
        let taken_back = [&["allow", NAME, "--revoke"][..], &["token", NAME]]
            .map(|call| place.run(call).status.code());
        assert_eq!(taken_back, [Some(0), Some(1)]);
    });
}

#[test]
fn ci_1_a_terminal_gets_a_token_only_by_force() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        let on_a_terminal = |call: &str| {
            let program = env!("CARGO_BIN_EXE_graph-connect");
            let line = format!("'{program}' token '{NAME}' {call}");
            place
                .command("script")
                .args(["--quiet", "--return", "--command", &line, "/dev/null"])
                .output()
                .expect("script")
        };
        let refused = on_a_terminal("");
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(
            text(&refused.stdout).contains("--force") && !text(&refused.stdout).contains("eyJ"),
            "{refused:?}"
        );
        let forced = on_a_terminal("--force");
        assert!(
            forced.status.success() && text(&forced.stdout).contains("eyJ"),
            "{forced:?}"
        );
    });
}

#[test]
fn si_3_fifty_processes_that_ask_at_once_cause_one_request() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        place.tenant.fault(Fault::latency(
            "/*/oauth2/v2.0/token",
            Duration::from_millis(400),
        ));
        let ask = || {
            place
                .graph_connect(&["token", NAME])
                .stdout(Stdio::piped())
                .spawn()
                .expect("the program runs")
        };
        let asking: Vec<_> = (0..50).map(|_| ask()).collect();
        let answers: Vec<_> = asking
            .into_iter()
            .map(|child| child.wait_with_output().expect("it ends"))
            .collect();
        assert!(
            answers.iter().all(|answer| answer.status.success()),
            "{:?}",
            answers.iter().map(|a| a.status.code())
        );
        assert!(
            answers
                .windows(2)
                .all(|pair| pair[0].stdout == pair[1].stdout),
            "all were handed the same token"
        );
        assert_eq!(place.token_requests(), 1);
    });
}

#[test]
fn si_3_one_that_is_killed_while_it_asks_blocks_nobody() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        place
            .tenant
            .fault(Fault::latency("/*/oauth2/v2.0/token", Duration::from_secs(30)).times(1));
        let mut holder = place
            .graph_connect(&["token", NAME])
            .stdout(Stdio::null())
            .spawn()
            .expect("the program runs");
        place.wait_until(|| place.token_requests() == 1);
        holder.kill().expect("it still runs");
        holder.wait().expect("it ends");
        let asked = Instant::now();
        assert!(place.run(&["token", NAME]).status.success());
        assert!(
            asked.elapsed() < Duration::from_secs(9),
            "nobody waits for the dead"
        );
    });
}

#[test]
fn every_way_to_a_token_says_what_could_not_be_kept_and_gives_it_all_the_same() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        place.fill_up("token_cache");
        for call in [
            &["token", NAME][..],
            &["get", NAME, "/organization"],
            &["request", NAME, "GET", "/organization"],
            &["exec", NAME, "--env", "token", "--", "true"],
            &["exec", NAME, "--set", "TOKEN=token", "--", "true"],
            &["exec", NAME, "--", "sh", "-c", ASK_FOR_IDENTITY],
        ] {
            let answer = place.run(call);
            assert!(answer.status.success(), "{call:?}: {answer:?}");
            assert_eq!(
                text(&answer.stderr).matches("It is not kept").count(),
                1,
                "{call:?}: {answer:?}"
            );
        }
    });
}

#[test]
fn exec_gives_a_token_to_its_child_alone_and_passes_everything_else_through() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let refused = place.run(&["exec", NAME, "--", "true"]);
        assert_eq!(
            refused.status.code(),
            Some(1),
            "its switch is off: {refused:?}"
        );
        place.run(&["allow", NAME]);
        let shell = |script: &str| place.run(&["exec", NAME, "--", "sh", "-c", script]);
        assert_eq!(shell("exit 42").status.code(), Some(42));
        assert_eq!(shell("kill -9 $$").status.signal(), Some(9));
        assert_eq!(
            place
                .run(&["exec", NAME, "--", "/nonexistent"])
                .status
                .code(),
            Some(127)
        );
        let echoed = shell("cat; echo out; echo err >&2; env | sort | grep -c IDENTITY_");
        assert_eq!(
            (text(&echoed.stdout).as_str(), text(&echoed.stderr).as_str()),
            ("out\n2\n", "err\n")
        );
        let token = place.run(&[
            "exec",
            NAME,
            "--env",
            "token",
            "--",
            "sh",
            "-c",
            "echo $GRAPH_ACCESS_TOKEN; env",
        ]);
        assert!(text(&token.stdout).starts_with("eyJ"), "{token:?}");
        assert!(
            !text(&token.stdout).contains("demo.client-secret"),
            "no secret is in the environment"
        );
    });
}

#[test]
fn the_endpoint_of_exec_answers_nobody_but_its_child() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        let told = place.home.path().join("told");
        let script = format!(
            "echo $IDENTITY_ENDPOINT $IDENTITY_HEADER >{0}.part; mv {0}.part {0}; cat",
            told.display()
        );
        let mut running = place.graph_connect(&["exec", NAME, "--", "sh", "-c", &script]);
        let mut running = running
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program runs");
        place.wait_until(|| told.exists());
        let said = std::fs::read_to_string(&told).expect("what the child was told");
        let (endpoint, header) = said
            .trim()
            .split_once(' ')
            .expect("an address and a header");
        let resource = place.tenant.graph_url().trim_end_matches('/').to_owned();
        let url = format!("{endpoint}?api-version=2019-08-01&resource={resource}");
        let own = format!("X-IDENTITY-HEADER: {header}");

        let right = place.curl(&[&url, "-H", &own]);
        assert_eq!(right.0, 200, "{}", right.1);
        assert!(right.1.contains("access_token") && right.1.contains("expires_on"));
        for (what, refused) in [
            ("no header", vec![url.as_str()]),
            ("a wrong header", vec![&url, "-H", "X-IDENTITY-HEADER: 00"]),
            (
                "two headers",
                vec![&url, "-H", &own, "-H", "X-IDENTITY-HEADER: 00"],
            ),
            (
                "a browser",
                vec![&url, "-H", &own, "-H", "Sec-Fetch-Site: cross-site"],
            ),
            (
                "a page",
                vec![&url, "-H", &own, "-H", "Origin: https://evil.test"],
            ),
            (
                "a rebound name",
                vec![&url, "-H", &own, "-H", "Host: evil.test"],
            ),
        ] {
            let answer = place.curl(&refused);
            assert_eq!(answer.0, 401, "{what}");
            assert!(!answer.1.contains("access_token"), "{what}");
        }
        let foreign = format!("{endpoint}?api-version=2019-08-01&resource=https://vault.azure.net");
        assert_eq!(
            place.curl(&[&foreign, "-H", &own]).0,
            400,
            "a token for something else"
        );
        assert_eq!(
            place.curl(&[&url, "-H", &own, "-X", "POST", "-d", ""]).0,
            404
        );

        drop(running.stdin.take());
        assert!(running.wait().expect("it ends").success());
        assert_eq!(
            place.curl(&[&url, "-H", &own]).0,
            0,
            "closed with the child"
        );
    });
}

#[test]
fn the_lines_that_the_window_shows_for_get_bash_python_and_curl_work_as_they_stand() {
    inside(Bus::Ordinary, || {
        // The name is one that only quoting makes a name.
        let name = "Contoso's $(audit)";
        let place = Place::with(name);
        place.run(&["allow", name]);
        let python = python::with(Path::new(env!("CARGO_TARGET_TMPDIR")), AZURE_IDENTITY);
        let [program, python] = [Path::new(env!("CARGO_BIN_EXE_graph-connect")), &python];
        let folders =
            [program, python].map(|file| file.parent().expect("a folder").display().to_string());
        let path = format!(
            "{}:{}",
            folders.join(":"),
            std::env::var("PATH").unwrap_or_default()
        );
        let script = place.home.path().join("report.sh");
        std::fs::write(
            &script,
            "#!/bin/sh\ntest -n \"$IDENTITY_ENDPOINT\" && echo reported\n",
        )
        .expect("a script");
        std::fs::set_permissions(&script, Permissions::from_mode(0o755)).expect("it may be run");
        let typed = |shell: &str| {
            let line =
                line_of_the_window(shell, name, place.tenant.graph_url().trim_end_matches('/'));
            let mut bash = place.command("bash");
            let bash = bash
                .args(["-c", &line])
                .env("PATH", &path)
                .current_dir(place.home.path());
            python::succeeded(&line, &bash.output().expect("bash runs"))
        };
        assert_eq!(typed("bash"), "reported\n");
        assert!(typed("Command line").contains("$metadata#users"));
        for shell in ["Python", "curl"] {
            assert!(
                typed(shell).contains("Contoso"),
                "{shell}: the organization is read"
            );
        }
    });
}

/// A line as the window shows it, filled in as the window does.
fn line_of_the_window(shell: &str, name: &str, graph: &str) -> String {
    let lines: Value = serde_json::from_str(include_str!(
        "../../../ui/src/screens/Connection/use-it.json"
    ))
    .expect("JSON");
    let found = lines
        .as_array()
        .expect("lines")
        .iter()
        .find(|line| line["shell"] == shell)
        .expect("such a line");
    assert_eq!(found["quote"], "posix");
    let quoted = format!("'{}'", name.replace('\'', r"'\''"));
    found["line"]
        .as_str()
        .expect("a line")
        .replace("{graph}", graph)
        .replace("{name}", &quoted)
}

#[test]
fn an_absent_keychain_is_said_with_5_and_nothing_hangs() {
    inside(Bus::WithoutServices, || {
        let place = Place::without_keychain(NAME);
        let asked = Instant::now();
        let refused = place.run(&["token", NAME]);
        assert_eq!(refused.status.code(), Some(5), "{refused:?}");
        assert!(asked.elapsed() < Duration::from_secs(10));
        assert!(refused.stdout.is_empty(), "standard output is data only");
    });
}
