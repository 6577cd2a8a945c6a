//! A secret as it was given, out of whatever it was given in.

use model::{ClientId, Tenant, TenantId, parse_pasted, secret_within};
use secrecy::{SecretString, zeroize::Zeroizing};

use super::MAX_SECRET_BYTES;
use crate::{
    exit::{Exit, Failure},
    print::eprint_line,
};

/// A secret, with what stood beside it.
pub(crate) struct Given {
    /// The secret, without anything around it.
    pub(crate) secret: SecretString,
    client_id: Option<String>,
    tenant: Option<String>,
}

impl Given {
    /// Reads the secret out of a text; `place` is what the text is called in an error.
    pub(super) fn read(text: &str, place: &str) -> Result<Self, Failure> {
        let pasted = parse_pasted(text);
        let Some(found) = pasted.secret_in(text).map(Zeroizing::new) else {
            if pasted.structured && !stands_first(text) {
                let named = "\"password\", \"clientSecret\" or CLIENT_SECRET=";
                return Err(refused(format!(
                    "{place} holds names and values, but no client secret; expected {named}"
                )));
            }
            return Ok(Self {
                secret: alone(text),
                client_id: None,
                tenant: None,
            });
        };
        eprint_line(format!(
            "graph-connect: took the client secret out of {place}, which holds more than that"
        ));
        let secret = SecretString::from(secret_within(&found));
        Ok(Self {
            secret,
            client_id: pasted.client_id,
            tenant: pasted.tenant,
        })
    }

    /// Refuses a secret that came with the ID of another application or tenant.
    pub(crate) fn expect_about(&self, client_id: &str, tenant: &str) -> Result<(), Failure> {
        let id = |text: &str| ClientId::parse(text).ok().map(|read| read.value);
        if let Some(other) = self
            .client_id
            .as_deref()
            .and_then(id)
            .filter(|other| Some(*other) != id(client_id))
        {
            return Err(refused(format!(
                "the client secret came with the client ID {other}, which is another one"
            )));
        }
        let place = |text: &str| {
            TenantId::parse(text)
                .ok()
                .map(|read| Tenant::Id(read.value))
        };
        let other = self.tenant.as_deref().and_then(place);
        match (other, place(tenant)) {
            (Some(other), Some(expected)) if other != expected => Err(refused(format!(
                "the client secret came with the tenant {other}, which is another one"
            ))),
            _ => Ok(()),
        }
    }
}

/// Whether the first line is a value without a name, as password managers print a secret before its
/// names and values.
fn stands_first(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    !secret_within(first).is_empty()
        && !parse_pasted(first).structured
        && !first.trim_start().starts_with('{')
}

/// The first line: password managers print further ones, and blanks are no part of a client secret.
fn alone(text: &str) -> SecretString {
    let line = secret_within(text).lines().next().unwrap_or_default();
    let secret = secret_within(line);
    if text
        .lines()
        .next()
        .is_some_and(|first| first.trim_start_matches('\u{feff}') != secret && !secret.is_empty())
    {
        eprint_line("graph-connect: the spaces around the client secret were left out");
    }
    SecretString::from(secret)
}

/// The text of a file that may come from Windows: UTF-8, or UTF-16 as PowerShell writes it.
pub(super) fn text_of(bytes: &[u8]) -> Result<Zeroizing<String>, Failure> {
    if bytes.len() as u64 > MAX_SECRET_BYTES {
        return Err(refused(format!(
            "standard input holds more than {} KiB",
            MAX_SECRET_BYTES / 1024
        )));
    }
    let sixteen = |read: fn([u8; 2]) -> u16| {
        let units: Zeroizing<Vec<u16>> = Zeroizing::new(
            bytes
                .chunks_exact(2)
                .map(|pair| read([pair[0], pair[1]]))
                .collect(),
        );
        String::from_utf16(&units).ok()
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => sixteen(u16::from_le_bytes),
        [0xfe, 0xff, ..] => sixteen(u16::from_be_bytes),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    };
    let text = text.map(Zeroizing::new).filter(|text| !text.contains('\0'));
    text.ok_or_else(|| refused("standard input is no text in UTF-8 or UTF-16"))
}

fn refused(why: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, why.into())
}
