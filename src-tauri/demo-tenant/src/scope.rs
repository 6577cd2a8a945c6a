//! The `scope` parameter: names of Graph permissions, plain or in front of Graph's address, and
//! OpenID Connect's four.

use std::collections::BTreeSet;

use crate::{
    errors::{self, Refusal},
    permissions::{GRAPH_APP_ID, Known, OPENID_SCOPES},
};

/// What a request asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// `openid`, `profile`, `email`, `offline_access`.
    pub(crate) openid: BTreeSet<String>,
    /// Delegated permissions, by their canonical names.
    pub(crate) names: BTreeSet<String>,
    /// `{graph}/.default` was asked.
    pub(crate) default: bool,
    /// The names came with Graph's address in front; Entra answers in the same form.
    qualified: bool,
}

/// Where scopes are read: what counts as Graph, and how the other parties are called in errors.
pub(crate) struct Reader<'a> {
    pub(crate) graph: &'a str,
    pub(crate) app: &'a str,
    pub(crate) directory: &'a str,
}

impl Reader<'_> {
    pub(crate) fn read(&self, text: &str) -> Result<Scope, Refusal> {
        let mut scope = Scope::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            self.read_word(word, &mut scope)?;
        }
        if scope.default && !scope.names.is_empty() {
            return Err(errors::default_mixed(text));
        }
        Ok(scope)
    }

    fn read_word(&self, word: &str, scope: &mut Scope) -> Result<(), Refusal> {
        if OPENID_SCOPES.contains(&word) {
            scope.openid.insert(word.to_owned());
            return Ok(());
        }
        let name = match word.rsplit_once('/') {
            Some((resource, name)) => {
                self.expect_graph(resource)?;
                scope.qualified = true;
                name
            }
            None => word,
        };
        if name == ".default" {
            scope.default = true;
            return Ok(());
        }
        let known = Known::find(name).filter(|known| known.delegated_id.is_some());
        let Some(known) = known else {
            return Err(errors::scope_unknown(self.app, name));
        };
        scope.names.insert(known.name.to_owned());
        Ok(())
    }

    fn expect_graph(&self, resource: &str) -> Result<(), Refusal> {
        let resource = resource.trim_end_matches('/');
        if resource == self.graph || resource == GRAPH_APP_ID {
            return Ok(());
        }
        Err(errors::resource_not_found(resource, self.directory))
    }
}

impl Scope {
    /// Whether this is exactly `{graph}/.default`, all that client credentials may ask.
    pub(crate) fn is_only_default(&self) -> bool {
        self.default && self.openid.is_empty()
    }

    pub(crate) fn with_openid(mut self, more: impl IntoIterator<Item = String>) -> Self {
        self.openid.extend(more);
        self
    }

    pub(crate) fn wants(&self, openid_scope: &str) -> bool {
        self.openid.contains(openid_scope)
    }

    /// The `scope` of a token response: what holds, in the form in which it was asked, without
    /// `offline_access`.
    pub(crate) fn answer(&self, graph: &str, granted: &BTreeSet<String>) -> String {
        let prefix = if self.qualified {
            format!("{graph}/")
        } else {
            String::new()
        };
        let openid = self
            .openid
            .iter()
            .filter(|name| *name != "offline_access")
            .cloned();
        let default = self.default.then(|| format!("{graph}/.default"));
        openid
            .chain(granted.iter().map(|name| format!("{prefix}{name}")))
            .chain(default)
            .collect::<Vec<_>>()
            .join(" ")
    }
}
