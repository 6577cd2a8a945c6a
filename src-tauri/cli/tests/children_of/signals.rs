//! Signals: as if `exec` were not there.

use std::{
    os::unix::process::ExitStatusExt,
    process::{Child, Command, Stdio},
};

use keychain::testing::{Bus, inside};

use crate::{
    NAME, allowed,
    place::{
        Place,
        terminal::{Lines, Terminal},
        text,
    },
};

/// A running `exec`, and what its child says.
struct Running {
    exec: Child,
    says: Lines,
}

impl Running {
    /// Runs a script of bash below `before`, such as `nohup`; in a session of its own, where there
    /// is no terminal.
    fn start(place: &Place, before: &[&str], script: &str) -> Self {
        let exec = [
            env!("CARGO_BIN_EXE_graph-connect"),
            "exec",
            NAME,
            "--",
            "bash",
            "-c",
            script,
        ];
        let mut command = place.interruptible("setsid");
        let command = command
            .args(before)
            .args(exec)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut exec = command.spawn().expect("the program runs");
        let says = Lines::of(exec.stdout.take().expect("its output"));
        Self { exec, says }
    }

    fn line(&self) -> String {
        self.says.next()
    }

    fn send(&self, signal: &str) {
        kill(signal, &self.exec.id().to_string());
    }
}

impl Drop for Running {
    /// So that a test that failed leaves nothing running that holds on to its output.
    fn drop(&mut self) {
        let group = format!("-{}", self.exec.id());
        let _gone_already = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.exec.wait();
    }
}

fn kill(signal: &str, whom: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{signal}"), "--", whom])
        .status();
    assert!(sent.expect("kill runs").success(), "{signal} to {whom}");
}

/// The letter of a process in `/proc`: T is stopped.
fn state(id: &str) -> String {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(')')
        .map(|(_, rest)| rest.trim().chars().take(1).collect())
        .unwrap_or_default()
}

#[test]
fn what_is_sent_to_exec_alone_reaches_its_child() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let signals = [
            "INT", "QUIT", "TERM", "HUP", "USR1", "USR2", "WINCH", "ALRM", "CONT",
        ];
        let traps: String = signals
            .iter()
            .map(|signal| format!("trap 'echo {signal}' {signal}; "))
            .collect();
        let script =
            format!("{traps} trap 'exit 7' TSTP; echo ready; while :; do sleep 0.02; done");
        let mut running = Running::start(&place, &[], &script);
        assert_eq!(running.line(), "ready");
        for signal in signals {
            running.send(signal);
            assert_eq!(running.line(), signal);
        }
        running.send("TSTP");
        assert_eq!(running.exec.wait().expect("it ends").code(), Some(7));
    });
}

#[test]
fn what_was_ignored_stays_ignored_for_exec_and_its_child() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let ignored = "grep SigIgn /proc/self/status | cut -f2";
        for (mode, signals) in [
            ("identity", "HUP"),
            ("identity", "HUP INT QUIT USR1"),
            ("token", "HUP TSTP"),
            ("secret", "TERM"),
        ] {
            let program = env!("CARGO_BIN_EXE_graph-connect");
            let line = format!(
                "trap '' {signals}; {ignored}; '{program}' exec '{NAME}' --env {mode} -- sh -c '{ignored}'"
            );
            let told = text(
                &place
                    .interruptible("sh")
                    .args(["-c", &line])
                    .output()
                    .expect("sh runs")
                    .stdout,
            );
            let [before, within] = told.lines().collect::<Vec<_>>()[..] else {
                panic!("{told}")
            };
            // Those that have names; the C library has others of its own.
            let named = |mask: &str| u64::from_str_radix(mask, 16).expect("a number") & 0x7fff_ffff;
            assert_eq!(named(before), named(within), "{mode}: {signals}");
        }
        let mut running = Running::start(
            &place,
            &["nohup"],
            "echo ready; read -t 1 </dev/null; sleep 0.3; echo done",
        );
        assert_eq!(running.line(), "ready");
        running.send("HUP");
        assert_eq!(running.line(), "done", "a job of nohup goes on");
        assert_eq!(running.exec.wait().expect("it ends").code(), Some(0));
    });
}

#[test]
fn it_ends_as_its_child_ends_by_a_code_or_by_the_same_signal() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let ways: [&[&str]; 3] = [
            &["--env", "identity"],
            &["--env", "token"],
            &["--set", "X=secret"],
        ];
        for way in ways {
            let ended = |script: &str| {
                place
                    .run(&[&["exec", NAME][..], way, &["--", "sh", "-c", script]].concat())
                    .status
            };
            for code in [0, 1, 42, 130, 255] {
                assert_eq!(ended(&format!("exit {code}")).code(), Some(code), "{way:?}");
            }
            for signal in [1, 2, 3, 6, 9, 11, 13, 15, 10] {
                assert_eq!(
                    ended(&format!("kill -{signal} $$")).signal(),
                    Some(signal),
                    "{way:?}"
                );
            }
            let dumped = place.home.path().join("dumps");
            std::fs::create_dir_all(&dumped).expect("a folder");
            let mut quit = place.graph_connect(
                &[
                    &["exec", NAME][..],
                    way,
                    &["--", "sh", "-c", "ulimit -c 0; kill -QUIT $$"],
                ]
                .concat(),
            );
            let quit = quit.current_dir(&dumped).status().expect("it runs");
            assert!(
                !quit.core_dumped(),
                "{way:?}: nothing of this program's memory is in a file"
            );
            assert_eq!(std::fs::read_dir(&dumped).expect("the folder").count(), 0);
            let none = place.run(&[&["exec", NAME][..], way, &["--", "/nonexistent"]].concat());
            assert_eq!(none.status.code(), Some(127), "{none:?}");
            let folder = place.run(&[&["exec", NAME][..], way, &["--", "/tmp"]].concat());
            assert_eq!(folder.status.code(), Some(126), "{folder:?}");
        }
    });
}

