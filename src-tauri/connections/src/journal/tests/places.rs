//! With keychains that are locked, are another program, or have another collection open: nothing is
//! taken for gone that is only out of sight.

use std::{env, path::Path, sync::atomic::Ordering};

use keychain::{
    Keychain,
    testing::{Bus, FakeKeychain, Keyring, again, inside},
};
use model::Connection;
use secrecy::ExposeSecret;

use super::kill::{FOLDER, REACHED, STEPS, STEPS_LEFT, Victim};
use crate::{
    Error, SecretRemoval,
    journal::{create, open, removals_pending, remove, replace_secret, tidy},
    store::{
        Store,
        tests::{fresh, sample},
    },
};

#[test]
fn a_removal_from_a_locked_keychain_is_not_said_to_have_happened_and_is_done_later() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        wait(async {
            let (_folder, store) = fresh();
            let keychain = Keychain::native(SERVICE);
            let connection = created(&store, &keychain).await;
            fake.lock("passwords", true);
            let opened = open(&store, &keychain, connection.id).await.map(|_| ());
            assert!(
                matches!(opened, Err(Error::Keychain(keychain::Error::Locked))),
                "{opened:?}"
            );
            let removed = remove(&store, &keychain, &connection).await.unwrap();
            assert_eq!(removed, SecretRemoval::Pending(keychain::Error::Locked));
            assert_eq!(removals_pending(&store).await.unwrap(), 1);
            assert_eq!(tidy(&store, &keychain).await.unwrap(), 1, "still locked");
            assert_eq!(fake.items().len(), 1);
            fake.lock("passwords", false);
            assert_eq!(tidy(&store, &keychain).await.unwrap(), 0);
            assert_eq!(fake.items(), [""; 0]);
        });
    });
}

#[test]
fn another_keychain_loses_no_secret_and_the_right_one_is_tidied_when_it_is_back() {
    inside(Bus::WithoutServices, || {
        let keyring = Keyring::unlocked();
        let (_folder, store) = fresh();
        let (kept, removed) = wait(async {
            let keychain = Keychain::native(SERVICE);
            (
                created(&store, &keychain).await,
                created(&store, &keychain).await,
            )
        });
        drop(keyring);
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        let other = || keychain::Error::OtherProvider {
            kept_by: "GNOME Keyring".into(),
            in_use: "KeePassXC".into(),
        };
        wait(async {
            let keychain = Keychain::native(SERVICE);
            let opened = open(&store, &keychain, kept.id).await.map(|_| ());
            assert!(
                matches!(&opened, Err(Error::Keychain(error)) if *error == other()),
                "{opened:?}"
            );
            assert_eq!(
                remove(&store, &keychain, &removed).await.unwrap(),
                SecretRemoval::Pending(other())
            );
            assert_eq!(
                tidy(&store, &keychain).await.unwrap(),
                1,
                "it cannot be tidied here"
            );

            let third = created(&store, &keychain).await;
            let bin = Some("KeePassXC".to_owned());
            assert_eq!(
                remove(&store, &keychain, &third).await.unwrap(),
                SecretRemoval::Removed { bin },
                "nor disturbs"
            );
            let replaced = replace_secret(
                &store,
                &keychain,
                kept.id,
                &"new".into(),
                kept.method.clone(),
                None,
            )
            .await;
            assert!(
                replaced.is_ok(),
                "the secret may move to the keychain in use: {replaced:?}"
            );
            let (_, secret) = open(&store, &keychain, kept.id).await.unwrap();
            assert_eq!(secret.expose_secret(), "new");
            assert_eq!(
                removals_pending(&store).await.unwrap(),
                2,
                "what it left behind is remembered too"
            );
        });
        drop(fake);
        let _keyring = Keyring::unlocked();
        wait(async {
            let keychain = Keychain::native(SERVICE);
            assert_eq!(tidy(&store, &keychain).await.unwrap(), 0);
            let opened = open(&store, &keychain, kept.id).await.map(|_| ());
            let moved = keychain::Error::OtherProvider {
                kept_by: "KeePassXC".into(),
                in_use: "GNOME Keyring".into(),
            };
            assert!(
                matches!(&opened, Err(Error::Keychain(error)) if *error == moved),
                "{opened:?}"
            );
        });
    });
}

#[test]
fn a_secret_that_somebody_took_out_is_not_found_and_nothing_is_left_to_do() {
    inside(Bus::WithoutServices, || {
        let _keyring = Keyring::unlocked();
        wait(async {
            let (_folder, store) = fresh();
            let keychain = Keychain::native(SERVICE);
            let connection = created(&store, &keychain).await;
            let place = store.place_of(connection.id).await.unwrap();
            keychain
                .delete(&crate::journal::item(&connection), place.as_ref())
                .await
                .unwrap();
            assert_eq!(
                remove(&store, &keychain, &connection).await.unwrap(),
                SecretRemoval::NotFound
            );
            assert_eq!(removals_pending(&store).await.unwrap(), 0);
        });
    });
}

