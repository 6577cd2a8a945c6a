//! What the fake answers of its properties, and how it refuses.

use std::collections::BTreeMap;

use zbus::{
    Message,
    blocking::Connection,
    zvariant::{ObjectPath, OwnedObjectPath, Value},
};

pub(super) fn properties(
    bus: &Connection,
    call: &Message,
    member: &str,
    known: Vec<(&str, Value<'_>)>,
) -> zbus::Result<()> {
    if member == "GetAll" {
        return bus.reply(
            &call.header(),
            &known.into_iter().collect::<BTreeMap<_, _>>(),
        );
    }
    let (_, wanted): (String, String) = call.body().deserialize()?;
    match known.into_iter().find(|(name, _)| *name == wanted) {
        Some((_, value)) => bus.reply(&call.header(), &value),
        None => unknown(bus, call),
    }
}

pub(super) fn unknown(bus: &Connection, call: &Message) -> zbus::Result<()> {
    bus.reply_error(
        &call.header(),
        "org.freedesktop.DBus.Error.UnknownMethod",
        &("no such method",),
    )
}

pub(super) fn is_locked(bus: &Connection, call: &Message) -> zbus::Result<()> {
    bus.reply_error(
        &call.header(),
        "org.freedesktop.Secret.Error.IsLocked",
        &("locked",),
    )
}

pub(super) fn no_such_object(bus: &Connection, call: &Message) -> zbus::Result<()> {
    bus.reply_error(
        &call.header(),
        "org.freedesktop.Secret.Error.NoSuchObject",
        &("no such object",),
    )
}

pub(super) fn object(path: &str) -> OwnedObjectPath {
    ObjectPath::try_from(path).expect("a path").into()
}
