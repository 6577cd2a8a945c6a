//! What the window sees of a sign-in.

use model::{Account, CheckReport};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::ConnectionRow;
use crate::error::AppError;

/// Whether the system browser is opened, or only a link made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SignInMode {
    Browser,
    Link,
}

/// What happens during a sign-in, in the order in which it happens; `done` and `failed` are the
/// last.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub(crate) enum SignInEvent {
    /// The port is open.
    Waiting {
        deadline: String,
        redirect_uri: String,
    },
    /// The system browser could not be opened; the link has to be copied.
    BrowserFailed { message: String },
    /// Something else keeps talking to the port.
    AnotherProgram,
    /// The browser came back without an answer, as it does after an error page.
    ReturnedWithoutAnswer,
    /// The answer is there and is exchanged for tokens.
    Exchanging,
    /// The new sign-in is tested, before it is kept.
    Checking,
    /// It has not proved to work, so the old one is kept unless the person insists; answered by
    /// `confirm_account`.
    NotProved {
        say: String,
        report: Box<CheckReport>,
    },
    /// Somebody else signed in than last time; answered by `confirm_account`.
    OtherAccount { previous: Account, now: Account },
    /// The connection is kept.
    Done {
        connection: Box<ConnectionRow>,
        account: Account,
        granted: Vec<String>,
        missing: Vec<String>,
        report: Box<CheckReport>,
    },
    /// Nothing was kept.
    Failed { error: AppError },
}
