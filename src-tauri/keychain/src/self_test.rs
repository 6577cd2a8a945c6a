//! Whether the keychain works, tried with an item of its own.

use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use secrecy::SecretString;

use crate::{Error, Item, Place, Removal, items::Items, items::PART};

/// What the test did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelfTest {
    /// An item was written, read, compared and removed.
    Written {
        /// Where, if that is known.
        place: Option<Place>,
    },
    /// Nothing was written, because the keychain would keep what is removed in a bin; it is open,
    /// and answers.
    OnlyLooked {
        /// Where something would be written.
        place: Place,
    },
}

/// Two tests at once must not find each other's item.
static TESTS: AtomicU32 = AtomicU32::new(0);

pub(crate) fn run(items: &Items<'_>) -> Result<SelfTest, Error> {
    let number = TESTS.fetch_add(1, Ordering::Relaxed);
    let item = Item {
        name: format!("self-test/{}-{number}", process::id()),
    };
    if let Some(place) = items
        .provider
        .place()?
        .filter(|place| place.bin().is_some())
    {
        return match items.open(&item, Some(&place)) {
            Err(Error::Missing) => Ok(SelfTest::OnlyLooked { place }),
            Ok(_) => Err(Error::Damaged),
            Err(error) => Err(error),
        };
    }
    let sample = SecretString::from("Graph Connect tests this keychain. ".repeat(2 * PART / 35));
    let written = items.write(&item, &sample, "Graph Connect: test of the keychain");
    // Whatever was written of it goes, also when the rest could not be.
    let removed = items.delete(&item, written.as_ref().ok().and_then(Option::as_ref));
    let place = written?;
    if removed? == Removal::NotFound {
        return Err(Error::Damaged);
    }
    match items.read(&item) {
        Err(Error::Missing) => Ok(SelfTest::Written { place }),
        Ok(_) => Err(Error::NotRemoved),
        Err(error) => Err(error),
    }
}
