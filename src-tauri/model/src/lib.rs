//! The nouns of Graph Connect and the rules that hold for them.
//!
//! Everything here is true without a clock, a disk, a network or a keychain: identifiers and how
//! they are read from what people paste, integrations and the permissions each needs, connections,
//! and the report of a check. What is deliberately not here: Microsoft's addresses and error
//! numbers (crate `entra`), where things are kept (crates `keychain` and `connections`), and every
//! word that only one screen shows (`ui`).

mod check;
mod connection;
mod day;
mod document;
mod hidden;
mod id;
mod integration;
mod link;
mod name;
mod need;
mod paste;
mod pasted;
mod permission;
mod permission_table;
mod secret;
mod tenant;
mod written;

pub use check::{
    Actor, CheckReport, Field, Finding, NotTestedReason, OriginalError, Outcome, PermissionFinding,
    PermissionState, PortalLink, PortalPage, Retry, Step, StepState,
};
pub use connection::{Account, Connection, Method, MethodKind, NotTested, Status};
pub use day::{DayProblem, parse_day};
pub use document::{CheckDocument, ConnectionFacts};
pub use hidden::is_hidden;
pub use id::{ClientId, CloudId, ConnectionId, IdProblem, TenantId};
pub use integration::Integration;
pub use name::{ConnectionName, NameProblem};
pub use need::{Need, NeedProblem};
pub use paste::{CleanUp, Cleaned};
pub use pasted::{MAX_PASTE_LENGTH, Pasted, SecretPlace, Written, parse_pasted};
pub use permission::{
    Permission, PermissionKind, Standing, missing_from, not_needed, without_covered,
};
pub use secret::{
    SecretProblem, SecretWarning, contains_entra_secret, contains_secret, inspect_secret,
    secret_within,
};
pub use tenant::{Domain, Tenant, TenantProblem, TenantWarning};
pub use written::written_day;
