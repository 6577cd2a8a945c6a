//! With keychains that keep what they have to themselves: locked, another program, another
//! collection, none.

use std::time::Duration;

use secrecy::SecretString;

use super::{SERVICE, read, wait};
use crate::{
    Error, Item, Keychain, Place, Removal, SelfTest, Unlock,
    testing::{Bus, FakeKeychain, Keyring, inside},
};

#[test]
fn where_a_secret_is_kept_is_said_when_it_is_written_and_when_it_is_read() {
    inside(Bus::WithoutServices, || {
        let keyring = Keyring::unlocked();
        let place = wait(async {
            let keychain = Keychain::native(SERVICE);
            let written = written(&keychain).await;
            let (_, read) = keychain.open(&item(), None).await.unwrap();
            assert_eq!(read.as_ref(), Some(&written));
            assert_eq!(
                keychain.place().await.unwrap().as_ref(),
                Some(&written),
                "and before that"
            );
            written
        });
        assert_eq!(
            (place.program.as_str(), place.label().as_str()),
            ("GNOME Keyring", "login")
        );
        drop(keyring);

        let _fake = FakeKeychain::start(&|| (), "keepassxc");
        let place = wait(async { written(&Keychain::native(SERVICE)).await });
        assert_eq!(
            (place.program.as_str(), place.label().as_str()),
            ("KeePassXC", "passwords")
        );
    });
}

#[test]
fn what_lies_in_a_locked_collection_is_locked_although_a_search_finds_nothing() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let place = written(&keychain).await;
            fake.lock("passwords", true);
            for kept in [Some(&place), None] {
                let read = keychain.open(&item(), kept).await.map(|_| ());
                assert_eq!(read, Err(Error::Locked), "reading, kept at {kept:?}");
                assert_eq!(
                    keychain.delete(&item(), kept).await,
                    Err(Error::Locked),
                    "removing, kept at {kept:?}"
                );
            }
            assert_eq!(fake.items(), ["c/1"], "nothing was removed");
            assert_eq!(fake.prompts(), 0, "looking asks nobody");

            fake.add("other");
            fake.set_default(Some("other"));
            assert_eq!(
                keychain.open(&item(), Some(&place)).await.map(|_| ()),
                Err(Error::Locked),
                "it is not the default"
            );
            assert_eq!(
                keychain.delete(&item(), Some(&place)).await,
                Err(Error::Locked)
            );

            fake.lock("passwords", false);
            assert_eq!(
                read(&keychain, "c", 1).await.as_deref(),
                Ok("s"),
                "found in whatever collection it is"
            );
            assert_eq!(
                keychain.delete(&item(), Some(&place)).await,
                Ok(Removal::Removed)
            );
            assert_eq!(
                keychain.delete(&item(), Some(&place)).await,
                Ok(Removal::NotFound),
                "seen to be gone from there"
            );
        });
    });
}

#[test]
fn another_program_in_the_place_of_the_keychain_has_not_lost_the_secret() {
    inside(Bus::WithoutServices, || {
        let keyring = Keyring::unlocked();
        let place = wait(async { written(&Keychain::native(SERVICE)).await });
        drop(keyring);
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        let other = || Error::OtherProvider {
            kept_by: "GNOME Keyring".into(),
            in_use: "KeePassXC".into(),
        };
        wait(async {
            let keychain = Keychain::native(SERVICE);
            assert_eq!(
                keychain.open(&item(), Some(&place)).await.map(|_| ()),
                Err(other())
            );
            assert_eq!(keychain.delete(&item(), Some(&place)).await, Err(other()));
            fake.lock("passwords", true);
            assert_eq!(
                keychain.open(&item(), Some(&place)).await.map(|_| ()),
                Err(other()),
                "locked or not"
            );
            fake.set_default(None);
            assert_eq!(
                keychain.open(&item(), Some(&place)).await.map(|_| ()),
                Err(other()),
                "and without a collection"
            );
        });
        drop(fake);
        let _keyring = Keyring::unlocked();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            assert_eq!(
                keychain.delete(&item(), Some(&place)).await,
                Ok(Removal::Removed),
                "the right one is back"
            );
        });
    });
}

#[test]
fn a_collection_that_is_not_open_is_another_one_and_none_is_none() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let place = written(&keychain).await;
            fake.add("work");
            fake.set_default(Some("work"));
            assert_eq!(
                read(&keychain, "c", 1).await.as_deref(),
                Ok("s"),
                "the alias alone changes nothing"
            );
            fake.close("passwords");
            let other = Error::OtherCollection {
                kept_in: "passwords".into(),
                in_use: "work".into(),
            };
            assert_eq!(
                keychain.open(&item(), Some(&place)).await.map(|_| ()),
                Err(other.clone())
            );
            assert_eq!(keychain.delete(&item(), Some(&place)).await, Err(other));

            fake.set_default(None);
            for kept in [Some(&place), None] {
                assert_eq!(
                    keychain.open(&item(), kept).await.map(|_| ()),
                    Err(Error::NoCollection),
                    "{kept:?}"
                );
                assert_eq!(
                    keychain.delete(&item(), kept).await,
                    Err(Error::NoCollection),
                    "{kept:?}"
                );
            }
            let written = keychain
                .write(&Item::new("c", 2), &SecretString::from("s"), "A label")
                .await;
            assert_eq!(written, Err(Error::NoCollection), "nowhere to write to");
            assert_eq!(keychain.unlock(&[]).await, Err(Error::NoCollection));

            fake.open("passwords");
            assert_eq!(
                read(&keychain, "c", 1).await.as_deref(),
                Ok("s"),
                "opened again"
            );
        });
    });
}

