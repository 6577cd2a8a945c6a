//! Adding, renewing and removing connections at the command line, and asking what is wrong with the
//! computer.
#![cfg(target_os = "linux")]

mod applications;
mod doctor;
#[path = "../place/mod.rs"]
mod place;
mod removing;
mod secrets;
mod shells;
mod sign_in;

use std::{
    io::Write,
    process::{Output, Stdio},
};

use demo_tenant::fixtures;
use place::Place;

const NAME: &str = "Contoso audit";

/// What `add app` is given beside the secret.
fn add_app<'a>(name: &'a str, id: &'a str) -> Vec<&'a str> {
    vec![
        "add",
        "app",
        "--cloud",
        "demo",
        "--name",
        name,
        "--client-id",
        id,
        "--tenant",
        "contoso.example",
    ]
}

fn fed(place: &Place, call: &[&str], input: &str) -> Output {
    fed_bytes(place, call, input.as_bytes())
}

fn fed_bytes(place: &Place, call: &[&str], input: &[u8]) -> Output {
    let mut running = place.graph_connect(call);
    let running = running
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = running.spawn().expect("the program runs");
    // One that refuses before it reads has closed its end.
    let _ = running.stdin.take().expect("its input").write_all(input);
    running.wait_with_output().expect("it ends")
}

fn secret_of(place: &Place) -> String {
    place
        .tenant
        .app(fixtures::HEALTHY)
        .expect("of the fixtures")
        .secrets[0]
        .value
        .clone()
}
