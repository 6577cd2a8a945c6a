use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::{http, text};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_demo-tenant"))
}

/// Starts it with `--json` and reads its one line.
fn start(command: &mut Command) -> (Child, Value) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

async fn is_up(url: &str) -> bool {
    http().get(url).send().await.is_ok()
}

async fn is_down_soon(url: &str) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        if !is_up(url).await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

#[tokio::test]
async fn the_program_prints_one_line_writes_the_clouds_file_and_ends_on_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let clouds = folder.path().join("clouds.json");
    let (mut child, summary) = start(program().arg("--json").arg("--clouds-out").arg(&clouds));
    let login = text(&summary["loginUrl"]);
    assert!(is_up(&login).await);
    assert_eq!(summary["users"].as_array().unwrap().len(), 4);
    assert_eq!(summary["tenants"].as_array().unwrap().len(), 2);
    let states: Vec<String> = summary["apps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|app| text(&app["state"]))
        .collect();
    for state in [
        "healthy",
        "halfConsented",
        "withoutConsent",
        "expiredSecret",
        "disabled",
    ] {
        assert!(states.iter().any(|other| other == state), "{state}");
    }
    let written: Value = serde_json::from_slice(&std::fs::read(&clouds).unwrap()).unwrap();
    assert_eq!(
        (&written[0]["id"], &written[0]["login"]),
        (&"demo".into(), &summary["loginUrl"])
    );
    assert_eq!(
        (&written[0]["graph"], &written[0]["client_id"]),
        (&summary["graphUrl"], &summary["apps"][0]["clientId"])
    );
    let status = Command::new("kill")
        .arg("-TERM")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(status.success());
    assert!(child.wait().unwrap().success());
    assert!(!is_up(&login).await);
}

#[tokio::test]
async fn the_program_ends_when_who_started_it_is_gone() {
    let path = env!("CARGO_BIN_EXE_demo-tenant");
    let script = format!("'{path}' --json & read -r _");
    let mut shell = Command::new("sh");
    let (mut child, summary) = start(shell.arg("-c").arg(script).stdin(Stdio::piped()));
    let login = text(&summary["loginUrl"]);
    assert!(is_up(&login).await);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_down_soon(&login).await);
}

#[test]
fn the_table_shows_what_a_person_needs_to_copy() {
    let mut child = program().stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut table = String::new();
    while !table.contains("nobody.example") {
        assert!(out.read_line(&mut table).unwrap() > 0, "{table}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for wanted in [
        "contoso.example",
        "admin-demo-password",
        "p~a+b&c%d=e f",
        "secret expired",
        "4ea17401-",
        "AADSTS7000218",
        "/_demo/enable?app=d15ab1ed-",
    ] {
        assert!(table.contains(wanted), "{wanted} is not in {table}");
    }
}

#[test]
fn a_taken_port_is_told_in_one_line() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = program().arg("--port").arg(&port).output().unwrap();
    assert!(!output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!("demo-tenant: cannot listen on 127.0.0.1:{port}\n")
    );
}
