//! A terminal, and what programs write, line by line.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use super::{Place, program, text};

/// How long a line may take, on a machine that is busy with other tests.
const LINE_TIMEOUT: Duration = Duration::from_secs(60);

/// The lines that a program writes, read beside the test, so that a program that says nothing fails
/// the test and does not hold it.
pub(crate) struct Lines(Receiver<String>);

impl Lines {
    pub(crate) fn of(output: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(output).split(b'\n').map_while(Result::ok);
            lines
                .map(|line| text(&line).trim_end().to_owned())
                .try_for_each(|line| sender.send(line))
        });
        Self(receiver)
    }

    pub(crate) fn next(&self) -> String {
        self.0.recv_timeout(LINE_TIMEOUT).expect("a line in time")
    }
}

/// A terminal with bash in it, into which is typed.
pub(crate) struct Terminal {
    script: Child,
    shows: Lines,
}

impl Terminal {
    pub(crate) fn open(place: &Place) -> Self {
        let mut script = place.interruptible("script");
        script
            .args([
                "--quiet",
                "--return",
                "--command",
                "bash --norc --noprofile -i",
                "/dev/null",
            ])
            .env("PS1", "");
        let script = script
            .env("P", program())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut script = script.spawn().expect("script runs");
        let shows = Lines::of(script.stdout.take().expect("its screen"));
        Self { script, shows }
    }

    pub(crate) fn types(&mut self, text: &str) {
        let keyboard = self.script.stdin.as_mut().expect("its keyboard");
        keyboard
            .write_all(text.as_bytes())
            .and_then(|()| keyboard.flush())
            .expect("typed");
    }

    /// Reads on until a line ends with this that was not typed.
    pub(crate) fn until(&self, shown: &str) -> String {
        self.until_line(|line| line.ends_with(shown) && !line.contains("echo"))
    }

    /// Reads on until the shell says of a job that it is stopped. From then on what is typed is
    /// the shell's: before, a job that is reading takes it, although Ctrl-Z was typed first.
    pub(crate) fn until_stopped(&self) {
        self.until_line(|line| line.starts_with("[1]+") && line.contains("Stopped"));
    }

    fn until_line(&self, is_it: impl Fn(&str) -> bool) -> String {
        let mut all = String::new();
        loop {
            let line = self.shows.next();
            all += &line;
            if is_it(&line) {
                return all;
            }
        }
    }

    pub(crate) fn exits(mut self) {
        self.types("exit\n");
        self.script.wait().expect("it ends");
    }
}

impl Drop for Terminal {
    /// Closes it, which ends what runs in it.
    fn drop(&mut self) {
        let _gone_already = self.script.kill();
        let _ = self.script.wait();
    }
}
