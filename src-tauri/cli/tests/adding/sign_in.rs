//! `add sign-in`: the browser, and Ctrl-C while it is waited for.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    process::{Child, Output, Stdio},
};

use demo_tenant::{browser::Decision, fixtures};
use keychain::testing::{Bus, inside};

use crate::{
    NAME,
    place::{Place, text},
};

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
