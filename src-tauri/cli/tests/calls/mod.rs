//! `get` and `request` as scripts see them, against the demo tenant's Graph.

mod endpoint;
mod pages;
mod strangers;

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use demo_tenant::{Fault, fixtures};
use keychain::testing::{Bus, inside};
use serde_json::Value;

use crate::{
    NAME,
    place::{Place, text},
};

fn allowed() -> Place {
    let place = Place::with(NAME);
    assert!(place.run(&["allow", NAME]).status.success());
    place
}

#[test]
fn a_read_prints_the_answer_as_it_came_and_nothing_else() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let refused = place.run(&["get", NAME, "/organization"]);
        assert_eq!(
            refused.status.code(),
            Some(1),
            "its switch is off: {refused:?}"
        );
        assert!(
            text(&refused.stderr).contains("Scripts may use this connection"),
            "{refused:?}"
        );
        place.run(&["allow", NAME]);
        let read = place.run(&["get", NAME, "/organization?$select=displayName"]);
        assert!(read.status.success() && read.stderr.is_empty(), "{read:?}");
        let answer: Value = serde_json::from_slice(&read.stdout).expect("JSON and nothing else");
        assert_eq!(answer["value"][0]["displayName"], "Contoso");
        let whole = place.run(&[
            "get",
            NAME,
            &format!(
                "{}/v1.0/organization",
                place.tenant.graph_url().trim_end_matches('/')
            ),
        ]);
        assert!(text(&whole.stdout).contains("Contoso"), "{whole:?}");
        assert_eq!(place.token_requests(), 1, "the kept token served both");
    });
}

#[test]
fn a_hundred_thousand_items_come_one_on_a_line_in_constant_memory() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let before = place.tenant.people_of(fixtures::CONTOSO);
        place.tenant.add_people(fixtures::CONTOSO, 100_000);
        let mut running = place.graph_connect(&["get", NAME, "/users?$top=999", "--all"]);
        let mut running = running
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let id = running.id();
        let (mut lines, mut most) = (0_usize, [0_u64; 2]);
        for line in BufReader::new(running.stdout.take().expect("its output")).lines() {
            let line = line.expect("a line");
            assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
            lines += 1;
            if lines % 1_000 == 0 {
                let half = usize::from(lines > 50_000);
                most[half] = most[half].max(memory_of(id));
            }
        }
        assert!(running.wait().expect("it ends").success());
        assert_eq!(lines, before + 100_000);
        assert!(
            most[1] < most[0] + most[0] / 4,
            "the second half needs no more than the first: {most:?} KiB"
        );
    });
}

#[test]
fn one_who_reads_no_further_ends_it_without_a_failure() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        place.tenant.add_people(fixtures::CONTOSO, 20_000);
        place.tenant.clear_requests();
        let program = env!("CARGO_BIN_EXE_graph-connect");
        let line = format!(
            "set -o pipefail; '{program}' get '{NAME}' '/users?$top=100' --all | head -n 1"
        );
        let read = place
            .command("bash")
            .args(["-c", &line])
            .output()
            .expect("bash runs");
        assert!(read.status.success() && read.stderr.is_empty(), "{read:?}");
        let pages = place
            .tenant
            .requests()
            .iter()
            .filter(|request| request.path == "/v1.0/users")
            .count();
        assert!(pages < 100, "it read {pages} of 200 pages");
    });
}

#[test]
fn a_next_page_on_another_host_is_not_followed() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let body =
            r#"{"value":[{"id":"1"}],"@odata.nextLink":"https://graph.evil.test/v1.0/users"}"#;
        let fault = Fault::status("/v1.0/users", 200)
            .header("Content-Type", "application/json")
            .body(body);
        place.tenant.fault(fault.times(1));
        let read = place.run(&["get", NAME, "/users", "--all"]);
        assert_eq!(
            (read.status.code(), text(&read.stdout).as_str()),
            (Some(1), "{\"id\":\"1\"}\n"),
            "{read:?}"
        );
        assert!(
            text(&read.stderr).contains("only sent to this connection's Graph"),
            "{read:?}"
        );
        let other = place.run(&["get", NAME, "https://graph.microsoft.com/v1.0/me"]);
        assert_eq!(other.status.code(), Some(2), "{other:?}");
    });
}

