//! The errors of the stores, each with a meaning of its own.

use keyring_core::{Error as StoreError, api::CredentialStoreApi, mock};
use secret_service::Error as Service;
use zbus::message::Message;

use crate::{Error, Item, Keychain, tests::SERVICE};

#[tokio::test]
async fn every_error_of_a_store_has_its_own_meaning() {
    let boxed = |error: Service| Box::new(error);
    let named = |name: &str| Box::new(Service::Zbus(bus_error(name)));
    let fdo = |error| Box::new(Service::ZbusFdo(error));
    let other = |code: &str| Error::Other {
        code: code.to_owned(),
    };
    let table = [
        (
            StoreError::NoStorageAccess(boxed(Service::Locked)),
            Error::Locked,
        ),
        (
            StoreError::NoStorageAccess(boxed(Service::Prompt)),
            Error::Locked,
        ),
        (
            StoreError::NoStorageAccess(boxed(Service::NoResult)),
            Error::NoCollection,
        ),
        (
            StoreError::NoStorageAccess("something else".into()),
            Error::Locked,
        ),
        (
            StoreError::PlatformFailure(boxed(Service::Unavailable)),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(boxed(Service::PromptDisconnected)),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(boxed(Service::Crypto("x"))),
            other("session-cipher"),
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.Secret.Error.IsLocked")),
            Error::Locked,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.Secret.Error.NoSession")),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.Secret.Error.NoSuchObject")),
            Error::Missing,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.DBus.Error.ServiceUnknown")),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.DBus.Error.Spawn.ExecFailed")),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.DBus.Error.NoReply")),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(named("org.freedesktop.DBus.Error.AccessDenied")),
            Error::Denied,
        ),
        (
            StoreError::PlatformFailure(named("org.example.Odd")),
            other("org.example.Odd"),
        ),
        (
            StoreError::PlatformFailure(fdo(zbus::fdo::Error::NoReply("x".into()))),
            Error::Unavailable,
        ),
        (
            StoreError::PlatformFailure(fdo(zbus::fdo::Error::AccessDenied("x".into()))),
            Error::Denied,
        ),
        (
            StoreError::PlatformFailure(fdo(zbus::Error::InvalidReply.into())),
            other("bus"),
        ),
        (
            StoreError::PlatformFailure("unheard of".into()),
            other("platform"),
        ),
        (StoreError::NoEntry, Error::Missing),
        (StoreError::BadEncoding(b"planted".to_vec()), Error::Damaged),
        (
            StoreError::BadDataFormat(b"planted".to_vec(), "planted".into()),
            Error::Damaged,
        ),
        (
            StoreError::BadStoreFormat("planted".into()),
            other("store-format"),
        ),
        (
            StoreError::TooLong("secret".into(), 2_560),
            Error::TooLarge { limit: 2_560 },
        ),
        (
            StoreError::Invalid("user".into(), "planted".into()),
            other("invalid"),
        ),
        (StoreError::Ambiguous(Vec::new()), Error::Ambiguous),
        (StoreError::NoDefaultStore, Error::Unavailable),
        (
            StoreError::NotSupportedByStore("planted".into()),
            other("not-supported"),
        ),
    ];
    for (error, expected) in table {
        let what = error.to_string();
        let store = mock::Store::new().unwrap();
        let entry = store.build(SERVICE, "c/1", None).unwrap();
        entry
            .as_any()
            .downcast_ref::<mock::Cred>()
            .unwrap()
            .set_error(error);
        let found = Keychain::with_store(SERVICE, store)
            .read(&Item::new("c", 1))
            .await
            .unwrap_err();
        assert_eq!(found, expected, "{what}");
        let shown = format!("{found} {found:?} {}", found.advice());
        let bytes = format!("{:?}", b"planted");
        assert!(
            !shown.contains("planted") && !shown.contains(&bytes),
            "no foreign text and no bytes: {shown}"
        );
    }
}

fn bus_error(name: &str) -> zbus::Error {
    let call = Message::method_call("/", "Method")
        .unwrap()
        .build(&())
        .unwrap();
    let reply = Message::error(&call.header(), name)
        .unwrap()
        .build(&("planted",))
        .unwrap();
    zbus::Error::from(reply)
}
