//! The program as somebody at Windows uses it: the Credential Manager, the data folder and the
//! shells of Windows. Elsewhere there is nothing to run here.
#![cfg(windows)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use demo_tenant::{DemoTenant, Options, fixtures};
use serde_json::Value;
use tempfile::TempDir;

/// A tenant on this computer, and a connection to it that goes when the test ends.
struct Scene {
    name: String,
    folder: TempDir,
    clouds: PathBuf,
    _runtime: tokio::runtime::Runtime,
    tenant: DemoTenant,
}

impl Scene {
    /// The data folder is this person's own, so the connection has a name that nobody else gives.
    fn new(what: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let tenant = runtime
            .block_on(DemoTenant::start(Options::default()))
            .expect("the demo tenant starts");
        let folder = TempDir::new().expect("a folder");
        let unlike_others = folder.path().file_name().expect("a name").display();
        let name = format!("Test {what} {unlike_others}");
        let clouds = folder.path().join("clouds.json");
        std::fs::write(&clouds, tenant.clouds_json()).expect("written");
        let scene = Self {
            name,
            folder,
            clouds,
            _runtime: runtime,
            tenant,
        };
        let secret = scene
            .tenant
            .app(fixtures::HEALTHY)
            .expect("of the fixtures")
            .secrets[0]
            .value
            .clone();
        let id = fixtures::HEALTHY.to_string();
        let added = scene.fed(
            &[
                "add",
                "app",
                "--cloud",
                "demo",
                "--name",
                &scene.name,
                "--client-id",
                &id,
                "--tenant",
                "contoso.example",
            ],
            &format!("{secret}\r\n"),
        );
        assert!(added.status.success(), "{added:?}");
        assert!(!text(&added.stdout).contains(&secret));
        scene
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_graph-connect"));
        command
            .args(arguments)
            .env("GRAPH_CONNECT_CLOUDS", &self.clouds)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    fn fed(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        child
            .stdin
            .take()
            .expect("a pipe")
            .write_all(input.as_bytes())
            .expect("read");
        child.wait_with_output().expect("it ends")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).expect("JSON and nothing else")
    }

    fn exec(&self, program: &Path, arguments: &[&str]) -> Output {
        let program = program.display().to_string();
        let call = ["exec", &self.name, "--", &program];
        self.run(&[&call, arguments].concat())
    }

