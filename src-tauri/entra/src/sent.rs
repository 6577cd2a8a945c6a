//! What a request carried that nobody else may see, and the one door through which a server's words
//! leave this crate.
//!
//! A server may repeat what it was sent: in an error's text, in an ID, in a header; as it is,
//! percent-encoded as it travelled, escaped, or in base64. So no answer's words are shown or kept
//! before they went through [`Sent`], and a [`Sent`] is made of the request itself, so that nobody
//! can forget to say what was secret in it.

mod units;

use std::{
    collections::HashSet,
    fmt,
    ops::Range,
    sync::{Arc, OnceLock},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use model::OriginalError;
use reqwest::{
    Request,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;
use zeroize::{Zeroize, Zeroizing};

use crate::sanitise::visible;
use units::{Alphabet, Unit};

/// What stands in the place of what was removed.
const REMOVED: &str = "[removed]";
/// So many characters in a row of a secret are removed, even where the rest of it is missing: a
/// server may cut it, too.
const TELLING: usize = 16;
/// Of a longer secret only each [`TELLING`]th run is looked for: enough to find any double run of
/// it.
const LONG: usize = 64;
/// A shorter secret is only found where it stands alone, else it would be found in words.
const SHORT: usize = 6;
/// No more of a server's text is looked at, in bytes; 2,000 characters are shown.
const MAX_TEXT: usize = 256 * 1024;

/// The fields of a token request that are no secrets. A field that is not known here counts as one.
const PUBLIC_FIELDS: [&str; 8] = [
    "client_id",
    "grant_type",
    "scope",
    "redirect_uri",
    "response_type",
    "claims",
    "client_assertion_type",
    "client_info",
];

/// The secrets of one request. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Sent(Arc<Inner>);

#[derive(Default)]
struct Inner {
    secrets: Vec<SecretString>,
    /// What is looked for; made when an answer has words to clean.
    sought: OnceLock<Sought>,
}

/// What a server says about an error, as it came. It can be shown only after [`Sent::original`] has
/// cleaned it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Raw<'a> {
    pub(crate) http_status: Option<u16>,
    pub(crate) error: Option<&'a str>,
    pub(crate) aadsts: Option<u32>,
    pub(crate) text: &'a str,
    pub(crate) trace_id: Option<&'a str>,
    pub(crate) correlation_id: Option<&'a str>,
    pub(crate) timestamp: Option<&'a str>,
}

impl Sent {
    /// The secrets of a request: its credential in the header, and every field of its form that is
    /// not known to be harmless.
    pub(crate) fn with(request: &Request) -> Self {
        let header = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
        let form = request
            .body()
            .and_then(reqwest::Body::as_bytes)
            .filter(|_| is_form)
            .unwrap_or_default();
        let fields = form_urlencoded::parse(form)
            .filter(|(name, _)| !PUBLIC_FIELDS.contains(&name.as_ref()));
        let fields = fields.map(|(_, value)| SecretString::from(value.into_owned()));
        let credential = header
            .into_iter()
            .flat_map(|value| value.split_once(' ').map(|(_, it)| it.into()));
        Self::of(fields.chain(credential))
    }

    /// These secrets.
    pub(crate) fn of(secrets: impl IntoIterator<Item = SecretString>) -> Self {
        let secrets = secrets
            .into_iter()
            .filter(|secret| !secret.expose_secret().is_empty())
            .collect();
        Self(Arc::new(Inner {
            secrets,
            sought: OnceLock::new(),
        }))
    }

    /// What a server said about an error, fit to be shown, copied and kept: without the secrets,
    /// then cut.
    pub(crate) fn original(&self, raw: Raw<'_>) -> OriginalError {
        let shown = |text: Option<&str>| text.map(|text| self.shown(text));
        OriginalError {
            http_status: raw.http_status,
            error: shown(raw.error),
            aadsts: raw.aadsts,
            text: self.shown(raw.text),
            trace_id: shown(raw.trace_id),
            correlation_id: shown(raw.correlation_id),
            timestamp: shown(raw.timestamp),
        }
    }

    /// A server's text without the secrets, visible and cut to 2,000 characters.
    pub(crate) fn shown(&self, text: &str) -> String {
        visible(&self.cleaned(text))
    }

    /// A server's text without the secrets, whatever their spelling.
    pub(crate) fn cleaned(&self, text: &str) -> String {
        let text = beginning(text);
        let mut clean = String::with_capacity(text.len());
        let mut rest = 0;
        for found in self.found(text) {
            clean.push_str(text.get(rest..found.start).unwrap_or_default());
            clean.push_str(REMOVED);
            rest = found.end;
        }
        clean.push_str(text.get(rest..).unwrap_or_default());
        clean
    }

    /// Whether a text repeats one of the secrets.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        !self.found(text).is_empty()
    }

    /// Where the secrets stand, in order and without overlaps.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        if self.0.secrets.is_empty() || text.is_empty() {
            return Vec::new();
        }
        let sought = self.0.sought.get_or_init(|| Sought::of(&self.0.secrets));
        let mut found = Vec::new();
        for units in units::readings(text) {
            found.extend(sought.in_units(text, &units));
        }
        merged(found)
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent").finish_non_exhaustive()
    }
}

