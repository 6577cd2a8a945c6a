//! The Secret Service: gnome-keyring, KWallet, KeePassXC.
//!
//! Source: <https://specifications.freedesktop.org/secret-service-spec/latest/>

#[path = "linux/provider.rs"]
mod provider;
#[path = "linux/unusable_variables.rs"]
mod unusable_variables;

use std::{error::Error as StdError, sync::Arc};

use keyring_core::CredentialStore;
use secret_service::Error as Service;
use zbus::DBusError;

pub(crate) use self::provider::program_in_use;
pub use self::unusable_variables::restart_without_unusable_variables;
use crate::{Error, place::Provider};

/// It holds as much as the disk.
pub(crate) const FILLS_UP: bool = false;

/// Opens a session with the provider; blocks, but waits for no person.
pub(crate) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

/// What is known of the provider itself.
pub(crate) fn provider() -> Box<dyn Provider> {
    Box::new(provider::SecretServiceProvider::default())
}

/// The label that a person sees in the keychain's own program; taken when an item is created.
pub(crate) fn modifiers<'a>(
    _name: &'a str,
    label: Option<&'a str>,
) -> Vec<(&'static str, &'a str)> {
    label.map(|label| ("label", label)).into_iter().collect()
}

/// The label was given with the item.
pub(crate) const fn describe(_entry: &keyring_core::Entry, _label: &str) {}

/// Reads the error beneath a store error, by type and D-Bus error name and never by its text.
pub(crate) fn explain(source: &(dyn StdError + Send + Sync + 'static)) -> Option<Error> {
    source.downcast_ref::<Service>().map(explain_service)
}

fn explain_service(error: &Service) -> Error {
    match error {
        // A prompt is dismissed by a person, or by the provider when there is no display to show it
        // on.
        Service::Locked | Service::Prompt => Error::Locked,
        // No collection has the alias that is looked for.
        Service::NoResult => Error::NoCollection,
        Service::PromptDisconnected | Service::Unavailable => Error::Unavailable,
        Service::Zbus(error) => explain_bus(error),
        Service::ZbusFdo(error) => explain_standard(error),
        Service::Crypto(_) => Error::other("session-cipher"),
        Service::Zvariant(_) => Error::other("malformed-reply"),
        _ => Error::other("secret-service"),
    }
}

fn explain_bus(error: &zbus::Error) -> Error {
    use zbus::Error as Bus;
    match error {
        Bus::MethodError(name, ..) => explain_name(name.as_str()),
        Bus::FDO(error) => explain_standard(error),
        Bus::InputOutput(_)
        | Bus::Connection(..)
        | Bus::Address(_)
        | Bus::Handshake(_)
        | Bus::InterfaceNotFound => Error::Unavailable,
        Bus::ExcessData => Error::TooLarge {
            limit: MESSAGE_LIMIT,
        },
        Bus::InvalidField
        | Bus::Variant(_)
        | Bus::Names(_)
        | Bus::IncorrectEndian
        | Bus::InvalidReply
        | Bus::MissingField
        | Bus::InvalidGUID
        | Bus::Unsupported
        | Bus::NameTaken
        | Bus::InvalidMatchRule
        | Bus::Failure(_)
        | Bus::MissingParameter(_)
        | Bus::InvalidSerial
        | Bus::InterfaceExists(..) => Error::other("bus"),
        _ => Error::other("bus-unknown"),
    }
}

fn explain_standard(error: &zbus::fdo::Error) -> Error {
    if let zbus::fdo::Error::ZBus(error) = error {
        return explain_bus(error);
    }
    explain_name(error.name().as_str())
}

fn explain_name(name: &str) -> Error {
    match name {
        "org.freedesktop.Secret.Error.IsLocked" => Error::Locked,
        "org.freedesktop.Secret.Error.NoSuchObject" => Error::Missing,
        "org.freedesktop.DBus.Error.AccessDenied" | "org.freedesktop.DBus.Error.AuthFailed" => {
            Error::Denied
        }
        "org.freedesktop.DBus.Error.LimitsExceeded" => Error::TooLarge {
            limit: MESSAGE_LIMIT,
        },
        "org.freedesktop.Secret.Error.NoSession"
        | "org.freedesktop.DBus.Error.Disconnected"
        | "org.freedesktop.DBus.Error.NameHasNoOwner"
        | "org.freedesktop.DBus.Error.NoReply"
        | "org.freedesktop.DBus.Error.NoServer"
        | "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.TimedOut"
        | "org.freedesktop.DBus.Error.Timeout" => Error::Unavailable,
        name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => Error::Unavailable,
        // The provider writes the name; a name has at most 255 characters of letters, digits, `_`
        // and `.`.
        name => Error::other(name),
    }
}

/// The most bytes of a D-Bus message (D-Bus specification, "Message Format").
const MESSAGE_LIMIT: u32 = 128 * 1024 * 1024;