#[test]
fn what_nobody_remembers_is_not_said_to_be_removed() {
    inside(Bus::WithoutServices, || {
        let _fake = FakeKeychain::start(&|| (), "some-keychain");
        wait(async {
            let keychain = Keychain::native(SERVICE);
            assert_eq!(keychain.delete(&item(), None).await, Err(Error::Missing));
            let here = keychain.place().await.unwrap();
            assert_eq!(
                here.as_ref().map(|place| place.program.as_str()),
                Some("some-keychain")
            );
            assert_eq!(
                keychain.delete(&item(), here.as_ref()).await,
                Ok(Removal::NotFound)
            );
        });
    });
}

#[test]
fn unlocking_opens_the_prompt_and_says_what_came_of_it() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let place = written(&keychain).await;
            assert_eq!(keychain.unlock(&[]).await, Ok(Unlock::NothingToUnlock));
            fake.lock("passwords", true);
            assert_eq!(keychain.unlock(&[]).await, Ok(Unlock::Dismissed));
            fake.set_answers(true);
            assert_eq!(keychain.unlock(&[]).await, Ok(Unlock::Unlocked));
            assert_eq!(fake.prompts(), 2);

            fake.lock("passwords", true);
            fake.add("work");
            fake.set_default(Some("work"));
            assert_eq!(
                keychain.unlock(&[]).await,
                Ok(Unlock::NothingToUnlock),
                "the default one is open"
            );
            assert_eq!(
                keychain.unlock(&[place]).await,
                Ok(Unlock::Unlocked),
                "where secrets are kept, too"
            );
        });
    });
}

#[test]
fn one_refusal_is_an_answer_for_the_whole_run_and_for_no_other() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "some-keychain");
        wait(async {
            let keychain = Keychain::native(SERVICE);
            written(&keychain).await;
            fake.lock("passwords", true);
            let run = keychain.asking_once();
            let (one, two) = tokio::join!(read(&run, "c", 1), read(&run, "c", 1));
            assert_eq!((one, two), (Err(Error::Locked), Err(Error::Locked)));
            assert_eq!(run.clone().delete(&item(), None).await, Err(Error::Locked));
            assert_eq!(fake.prompts(), 1, "the person was asked once");
            fake.set_answers(true);
            assert_eq!(
                read(&run, "c", 1).await,
                Err(Error::Locked),
                "the run is over for the keychain"
            );
            assert_eq!(
                read(&keychain, "c", 1).await.as_deref(),
                Ok("s"),
                "another run asks again"
            );
        });
    });
}

#[test]
fn the_self_test_leaves_nothing_where_a_bin_would_keep_it() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let tested = keychain.self_test().await.unwrap();
            assert!(
                matches!(&tested, SelfTest::OnlyLooked { place } if place.bin() == Some("KeePassXC")),
                "{tested:?}"
            );
            assert_eq!((fake.items().len(), fake.removed()), (0, 0));
            fake.lock("passwords", true);
            assert_eq!(
                keychain.self_test().await,
                Err(Error::Locked),
                "it is seen to be locked all the same"
            );
        });
        drop(fake);
        let fake = FakeKeychain::start(&|| (), "some-keychain");
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let (one, two) = tokio::join!(keychain.self_test(), keychain.self_test());
            assert!(
                matches!(
                    (&one, &two),
                    (Ok(SelfTest::Written { .. }), Ok(SelfTest::Written { .. }))
                ),
                "{one:?} {two:?}"
            );
            assert_eq!(fake.items(), [""; 0]);
        });
    });
}

#[test]
fn whoever_waits_for_the_keychain_hears_which_one_it_is() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        wait(async {
            let (told, hears) = std::sync::mpsc::channel();
            let keychain = Keychain::native(SERVICE).with_deadline(Duration::from_secs(4));
            let telling =
                keychain.telling_waits(move |name| told.send(name.map(str::to_owned)).unwrap());
            written(&telling).await;
            assert!(hears.try_recv().is_err(), "nobody has waited");
            fake.lock("passwords", true);
            fake.set_finds_locked(true);
            fake.set_answers_nobody();
            assert_eq!(read(&telling, "c", 1).await, Err(Error::Busy));
            assert_eq!(hears.try_recv(), Ok(Some("KeePassXC".to_owned())));
            assert!(hears.try_recv().is_err(), "once");
        });
    });
}

fn item() -> Item {
    Item::new("c", 1)
}

async fn written(keychain: &Keychain) -> Place {
    keychain
        .write(&item(), &SecretString::from("s"), "A label")
        .await
        .unwrap()
        .expect("a place")
}
