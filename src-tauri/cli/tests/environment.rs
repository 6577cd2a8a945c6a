//! The environment: every variable that the program asks for is in the documentation, one that is
//! empty is not set, and those that would let others listen are not obeyed.
#![cfg(target_os = "linux")]

mod place;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use keychain::testing::{Bus, inside};
use place::{Place, program, text};

const NAME: &str = "Contoso audit";

/// What the commands are run with so that, together, they use all that there is.
const CALLS: [&[&str]; 12] = [
    &["--help"],
    &["list"],
    &["show", NAME],
    &["list", "--json"],
    &["check", "--all"],
    &["allow", NAME],
    &["token", NAME, "--fresh"],
    &["get", NAME, "/organization"],
    &["exec", NAME, "--", "/nonexistent"],
    &["exec", NAME, "--env", "token", "--", "/nonexistent"],
    &["completions", "bash"],
    &["doctor"],
];

#[test]
fn every_variable_that_the_program_asks_for_is_in_the_documentation() {
    inside(Bus::Ordinary, || {
        let place = Place::over_tls(NAME);
        let (asked_library, asked_file) =
            (listener(place.home.path()), place.home.path().join("asked"));
        for call in CALLS {
            let mut run = place.command("env");
            run.arg(format!("LD_PRELOAD={}", asked_library.display()))
                .arg(format!("ASKED={}", asked_file.display()));
            run.env_remove("HOME")
                .env("NO_PROXY", "localhost,127.0.0.1")
                .arg(program())
                .args(call);
            run.output().expect("it runs");
        }
        let asked = fs::read_to_string(&asked_file).expect("what was asked for");
        let asked: BTreeSet<_> = asked.lines().collect();
        for surely in [
            "HTTPS_PROXY",
            "GRAPH_CONNECT_CLOUDS",
            "DBUS_SESSION_BUS_ADDRESS",
            "NO_COLOR",
            "SSL_CERT_FILE",
        ] {
            assert!(asked.contains(surely), "{surely} was not heard: {asked:?}");
        }
        let documented = documented();
        let unknown: Vec<_> = asked
            .iter()
            .filter(|name| !documented.contains(**name))
            .collect();
        assert!(
            unknown.is_empty(),
            "not in docs/COMMAND-LINE.md: {unknown:?}"
        );
    });
}

#[test]
fn a_variable_that_is_set_and_empty_is_not_set() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        let succeeds = |call: &[&str], empty: &[&String]| {
            let mut run = place.graph_connect(call);
            run.envs(empty.iter().map(|name| (name, "")));
            let done = run.output().expect("it runs");
            assert_eq!(
                done.status.code(),
                Some(0),
                "{call:?} with {empty:?}: {done:?}"
            );
        };
        let documented = documented();
        let empty: Vec<_> = documented
            .iter()
            .filter(|name| !NEEDED_HERE.contains(&name.as_str()))
            .collect();
        succeeds(&["check", NAME], &empty);
        for one in &empty {
            succeeds(&["token", NAME, "--fresh"], &[one]);
        }
        // Without the address, the bus is looked for in the folder for what runs.
        let socket = std::env::var("DBUS_SESSION_BUS_ADDRESS").expect("the address of the bus");
        let socket = socket
            .trim_start_matches("unix:path=")
            .split(',')
            .next()
            .map(PathBuf::from)
            .expect("its path");
        let found = place.home.path().join("run");
        fs::create_dir_all(&found).expect("a folder");
        std::os::unix::fs::symlink(socket, found.join("bus")).expect("a link");
        let mut check = place.graph_connect(&["check", NAME]);
        check
            .env("DBUS_SESSION_BUS_ADDRESS", "")
            .env("XDG_RUNTIME_DIR", &found);
        let checked = check.output().expect("it runs");
        assert_eq!(checked.status.code(), Some(0), "{checked:?}");
        // An empty folder is not the root of the file system either: there is no bus then, and that
        // is said.
        let mut check = place.graph_connect(&["check", NAME]);
        check
            .env("DBUS_SESSION_BUS_ADDRESS", "")
            .env("XDG_RUNTIME_DIR", "");
        assert_eq!(check.output().expect("it runs").status.code(), Some(5));
        // What was typed arrives as it was typed.
        let odd = "a 'b' \"c\" $d";
        place.add(odd);
        let shown = place
            .graph_connect(&["show", odd])
            .env("XDG_RUNTIME_DIR", "")
            .output()
            .expect("it runs");
        assert!(
            shown.status.success() && text(&shown.stdout).contains(odd),
            "{shown:?}"
        );
    });
}

#[test]
fn doctor_names_what_is_set_and_never_its_value() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let mut doctor = place.graph_connect(&["doctor"]);
        doctor
            .env("HTTPS_PROXY", "http://someone:plum-proxy-word@127.0.0.1:9")
            .env("ALL_PROXY", "");
        let told = doctor.output().expect("it runs");
        let said = flowing(&told);
        assert!(
            said.contains("HTTPS_PROXY") && said.contains("GRAPH_CONNECT_CLOUDS"),
            "{said}"
        );
        assert!(
            !said.contains("ALL_PROXY") && !said.contains("plum-proxy-word"),
            "{said}"
        );
    });
}

#[test]
fn the_keys_of_a_connection_are_written_nowhere() {
    inside(Bus::Ordinary, || {
        let place = Place::over_tls(NAME);
        let keys = place.home.path().join("keys");
        let mut check = place.graph_connect(&["check", NAME]);
        check
            .env("SSLKEYLOGFILE", &keys)
            .env("RUST_LOG", "trace")
            .env("OPENSSL_CONF", &keys);
        let checked = check.output().expect("it runs");
        assert!(
            checked.status.success() && checked.stderr.is_empty(),
            "{checked:?}"
        );
        assert!(!keys.exists(), "the keys of TLS were written");
    });
}

/// What this test's own keychain, tenant and programs are found by.
const NEEDED_HERE: [&str; 7] = [
    "XDG_DATA_HOME",
    "GRAPH_CONNECT_CLOUDS",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "PATH",
    "NO_PROXY",
];

/// The variables of the table "Environment".
fn documented() -> BTreeSet<String> {
    let page = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/COMMAND-LINE.md"
    ))
    .expect("the page");
    let (_, section) = page.split_once("\n## Environment\n").expect("its section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let names = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    names
        .flat_map(|names| {
            names
                .split(", ")
                .map(|name| name.trim_matches('`').to_owned())
        })
        .collect()
}

/// A library that hears what a program asks the C library for.
fn listener(folder: &Path) -> PathBuf {
    let library = folder.join("asked.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/environment/asked.c");
    let mut compiler = Command::new("cc");
    let compiled = compiler
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(source)
        .status();
    assert!(compiled.expect("a C compiler").success());
    library
}

fn flowing(output: &Output) -> String {
    text(&output.stdout)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
