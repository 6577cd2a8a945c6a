//! With a real gnome-keyring on a private bus.

use std::{
    collections::HashMap,
    io::{self, Write},
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use keyring_core::CredentialStore;
use secrecy::{ExposeSecret, SecretString};
use tracing::Level;

use super::{SERVICE, read, wait};
use crate::{
    Error, Item, Keychain, Removal, SelfTest,
    items::PART,
    platform,
    testing::{Bus, Keyring, again, inside},
};

#[test]
fn a_secret_comes_back_byte_for_byte() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        let samples = [
            ("ascii", "p~a+b&c%d=e f".to_owned()),
            ("utf-8", "ключ ✓ 密碼".to_owned()),
            ("space around", " \tsecret\r\n".to_owned()),
            ("one whole part", "x".repeat(PART)),
            ("one byte more", "y".repeat(PART + 1)),
            ("8 KiB", "0123456789abcdef".repeat(512)),
            ("8 KiB of three-byte letters", "密".repeat(2_731)),
            ("like a manifest", "parts/1 2 abc".to_owned()),
        ];
        wait(async {
            let keychain = Keychain::native(SERVICE);
            for (version, (what, sample)) in (1..).zip(&samples) {
                let item = Item::new("round-trip", version);
                keychain
                    .write(&item, &SecretString::from(sample.as_str()), "A label")
                    .await
                    .expect(what);
                let back = keychain.read(&item).await.expect(what);
                assert_eq!(back.expose_secret(), sample, "{what} comes back unchanged");
            }
            for version in (1..).take(samples.len()) {
                keychain
                    .delete(&Item::new("round-trip", version), None)
                    .await
                    .unwrap();
            }
        });
        assert_eq!(names(), [""; 0], "removing takes every part along");
    });
}

#[test]
fn a_shorter_secret_leaves_nothing_of_a_longer_one() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let item = Item::new("c", 1);
            for length in [4 * PART, 2 * PART, 10, 3 * PART] {
                let secret = SecretString::from("z".repeat(length));
                keychain.write(&item, &secret, "A label").await.unwrap();
                assert_eq!(
                    keychain.read(&item).await.unwrap().expose_secret().len(),
                    length
                );
                let expected = if length > PART { 1 + length / PART } else { 1 };
                assert_eq!(
                    names().len(),
                    expected,
                    "{length} bytes need {expected} items"
                );
            }
        });
    });
}

#[test]
fn the_label_is_what_a_person_reads_in_the_keychain_program() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        wait(async {
            let secret = SecretString::from("s");
            Keychain::native(SERVICE)
                .write(&Item::new("c", 1), &secret, "Graph Connect: Contoso")
                .await
                .unwrap();
        });
        let found = secret_tool(&["search", "--all", "service", SERVICE, "username", "c/1"]);
        assert!(found.contains("label = Graph Connect: Contoso"), "{found}");
    });
}

#[test]
fn what_is_not_there_is_missing_and_only_said_to_be_gone_by_the_keychain_that_kept_it() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            assert_eq!(read(&keychain, "nobody", 1).await, Err(Error::Missing));
            assert_eq!(
                keychain.delete(&Item::new("nobody", 1), None).await,
                Err(Error::Missing),
                "nobody knows of it"
            );
            let here = keychain.place().await.unwrap();
            assert_eq!(
                keychain
                    .delete(&Item::new("nobody", 1), here.as_ref())
                    .await,
                Ok(Removal::NotFound)
            );
        });
    });
}

#[test]
fn a_part_that_is_gone_or_another_is_never_read_as_the_secret() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let long = SecretString::from("a".repeat(3 * PART));
            keychain
                .write(&Item::new("c", 1), &long, "A label")
                .await
                .unwrap();
            keychain
                .write(
                    &Item::new("c", 2),
                    &SecretString::from("b".repeat(3 * PART)),
                    "A label",
                )
                .await
                .unwrap();

            plant("c/1/2", &"b".repeat(PART));
            assert_eq!(
                read(&keychain, "c", 1).await,
                Err(Error::Damaged),
                "a part of another secret"
            );
            secret_tool(&["clear", "service", SERVICE, "username", "c/1/2"]);
            assert_eq!(
                read(&keychain, "c", 1).await,
                Err(Error::Missing),
                "a part that is gone"
            );
            secret_tool(&["clear", "service", SERVICE, "username", "c/2"]);
            assert_eq!(
                read(&keychain, "c", 2).await,
                Err(Error::Missing),
                "the manifest is gone"
            );

            keychain.delete(&Item::new("c", 1), None).await.unwrap();
            keychain.delete(&Item::new("c", 2), None).await.unwrap();
        });
        assert_eq!(
            names(),
            [""; 0],
            "removing finds the part behind the gap, and parts without a manifest"
        );
    });
}

