//! In a home of its own, with a program that stands for the command line.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
};

use tempfile::TempDir;

use super::*;

fn home_with_program() -> (TempDir, CliInstall) {
    let home = TempDir::new().expect("a folder");
    let program = home.path().join("unpacked/graph-connect");
    fs::create_dir(home.path().join("unpacked")).expect("a folder");
    fs::write(&program, "#!/bin/sh\n").expect("a program");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it may be run");
    let surroundings = CliInstall {
        program: Some(program),
        home: home.path().to_owned(),
        path: "/usr/bin-of-nobody".into(),
        environment: None,
    };
    (home, surroundings)
}

#[test]
fn the_link_is_made_and_found_and_taken_away_again() {
    let (home, mut here) = home_with_program();
    let before = here.look();
    assert!(
        !before.found && before.link.is_none() && !before.folder_on_path,
        "{before:?}"
    );

    here.put().expect("the folder is ours, and is made");
    here.put().expect("the same once more does no harm");
    let linked = here.look();
    assert_eq!(linked.link.as_deref(), Some("~/.local/bin/graph-connect"));
    assert!(
        !linked.found && !linked.folder_on_path,
        "the PATH does not name that folder: {linked:?}"
    );
    here.path = home.path().join(".local/bin").into();
    let found = here.look();
    assert!(found.found && found.folder_on_path, "{found:?}");

    here.take_off().expect("it is ours");
    assert_eq!(
        fs::read_dir(home.path().join(".local/bin"))
            .expect("the folder stays")
            .count(),
        0
    );
    assert!(
        home.path().join("unpacked/graph-connect").exists(),
        "the program itself stays"
    );
}

#[test]
fn what_somebody_else_put_there_stays_as_it_is() {
    let (home, here) = home_with_program();
    let link = home.path().join(".local/bin/graph-connect");
    fs::create_dir_all(home.path().join(".local/bin")).expect("a folder");
    fs::write(&link, "mine").expect("a file");
    let refused = here.put().expect_err("it is taken");
    assert!(
        refused.message.contains("~/.local/bin/graph-connect"),
        "{refused:?}"
    );
    here.take_off().expect("nothing to do");
    assert_eq!(fs::read_to_string(&link).expect("still there"), "mine");

    fs::remove_file(&link).expect("removed");
    symlink("/somewhere/else", &link).expect("a link of somebody else");
    here.put()
        .expect_err("it is taken, also when it leads nowhere");
    here.take_off().expect("nothing to do");
    assert_eq!(
        fs::read_link(&link).expect("still there"),
        Path::new("/somewhere/else")
    );
}

#[test]
fn without_a_program_there_is_nothing_to_link() {
    let (_home, here) = home_with_program();
    let here = CliInstall {
        program: None,
        ..here
    };
    assert!(here.look().program.is_none());
    here.put().expect_err("nothing to link to");
}

#[test]
fn in_the_demo_there_is_a_line_that_a_new_terminal_can_run_whatever_the_folder_is_called() {
    let (home, mut here) = home_with_program();
    assert_eq!(here.look().environment, None);
    for (folder, quoted) in [("plain", false), ("a b's", true)] {
        let file = home.path().join(folder).join("env");
        fs::create_dir(home.path().join(folder)).expect("a folder");
        fs::write(&file, "export FOUND=yes\n").expect("a file");
        here.environment = Some(file);
        let line = here.look().environment.expect("a line");
        assert_eq!(line.contains('\''), quoted, "{line}");
        let ran = std::process::Command::new("sh")
            .args(["-c", &format!("{line}; echo $FOUND")])
            .output();
        assert_eq!(ran.expect("sh runs").stdout, b"yes\n", "{line}");
    }
}
