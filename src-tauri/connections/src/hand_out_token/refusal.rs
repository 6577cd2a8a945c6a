//! What the service answered when no token was given, remembered for a while so that no program
//! asks again and again.
//!
//! It is kept as the service said it, and repeated so. It ends with its time, with the credential
//! that it was about, with the first token that this credential gets by whatever way, and when the
//! clock says that it was learnt in the future.

use std::time::Duration;

use entra::Error as Refused;
use jiff::{SignedDuration, Timestamp};
use model::Connection;

use super::DEFAULT_WAIT;
use crate::{
    Connections, Error,
    store::{Wait, WaitReason},
};

/// How long not to ask again when only a person can help.
const WAIT_FOR_A_PERSON: SignedDuration = SignedDuration::from_secs(120);
/// The longest that a wait grows to which the service did not ask for.
const MAX_BACKOFF: SignedDuration = SignedDuration::from_secs(60);

impl Connections {
    /// Refuses while nobody may ask, whoever learned that first.
    pub(super) async fn obey_wait(&self, connection: &Connection) -> Result<(), Error> {
        let Some(wait) = self
            .store()
            .wait_of(connection.id, connection.credential_version)
            .await?
        else {
            return Ok(());
        };
        let now = Timestamp::now();
        // A clock that was set back since would keep everybody waiting for as long as it was ahead.
        if now >= wait.until || now < wait.asked_at {
            return Ok(());
        }
        let left = Duration::from_secs(
            wait.until
                .duration_since(now)
                .unsigned_abs()
                .as_secs()
                .max(1),
        );
        let original = wait.original;
        let error = match wait.reason {
            WaitReason::Throttled => {
                return Err(Refused::Throttled {
                    retry_after: left,
                    original,
                }
                .into());
            }
            WaitReason::Unavailable => Refused::Unavailable { original },
            WaitReason::NeedsSignIn => Refused::NeedsSignIn {
                original,
                claims: None,
            },
            WaitReason::ApplicationRefused => Refused::ApplicationRefused {
                original,
                claims: None,
            },
            WaitReason::ConsentMissing => Refused::ConsentMissing { original },
        };
        Err(Error::Remembered {
            error: Box::new(error),
            asked_at: wait.asked_at,
            again_from: wait.until,
        })
    }

    /// Remembers a refusal; anything else leaves what is remembered as it is. That it could not be
    /// remembered is no reason to say something else than what the service said.
    pub(super) async fn remember_refusal(&self, connection: &Connection, error: &Error) {
        let Error::Entra(error) = error else { return };
        let (id, version) = (connection.id, connection.credential_version);
        let before = self.store().wait_of(id, version).await.ok().flatten();
        let times = before.map_or(0, |wait| wait.times).saturating_add(1);
        let Some((reason, asked)) = wait_after(error, times) else {
            return;
        };
        let asked_at = Timestamp::now();
        let original = error.original().cloned().map(Box::new);
        let wait = Wait {
            asked_at,
            until: asked_at + asked,
            times,
            reason,
            original,
        };
        if let Err(error) = self.store().set_wait(id, version, Some(wait)).await {
            tracing::warn!(%error, "a refusal could not be remembered");
        }
    }

    /// Forgets what was remembered of a credential that has just got a token.
    pub(crate) async fn forget_refusal(&self, connection: &Connection) {
        let (id, version) = (connection.id, connection.credential_version);
        let forgotten = match self.store().wait_of(id, version).await {
            Ok(Some(_)) => self.store().set_wait(id, version, None).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = forgotten {
            tracing::warn!(%error, "a refusal could not be forgotten");
        }
    }
}

/// For how long what is remembered; `None` for what may be asked again at once.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other failure is told anew each time"
)]
fn wait_after(error: &Refused, times: u32) -> Option<(WaitReason, SignedDuration)> {
    match error {
        Refused::Throttled { retry_after, .. } => {
            Some((WaitReason::Throttled, grown(*retry_after, times)))
        }
        Refused::Unavailable { .. } => Some((WaitReason::Unavailable, DEFAULT_WAIT)),
        Refused::NeedsSignIn { .. } => Some((WaitReason::NeedsSignIn, WAIT_FOR_A_PERSON)),
        Refused::ApplicationRefused { .. } => {
            Some((WaitReason::ApplicationRefused, WAIT_FOR_A_PERSON))
        }
        Refused::ConsentMissing { .. } => Some((WaitReason::ConsentMissing, WAIT_FOR_A_PERSON)),
        _ => None,
    }
}

/// A service that asks to wait for nothing, again and again, is asked less and less often.
fn grown(asked: Duration, times: u32) -> SignedDuration {
    let least = SignedDuration::from_secs(1 << (times - 1).min(6)).min(MAX_BACKOFF);
    SignedDuration::try_from(asked)
        .unwrap_or(DEFAULT_WAIT)
        .max(least)
}
