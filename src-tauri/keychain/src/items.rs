//! How a secret lies in the keychain: whole in one item, or in numbered parts beneath a manifest.
//!
//! Windows holds 2,560 bytes an item. A longer secret is cut into parts named `<item>/1`,
//! `<item>/2`, …, and the item itself holds a manifest with their number and the SHA-256 of the
//! whole. The manifest is written last and removed first, and parts are written upwards and removed
//! downwards, so that whatever a crash leaves is never read as a secret and can always be found and
//! removed.

use std::{cell::Cell, collections::HashMap};

use keyring_core::{CredentialStore, Entry};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    Error, Item,
    place::{Place, Provider, Removal},
    platform,
};

/// The most bytes in one item.
pub(crate) const PART: usize = 2_400;

/// The most parts of one secret, so that a planted manifest cannot ask for millions.
const MAX_PARTS: usize = 100;

/// A secret that starts so would look like a manifest, and is written in parts for that reason.
const MANIFEST: &str = "parts/1 ";

/// The items of one service in one store.
pub(crate) struct Items<'a> {
    pub(crate) store: &'a CredentialStore,
    pub(crate) service: &'a str,
    pub(crate) modifiers: Modifiers,
    pub(crate) provider: &'a dyn Provider,
    /// A person was asked by one of these calls, and has not said yes.
    pub(crate) refused: Cell<bool>,
}

/// What a store is told beside service and name, given the full name and the label.
pub(crate) type Modifiers = for<'a> fn(&'a str, Option<&'a str>) -> Vec<(&'static str, &'a str)>;

