//! Which permission covers which, from Microsoft's own list of the permissions that serve each
//! method.
//!
//! B covers A, in one kind, when all of this holds:
//! 1. Microsoft lists B for every method for which an integration uses A (`permission-methods.csv`, column `used_for`).
//!    A method for which Microsoft does not list A itself in this kind says nothing about A in this kind.
//! 2. B exists in this kind.
//! 3. B is not the lesser one: its name does not allow less (`ReadBasic` is less than `Read`, `Read` less than any other),
//!    and Microsoft's privilege level of B is not below that of A. The level of A's own `ReadWrite` form is not asked for,
//!    because Microsoft's figures for such pairs do not always agree with each other.

use std::error::Error;

use serde::Deserialize;

/// One method of Microsoft Graph. Lists are separated by spaces.
#[derive(Deserialize)]
struct Method {
    used_for: String,
    application: String,
    delegated: String,
}

/// A permission in one kind, as far as the rule asks.
pub(crate) struct Candidate<'a> {
    pub(crate) name: &'a str,
    /// Microsoft's privilege level, 1 to 5; `None` where Microsoft gives none.
    pub(crate) level: Option<u8>,
}

/// Every method, read once.
pub(crate) struct Methods(Vec<Method>);

impl Methods {
    pub(crate) fn read(csv: &str) -> Result<Self, Box<dyn Error>> {
        let methods = csv::Reader::from_reader(csv.as_bytes())
            .deserialize()
            .collect::<Result<_, _>>()?;
        Ok(Self(methods))
    }

    /// The names of `all` that cover `of`, in their order. `application` says in which of the two
    /// kinds.
    pub(crate) fn covers<'a>(
        &self,
        of: &Candidate<'_>,
        application: bool,
        all: &[Candidate<'a>],
    ) -> Vec<&'a str> {
        let listed = |method: &Method, name: &str| {
            let list = if application {
                &method.application
            } else {
                &method.delegated
            };
            list.split_whitespace().any(|listed| listed == name)
        };
        let is_use = |method: &&Method| {
            method
                .used_for
                .split_whitespace()
                .any(|name| name == of.name)
        };
        let uses: Vec<&Method> = self
            .0
            .iter()
            .filter(is_use)
            .filter(|method| listed(method, of.name))
            .collect();
        if uses.is_empty() {
            return Vec::new();
        }
        let serves = |name: &str| uses.iter().all(|method| listed(method, name));
        let covers = |other: &&Candidate<'a>| {
            other.name != of.name && serves(other.name) && is_no_less(other, of)
        };
        all.iter().filter(covers).map(|other| other.name).collect()
    }
}

fn is_no_less(other: &Candidate<'_>, than: &Candidate<'_>) -> bool {
    let is_its_own = other.name == than.name.replacen(".Read", ".ReadWrite", 1);
    let level_is_no_less = match (other.level, than.level) {
        (Some(other), Some(than)) => other >= than,
        (None, _) | (_, None) => true,
    };
    is_its_own || (allows(other.name) >= allows(than.name) && level_is_no_less)
}

/// How much the second word of a name allows.
fn allows(name: &str) -> u8 {
    match name.split('.').nth(1) {
        Some("ReadBasic") => 0,
        Some("Read") => 1,
        Some(_) | None => 2,
    }
}