    fn script(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content.replace('\n', "\r\n")).expect("written");
        path
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let removed = self.run(&["remove", &self.name, "--yes"]);
        // 3: the test has removed it already.
        let is_gone = matches!(removed.status.code(), Some(0 | 3));
        assert!(is_gone || std::thread::panicking(), "{removed:?}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_connection_is_added_listed_tested_used_and_removed() {
    let scene = Scene::new("whole");
    let name = scene.name.as_str();
    let shown = scene.json(&["show", &name.to_uppercase()]);
    assert_eq!(shown["connection"]["status"], "healthy");
    assert_eq!(scene.json(&["check", name])["report"]["outcome"], "works");
    let refused = scene.run(&["token", name]);
    assert!(
        !refused.status.success() && refused.stdout.is_empty(),
        "scripts may not yet"
    );
    assert!(scene.run(&["allow", name]).status.success());
    let token = scene.run(&["token", name]);
    assert!(
        token.status.success() && !token.stdout.is_empty(),
        "{token:?}"
    );
    let read = scene.run(&["get", name, "/organization"]);
    assert!(text(&read.stdout).contains("Contoso"), "{read:?}");
    let removed = scene.run(&["remove", name, "--yes", "--json"]);
    let answer: Value = serde_json::from_slice(&removed.stdout).expect("JSON");
    assert_eq!(answer["secret"], "removed");
    assert_eq!(scene.run(&["show", name]).status.code(), Some(3));
}

#[test]
fn doctor_finds_the_credential_manager_and_both_loopback_addresses() {
    let scene = Scene::new("doctor");
    let output = scene.run(&["doctor", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let parts = answer["examined"].as_array().expect("a list");
    for wanted in ["keychain", "loopback", "store"] {
        let part = parts.iter().find(|part| part["part"] == wanted);
        assert_eq!(part.expect(wanted)["good"], true, "{answer}");
    }
}

#[test]
fn the_data_folder_is_the_one_that_does_not_roam() {
    let scene = Scene::new("folder");
    let local = std::env::var("LOCALAPPDATA").expect("a variable of Windows");
    let kept = Path::new(&local).join("dev.graphconnect.desktop");
    assert!(kept.join("connections.db").exists(), "{}", kept.display());
    let roaming = std::env::var("APPDATA").expect("a variable of Windows");
    assert!(
        !Path::new(&roaming)
            .join("dev.graphconnect.desktop")
            .exists()
    );
    drop(scene);
}

#[test]
fn a_script_of_windows_gets_the_endpoint_and_its_exit_code_is_passed_on() {
    let scene = Scene::new("exec");
    scene.run(&["allow", &scene.name]);
    let script = scene.script(
        "a script.cmd",
        "@echo off\nif \"%IDENTITY_ENDPOINT%\"==\"\" exit /b 1\necho [%~1]\nexit /b 7\n",
    );
    let output = scene.exec(&script, &["two words"]);
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert_eq!(text(&output.stdout).trim(), "[two words]");
}

#[test]
fn an_exit_code_of_windows_is_passed_on_whole() {
    let scene = Scene::new("codes");
    scene.run(&["allow", &scene.name]);
    let script = scene.script("ends.cmd", "@exit /b %1\n");
    for code in [0, 255, 256, 3010, -1_073_741_510] {
        let output = scene.exec(&script, &[&code.to_string()]);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
    }
}

#[test]
fn an_argument_of_a_script_is_never_run_on_the_way_to_it() {
    let scene = Scene::new("arguments");
    scene.run(&["allow", &scene.name]);
    // It does nothing with what it is given, so whatever runs was run on the way to it.
    let script = scene.script("takes.cmd", "@exit /b 0\n");
    let marker = scene.folder.path().join("marker");
    let runs = format!("echo broken>\"{}\"", marker.display());
    for argument in [
        format!("\" & {runs} & \""),
        format!("& {runs}"),
        format!("x\"&{runs}"),
        format!("%CMDCMDLINE:~-1%& {runs}"),
        format!("x\r\n{runs}"),
        format!("^& {runs}"),
    ] {
        let output = scene.exec(&script, &[&argument]);
        assert!(!marker.exists(), "{argument}: {output:?}");
    }
    // A program is found without its extension, as in a shell of Windows.
    let output = scene.run(&["exec", &scene.name, "--", "cmd", "/c", "exit", "5"]);
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    let output = scene.run(&["exec", &scene.name, "--", "no-such-program"]);
    assert_eq!(output.status.code(), Some(127), "{output:?}");
}

#[test]
fn a_program_and_what_it_started_end_with_the_one_that_serves_them() {
    let scene = Scene::new("job");
    scene.run(&["allow", &scene.name]);
    // A shell in a shell, both of which wait for a line.
    let command = ["exec", &scene.name, "--", "cmd", "/c", "echo begun& cmd /k"];
    let mut running = scene
        .command(&command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let _held_open = running.stdin.take().expect("a pipe");
    let mut output = BufReader::new(running.stdout.take().expect("a pipe"));
    let mut begun = String::new();
    output.read_line(&mut begun).expect("a line");
    assert_eq!(begun.trim(), "begun");
    running.kill().expect("ended");
    running.wait().expect("it ends");
    // It has an end when the last one that could write has ended.
    let (told, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || told.send(output.read_to_end(&mut Vec::new()).is_ok()));
    let ended = ended.recv_timeout(Duration::from_secs(30));
    assert!(ended.is_ok_and(|ended| ended), "nobody is left");
}

#[test]
fn what_a_program_leaves_running_goes_on_when_it_ends_by_itself() {
    let scene = Scene::new("left");
    scene.run(&["allow", &scene.name]);
    let mark = scene.folder.path().join("went on");
    let later = scene.script(
        "later.cmd",
        &format!(
            "@ping -n 3 127.0.0.1 >nul\n@echo yes>\"{}\"\n",
            mark.display()
        ),
    );
    let starts = scene.script(
        "starts.cmd",
        &format!(
            "@start \"\" /b cmd /c \"{}\" >nul 2>nul <nul\n@exit /b 0\n",
            later.display()
        ),
    );
    let ended = scene.exec(&starts, &[]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let until = Instant::now() + Duration::from_secs(30);
    while !mark.exists() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(mark.exists(), "what was started goes on");
}
