//! `seed FOLDER CLOUDS COUNT`: connections to the demo tenant that CLOUDS names, their secrets in
//! this desktop's keychain.
//!
//! A program of its own, because a process has one keychain and each story has a desktop of its
//! own.

use std::path::PathBuf;

use e2e::{Screen, seed_with_secrets};

fn main() {
    // Somebody's own keychain is not what this writes to.
    assert!(
        std::env::var_os(Screen::VARIABLE).is_some(),
        "this is for private desktops"
    );
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, clouds, count] = arguments.as_slice() else {
        panic!("usage: seed FOLDER CLOUDS COUNT")
    };
    let clouds = std::fs::read_to_string(clouds).expect("the clouds file can be read");
    seed_with_secrets(
        &PathBuf::from(folder),
        &clouds,
        count.parse().expect("a number"),
    );
}