#[test]
fn a_service_that_asks_to_wait_is_obeyed_and_it_is_said_on_standard_error() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        place
            .tenant
            .fault(Fault::throttle("/v1.0/organization", 1).times(1));
        place.tenant.fault(
            Fault::status("/v1.0/organization", 503)
                .header("Retry-After", "1")
                .times(1),
        );
        let read = place.run(&["get", NAME, "/organization"]);
        assert!(
            read.status.success() && text(&read.stdout).contains("Contoso"),
            "{read:?}"
        );
        let said = text(&read.stderr);
        assert!(
            said.contains("Trying again in 1 s") && said.contains("Trying again in 2 s"),
            "it grows: {said}"
        );
    });
}

#[test]
fn what_may_do_something_twice_is_sent_again_only_after_graph_said_that_it_did_nothing() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let post = [
            "request",
            NAME,
            "POST",
            "/users",
            "--body",
            r#"{"displayName":"Ada"}"#,
        ];
        let posts = || {
            place
                .tenant
                .requests()
                .iter()
                .filter(|request| request.method == "POST")
                .count()
        };
        place.run(&["token", NAME]);
        place.tenant.clear_requests();
        for status in [500, 503, 504] {
            place.tenant.fault(
                Fault::status("/v1.0/users", status)
                    .header("Retry-After", "1")
                    .times(1),
            );
            assert_eq!(place.run(&post).status.code(), Some(7), "{status}");
        }
        assert_eq!(posts(), 3, "each was sent once");
        place
            .tenant
            .fault(Fault::throttle("/v1.0/users", 1).times(1));
        assert_eq!(
            place.run(&post).status.code(),
            Some(1),
            "the body lacks a name, says the second answer"
        );
        assert_eq!(posts(), 5);
    });
}

#[test]
fn a_closed_standard_error_changes_no_exit_code() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let program = env!("CARGO_BIN_EXE_graph-connect");
        let full = format!("'{program}' show nobody 2>/dev/full; echo $?");
        let said = place
            .command("sh")
            .args(["-c", &full])
            .output()
            .expect("sh runs");
        assert_eq!(text(&said.stdout), "3\n");
    });
}

#[test]
fn a_token_that_graph_no_longer_takes_is_replaced_once() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        place.run(&["token", NAME]);
        let refusal = || Fault::status("/v1.0/organization", 401).header("request-id", "1");
        place.tenant.fault(refusal().times(1));
        assert!(place.run(&["get", NAME, "/organization"]).status.success());
        assert_eq!(place.token_requests(), 2);
        place.tenant.fault(refusal());
        let refused = place.run(&["get", NAME, "/organization"]);
        assert_eq!(refused.status.code(), Some(4), "{refused:?}");
        assert_eq!(place.token_requests(), 3, "not again and again");
    });
}

#[test]
fn a_refusal_says_graphs_code_the_missing_permission_and_the_ids() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        place
            .tenant
            .revoke_grants(fixtures::HEALTHY, fixtures::CONTOSO);
        let refused = place.run(&["get", NAME, "/users"]);
        assert_eq!(
            (refused.status.code(), refused.stdout.len()),
            (Some(1), 0),
            "{refused:?}"
        );
        let said = text(&refused.stderr);
        for part in [
            "403 Authorization_RequestDenied",
            "Insufficient privileges",
            "User.Read.All",
            "client-request-id ",
        ] {
            assert!(said.contains(part), "{part} is not in {said}");
        }
        let unknown = place.run(&["get", NAME, "/nope"]);
        assert!(
            text(&unknown.stderr).contains("400 BadRequest")
                && !text(&unknown.stderr).contains("Missing"),
            "{unknown:?}"
        );
    });
}

