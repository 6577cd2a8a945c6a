//! The report of a check: what one run of Test Connection found, line by line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::permission::PermissionKind;

/// What one check found. It holds no secret and no token, so it can be shown, copied and kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// When the check began.
    #[cfg_attr(feature = "specta", specta(type = String))]
    pub started_at: Timestamp,
    /// How long it took in all, in milliseconds.
    pub took_ms: u32,
    /// What it comes to.
    pub outcome: Outcome,
    /// The outcome in one line, such as "Works. 3 of 12 permissions are missing."
    pub headline: String,
    /// One line a step, in the order of [`Step`].
    pub findings: Vec<Finding>,
    /// Every permission the integration needs, and whether the token carries it; empty when no token could be read.
    pub permissions: Vec<PermissionFinding>,
}

/// What a check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Everything passed.
    Works,
    /// The connection works, but something is missing or needs attention.
    WorksWithGaps,
    /// A person has to sign in again, or the secret is gone.
    NeedsSignIn,
    /// The connection does not work.
    Fails,
    /// Throttled, cancelled or out of time: nothing is proved either way.
    Inconclusive,
}

/// The steps of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// The secret can be read from the keychain.
    Keychain,
    /// The login host answers, over TLS.
    Host,
    /// The tenant exists in that cloud.
    Tenant,
    /// A fresh token was issued.
    Credential,
    /// The token belongs to the expected tenant and account.
    Identity,
    /// The token carries the permissions that the integration needs.
    Permissions,
    /// Graph answers a read.
    GraphRead,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// It held.
    Passed,
    /// It held, with something to know.
    Warning,
    /// It did not hold.
    Failed,
    /// It was not tried, because an earlier step failed.
    Skipped,
}

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub state: StepState,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// What was found, in one sentence.
    pub summary: String,
    /// What shows it: a host, a tenant, a number.
    pub evidence: Option<String>,
    /// What to do next.
    pub next: Option<String>,
    /// What the server said, word for word.
    pub original: Option<OriginalError>,
}

/// What a server said when it refused, for the people of its help desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OriginalError {
    /// The status of the HTTP answer.
    pub http_status: Option<u16>,
    /// `error` of an identity platform answer or `error.code` of a Graph answer.
    pub error: Option<String>,
    /// The AADSTS number, such as 7000215.
    pub aadsts: Option<u32>,
    /// The server's own text, with control and direction characters made visible, 2,000 characters at most.
    pub text: String,
    /// The trace ID (identity platform) or `request-id` (Graph).
    pub trace_id: Option<String>,
    /// The correlation ID (identity platform) or `client-request-id` (Graph).
    pub correlation_id: Option<String>,
    /// The time that the server wrote.
    pub timestamp: Option<String>,
}

/// One permission of the integration, against the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PermissionFinding {
    /// Its name.
    pub name: String,
    /// The kind that was looked for.
    pub kind: PermissionKind,
    /// What it allows, in plain words.
    pub purpose: String,
    /// Whether the token carries it.
    pub state: PermissionState,
}

/// Whether a permission is in the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum PermissionState {
    /// The token carries it.
    Granted,
    /// The token does not carry it.
    Missing,
    /// The token cannot be read; nothing is known.
    Unknown,
}
