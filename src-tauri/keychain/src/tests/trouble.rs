//! With a real gnome-keyring, or the lack of one, that cannot be used.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use secrecy::SecretString;

use super::{SERVICE, read, wait};
use crate::{
    Error, Item, Keychain,
    testing::{Bus, Keyring, inside},
};

#[test]
fn without_a_bus_the_keychain_is_unavailable_at_once_and_found_later() {
    inside(Bus::Absent, || {
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let begun = Instant::now();
            assert_eq!(read(&keychain, "c", 1).await, Err(Error::Unavailable));
            assert_eq!(
                keychain.self_test().await,
                Err(Error::Unavailable),
                "a failed start is not remembered"
            );
            assert!(
                begun.elapsed() < Duration::from_secs(5),
                "nobody waits for a bus that is not there"
            );
        });
    });
}

#[test]
fn without_a_provider_the_keychain_is_unavailable_until_one_starts() {
    inside(Bus::WithoutServices, || {
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let begun = Instant::now();
            assert_eq!(keychain.self_test().await, Err(Error::Unavailable));
            assert!(
                begun.elapsed() < Duration::from_secs(5),
                "nobody waits for a provider that is not there"
            );
            let _keyring = Keyring::unlocked();
            assert!(
                keychain.self_test().await.is_ok(),
                "a provider that starts later is found"
            );
        });
    });
}

#[test]
fn a_locked_keychain_without_a_display_says_so_within_seconds() {
    inside(Bus::Ordinary, || {
        let keyring = Keyring::unlocked();
        wait(async {
            let secret = SecretString::from("s");
            Keychain::native(SERVICE)
                .write(&Item::new("c", 1), &secret, "A label")
                .await
                .unwrap();
        });
        drop(keyring);
        let locked = Keyring::locked();
        wait(async {
            let keychain = Keychain::native(SERVICE).with_deadline(Duration::from_secs(20));
            let begun = Instant::now();
            assert_eq!(read(&keychain, "c", 1).await, Err(Error::Locked), "reading");
            let written = keychain
                .write(&Item::new("c", 2), &SecretString::from("s"), "A label")
                .await;
            assert_eq!(written, Err(Error::Locked), "writing");
            assert_eq!(
                keychain.delete(&Item::new("c", 1), None).await,
                Err(Error::Locked),
                "removing"
            );
            assert!(
                begun.elapsed() < Duration::from_secs(15),
                "the answer takes seconds, not minutes"
            );

            drop(locked);
            let _unlocked = Keyring::unlocked();
            assert_eq!(
                read(&keychain, "c", 1).await.as_deref(),
                Ok("s"),
                "unlocked later, it is read"
            );
        });
    });
}

#[test]
fn a_prompt_that_nobody_answers_makes_the_keychain_busy_until_it_is_gone() {
    inside(Bus::Ordinary, || {
        let keyring = Keyring::unlocked();
        wait(async {
            let secret = SecretString::from("s");
            Keychain::native(SERVICE)
                .write(&Item::new("c", 1), &secret, "A label")
                .await
                .unwrap();
        });
        drop(keyring);
        let display = Display::start();
        let _locked = Keyring::locked();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let hasty = keychain.with_deadline(Duration::from_secs(3));
            assert_eq!(
                read(&hasty, "c", 1).await,
                Err(Error::Busy),
                "the prompt is on the screen"
            );
            let begun = Instant::now();
            assert_eq!(
                read(&keychain, "c", 1).await,
                Err(Error::Busy),
                "it still is"
            );
            assert!(
                begun.elapsed() < Duration::from_secs(2),
                "nobody else waits for it"
            );
            drop(display);
            let end = loop {
                match read(&keychain, "c", 1).await {
                    Err(Error::Busy) => tokio::task::yield_now().await,
                    other => break other,
                }
            };
            assert_eq!(end, Err(Error::Locked), "the prompt went away unanswered");
        });
    });
}

#[test]
fn a_keychain_that_was_never_set_up_says_so_within_seconds() {
    inside(Bus::Ordinary, || {
        wait(async {
            let begun = Instant::now();
            // The bus starts a keychain, which has no default keyring yet.
            assert_eq!(
                Keychain::native(SERVICE).self_test().await,
                Err(Error::NoCollection)
            );
            assert!(begun.elapsed() < Duration::from_secs(20), "nobody waits");
        });
    });
}

#[test]
fn a_provider_that_dies_and_comes_back_is_found_again() {
    inside(Bus::WithoutServices, || {
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let first = Keyring::unlocked();
            keychain
                .write(&Item::new("c", 1), &SecretString::from("s"), "A label")
                .await
                .unwrap();
            drop(first);
            assert_eq!(
                read(&keychain, "c", 1).await,
                Err(Error::Unavailable),
                "the provider was killed"
            );
            let second = Keyring::unlocked();
            assert_eq!(
                read(&keychain, "c", 1).await.as_deref(),
                Ok("s"),
                "the provider is back"
            );
            drop(second);
            let _third = Keyring::unlocked();
            assert_eq!(
                read(&keychain, "c", 1).await.as_deref(),
                Ok("s"),
                "it was replaced between two calls"
            );
        });
    });
}

#[test]
fn a_provider_that_the_bus_starts_again_is_locked_and_said_to_be() {
    inside(Bus::Ordinary, || {
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let keyring = Keyring::unlocked();
            keychain
                .write(&Item::new("c", 1), &SecretString::from("s"), "A label")
                .await
                .unwrap();
            drop(keyring);
            assert_eq!(read(&keychain, "c", 1).await, Err(Error::Locked));
        });
    });
}

/// A display of its own, which the programs that the bus starts can see.
struct Display(Child);

impl Display {
    fn start() -> Self {
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = xvfb.spawn().unwrap();
        let mut number = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        let display = format!("DISPLAY=:{}", number.trim());
        let told = Command::new("dbus-update-activation-environment")
            .arg(display)
            .status()
            .unwrap();
        assert!(told.success(), "the bus knows the display");
        Self(process)
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