#[test]
fn what_was_perhaps_never_written_is_forgotten_when_an_open_keychain_has_none_and_what_was_is_not()
{
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        wait(async {
            let (_folder, store) = fresh();
            let keychain = Keychain::native(SERVICE);
            let stray = store.begin_create(&sample("Given up"), None).await.unwrap();
            store.give_up(stray).await.unwrap();
            fake.lock("passwords", true);
            tidy(&store, &keychain).await.unwrap();
            assert_eq!(
                store.leftovers().await.unwrap().len(),
                1,
                "in a locked keychain nobody can look"
            );
            fake.lock("passwords", false);
            tidy(&store, &keychain).await.unwrap();
            assert_eq!(
                store.leftovers().await.unwrap(),
                [],
                "it is not looked for at each start"
            );

            let connection = created(&store, &keychain).await;
            keychain
                .delete(&crate::journal::item(&connection), None)
                .await
                .unwrap();
            store.forget_places().await;
            let removed = remove(&store, &keychain, &connection).await.unwrap();
            assert_eq!(removed, SecretRemoval::Pending(keychain::Error::Missing));
            assert_eq!(
                tidy(&store, &keychain).await.unwrap(),
                1,
                "a secret that was once kept may be kept elsewhere"
            );
        });
    });
}

#[test]
fn where_a_secret_is_kept_is_learnt_by_reading_one_of_an_older_store() {
    inside(Bus::WithoutServices, || {
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        wait(async {
            let (_folder, store) = fresh();
            let keychain = Keychain::native(SERVICE);
            let connection = created(&store, &keychain).await;
            store.forget_places().await;
            fake.close("passwords");
            fake.add("work");
            fake.set_default(Some("work"));
            let removed = remove(&store, &keychain, &connection).await.unwrap();
            assert_eq!(
                removed,
                SecretRemoval::Pending(keychain::Error::Missing),
                "nobody knows whether it was here"
            );

            let connection = created(&store, &keychain).await;
            store.forget_places().await;
            open(&store, &keychain, connection.id).await.unwrap();
            let place = store.place_of(connection.id).await.unwrap().unwrap();
            assert_eq!(
                (place.program.as_str(), place.label().as_str()),
                ("KeePassXC", "work")
            );
        });
    });
}

#[test]
fn killed_while_removing_from_a_locked_keychain_the_removal_stays_to_be_done() {
    inside(Bus::WithoutServices, || {
        if let Some(folder) = env::var_os(FOLDER) {
            let store = Store::open(Path::new(&folder)).unwrap();
            STEPS_LEFT.store(env::var(STEPS).unwrap().parse().unwrap(), Ordering::SeqCst);
            return wait(async {
                let connection = store.list().await.unwrap().remove(0);
                remove(&store, &Keychain::native(SERVICE), &connection)
                    .await
                    .unwrap();
            });
        }
        let fake = FakeKeychain::start(&|| (), "keepassxc");
        for steps in 0.. {
            let (folder, store) = fresh();
            wait(created(&store, &Keychain::native(SERVICE)));
            fake.lock("passwords", true);
            let mut victim = Victim::start(&mut again(&|| ()), folder.path(), steps, false);
            let died = victim.reaches(REACHED);
            victim.kill();
            wait(async {
                let keychain = Keychain::native(SERVICE);
                let listed = store.list().await.unwrap().len();
                assert_eq!(
                    tidy(&store, &keychain).await.unwrap(),
                    1 - listed,
                    "step {steps}: whole, or still to be done"
                );
                assert_eq!(
                    fake.items().len(),
                    1,
                    "step {steps}: locked, nothing was removed"
                );
                fake.lock("passwords", false);
                for connection in store.list().await.unwrap() {
                    remove(&store, &keychain, &connection).await.unwrap();
                }
                assert_eq!(tidy(&store, &keychain).await.unwrap(), 0, "step {steps}");
                assert_eq!(fake.items(), [""; 0], "step {steps}: nothing is left");
            });
            if !died {
                assert!(steps >= 3, "the removal has more than {steps} steps");
                break;
            }
        }
    });
}

const SERVICE: &str = "dev.graphconnect.test";

async fn created(store: &Store, keychain: &Keychain) -> Connection {
    let connection = sample(&format!("Connection {}", uuid::Uuid::now_v7()));
    create(store, keychain, &connection, &"s".into())
        .await
        .unwrap();
    connection
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}