impl Items<'_> {
    /// Writes a secret, reads it back and compares; says where it is then.
    pub(crate) fn write(
        &self,
        item: &Item,
        secret: &SecretString,
        label: &str,
    ) -> Result<Option<Place>, Error> {
        self.write_checked(item, secret, label)?;
        Ok(self.provider.place_of(self.service, item.name()))
    }

    fn write_checked(&self, item: &Item, secret: &SecretString, label: &str) -> Result<(), Error> {
        let text = secret.expose_secret();
        if text.len() <= PART && !text.starts_with(MANIFEST) {
            let old_parts = self.count_parts(item)?;
            self.set(item.name(), label, text)?;
            self.remove_parts(item, 0, old_parts)?;
        } else {
            self.write_parts(item, text, label)?;
        }
        match self.read(item) {
            Ok(back) if back.expose_secret() == text => Ok(()),
            Ok(_) | Err(Error::Missing) => Err(Error::Damaged),
            Err(error) => Err(error),
        }
    }

    /// Reads a secret and says where it is. Of one that is not found, says why, given where it was
    /// kept last.
    pub(crate) fn open(
        &self,
        item: &Item,
        kept: Option<&Place>,
    ) -> Result<(SecretString, Option<Place>), Error> {
        match self.read(item) {
            Ok(secret) => Ok((secret, self.provider.place_of(self.service, item.name()))),
            Err(Error::Missing) => Err(self.provider.why_missing(kept)),
            Err(error) => Err(error),
        }
    }

    /// Reads a secret, whole or not at all.
    pub(crate) fn read(&self, item: &Item) -> Result<SecretString, Error> {
        let head = self.get(item.name())?;
        let Some(manifest) = head.strip_prefix(MANIFEST) else {
            return Ok(SecretString::from(head.as_str()));
        };
        let (count, sum) = read_manifest(manifest)?;
        let mut whole = Zeroizing::new(String::with_capacity(count * PART));
        for number in 1..=count {
            whole.push_str(&self.get(&item.part(number))?);
        }
        if checksum(&whole) != sum {
            return Err(Error::Damaged);
        }
        Ok(SecretString::from(whole.as_str()))
    }

    /// Removes an item with all its parts, and makes sure that it is gone.
    pub(crate) fn delete(&self, item: &Item, kept: Option<&Place>) -> Result<Removal, Error> {
        let parts = self.count_parts(item)?;
        let was_there = self.remove(item.name())?;
        self.remove_parts(item, 0, parts)?;
        if was_there || parts > 0 {
            return Ok(Removal::Removed);
        }
        let why = self.provider.why_missing(kept);
        // Where nobody knows where it was, nobody has seen that it is gone from there.
        let is_seen = kept.is_some() || self.provider.place()?.is_none();
        if why == Error::Missing && is_seen {
            Ok(Removal::NotFound)
        } else {
            Err(why)
        }
    }

    /// Removes every item of this name, however many there are: for what can be made anew at any
    /// time.
    pub(crate) fn clear(&self, item: &Item) -> Result<(), Error> {
        let found = match self.entry(item.name(), None)?.delete_credential() {
            Err(keyring_core::Error::Ambiguous(found)) => found,
            Ok(()) | Err(keyring_core::Error::NoEntry) => return Ok(()),
            Err(error) => return Err(self.noted(error)),
        };
        for entry in found {
            entry
                .delete_credential()
                .map_err(|error| self.noted(error))?;
        }
        Ok(())
    }

    fn write_parts(&self, item: &Item, text: &str, label: &str) -> Result<(), Error> {
        let parts = cut(text);
        if parts.len() > MAX_PARTS {
            return Err(Error::TooLarge {
                limit: (MAX_PARTS * PART) as u32,
            });
        }
        let old_parts = self.count_parts(item)?;
        self.remove(item.name())?;
        for (at, part) in parts.iter().enumerate() {
            let number = at + 1;
            let label = format!("{label} (part {number} of {})", parts.len());
            self.set(&item.part(number), &label, part)?;
        }
        self.remove_parts(item, parts.len(), old_parts)?;
        let manifest = format!("{MANIFEST}{} {}", parts.len(), checksum(text));
        self.set(item.name(), label, &manifest)?;
        Ok(())
    }

    /// The number of parts: as the manifest has it, or as many as there are in a row when a crash
    /// has left no manifest.
    fn count_parts(&self, item: &Item) -> Result<usize, Error> {
        let mut count = match self.get(item.name()) {
            Ok(head) => head
                .strip_prefix(MANIFEST)
                .and_then(|rest| read_manifest(rest).ok())
                .map_or(0, |(count, _)| count),
            Err(Error::Missing | Error::Damaged) => 0,
            Err(error) => return Err(error),
        };
        while self.exists(&item.part(count + 1))? {
            count += 1;
        }
        Ok(count)
    }

    /// Removes the parts above `last`, from the top.
    fn remove_parts(&self, item: &Item, last: usize, count: usize) -> Result<(), Error> {
        for number in (last + 1..=count).rev() {
            self.remove(&item.part(number))?;
        }
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Zeroizing<String>, Error> {
        let bytes = self
            .entry(name, None)?
            .get_secret()
            .map_err(|error| self.noted(error))?;
        let bytes = Zeroizing::new(bytes);
        let text = str::from_utf8(&bytes).map_err(|_| Error::Damaged)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn exists(&self, name: &str) -> Result<bool, Error> {
        match self.get(name) {
            Ok(_) | Err(Error::Damaged) => Ok(true),
            Err(Error::Missing) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn set(&self, name: &str, label: &str, text: &str) -> Result<(), Error> {
        let entry = self.entry(name, Some(label))?;
        entry
            .set_secret(text.as_bytes())
            .map_err(|error| self.noted(error))?;
        platform::describe(&entry, label);
        Ok(())
    }

    /// Removes one item, and says whether it was there. A store may report success and keep it, so
    /// it is looked for afterwards.
    fn remove(&self, name: &str) -> Result<bool, Error> {
        match self
            .entry(name, None)?
            .delete_credential()
            .map_err(|error| self.noted(error))
        {
            Ok(()) => {}
            Err(Error::Missing) => return Ok(false),
            Err(error) => return Err(error),
        }
        if self.exists(name)? {
            return Err(Error::NotRemoved);
        }
        Ok(true)
    }

    /// The error, after it was noted whether a person has refused.
    fn noted(&self, error: keyring_core::Error) -> Error {
        let error = Error::from(error);
        self.refused.set(self.refused.get() || error.is_refusal());
        error
    }

    fn entry(&self, name: &str, label: Option<&str>) -> Result<Entry, Error> {
        let full = format!("{}/{name}", self.service);
        let modifiers: HashMap<&str, &str> = (self.modifiers)(&full, label).into_iter().collect();
        self.store
            .build(self.service, name, Some(&modifiers))
            .map_err(|error| self.noted(error))
    }
}

/// Cuts between characters, because some keychains take nothing but UTF-8.
fn cut(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let longest = PART.min(rest.len());
        let end = (0..=longest)
            .rev()
            .find(|at| rest.is_char_boundary(*at))
            .unwrap_or(longest);
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

fn read_manifest(manifest: &str) -> Result<(usize, &str), Error> {
    let (count, sum) = manifest.split_once(' ').ok_or(Error::Damaged)?;
    let count: usize = count.parse().map_err(|_| Error::Damaged)?;
    if !(1..=MAX_PARTS).contains(&count) {
        return Err(Error::Damaged);
    }
    Ok((count, sum))
}

fn checksum(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
