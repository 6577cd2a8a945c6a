//! The command line against programs of others: `command_line [RUNS]`, on a desktop with a keychain
//! of its own.
//!
//! Each run starts every program once, one after the other, so that whatever else the machine does
//! falls on all alike. What a program prints is checked each time, and so is how many tokens the
//! demo tenant was asked for meanwhile. Prints the medians, what is allowed, and fails when
//! something is beyond that or could not be measured.
#![expect(clippy::print_stdout, reason = "what is printed is the result")]

mod peers;
mod place;
mod subject;

use std::process::ExitCode;

use e2e::{Screen, median};
use place::{LATE, Place};
use subject::Subject;

/// The most memory of a process that hands out a token, in MiB.
const MAX_MEMORY: f64 = 15.0;

const NOTHING: &str = "`/bin/true`";
const VERSION: &str = "`graph-connect --version`";
const LOOKUP: &str = "`secret-tool lookup`";
const KEPT: &str = "`graph-connect token`, kept";
const CURL: &str = "`curl`, the same token request";
const FRESH: &str = "`graph-connect token --fresh`";
const CURL_LATE: &str = "`curl`, the same token request, late answer";
const FRESH_LATE: &str = "`graph-connect token --fresh`, late answer";
const AZ: &str = "`az account get-access-token`, kept";
const M365: &str = "`m365 util accesstoken get`, kept";

/// What the project allows itself: the first takes at most so many times as long as the second.
const ALLOWED: [(&str, &str, f64); 5] = [
    (VERSION, NOTHING, 3.0),
    (KEPT, LOOKUP, 1.5),
    (KEPT, AZ, 1.0 / 25.0),
    (KEPT, M365, 1.0 / 25.0),
    (FRESH_LATE, CURL_LATE, 1.1),
];

fn main() -> ExitCode {
    // Somebody's own keychain is not what this writes to.
    assert!(
        std::env::var_os(Screen::VARIABLE).is_some(),
        "run it on a private desktop, as scripts/bench.sh does"
    );
    let runs: usize = std::env::args()
        .nth(1)
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(20);
    let place = Place::new();
    let mut subjects = subjects(&place);
    // The first run of each fills caches and is not counted.
    for run in 0..=runs {
        for subject in &mut subjects {
            let took = subject.run(&place);
            if run > 0 {
                subject.took.push(took);
            }
        }
    }
    let memory = [(KEPT, place.token(&[])), (FRESH, place.token(&["--fresh"]))];
    let memory = memory
        .map(|(name, command)| (name, (0..runs).map(|_| subject::memory(&command)).collect()));
    let fast_enough = report(&subjects, runs);
    if report_memory(memory) && fast_enough {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn subjects(place: &Place) -> Vec<Subject> {
    let mut subjects = vec![
        Subject::new(NOTHING, place.command("/bin/true"), |_, printed| {
            assert_eq!(printed, "")
        }),
        Subject::new(
            VERSION,
            place.graph_connect(&["--version"]),
            |_, printed| {
                assert_eq!(
                    printed,
                    concat!("graph-connect ", env!("CARGO_PKG_VERSION"), "\n")
                );
            },
        ),
        Subject::new(LOOKUP, place.lookup(), |place, printed| {
            assert_eq!(printed, place.looked_up())
        }),
        Subject::new(KEPT, place.token(&[]), Place::verify_token),
        Subject::new(CURL, place.curl(), Place::verify_answer).asks_for_a_token(),
        Subject::new(FRESH, place.token(&["--fresh"]), Place::verify_token).asks_for_a_token(),
        Subject::new(CURL_LATE, place.curl(), Place::verify_answer)
            .asks_for_a_token()
            .answered_late(),
        Subject::new(FRESH_LATE, place.token(&["--fresh"]), Place::verify_token)
            .asks_for_a_token()
            .answered_late(),
    ];
    subjects.extend(peers::az(place).map(|az| Subject::new(AZ, az, Place::verify_az)));
    subjects.extend(peers::m365(place).map(|m365| Subject::new(M365, m365, Place::verify_token)));
    subjects
}

/// Prints the times and the judgement on them; says whether all is within what is allowed.
fn report(subjects: &[Subject], runs: usize) -> bool {
    let time = |name: &str| {
        let subject = subjects.iter().find(|subject| subject.name == name)?;
        Some(median(
            subject
                .took
                .iter()
                .map(std::time::Duration::as_secs_f64)
                .collect(),
        ))
    };
    println!(
        "\nMedians of {runs} interleaved runs; every output was checked. A late answer comes {LATE:?} late.\n"
    );
    println!("| | from start to end |");
    println!("|---|---:|");
    for name in [
        NOTHING, VERSION, LOOKUP, KEPT, CURL, FRESH, CURL_LATE, FRESH_LATE, AZ, M365,
    ] {
        let shown = time(name).map_or("NOT MEASURED".to_owned(), |time| {
            format!("{:.1} ms", time * 1000.0)
        });
        println!("| {name} | {shown} |");
    }
    println!("\n| | ratio | allowed | |");
    println!("|---|---:|---:|---|");
    let mut within = true;
    for (ours, theirs, allowed) in ALLOWED {
        let ratio = time(ours)
            .zip(time(theirs))
            .map(|(ours, theirs)| ours / theirs);
        let is_within = ratio.is_some_and(|ratio| ratio <= allowed);
        within &= is_within;
        let ratio = ratio.map_or("NOT MEASURED".to_owned(), shown);
        println!(
            "| {ours} to {theirs} | {ratio} | {} | {} |",
            shown(allowed),
            verdict(is_within)
        );
    }
    if let (Some(fresh), Some(curl)) = (time(FRESH), time(CURL)) {
        println!(
            "| {FRESH} to {CURL} | {} | | not judged: no service answers at once |",
            shown(fresh / curl)
        );
    }
    within
}

fn report_memory(memory: [(&str, Vec<f64>); 2]) -> bool {
    println!("\n| | memory, median | largest | allowed | |");
    println!("|---|---:|---:|---:|---|");
    let mut within = true;
    for (name, measured) in memory {
        let largest = measured.iter().copied().fold(0.0, f64::max);
        let is_within = largest <= MAX_MEMORY;
        within &= is_within;
        let median = median(measured);
        println!(
            "| {name} | {median:.1} MiB | {largest:.1} MiB | {MAX_MEMORY} MiB | {} |",
            verdict(is_within)
        );
    }
    within
}

/// A ratio below one is shown as a fraction: what is 40 times faster takes 1/40 of the time.
fn shown(ratio: f64) -> String {
    if ratio < 0.5 {
        format!("1/{:.0}", 1.0 / ratio)
    } else {
        format!("{ratio:.2}")
    }
}

const fn verdict(is_within: bool) -> &'static str {
    if is_within {
        "within it"
    } else {
        "NOT within it"
    }
}
