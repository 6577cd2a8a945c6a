//! Homes that cannot be written, or that are somebody else's: each is said by its name, and nobody
//! is locked out.
#![cfg(target_os = "linux")]

mod place;

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Output},
};

use connections::KEYCHAIN_SERVICE;
use keychain::testing::{Bus, inside};
use place::{Place, text};

const NAME: &str = "Contoso audit";

/// A user with a name on every system, who owns nothing.
const NOBODY: u32 = 65_534;

#[test]
fn a_read_only_home_shows_what_is_there_gives_kept_tokens_and_refuses_changes_with_the_reason() {
    inside(Bus::WithoutServices, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        let kept = place.run(&["token", NAME]);
        let Some(list) = mounted(&place, READ_ONLY, &["list"]) else {
            return skip("mounting is not allowed here");
        };
        assert!(
            list.status.success() && text(&list.stdout).contains(NAME),
            "{list:?}"
        );
        let run = |arguments: &[&str]| mounted(&place, READ_ONLY, arguments).expect("mounted");
        let show = run(&["show", NAME, "--json"]);
        assert!(show.status.success(), "{show:?}");
        let token = run(&["token", NAME]);
        assert_eq!(
            (token.status.code(), token.stdout),
            (Some(0), kept.stdout),
            "{}",
            text(&token.stderr)
        );
        for change in [
            &["allow", NAME, "--revoke"][..],
            &["remove", NAME, "--yes"],
            &["token", NAME, "--fresh"],
        ] {
            let refused = run(change);
            assert_eq!(
                (refused.status.code(), refused.stdout.len()),
                (Some(1), 0),
                "{change:?}: {refused:?}"
            );
            let said = text(&refused.stderr);
            assert!(
                said.contains("cannot be written: the file system is read-only."),
                "{change:?}: {said}"
            );
        }
        let doctor = run(&["doctor"]);
        assert!(
            text(&doctor.stdout).contains("the file system is read-only"),
            "{doctor:?}"
        );
        assert!(
            place.run(&["token", NAME, "--fresh"]).status.success(),
            "afterwards all is as before"
        );
    });
}

#[test]
fn a_read_only_home_without_a_store_says_why_there_can_be_none() {
    inside(Bus::WithoutServices, || {
        let place = Place::with(NAME);
        fs::remove_dir_all(place.home.path().join(KEYCHAIN_SERVICE)).expect("removed");
        let Some(list) = mounted(&place, READ_ONLY, &["list"]) else {
            return skip("mounting is not allowed here");
        };
        assert_eq!(list.status.code(), Some(1), "{list:?}");
        assert!(
            text(&list.stderr).contains("the file system is read-only"),
            "{list:?}"
        );
    });
}

#[test]
fn doctor_names_a_full_disk() {
    inside(Bus::WithoutServices, || {
        let place = Place::with(NAME);
        let Some(doctor) = mounted(&place, FULL, &["doctor"]) else {
            return skip("mounting is not allowed here");
        };
        let said = text(&doctor.stdout);
        let files = said
            .lines()
            .find(|line| line.contains("  files "))
            .unwrap_or_default();
        assert!(
            files.contains("failed") && files.contains("The disk is full."),
            "{said}"
        );
        assert_eq!(doctor.status.code(), Some(1), "{said}");
    });
}

#[test]
fn a_folder_that_is_a_file_and_a_folder_that_may_not_be_written_are_told_apart() {
    let home = tempfile::tempdir().expect("a folder");
    let run = |home: &Path, user: Option<u32>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_graph-connect"));
        command
            .arg("list")
            .env("XDG_DATA_HOME", home)
            .env_remove("GRAPH_CONNECT_CLOUDS");
        user.map(|user| command.uid(user).gid(user));
        command.output().map(|output| text(&output.stderr))
    };
    fs::write(home.path().join(KEYCHAIN_SERVICE), "a file").expect("written");
    let said = run(home.path(), None).expect("the program runs");
    assert!(said.contains("a part of its path is a file"), "{said}");

    // Permissions do not stop root, so root tries it as somebody else.
    let home = tempfile::tempdir().expect("a folder");
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o555)).expect("closed");
    let said = run(home.path(), is_root().then_some(NOBODY));
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).expect("opened");
    let Ok(said) = said else {
        return skip("the program cannot be run as another user");
    };
    assert!(said.contains("permission denied"), "{said}");
}

