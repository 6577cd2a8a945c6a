//! Keychains that are locked, are another program, or have nothing in them: five answers, each with
//! its exit code.
#![cfg(target_os = "linux")]

mod place;

use std::{
    io::Write,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use connections::KEYCHAIN_SERVICE;
use keychain::testing::{Bus, FakeKeychain, Keyring, inside};
use place::{Place, text};
use serde_json::Value;

const NAME: &str = "Contoso audit";

#[test]
fn missing_locked_another_program_another_collection_and_none_are_five_answers() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        let place = Place::without_a_keyring_of_its_own(NAME);
        place.run(&["allow", NAME]);
        fake.lock("passwords", true);
        refused(&place, 5, "keychainLocked", "The keychain is locked.");
        fake.add("work");
        fake.set_default(Some("work"));
        refused(&place, 5, "keychainLocked", "The keychain is locked.");
        fake.close("passwords");
        refused(
            &place,
            5,
            "keychainOtherCollection",
            "The secret is kept in the collection \"passwords\"",
        );
        fake.set_default(None);
        refused(
            &place,
            5,
            "keychainNoCollection",
            "The keychain has no default collection.",
        );
        drop(fake);
        let keyring = Keyring::unlocked();
        refused(
            &place,
            5,
            "keychainOtherProvider",
            "The secret is kept by KeePassXC, and the keychain now in use is GNOME",
        );
        drop(keyring);
        refused(
            &place,
            5,
            "keychainUnavailable",
            "No keychain can be reached.",
        );
        let _fake = FakeKeychain::start(&|| (), "keepassxc");
        refused(
            &place,
            4,
            "keychainMissing",
            "The secret is not in the keychain.",
        );
    });
}

#[test]
fn removing_all_ends_at_the_first_secret_that_stays_and_ends_well_only_when_none_is_left() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        let place = Place::without_a_keyring_of_its_own(NAME);
        place.add("Second");
        let all = ["remove", "--all", "--yes"];
        let listed = || {
            let list = place.run(&["list", "--json"]);
            let list: serde_json::Value = serde_json::from_slice(&list.stdout).expect("JSON");
            list["connections"].as_array().expect("a list").len()
        };
        fake.lock("passwords", true);
        assert_eq!(place.run(&all).status.code(), Some(5));
        assert_eq!((listed(), fake.items().len()), (1, 2), "the other is kept");
        fake.lock("passwords", false);
        assert_eq!(place.run(&all).status.code(), Some(0));
        assert_eq!((listed(), fake.items().len()), (0, 0), "nothing is left");
        assert_eq!(place.run(&all).status.code(), Some(0), "nor to do");
    });
}

#[test]
fn a_removal_says_what_became_of_the_secret() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        let place = Place::without_a_keyring_of_its_own(NAME);
        let others = ["Second", "Third"];
        for name in others {
            place.add(name);
        }
        fake.lock("passwords", true);
        let (code, said, told) = removed(&place, NAME);
        assert_eq!(
            (code, &said["secretRemoved"], &said["secret"]),
            (5, &false.into(), &"pending".into()),
            "{said}"
        );
        assert_eq!(said["code"], "keychainLocked");
        assert!(
            told.contains("is removed, but not its secret. The keychain is locked."),
            "{told}"
        );
        assert_eq!(fake.items().len(), 3);

        fake.lock("passwords", false);
        let (code, said, told) = removed(&place, "Second");
        assert_eq!(
            (code, &said["secretRemoved"], &said["keptInBinOf"]),
            (0, &true.into(), &"KeePassXC".into()),
            "{said}"
        );
        assert!(
            told.contains("KeePassXC keeps the secret in its recycle bin"),
            "{told}"
        );
        assert_eq!(
            fake.items().len(),
            1,
            "and what was still to be removed went with it"
        );
        drop(fake);

        let _empty = FakeKeychain::start(&|| (), "keepassxc");
        let (code, said, told) = removed(&place, "Third");
        assert_eq!(
            (code, &said["secretRemoved"], &said["secret"]),
            (0, &false.into(), &"notFound".into()),
            "{said}"
        );
        assert!(
            told.contains("not found in the keychain now in use"),
            "{told}"
        );
    });
}