#[test]
fn in_the_modes_without_an_endpoint_the_program_takes_the_place_of_exec() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        for way in [
            &["--env", "token"][..],
            &["--env", "secret"],
            &["--set", "X=token"],
        ] {
            let call = [&["exec", NAME][..], way, &["--", "sh", "-c", "echo $$"]].concat();
            let running = place
                .graph_connect(&call)
                .stdout(Stdio::piped())
                .spawn()
                .expect("it runs");
            let id = running.id().to_string();
            let told = running.wait_with_output().expect("it ends");
            assert_eq!(text(&told.stdout).trim(), id, "{way:?}");
        }
    });
}

#[test]
fn a_child_that_is_told_to_stop_stops_exec_with_it_and_both_go_on_together() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        // Its parent is of the same session and another group: in an orphaned group nothing stops
        // as from a terminal.
        let job = "import os, sys\nif os.fork() == 0:\n    os.setpgid(0, 0)\n    os.execvp(sys.argv[1], sys.argv[1:])\n\
                   os._exit(os.waitstatus_to_exitcode(os.wait()[1]))";
        let script = "trap 'go=1' CONT; echo $PPID $$; while [ -z \"$go\" ]; do sleep 0.02; done; echo on; exit 5";
        let mut running = Running::start(&place, &["python3", "-c", job], script);
        let ids = running.line();
        let (exec, child) = ids.split_once(' ').expect("two processes");
        kill("TSTP", exec);
        place.wait_until(|| state(child) == "T" && state(exec) == "T");
        kill("CONT", exec);
        place.wait_until(|| state(child) != "T" && state(exec) != "T");
        assert_eq!(running.line(), "on");
        assert_eq!(running.exec.wait().expect("it ends").code(), Some(5));
    });
}

#[test]
fn one_ctrl_c_ends_a_shell_loop_around_exec_and_reaches_the_child_once() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let mut terminal = Terminal::open(&place);
        terminal.types(&format!(
            "for i in 1 2 3; do \"$P\" exec '{NAME}' -- sh -c 'echo at $1; exec sleep 60' - $i; done; echo over\n"
        ));
        terminal.until("at 1");
        terminal.types("\x03");
        terminal.types("echo st''ill-here\n");
        let shown = terminal.until("still-here");
        assert!(!shown.contains("at 2"), "the loop went on: {shown}");
        // One that handles it hears of it once, though terminal, shell and exec all know.
        terminal.types(&format!(
            "\"$P\" exec '{NAME}' -- bash -c 'trap \"n=\\$((n+1))\" INT; echo re''ady; sleep 1; sleep 0.3; echo heard $n; exit 3'; echo code $?\n"
        ));
        terminal.until("ready");
        terminal.types("\x03");
        terminal.until("heard 1");
        terminal.exits();
    });
}

#[test]
fn a_job_that_is_stopped_at_the_terminal_is_stopped_for_the_shell_and_goes_on_in_front() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let mut terminal = Terminal::open(&place);
        terminal.types(&format!(
            "\"$P\" exec '{NAME}' -- sh -c 'echo re''ady; read line; echo got $line'\n"
        ));
        terminal.until("ready");
        terminal.types("\x1a");
        terminal.until_stopped();
        terminal.types("fg\n");
        terminal.types("typed\n");
        terminal.until("got typed");
        terminal.exits();
    });
}

#[test]
fn a_child_in_a_group_of_its_own_gets_the_ctrl_c_that_only_exec_hears() {
    inside(Bus::Ordinary, || {
        let place = allowed();
        let mut terminal = Terminal::open(&place);
        let child = "import os, signal, time\nos.setpgid(0, 0)\nsignal.signal(signal.SIGINT, lambda *_: (print('in'+'terrupted', flush=True), os._exit(9)))\nprint('re'+'ady', flush=True)\ntime.sleep(60)";
        std::fs::write(place.home.path().join("own.py"), child).expect("a script");
        terminal.types(&format!(
            "\"$P\" exec '{NAME}' -- python3 {}/own.py; echo co''de $?\n",
            place.home.path().display()
        ));
        terminal.until("ready");
        terminal.types("\x03");
        terminal.until("interrupted");
        terminal.until("code 9");
        terminal.exits();
    });
}