#[test]
fn root_does_not_use_a_person_s_store_nor_a_person_root_s() {
    inside(Bus::WithoutServices, || {
        if !is_root() {
            return skip("only root can own files for others");
        }
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        let folder = place.home.path().join(KEYCHAIN_SERVICE);
        assert!(place.run(&["token", NAME]).status.success());

        // Of the folder alone, of one file in it, and of all.
        for foreign in [
            vec![folder.clone()],
            vec![folder.join("turns")],
            vec![folder.join("connections.lock")],
        ] {
            own(&foreign, NOBODY);
            for command in [&["list"][..], &["token", NAME], &["remove", NAME, "--yes"]] {
                let refused = place.run(command);
                let said = text(&refused.stderr);
                assert_eq!(
                    refused.status.code(),
                    Some(1),
                    "{foreign:?} {command:?}: {refused:?}"
                );
                assert!(
                    said.contains("belongs to nobody, and this program runs as root."),
                    "{foreign:?}: {said}"
                );
                assert!(said.contains(&foreign[0].display().to_string()), "{said}");
            }
            let doctor = place.run(&["doctor"]);
            assert!(
                text(&doctor.stdout).contains("belongs to nobody"),
                "{doctor:?}"
            );
            own(&foreign, 0);
        }
        let turn = fs::read_dir(folder.join("turns"))
            .expect("turns")
            .flatten()
            .next()
            .expect("a turn")
            .path();
        own(std::slice::from_ref(&turn), NOBODY);
        assert!(
            text(&place.run(&["doctor"]).stdout).contains("belongs to nobody"),
            "doctor looks at every file"
        );
        own(&[turn], 0);

        open_to_all(place.home.path());
        let mut list = place.graph_connect(&["list"]);
        let list = list.uid(NOBODY).gid(NOBODY).output();
        let Ok(list) = list else {
            return skip("the program cannot be run as another user");
        };
        let said = text(&list.stderr);
        assert!(
            said.contains("belongs to root, and this program runs as nobody."),
            "the other way round: {said}"
        );
    });
}

#[test]
fn root_begins_no_store_in_the_home_of_a_person() {
    if !is_root() {
        return skip("only root can own files for others");
    }
    let home = tempfile::tempdir().expect("a folder");
    own(&[home.path().to_owned()], NOBODY);
    let mut command = Command::new(env!("CARGO_BIN_EXE_graph-connect"));
    command
        .arg("list")
        .env_remove("XDG_DATA_HOME")
        .env("HOME", home.path())
        .env_remove("GRAPH_CONNECT_CLOUDS");
    let refused = command.output().expect("the program runs");
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(
        text(&refused.stderr).contains("belongs to nobody, and this program runs as root."),
        "{refused:?}"
    );
    assert_eq!(
        fs::read_dir(home.path()).expect("the home").count(),
        0,
        "nothing was made there"
    );
}

/// Makes the folder `$1` what the test needs, and runs the rest in a mount namespace of its own.
const READ_ONLY: &str =
    r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99; shift; exec "$@""#;
const FULL: &str = r#"aside=$(mktemp -d) && cp -a "$1/." "$aside" && mount -t tmpfs -o size=1m none "$1" || exit 99
cp -a "$aside/." "$1"; rm -r "$aside"; cat /dev/zero >"$1/filler" 2>/dev/null; shift; exec "$@""#;

/// Runs the program with its home changed by the script; nothing where that is not allowed.
fn mounted(place: &Place, script: &str, arguments: &[&str]) -> Option<Output> {
    let mut command = place.command("unshare");
    command
        .arg(if is_root() { "-m" } else { "-rm" })
        .args(["sh", "-c", script, "sh"])
        .arg(place.home.path());
    command
        .arg(env!("CARGO_BIN_EXE_graph-connect"))
        .args(arguments);
    let output = command.output().ok()?;
    let forbidden =
        output.status.code() == Some(99) || text(&output.stderr).starts_with("unshare:");
    (!forbidden).then_some(output)
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn own(paths: &[std::path::PathBuf], user: u32) {
    for path in paths {
        chown(path, Some(user), Some(user)).expect("owned");
    }
}

fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("opened");
    fs::set_permissions(
        folder.join("clouds.json"),
        fs::Permissions::from_mode(0o644),
    )
    .expect("opened");
}

/// Says why the test cannot be made here.
fn skip(why: &str) {
    eprintln!("left out: {why}");
}
