//! One program that is measured.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::place::Place;

/// A program, what it has to print, and how long it took each time.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) took: Vec<Duration>,
    command: Command,
    verify: fn(&Place, &str),
    asks: usize,
    late: bool,
}

impl Subject {
    pub(crate) const fn new(
        name: &'static str,
        command: Command,
        verify: fn(&Place, &str),
    ) -> Self {
        Self {
            name,
            took: Vec::new(),
            command,
            verify,
            asks: 0,
            late: false,
        }
    }

    /// Each run asks the demo tenant for one token; without this, for none.
    pub(crate) const fn asks_for_a_token(mut self) -> Self {
        self.asks = 1;
        self
    }

    /// The demo tenant holds its answer back.
    pub(crate) const fn answered_late(mut self) -> Self {
        self.late = true;
        self
    }

    /// Runs it once, from before it starts until after it ended, and checks what it did.
    ///
    /// # Panics
    /// When that is not what it has to do.
    pub(crate) fn run(&mut self, place: &Place) -> Duration {
        place.begin(self.late);
        self.command.stdin(Stdio::null());
        let began = Instant::now();
        let output = self
            .command
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let took = began.elapsed();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{}: {}: {said}",
            self.name,
            output.status
        );
        assert_eq!(
            place.token_requests(),
            self.asks,
            "{} asked for so many tokens",
            self.name
        );
        (self.verify)(
            place,
            str::from_utf8(&output.stdout).expect("it prints text"),
        );
        took
    }
}

/// The most memory that a run of the program has had at once, in MiB.
///
/// A process takes over the mark of the one that starts it, so what starts it here is a small
/// program that measures.
///
/// # Panics
/// When it fails, or GNU time is not there.
pub(crate) fn memory(command: &Command) -> f64 {
    let mut measured = Command::new("/usr/bin/time");
    measured
        .args(["--format", "%M"])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => measured.env(name, value),
            None => measured.env_remove(name),
        };
    }
    let output = measured
        .output()
        .expect("GNU time is there (apt install time)");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let kib: f64 = said
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("GNU time printed {said}"));
    kib / 1024.0
}