#[test]
fn an_entry_removed_by_another_program_is_missing() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            keychain
                .write(&Item::new("c", 1), &SecretString::from("s"), "A label")
                .await
                .unwrap();
            secret_tool(&["clear", "service", SERVICE, "username", "c/1"]);
            assert_eq!(read(&keychain, "c", 1).await, Err(Error::Missing));
        });
    });
}

#[test]
fn two_items_of_one_name_are_ambiguous() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            keychain
                .write(&Item::new("c", 1), &SecretString::from("mine"), "A label")
                .await
                .unwrap();
            // Another attribute makes it another item for the provider, and the same one for a
            // search.
            store(
                &["service", SERVICE, "username", "c/1", "planted", "yes"],
                "theirs",
            );
            assert_eq!(read(&keychain, "c", 1).await, Err(Error::Ambiguous));
            let written = keychain
                .write(&Item::new("c", 1), &SecretString::from("new"), "A label")
                .await;
            assert_eq!(written, Err(Error::Ambiguous));
        });
    });
}

#[test]
fn a_secret_that_is_not_text_is_damaged() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        let store = platform::connect().unwrap();
        store
            .build(SERVICE, "c/1", None)
            .unwrap()
            .set_secret(b"\xff\xfe planted")
            .unwrap();
        wait(async {
            let error = read(&Keychain::native(SERVICE), "c", 1).await.unwrap_err();
            assert_eq!(error, Error::Damaged);
        });
    });
}

#[test]
fn the_self_test_passes_and_leaves_nothing() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        wait(async {
            assert!(matches!(
                Keychain::native(SERVICE).self_test().await,
                Ok(SelfTest::Written { .. })
            ))
        });
        assert_eq!(names(), [""; 0]);
    });
}

#[test]
fn at_the_most_talkative_level_no_log_holds_the_secret() {
    inside(Bus::Ordinary, || {
        let _keyring = Keyring::unlocked();
        let log: &'static Mutex<Vec<u8>> = Box::leak(Box::default());
        tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_writer(move || Writing(log))
            .init();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            for (version, planted) in [(1, PLANTED.to_owned()), (2, PLANTED.repeat(400))] {
                let item = Item::new("c", version);
                keychain
                    .write(&item, &SecretString::from(planted), "A label")
                    .await
                    .unwrap();
                keychain.read(&item).await.unwrap();
                keychain.delete(&item, None).await.unwrap();
            }
        });
        let log = String::from_utf8_lossy(&log.lock().unwrap()).into_owned();
        assert!(
            log.contains("keyring_core") && log.contains("zbus"),
            "both of them log at this level"
        );
        let as_numbers = format!("{:?}", PLANTED.as_bytes());
        let as_numbers = as_numbers.trim_matches(['[', ']']);
        assert!(
            !log.contains(PLANTED) && !log.contains(as_numbers),
            "the secret is in the log"
        );
    });
}

#[test]
fn the_test_program_starts_the_test_that_asks_for_it() {
    let command = again(&|| ());
    let arguments: Vec<_> = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        arguments[1],
        "tests::real::the_test_program_starts_the_test_that_asks_for_it"
    );
}

const PLANTED: &str = "planted~secret";

struct Writing(&'static Mutex<Vec<u8>>);

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The user names of all items of the service.
fn names() -> Vec<String> {
    // The store blocks, and does not do so on a thread that runs futures.
    let search = || {
        let store: Arc<CredentialStore> = platform::connect().unwrap();
        let found = store
            .search(&HashMap::from([("service", SERVICE)]))
            .unwrap();
        let mut names: Vec<String> = found
            .iter()
            .map(|entry| entry.get_specifiers().unwrap().1)
            .collect();
        names.sort();
        names
    };
    std::thread::spawn(search).join().unwrap()
}

fn plant(name: &str, secret: &str) {
    store(&["service", SERVICE, "username", name], secret);
}

fn store(attributes: &[&str], secret: &str) {
    let mut command = Command::new("secret-tool");
    command
        .args(["store", "--label=planted"])
        .args(attributes)
        .stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(secret.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success());
}

fn secret_tool(arguments: &[&str]) -> String {
    let output = Command::new("secret-tool")
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "secret-tool {arguments:?}");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
