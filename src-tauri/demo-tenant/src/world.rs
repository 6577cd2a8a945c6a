//! What the pretend platform knows and remembers, behind one lock.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{
    directory::Directory, faults::Faults, fixtures, issued::Issued, jwt::Keys, log::RequestLog,
    person::Person, services::Services, visit::Interaction,
};

/// What every request handler is given.
pub(crate) type Shared = Arc<Platform>;

/// The parts that never change while the platform runs, and the world that does.
pub(crate) struct Platform {
    /// Base address of the login host, without a slash at the end.
    pub(crate) login: String,
    /// Base address of Graph, without a slash at the end; also the audience of its tokens.
    pub(crate) graph: String,
    pub(crate) keys: Keys,
    world: Mutex<World>,
}

impl Platform {
    pub(crate) fn new(login: String, graph: String, keys: Keys) -> Self {
        Self {
            login,
            graph,
            keys,
            world: Mutex::new(World::new()),
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // A test that panics inside a closure of `app_mut` must not take the others down with it.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) issued: Issued,
    pub(crate) interactions: HashMap<String, Interaction>,
    pub(crate) faults: Faults,
    pub(crate) log: RequestLog,
    pub(crate) quirks: Quirks,
    pub(crate) services: Services,
    /// Who was added to the tenants.
    pub(crate) people: Vec<Person>,
    /// How far this server's clock is ahead of the machine's.
    pub(crate) ahead: SignedDuration,
}

/// Deviations that a test asked for.
#[derive(Default)]
pub(crate) struct Quirks {
    /// Members put over those of each id_token; null takes one away.
    pub(crate) id_token: Map<String, Value>,
    /// Members put over those of each token response; null takes one away.
    pub(crate) token_response: Map<String, Value>,
    /// Access tokens are opaque.
    pub(crate) opaque_tokens: bool,
    /// Permissions of Graph that are switched off.
    pub(crate) disabled_permissions: BTreeSet<String>,
    /// The `iss` parameter in authorization responses.
    pub(crate) iss: IssParameter,
}

/// The `iss` parameter of RFC 9207 in authorization responses; discovery announces it unless it is
/// absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IssParameter {
    /// None is sent, as Entra does.
    #[default]
    Absent,
    /// The issuer of the tenant that answers.
    Right,
    /// Announced but not sent.
    Forgotten,
    /// Some other issuer.
    Other(String),
}

impl IssParameter {
    pub(crate) fn field(&self, issuer: impl FnOnce() -> String) -> Option<(&'static str, String)> {
        match self {
            Self::Absent | Self::Forgotten => None,
            Self::Right => Some(("iss", issuer())),
            Self::Other(issuer) => Some(("iss", issuer.clone())),
        }
    }
}

impl World {
    fn new() -> Self {
        Self {
            directory: fixtures::directory(),
            issued: Issued::default(),
            interactions: HashMap::new(),
            faults: Faults::default(),
            log: RequestLog::default(),
            quirks: Quirks::default(),
            services: Services::default(),
            people: Vec::new(),
            ahead: SignedDuration::ZERO,
        }
    }

    /// An access token as it leaves the house.
    pub(crate) fn hand_out(&mut self, token: String) -> String {
        if self.quirks.opaque_tokens {
            self.issued.add_opaque(token)
        } else {
            token
        }
    }

    /// The time by this server's clock.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now()
            .saturating_add(self.ahead)
            .unwrap_or(Timestamp::MAX)
    }
}

/// Puts the members of `over` into `target`; null takes a member away.
pub(crate) fn overlay(target: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (name, value) in over {
        if value.is_null() {
            target.remove(name);
        } else {
            target.insert(name.clone(), value.clone());
        }
    }
}
