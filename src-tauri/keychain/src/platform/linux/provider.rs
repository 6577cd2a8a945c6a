//! What the Secret Service says of itself: which program it is, which collections it has, and which
//! of them are locked.
//!
//! A program that is told to unlock nothing for a search says "nothing found" for what lies in a
//! locked collection, and a second program in the place of the first says the same. So an empty
//! search is no answer yet.

use std::{cell::RefCell, fs, path::PathBuf};

use secret_service::{
    EncryptionType, Error as Service,
    blocking::{Collection, SecretService},
};
use zbus::{blocking::Connection, zvariant::OwnedObjectPath};

use super::{explain_bus, explain_service};
use crate::{
    Error,
    place::{KEEPASSXC, Place, Provider, Unlock, readable},
};

const NAME: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";

/// The Secret Service of the session.
#[derive(Default)]
pub(crate) struct SecretServiceProvider {
    /// The bus; opened when something is asked first, and again after a failure.
    bus: RefCell<Option<Connection>>,
}

impl Provider for SecretServiceProvider {
    fn place(&self) -> Result<Option<Place>, Error> {
        self.asking(|bus| {
            let program = program(bus)?.unwrap_or_default();
            let collection = default_collection(bus)?.ok_or(Error::NoCollection)?;
            Ok(Some(Place {
                program,
                collection: collection.to_string(),
            }))
        })
    }

    fn place_of(&self, service: &str, name: &str) -> Option<Place> {
        let attributes =
            std::collections::HashMap::from([("service", service), ("username", name)]);
        let found = self.asking(|bus| {
            let found = bus.call_method(
                Some(NAME),
                PATH,
                Some("org.freedesktop.Secret.Service"),
                "SearchItems",
                &attributes,
            );
            let found = found.map_err(|error| explain_bus(&error))?.body();
            let found = found.deserialize::<(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>)>();
            let (unlocked, locked) = found.map_err(|error| explain_bus(&error))?;
            Ok((unlocked.into_iter().chain(locked).next(), program(bus)?))
        });
        let (item, program) = found.ok()?;
        let (collection, _) = item.as_ref()?.as_str().rsplit_once('/')?;
        Some(Place {
            program: program.unwrap_or_default(),
            collection: collection.to_owned(),
        })
    }

    fn why_missing(&self, kept: Option<&Place>) -> Error {
        self.asking(|bus| look_for(bus, kept))
            .unwrap_or_else(|error| error)
    }

    fn unlock(&self, places: &[Place]) -> Result<Unlock, Error> {
        self.asking(|bus| unlock(bus, places))
    }
}

impl SecretServiceProvider {
    /// Asks over the bus, which is opened anew at the next time when this fails: the bus may have
    /// been restarted.
    fn asking<T>(&self, ask: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let asked = self.bus().and_then(|bus| ask(&bus));
        if asked.is_err() {
            self.bus.take();
        }
        asked
    }

    fn bus(&self) -> Result<Connection, Error> {
        if let Some(bus) = &*self.bus.borrow() {
            return Ok(bus.clone());
        }
        let bus = Connection::session().map_err(|error| explain_bus(&error))?;
        self.bus.replace(Some(bus.clone()));
        Ok(bus)
    }
}

/// Where a search that found nothing may have to look instead.
fn look_for(bus: &Connection, kept: Option<&Place>) -> Result<Error, Error> {
    let in_use = program(bus)?.unwrap_or_default();
    if let Some(kept) =
        kept.filter(|kept| !kept.program.is_empty() && !in_use.is_empty() && kept.program != in_use)
    {
        return Ok(Error::OtherProvider {
            kept_by: kept.program.clone(),
            in_use,
        });
    }
    let default = default_collection(bus)?;
    let Some(kept) = kept else {
        let Some(default) = default else {
            return Ok(Error::NoCollection);
        };
        return Ok(if is_locked(bus, default.as_str())? {
            Error::Locked
        } else {
            Error::Missing
        });
    };
    if collections(bus)?
        .iter()
        .any(|path| path.as_str() == kept.collection)
    {
        return Ok(if is_locked(bus, &kept.collection)? {
            Error::Locked
        } else {
            Error::Missing
        });
    }
    let Some(default) = default else {
        return Ok(Error::NoCollection);
    };
    let in_use = Place {
        program: in_use,
        collection: default.to_string(),
    }
    .label();
    Ok(Error::OtherCollection {
        kept_in: kept.label(),
        in_use,
    })
}

/// The program that is the keychain of this session now, if it can be found out; blocks for a
/// moment, and asks nobody.
pub(crate) fn program_in_use() -> Option<String> {
    program(&Connection::session().ok()?).ok()?
}

