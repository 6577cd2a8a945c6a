//! Start and memory of the app against a blank window that is built as the app is built.
//!
//! `bench [RUNS]`: each run starts the blank window, the app without connections and the app with a
//! thousand, one after the other, so that whatever else the machine does falls on all alike. Prints
//! the medians and their ratios. The blank window gets the renderer that the app chooses for
//! itself, so that the two differ in nothing but the app.
#![expect(clippy::print_stdout, reason = "what is printed is the result")]

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use e2e::{Desktop, Frame, Home, Screen, Tree, median, proportional_memory};

/// A start counts as over when nothing has changed for so long; the time taken is that of the last
/// change.
const QUIET: Duration = Duration::from_millis(1200);
const LONGEST: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// What the project allows itself over the blank window.
const ALLOWED: f64 = 1.15;

struct Subject {
    name: &'static str,
    program: PathBuf,
    home: Home,
    /// Whether it is told to draw as the app tells itself to.
    chosen_renderer: bool,
    starts: Vec<Duration>,
    memory: Vec<u64>,
}

fn main() -> ExitCode {
    let runs: usize = std::env::args()
        .nth(1)
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(20);
    let desktop = Desktop::start();
    let blank = e2e::checkout().join("target/dist/examples/blank");
    let full = Home::new();
    e2e::seed(&full.app_data(), 1000);
    let mut subjects = [
        Subject {
            chosen_renderer: true,
            ..Subject::new("blank window", blank.clone(), Home::new())
        },
        Subject::new(
            "blank window, WebKit's own choice of renderer",
            blank,
            Home::new(),
        ),
        Subject::new("no connections", e2e::app(), Home::new()),
        Subject::new("1,000 connections", e2e::app(), full),
    ];
    // The first start of each writes caches and is not counted.
    for run in 0..=runs {
        for subject in &mut subjects {
            let (start, memory) = subject.measure(&desktop);
            if run > 0 {
                subject.starts.push(start);
                subject.memory.push(memory);
            }
        }
    }
    report(&subjects, runs)
}

fn report(subjects: &[Subject; 4], runs: usize) -> ExitCode {
    let [blank, ..] = subjects;
    println!("Medians of {runs} interleaved runs; beside each, its ratio to the blank window.\n");
    println!("| | start to last change on screen | | memory of the process tree (PSS) | |");
    println!("|---|---:|---:|---:|---:|");
    let mut within = true;
    for subject in subjects {
        let start = ratio(subject.start(), blank.start());
        let memory = ratio(subject.memory(), blank.memory());
        within &= subject.program == blank.program || (start <= ALLOWED && memory <= ALLOWED);
        println!(
            "| {} | {:.0} ms | {start:.2} | {:.1} MiB | {memory:.2} |",
            subject.name,
            subject.start() * 1000.0,
            subject.memory() / 1024.0,
        );
    }
    println!(
        "\nAllowed: {ALLOWED}. {}",
        if within {
            "Within it."
        } else {
            "NOT within it."
        }
    );
    if within {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn ratio(value: f64, base: f64) -> f64 {
    (value / base * 100.0).round() / 100.0
}

impl Subject {
    fn new(name: &'static str, program: PathBuf, home: Home) -> Self {
        assert!(
            program.exists(),
            "{} is not built: run scripts/build.sh --shipped blank",
            program.display()
        );
        Self {
            name,
            program,
            home,
            chosen_renderer: false,
            starts: Vec::new(),
            memory: Vec::new(),
        }
    }

    fn start(&self) -> f64 {
        median(self.starts.iter().map(Duration::as_secs_f64).collect())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "kibibytes of memory are far below 2^52"
    )]
    fn memory(&self) -> f64 {
        median(self.memory.iter().map(|kib| *kib as f64).collect())
    }

    /// One start: when the screen last changed, and the memory then.
    fn measure(&self, desktop: &Desktop) -> (Duration, u64) {
        let mut command: Command = desktop.command(&self.program);
        self.home.settle(&mut command);
        if self.chosen_renderer {
            command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
        command
            .stdin(Stdio::null())
            .stdout(self.home.log("bench.log"))
            .stderr(self.home.log("bench.log"));
        let screen = desktop.screen();
        let before = screen.frame();
        let started = Instant::now();
        let mut process = command.spawn().expect("the program starts");
        let took = last_change(&screen, before, started);
        let memory = proportional_memory(&Tree::of(process.id()));
        process.kill().expect("the program still runs");
        process.wait().expect("the program ends");
        self.home.end_processes();
        (took, memory)
    }
}

/// Watches until nothing changes any more, and says when the screen first looked as it does in the
/// end.
fn last_change(screen: &Screen, before: Frame, started: Instant) -> Duration {
    let mut frames = vec![(Duration::ZERO, before)];
    let mut changed = Duration::ZERO;
    loop {
        let now = started.elapsed();
        let frame = screen.frame();
        let (_, last) = frames.last().expect("the frame before the start");
        if frame != *last {
            if !frame.looks_like(last) {
                changed = now;
            }
            frames.push((now, frame));
        }
        if changed > Duration::ZERO && now > changed + QUIET {
            break;
        }
        assert!(
            now < LONGEST,
            "nothing to see, or no end of changes, after {} s",
            LONGEST.as_secs()
        );
        std::thread::sleep(BETWEEN_LOOKS);
    }
    let (_, end) = frames.last().expect("at least one frame").clone();
    let settled = frames
        .iter()
        .rposition(|(_, frame)| !frame.looks_like(&end))
        .map_or(0, |index| index + 1);
    frames[settled].0
}
