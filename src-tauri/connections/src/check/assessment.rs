//! What the look at all permissions came to.

use model::PermissionFinding;

/// Where a permission stands in the app registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registered {
    /// In the kind that is needed.
    AsNeeded,
    /// In the other kind only.
    AsOtherKind,
    /// As this permission, which exists only as delegated and for which the needed one stands in.
    AsDelegatedOnly(&'static str),
    /// Not at all.
    Absent,
    /// The registration may not be read.
    Unread,
}

/// What the look at all permissions came to.
#[derive(Debug)]
pub(super) struct Assessment {
    /// Those that the integration needs, then those that are more than it needs.
    pub(super) findings: Vec<PermissionFinding>,
    /// Whether the token can be read.
    pub(super) readable: bool,
    /// Whether something that is wanting is not registered as it has to be.
    pub(super) to_register: bool,
}