fn unlock(bus: &Connection, places: &[Place]) -> Result<Unlock, Error> {
    let program = program(bus)?;
    let service = SecretService::connect_with_existing(EncryptionType::Plain, bus.clone())
        .map_err(refused)?;
    let is_kept_in = |collection: &Collection<'_>| {
        let path = collection.collection_path.as_str();
        places
            .iter()
            .any(|place| place.collection == path && Some(&place.program) == program.as_ref())
    };
    let mut wanted = match service.get_default_collection() {
        Ok(default) => vec![default],
        Err(Service::NoResult) => Vec::new(),
        Err(error) => return Err(refused(error)),
    };
    let others = service.get_all_collections().map_err(refused)?;
    let is_new = |one: &Collection<'_>| {
        wanted
            .iter()
            .all(|known| known.collection_path != one.collection_path)
    };
    let others: Vec<_> = others
        .into_iter()
        .filter(|one| is_kept_in(one) && is_new(one))
        .collect();
    wanted.extend(others);
    if wanted.is_empty() {
        return Err(Error::NoCollection);
    }
    unlock_all(&wanted)
}

fn unlock_all(wanted: &[Collection<'_>]) -> Result<Unlock, Error> {
    let mut done = Unlock::NothingToUnlock;
    for collection in wanted {
        if !collection.is_locked().map_err(refused)? {
            continue;
        }
        match collection.unlock() {
            Ok(()) => {}
            Err(Service::Prompt) => return Ok(Unlock::Dismissed),
            Err(error) => return Err(refused(error)),
        }
        // Some say that they have done it.
        if collection.is_locked().map_err(refused)? {
            return Ok(Unlock::Dismissed);
        }
        done = Unlock::Unlocked;
    }
    Ok(done)
}

/// The name of the program that owns the service, as people know it.
fn program(bus: &Connection) -> Result<Option<String>, Error> {
    let bus_itself = "org.freedesktop.DBus";
    let reply = bus.call_method(
        Some(bus_itself),
        "/org/freedesktop/DBus",
        Some(bus_itself),
        "GetConnectionUnixProcessID",
        &NAME,
    );
    let process: u32 = read(&reply.map_err(|error| explain_bus(&error))?)?;
    Ok(program_of(process))
}

/// A program with rights of its own hides its path from others; then its first argument or its
/// short name has to do.
fn program_of(process: u32) -> Option<String> {
    let of = |file: &str| PathBuf::from(format!("/proc/{process}/{file}"));
    let path = fs::read_link(of("exe")).ok();
    let from_arguments = || {
        let arguments = fs::read(of("cmdline")).ok()?;
        let first = arguments
            .split(|byte| *byte == 0)
            .next()
            .filter(|first| !first.is_empty())?;
        Some(PathBuf::from(String::from_utf8_lossy(first).into_owned()))
    };
    let from_name = || {
        Some(PathBuf::from(
            fs::read_to_string(of("comm")).ok()?.trim_end(),
        ))
    };
    let path = path.or_else(from_arguments).or_else(from_name)?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    Some(known_as(name.trim_end_matches(" (deleted)")))
}

/// What people call it. Names of one program in different versions are one name, so that an update
/// changes nothing.
fn known_as(executable: &str) -> String {
    let bare = executable
        .trim_start_matches('.')
        .trim_end_matches("-wrapped");
    match bare {
        "keepassxc" => KEEPASSXC.to_owned(),
        "ksecretd" => "KDE Wallet".to_owned(),
        name if name.starts_with("gnome-keyring-d") => "GNOME Keyring".to_owned(),
        name if name.starts_with("kwallet") => "KDE Wallet".to_owned(),
        name => readable(name),
    }
}

fn default_collection(bus: &Connection) -> Result<Option<OwnedObjectPath>, Error> {
    let reply = bus.call_method(
        Some(NAME),
        PATH,
        Some("org.freedesktop.Secret.Service"),
        "ReadAlias",
        &"default",
    );
    let path: OwnedObjectPath = read(&reply.map_err(|error| explain_bus(&error))?)?;
    Ok(Some(path).filter(|path| path.as_str() != "/"))
}

fn collections(bus: &Connection) -> Result<Vec<OwnedObjectPath>, Error> {
    let value = property(bus, PATH, "org.freedesktop.Secret.Service", "Collections")?;
    value.try_into().map_err(|_| malformed())
}

fn is_locked(bus: &Connection, collection: &str) -> Result<bool, Error> {
    let value = property(
        bus,
        collection,
        "org.freedesktop.Secret.Collection",
        "Locked",
    )?;
    value.try_into().map_err(|_| malformed())
}

fn property(
    bus: &Connection,
    path: &str,
    interface: &str,
    name: &str,
) -> Result<zbus::zvariant::OwnedValue, Error> {
    let properties = Some("org.freedesktop.DBus.Properties");
    let reply = bus.call_method(Some(NAME), path, properties, "Get", &(interface, name));
    read(&reply.map_err(|error| explain_bus(&error))?)
}

fn read<T>(reply: &zbus::Message) -> Result<T, Error>
where
    T: for<'a> zbus::zvariant::DynamicDeserialize<'a>,
{
    reply.body().deserialize().map_err(|_| malformed())
}

fn malformed() -> Error {
    Error::other("malformed-reply")
}

fn refused(error: Service) -> Error {
    explain_service(&error)
}
