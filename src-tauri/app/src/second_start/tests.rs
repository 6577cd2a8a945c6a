//! With a first one that shows its window, one that never answers, and one of another home.

use std::{
    io::{Read, Write},
    process::{Command, ExitCode, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use keychain::testing::{Bus, inside};
use zbus::{
    blocking::{Connection, MessageIterator},
    message::Type,
};

use super::{ENDING, answer, display_of, id};

#[test]
fn a_second_start_hands_over_and_another_home_is_another_app() {
    inside(Bus::WithoutServices, || {
        let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert!(answer(home.path()).is_none(), "this is the first");
        let asked = first(&format!("{}{ENDING}", id(home.path())), true);
        assert!(is(answer(home.path()), ExitCode::SUCCESS));
        assert_eq!(
            asked.recv().unwrap(),
            "ExecuteCallback",
            "its window was shown"
        );
        assert!(
            answer(other.path()).is_none(),
            "another home is another app"
        );
    });
}

#[test]
fn a_first_one_that_does_not_answer_is_not_waited_for() {
    inside(Bus::WithoutServices, || {
        let home = tempfile::tempdir().unwrap();
        let _asked = first(&format!("{}{ENDING}", id(home.path())), false);
        let began = Instant::now();
        assert!(is(answer(home.path()), ExitCode::FAILURE));
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "it ends by itself"
        );
    });
}

#[test]
fn the_display_of_the_first_one_is_found() {
    let start = |variables: &[(&str, &str)]| {
        let mut command = Command::new("cat");
        command
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .envs(variables.iter().copied());
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that has just been started has no environment yet; one that answers has.
        process.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        process
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut [0])
            .unwrap();
        process
    };
    for (variables, expected) in [
        (&[("DISPLAY", ":5")][..], Some(":5")),
        (
            &[("DISPLAY", ":5"), ("WAYLAND_DISPLAY", "wayland-1")],
            Some("wayland-1"),
        ),
        (&[("DISPLAY", "")], None),
    ] {
        let mut process = start(variables);
        assert_eq!(
            display_of(process.id()).as_deref(),
            expected,
            "{variables:?}"
        );
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

#[test]
fn a_home_has_one_name_however_it_is_written() {
    let home = tempfile::tempdir().unwrap();
    let dotted = home.path().join(".");
    assert_eq!(id(home.path()), id(&dotted));
    assert!(id(home.path()).starts_with("dev.graphconnect.desktop.of"));
}

/// A first start on the bus, which tells what it was asked.
fn first(name: &str, answers: bool) -> mpsc::Receiver<String> {
    let bus = Connection::session().unwrap();
    let calls = MessageIterator::from(&bus);
    bus.request_name(name).unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for call in calls
            .map_while(Result::ok)
            .filter(|call| call.message_type() == Type::MethodCall)
        {
            if answers {
                bus.reply(&call.header(), &()).unwrap();
            }
            tell.send(call.header().member().unwrap().to_string()).ok();
        }
    });
    told
}

fn is(answered: Option<ExitCode>, expected: ExitCode) -> bool {
    answered.is_some_and(|code| format!("{code:?}") == format!("{expected:?}"))
}
