//! The Credential Manager itself: each test has a service of its own, so that none sees another's
//! items.

use std::{error::Error as StdError, fmt};

use keyring_core::CredentialStore;
use secrecy::{ExposeSecret, SecretString};

use super::{connect, explain, modifiers};
use crate::{Error, Item, Keychain, Removal};

const LABEL: &str = "Graph Connect: Contoso Ünïcode 日本";

fn store() -> std::sync::Arc<CredentialStore> {
    connect().expect("the Credential Manager")
}

/// What the Credential Manager itself has of an item.
fn listed(service: &str, name: &str) -> std::collections::HashMap<String, String> {
    let full = format!("{service}/{name}");
    let told = modifiers(&full, None).into_iter().collect();
    let entry = store().build(service, name, Some(&told)).expect("an entry");
    entry.get_attributes().expect("it is there")
}

#[tokio::test]
async fn a_secret_is_written_read_replaced_and_removed() {
    let keychain = Keychain::native("test.graph-connect.whole");
    let item = Item::new("connection", 1);
    for text in ["first", "zweites Geheimnis ~ ünïcode 日本 🔑"] {
        let secret = SecretString::from(text);
        let place = keychain
            .write(&item, &secret, LABEL)
            .await
            .expect("written");
        assert_eq!(place.expect("known").program, "Credential Manager");
        let read = keychain.read(&item).await.expect("read");
        assert_eq!(read.expose_secret(), text);
    }
    let removed = keychain.delete(&item, None).await.expect("removed");
    assert_eq!(removed, Removal::Removed);
    assert_eq!(keychain.read(&item).await.err(), Some(Error::Missing));
}

#[tokio::test]
async fn its_own_list_shows_whose_an_item_is_and_that_it_stays_on_this_computer() {
    let service = "test.graph-connect.listed";
    let keychain = Keychain::native(service);
    let item = Item::new("connection", 1);
    let secret = SecretString::from("secret");
    keychain
        .write(&item, &secret, LABEL)
        .await
        .expect("written");
    let shown = listed(service, "connection/1");
    assert_eq!(shown["target_name"], format!("{service}/connection/1"));
    assert_eq!(shown["username"], LABEL);
    assert_eq!(shown["comment"], LABEL);
    assert_eq!(shown["persistence"], "Local");
    // A name of the longest kind does not keep a secret from being written.
    let long = "名".repeat(200);
    keychain
        .write(&item, &secret, &long)
        .await
        .expect("written");
    assert!(long.starts_with(&listed(service, "connection/1")["username"]));
    keychain.delete(&item, None).await.expect("removed");
}

#[tokio::test]
async fn what_is_longer_than_an_item_holds_is_kept_in_parts_and_read_whole() {
    let service = "test.graph-connect.parts";
    let keychain = Keychain::native(service);
    let item = Item::new("connection", 1);
    // Around 1,280 UTF-16 units, 2,560 bytes and the length of a part, and a character of four
    // bytes on the edge of one.
    let texts = [1_280, 1_281, 2_399, 2_400, 2_401, 2_560, 2_561, 9_000]
        .map(|length| "x".repeat(length))
        .into_iter()
        .chain((2_397..=2_400).map(|before| format!("{}🔑 after it", "x".repeat(before))));
    for text in texts {
        let secret = SecretString::from(text.as_str());
        keychain
            .write(&item, &secret, LABEL)
            .await
            .expect("written");
        let read = keychain.read(&item).await.expect("read");
        assert!(read.expose_secret() == text, "{} bytes", text.len());
    }
    assert_eq!(listed(service, "connection/1/1")["persistence"], "Local");
    keychain.delete(&item, None).await.expect("removed");
    let part = Item::new("connection/1", 1);
    assert_eq!(keychain.read(&part).await.err(), Some(Error::Missing));
}

#[tokio::test]
async fn the_self_test_leaves_nothing_behind() {
    let keychain = Keychain::native("test.graph-connect.self");
    keychain.self_test().await.expect("it works");
}

/// An error as the store words it.
#[derive(Debug)]
struct Said(&'static str);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for Said {}

#[test]
fn each_error_number_of_windows_is_what_a_person_can_do_something_about() {
    for (said, error) in [
        ("Windows error code 8", Error::Full),
        ("Windows error code 14", Error::Full),
        ("Windows error code 5", Error::Denied),
        ("Windows error code 1223", Error::Denied),
        ("Windows ERROR_NO_SUCH_LOGON_SESSION", Error::Unavailable),
        ("Windows error code 1783", Error::TooLarge { limit: 2_560 }),
        ("Windows error code 1004", Error::other("1004")),
    ] {
        assert_eq!(explain(&Said(said)), Some(error), "{said}");
    }
    assert_eq!(explain(&Said("something else")), None);
}

#[test]
fn it_is_known_to_fill_up_so_that_a_key_is_made_while_there_is_room() {
    assert!(Keychain::native("dev.graphconnect.test").fills_up());
}
