//! What the login and Graph hosts answered.

use std::sync::Arc;

use entra::{ClaimsChallenge, GraphPermissions, Me, Organization, Registration, TenantFacts};
use uuid::Uuid;

use super::messages;
use crate::credential::IssuedToken;

/// An answer, and how long it took in milliseconds.
#[derive(Debug)]
pub(super) struct Timed<T> {
    pub(super) ms: u32,
    pub(super) answer: Result<T, entra::Error>,
}

/// Everything that was asked.
pub(super) struct Answers {
    pub(super) tenant: Timed<TenantFacts>,
    /// `None` when the tenant had to be described first and was not.
    pub(super) token: Option<Timed<IssuedToken>>,
    /// `None` when there was no token to read with.
    pub(super) reads: Option<Reads>,
}

/// What was read with the token.
pub(super) struct Reads {
    /// The read that proves the token.
    pub(super) owner: Timed<Owner>,
    /// The tenant, once more for a person: only it has the tenant's name.
    pub(super) organization: Option<Timed<Organization>>,
    pub(super) registration: Timed<Registration>,
    pub(super) grants: Timed<Grants>,
    pub(super) catalogue: Timed<Arc<GraphPermissions>>,
    /// `None` when there is no probe for this integration.
    pub(super) probe: Option<Timed<()>>,
}

/// What a tenant has granted, as Graph writes it: app roles by their IDs, scopes by their names.
#[derive(Clone, Debug)]
pub(super) enum Grants {
    Ids(Vec<Uuid>),
    Names(Vec<String>),
}

/// Whom Graph takes the token's owner for.
#[derive(Debug)]
pub(super) enum Owner {
    Person(Me),
    Tenant(Organization),
}

impl Owner {
    pub(super) fn evidence(&self) -> String {
        match self {
            Self::Person(me) => messages::graph::who(me),
            Self::Tenant(organization) => messages::graph::which(organization),
        }
    }
}

impl Answers {
    /// What the next sign-in has to be asked for, as the login host or Graph said.
    pub(super) fn claims(&self) -> Option<ClaimsChallenge> {
        let refused = self
            .token
            .as_ref()
            .and_then(|token| token.answer.as_ref().err());
        let by_login = refused.and_then(entra::Error::claims_challenge).cloned();
        by_login.or_else(|| self.reads.as_ref()?.claims())
    }

    /// The application's display name: as the registration has it, or as the token says.
    pub(super) fn app_name(&self) -> Option<&str> {
        let registered = self
            .reads
            .as_ref()
            .and_then(|reads| reads.registration.answer.as_ref().ok());
        let issued = self
            .token
            .as_ref()
            .and_then(|token| token.answer.as_ref().ok());
        let claimed = issued.and_then(|issued| issued.claims.as_ref()?.app_name.as_deref());
        registered
            .map(|registration| registration.display_name.as_str())
            .or(claimed)
    }
}

impl Reads {
    /// The claims that Graph wants a new token for, whichever read it said so to.
    pub(super) fn claims(&self) -> Option<ClaimsChallenge> {
        let owner = self.owner.answer.as_ref().err();
        let probe = self
            .probe
            .as_ref()
            .and_then(|probe| probe.answer.as_ref().err());
        let organization = self
            .organization
            .as_ref()
            .and_then(|found| found.answer.as_ref().err());
        [owner, probe, organization]
            .into_iter()
            .flatten()
            .find_map(|error| error.claims_challenge().cloned())
    }

    /// The tenant as Graph knows it, by whichever read told.
    pub(super) fn organization(&self) -> Option<&Organization> {
        match (&self.owner.answer, &self.organization) {
            (Ok(Owner::Tenant(organization)), _) => Some(organization),
            (
                _,
                Some(Timed {
                    answer: Ok(organization),
                    ..
                }),
            ) => Some(organization),
            (_, _) => None,
        }
    }
}