#[test]
fn a_request_sends_its_body_and_its_headers() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let body = r#"{"displayName":"Ada","userPrincipalName":"ada@contoso.example"}"#;
        let mut making = place.graph_connect(&[
            "request",
            NAME,
            "post",
            "/users",
            "--body",
            "-",
            "--header",
            "Prefer: x",
        ]);
        let mut making = making
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        making
            .stdin
            .take()
            .expect("its input")
            .write_all(body.as_bytes())
            .expect("written");
        let made = making.wait_with_output().expect("it ends");
        let made: Value = serde_json::from_slice(&made.stdout).expect("JSON");
        assert_eq!(made["displayName"], "Ada");
        let sent = place
            .tenant
            .requests()
            .into_iter()
            .find(|request| request.method == "POST" && request.path == "/v1.0/users");
        let sent = sent.expect("a request");
        assert_eq!(sent.body, body);
        assert!(
            sent.headers
                .iter()
                .any(|(name, value)| name == "prefer" && value == "x")
        );
        let gone = place.run(&["request", NAME, "DELETE", "/users/ada@contoso.example"]);
        assert_eq!(
            (gone.status.code(), gone.stdout.len()),
            (Some(0), 0),
            "{gone:?}"
        );
        for wrong in [
            &["request", NAME, "POST", "/users", "--body", "{"][..],
            &[
                "request",
                NAME,
                "GET",
                "/users",
                "--header",
                "Authorization: Bearer x",
            ],
            &["request", NAME, "BREW", "/users"],
            &["get", NAME, "/../x"],
            &["get", NAME, ""],
        ] {
            assert_eq!(place.run(wrong).status.code(), Some(2), "{wrong:?}");
        }
    });
}

#[test]
fn what_a_terminal_shows_of_an_answer_cannot_steer_it() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let on_a_terminal = |path: &str| on_a_terminal(&place, path);
        let answer = |kind: &str, body: &str| {
            let answer = Fault::status("/v1.0/x", 200)
                .header("Content-Type", kind)
                .header("request-id", "1");
            answer.body(body).times(1)
        };
        place
            .tenant
            .fault(answer("application/json", "{\"name\":\"a\u{9b}2J\"}"));
        let pretty = text(&on_a_terminal("/x").stdout).replace("\r\n", "\n");
        assert_eq!(pretty, "{\n  \"name\": \"a\u{fffd}2J\"\n}\n");
        place
            .tenant
            .fault(answer("text/plain", "up\u{1b}[2Jdown\u{9b}2J"));
        let plain = on_a_terminal("/x");
        assert!(
            text(&plain.stdout).contains("up\u{241b}[2Jdown\u{fffd}2J"),
            "{plain:?}"
        );
        place.tenant.fault(answer("image/jpeg", "\u{1b}[2J"));
        let picture = on_a_terminal("/x");
        assert_eq!(picture.status.code(), Some(2), "{picture:?}");
        assert!(
            text(&picture.stdout).contains("4 bytes") && !picture.stdout.contains(&0x1b),
            "{picture:?}"
        );
        place.tenant.fault(answer("image/jpeg", "\u{1b}[2J"));
        assert_eq!(
            text(&place.run(&["get", NAME, "/x"]).stdout),
            "\u{1b}[2J",
            "a file gets what came"
        );
    });
}

/// What `get` shows on a terminal.
fn on_a_terminal(place: &Place, arguments: &str) -> std::process::Output {
    let line = format!(
        "'{}' get '{NAME}' {arguments}",
        env!("CARGO_BIN_EXE_graph-connect")
    );
    let mut terminal = place.command("script");
    terminal.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    terminal.output().expect("script runs")
}

/// The resident memory of a process, in KiB.
fn memory_of(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}
