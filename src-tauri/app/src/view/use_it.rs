//! What the window sees of a connection that is used.

use connections::{CLIENT_SECRET, MissingPermissions, Use};
use entra::{Called, Help, probe_of};
use model::{Actor, Connection, Method, OriginalError, PermissionKind};
use serde::Serialize;
use specta::Type;

/// What to do about a call that Graph refuses as it stands.
const OWN_SLIP: &str =
    "Check the path and its query against the reference of Microsoft Graph, then call again.";

/// One token, or the client secret, that was handed out.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UseView {
    /// RFC 3339, UTC.
    pub(crate) at: String,
    pub(crate) program: String,
    /// For which scope; of the client secret, that it is one.
    pub(crate) scope: String,
    /// Whether it was the client secret itself.
    pub(crate) is_secret: bool,
}

/// What Graph answered to a call.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallView {
    /// The HTTP status.
    pub(crate) status: u16,
    pub(crate) ms: u32,
    pub(crate) request_id: Option<String>,
    /// The beginning of what came back, as text.
    pub(crate) body: String,
    /// How long all of it is.
    pub(crate) bytes: u32,
    /// Where Graph keeps what was asked for, when it is elsewhere: an address that needs no
    /// sign-in.
    pub(crate) kept_at: Option<String>,
    /// Set when Graph refused.
    pub(crate) refusal: Option<Refusal>,
    /// Set when a new refresh token of the connection could not be kept: what a person is told of
    /// that.
    pub(crate) not_kept: Option<String>,
}

/// Why Graph refused a call, as far as it or this program can say.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Refusal {
    /// What it means, in one sentence.
    pub(crate) message: String,
    pub(crate) next: String,
    pub(crate) actor: Actor,
    /// What Graph said.
    pub(crate) original: Option<OriginalError>,
    /// The permissions any of which would do, where that is known and the token holds none.
    pub(crate) lacking: Vec<String>,
    pub(crate) kind: Option<PermissionKind>,
}

/// Where the command line is, seen from the window.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommandLine {
    /// The program beside the window, if it lies there and can be linked to.
    pub(crate) program: Option<String>,
    /// Whether a terminal finds it.
    pub(crate) found: bool,
    /// The link that was made here.
    pub(crate) link: Option<String>,
    /// The folder for the link; where links are not made, that of the program.
    pub(crate) folder: String,
    pub(crate) folder_on_path: bool,
    /// Whether links are made on this system.
    pub(crate) linkable: bool,
    /// What makes a shell look into that folder.
    pub(crate) path_line: String,
    /// In the demo: the line with which a new terminal sees the connections of this window. It also
    /// makes it find the program.
    pub(crate) environment: Option<String>,
}

/// The probe of its integration, and what every connection can read or is often asked for.
pub(super) fn paths_to_try(connection: &Connection) -> Vec<String> {
    let (kind, who) = match connection.method {
        Method::OAuth { .. } => (PermissionKind::Delegated, Some("/me")),
        Method::AppRegistration { .. } => (PermissionKind::Application, None),
    };
    let probe = probe_of(connection.integration, kind).map(|probe| probe.path);
    [Some("/organization"), who, probe]
        .into_iter()
        .flatten()
        .map(ToOwned::to_owned)
        .collect()
}

impl CallView {
    pub(crate) fn new(
        called: &Called,
        lacking: Option<MissingPermissions>,
        not_kept: Option<String>,
    ) -> Self {
        Self {
            not_kept,
            status: called.status(),
            ms: u32::try_from(called.took.as_millis()).unwrap_or(u32::MAX),
            request_id: called.request_id(),
            body: called.shown_body(),
            bytes: u32::try_from(called.body().len()).unwrap_or(u32::MAX),
            kept_at: called.kept_at().map(|address| address.to_string()),
            refusal: called.failure().map(|failure| match called.kept_at() {
                Some(address) => {
                    Refusal::kept_elsewhere(&failure, address.host_str().unwrap_or_default())
                }
                None => Refusal::new(&failure, lacking),
            }),
        }
    }
}

impl Refusal {
    fn new(failure: &entra::Error, lacking: Option<MissingPermissions>) -> Self {
        let Help { next, actor, .. } = failure.help();
        // The person thought of this call, so a request that cannot be right is theirs to put
        // right.
        let is_own = actor == Actor::GraphConnect;
        let (next, actor) = if is_own {
            (OWN_SLIP.to_owned(), Actor::You)
        } else {
            (next, actor)
        };
        let kind = lacking.as_ref().map(|lacking| lacking.kind);
        let lacking = lacking.map_or_else(Vec::new, |lacking| {
            lacking.any_of.iter().copied().map(Into::into).collect()
        });
        Self {
            message: failure.to_string(),
            next,
            actor,
            original: failure.original().cloned(),
            lacking,
            kind,
        }
    }
}

impl Refusal {
    fn kept_elsewhere(failure: &entra::Error, host: &str) -> Self {
        let next = "Graph Connect does not send your token there. Copy the address and open it within a few minutes: it needs \
                    no sign-in.";
        Self {
            message: format!("What you asked for is kept at {host}."),
            next: next.to_owned(),
            actor: Actor::You,
            ..Self::new(failure, None)
        }
    }
}

impl UseView {
    pub(crate) fn new(used: Use) -> Self {
        let is_secret = used.scope == CLIENT_SECRET;
        Self {
            at: used.at.to_string(),
            program: used.program,
            scope: used.scope,
            is_secret,
        }
    }
}
