//! What the window sees of an administrator's consent: the message that asks for it, and the watch
//! that waits for it.

use connections::{ConsentRequest, Watch};
use serde::Serialize;
use specta::Type;

/// Waiting for consent. All times in RFC 3339, UTC.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WatchView {
    pub(crate) began_at: String,
    pub(crate) ends_at: String,
    pub(crate) next_at: String,
    /// How many tokens have been looked at so far.
    pub(crate) looks: u32,
}

/// A message to whoever may consent.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentMessage {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) link: String,
    /// The role that is needed.
    pub(crate) role: String,
}

impl WatchView {
    pub(crate) fn new(watch: &Watch) -> Self {
        let Watch {
            began_at,
            ends_at,
            next_at,
            looks,
            ..
        } = watch;
        let (began_at, ends_at, next_at) = (
            began_at.to_string(),
            ends_at.to_string(),
            next_at.to_string(),
        );
        Self {
            began_at,
            ends_at,
            next_at,
            looks: *looks,
        }
    }
}

impl ConsentMessage {
    pub(crate) fn new(request: ConsentRequest) -> Self {
        let ConsentRequest {
            subject,
            text,
            html,
            link,
            role,
            ..
        } = request;
        Self {
            subject,
            text,
            html,
            link: link.into(),
            role: role.to_string(),
        }
    }
}