/// Runs of characters to look for, by how they are spelt and how long they are.
struct Sought(Vec<Runs>);

struct Runs {
    alphabet: Alphabet,
    length: usize,
    /// Whether it counts only where no letter or digit is beside it.
    alone: bool,
    runs: HashSet<Vec<u8>>,
}

impl Drop for Runs {
    fn drop(&mut self) {
        self.runs.drain().for_each(|mut run| run.zeroize());
    }
}

impl Sought {
    fn of(secrets: &[SecretString]) -> Self {
        let mut sought = Self(Vec::new());
        for secret in secrets {
            let secret = secret.expose_secret().as_bytes();
            sought.add(Alphabet::Plain, secret);
            if secret.len() >= SHORT {
                sought.add(Alphabet::Plain, hex(secret).as_bytes());
                (0..3).for_each(|shift| sought.add(Alphabet::Base64, &base64_core(secret, shift)));
            }
        }
        sought
    }

    fn add(&mut self, alphabet: Alphabet, secret: &[u8]) {
        let spelt: Zeroizing<Vec<u8>> =
            Zeroizing::new(secret.iter().filter_map(|b| alphabet.spell(*b)).collect());
        let length = spelt.len().min(TELLING);
        if length == 0 {
            return;
        }
        let stride = if spelt.len() > LONG { TELLING } else { 1 };
        let last = spelt.len() - length;
        let starts = (0..=last).step_by(stride).chain([last]);
        let runs = starts.map(|start| spelt[start..start + length].to_vec());
        let alone = length < SHORT;
        match self
            .0
            .iter_mut()
            .find(|known| known.alphabet == alphabet && known.length == length)
        {
            Some(known) => known.runs.extend(runs),
            None => self.0.push(Runs {
                alphabet,
                length,
                alone,
                runs: runs.collect(),
            }),
        }
    }

    fn in_units(&self, text: &str, units: &[Unit]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for alphabet in [Alphabet::Plain, Alphabet::Base64] {
            let spelt: Vec<(u8, &Unit)> = units
                .iter()
                .filter_map(|unit| Some((alphabet.spell(unit.byte)?, unit)))
                .collect();
            let bytes: Vec<u8> = spelt.iter().map(|(byte, _)| *byte).collect();
            for sought in self.0.iter().filter(|sought| sought.alphabet == alphabet) {
                for (at, run) in bytes.windows(sought.length).enumerate() {
                    if !sought.runs.contains(run) {
                        continue;
                    }
                    let range = spelt[at].1.start..spelt[at + sought.length - 1].1.end;
                    if !sought.alone || stands_alone(text, &range) {
                        found.push(alphabet.whole(text, range));
                    }
                }
            }
        }
        found
    }
}

/// As much of a text as is looked at.
fn beginning(text: &str) -> &str {
    let end = (0..=MAX_TEXT.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text
        .get(..range.start)
        .and_then(|before| before.chars().next_back());
    let after = text.get(range.end..).and_then(|after| after.chars().next());
    ![before, after]
        .into_iter()
        .flatten()
        .any(char::is_alphanumeric)
}

fn hex(secret: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(secret.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What of a secret's base64 does not depend on what stands before and after it, when `shift` bytes
/// do before the next group of three.
fn base64_core(secret: &[u8], shift: usize) -> Zeroizing<Vec<u8>> {
    let shifted = Zeroizing::new([&[0_u8; 2][..shift], secret].concat());
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(shifted.as_slice()));
    let (first, end) = ((shift * 8).div_ceil(6), shifted.len() * 8 / 6);
    Zeroizing::new(
        encoded
            .as_bytes()
            .get(first..end)
            .unwrap_or_default()
            .to_vec(),
    )
}

fn merged(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            Some(_) | None => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests;
