//! What is remembered of one visit of a person to the login pages.

use std::collections::BTreeSet;

use model::ClientId;

use crate::{answer::Mode, issued::Challenge, scope::Scope, tenant_segment::TenantSegment};

/// What is remembered between the pages.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub(crate) place: TenantSegment,
    pub(crate) client_id: ClientId,
    pub(crate) purpose: Purpose,
    /// The account that was picked.
    pub(crate) account: Option<String>,
    /// The password of that account was right.
    pub(crate) proved: bool,
    pub(crate) correlation: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    SignIn(SignInRequest),
    AdminConsent(AdminConsent),
}

/// An authorization request whose redirect URI is known to be right.
#[derive(Clone, Debug)]
pub(crate) struct SignInRequest {
    pub(crate) redirect_uri: String,
    pub(crate) public: bool,
    pub(crate) mode: Mode,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) scope: Scope,
    pub(crate) ask_again: bool,
    pub(crate) client_info: bool,
}

/// What an administrator is asked to grant.
#[derive(Clone, Debug)]
pub(crate) struct AdminConsent {
    /// None: nothing was asked and nothing is registered; a page tells the person that it is done.
    pub(crate) redirect_uri: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) what: What,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    /// Everything in the registration, application permissions included.
    Registration { scope: Option<String> },
    /// These delegated permissions.
    Delegated {
        names: BTreeSet<String>,
        scope: String,
    },
}