#[test]
fn whoever_waits_for_a_locked_keychain_hears_so_and_not_for_a_minute() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        let place = Place::without_a_keyring_of_its_own(NAME);
        place.run(&["allow", NAME]);
        fake.lock("passwords", true);
        fake.set_finds_locked(true);
        fake.set_answers_nobody();
        let began = Instant::now();
        let token = place.run(&["token", NAME, "--wait", "4"]);
        assert_eq!(token.status.code(), Some(5), "{token:?}");
        let said = text(&token.stderr);
        assert!(
            said.contains(
                "Waiting for the keychain (KeePassXC). It may be asking for its password."
            ),
            "{said}"
        );
        assert!(said.contains("The keychain is not responding."), "{said}");
        assert!(
            began.elapsed() < Duration::from_secs(40),
            "it ends by itself"
        );

        let began = Instant::now();
        let nobody = place
            .graph_connect(&["check", NAME])
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        assert_eq!(nobody.status.code(), Some(5), "{nobody:?}");
        assert!(
            began.elapsed() < Duration::from_secs(45),
            "sooner where nobody can see a prompt"
        );
        for wrong in ["0", "-1", "soon", "3601"] {
            let output = place.run(&["token", NAME, "--wait", wrong]);
            assert_eq!(output.status.code(), Some(2), "{wrong}: {output:?}");
        }
    });
}

#[test]
fn ten_first_tokens_at_once_make_one_key_and_all_succeed() {
    inside(Bus::WithoutServices, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        let start = |_| {
            let mut command = place.graph_connect(&["token", NAME]);
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts")
        };
        let started: Vec<_> = (0..10).map(start).collect();
        for child in started {
            let output = child.wait_with_output().expect("the program ends");
            assert!(output.status.success(), "{output:?}");
        }
        assert_eq!(
            place.token_requests(),
            1,
            "one asked, and all could open what it kept"
        );
    });
}

#[test]
fn a_key_that_is_none_and_two_of_them_are_made_anew() {
    inside(Bus::WithoutServices, || {
        let place = Place::with(NAME);
        place.run(&["allow", NAME]);
        plant(&[], "not a key");
        succeeds(&place, "no key under its name");
        succeeds(&place, "the new one");
        assert_eq!(
            place.token_requests(),
            1,
            "and what was sealed with it is found again"
        );
        plant(&["planted", "yes"], "another one");
        succeeds(&place, "two keys");
        succeeds(&place, "one again");
        assert_eq!(place.token_requests(), 2);
    });
}

fn succeeds(place: &Place, what: &str) {
    let token = place.run(&["token", NAME]);
    assert!(token.status.success(), "{what}: {token:?}");
}

/// Puts an item under the name of the key of the kept tokens.
fn plant(more: &[&str], secret: &str) {
    let mut command = Command::new("secret-tool");
    command
        .args([
            "store",
            "--label=planted",
            "service",
            KEYCHAIN_SERVICE,
            "username",
            "token-cache/1",
        ])
        .args(more);
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .expect("secret-tool starts");
    child
        .stdin
        .take()
        .expect("its input")
        .write_all(secret.as_bytes())
        .expect("written");
    assert!(child.wait().expect("it ends").success());
}

/// Both ways to need the secret are refused, in text and in JSON.
fn refused(place: &Place, exit: i32, code: &str, says: &str) {
    let token = place.run(&["token", NAME]);
    assert_eq!(token.status.code(), Some(exit), "{code}: {token:?}");
    assert!(text(&token.stderr).contains(says), "{code}: {token:?}");
    let token = place.run(&["token", NAME, "--json"]);
    assert_eq!(
        (token.status.code(), token.stdout.len()),
        (Some(exit), 0),
        "{code}: {token:?}"
    );
    // A line may come before it, that the keychain is waited for.
    let said = text(&token.stderr);
    let error: Value =
        serde_json::from_str(said.lines().last().unwrap_or_default()).expect("one JSON object");
    assert_eq!(error["error"]["code"], code, "{error}");
    let check = place.run(&["check", NAME]);
    assert_eq!(check.status.code(), Some(exit), "{code}: {check:?}");
    assert!(text(&check.stdout).contains(says), "{code}: {check:?}");
}

fn removed(place: &Place, name: &str) -> (i32, Value, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = place.run(&["remove", name, "--yes", "--json"]);
    let said = serde_json::from_slice(&stdout).expect("JSON");
    (status.code().unwrap_or(-1), said, text(&stderr))
}
