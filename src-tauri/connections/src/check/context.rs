//! What checks share, and their time.

use std::time::{Duration, Instant};

use entra::{Clouds, Http};

use super::catalogues::Catalogues;

/// The most time that a check may take in all.
pub const CHECK_TIMEOUT: Duration = Duration::from_secs(10);

/// What checks share.
pub(crate) struct CheckContext<'a> {
    pub(crate) http: &'a Http,
    pub(crate) clouds: &'a Clouds,
    pub(crate) catalogues: &'a Catalogues,
}

/// How long ago that was, in milliseconds.
pub(super) fn milliseconds(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}
