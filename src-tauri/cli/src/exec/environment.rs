//! What a child may not inherit: credentials of others, and what an outer `exec` has set for the
//! program around it.

use std::{collections::BTreeSet, env};

use clap::ValueEnum;

use super::{
    Environment,
    set::{self, Setting, Value},
};

/// The variable in which a child finds what `exec` has set for it: the mode behind a colon, and the
/// names that the caller chose, with commas between them. An `exec` inside takes all of it away
/// from its own child.
pub(crate) const MARK: &str = "GRAPH_CONNECT_EXEC";

/// Where programs look for tokens that are handed to them, other than the place of the mode.
const TOKENS: [&str; 6] = [
    "GRAPH_ACCESS_TOKEN",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
];

/// Where the SDKs of Microsoft look for a credential before they ask for a managed identity, what
/// tells them which identity that is, which kinds of credential they may try, and to which host a
/// secret goes.
///
/// Source:
/// <https://learn.microsoft.com/python/api/azure-identity/azure.identity.environmentcredential>
const CREDENTIALS: [&str; 11] = [
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_PASSWORD",
    "AZURE_TENANT_ID",
    "AZURE_TOKEN_CREDENTIALS",
    "AZURE_USERNAME",
];

impl Environment {
    /// What this mode sets itself.
    pub(super) const fn sets(self) -> &'static [&'static str] {
        match self {
            Self::Identity => &[
                "IDENTITY_ENDPOINT",
                "IDENTITY_HEADER",
                "AZURE_TOKEN_CREDENTIALS",
            ],
            Self::Token => &["GRAPH_ACCESS_TOKEN"],
            Self::Secret => &[
                "AZURE_CLIENT_ID",
                "AZURE_TENANT_ID",
                "AZURE_CLIENT_SECRET",
                "AZURE_AUTHORITY_HOST",
                "AZURE_TOKEN_CREDENTIALS",
            ],
        }
    }

    /// Keeps `DefaultAzureCredential` to what is handed to programs. The credentials of developers,
    /// such as a sign-in of the Azure CLI, would be somebody else's, and it would take them in
    /// silence.
    ///
    /// Source:
    /// <https://learn.microsoft.com/python/api/azure-identity/azure.identity.defaultazurecredential>
    pub(super) fn choice(self) -> Option<&'static str> {
        (self != Self::Token).then_some("prod")
    }
}

/// Variables that the shell may have from elsewhere, and that would be taken for this connection's.
pub(super) fn left_over(mode: Option<Environment>, settings: &[Setting]) -> BTreeSet<String> {
    let signs_in = match mode {
        Some(Environment::Identity | Environment::Secret) => true,
        // Nothing in them stands in the way of a program that takes its token from a variable.
        Some(Environment::Token) | None => settings
            .iter()
            .any(|setting| setting.value == Value::Secret),
    };
    let credentials: &[&str] = if signs_in { &CREDENTIALS } else { &[] };
    let names = TOKENS
        .iter()
        .chain(credentials)
        .map(|name| (*name).to_owned());
    names
        .chain(set_by_an_outer_one())
        .chain([MARK.to_owned()])
        .collect()
}

/// What this `exec` sets, for one that is started inside its child.
pub(super) fn mark(mode: Option<Environment>, settings: &[Setting]) -> String {
    let mode = mode
        .and_then(|mode| mode.to_possible_value())
        .map(|mode| format!(":{}", mode.get_name()));
    let names = settings.iter().map(|setting| setting.name.clone());
    mode.into_iter().chain(names).collect::<Vec<_>>().join(",")
}

/// What an `exec` around this one has set. A name that `--set` refuses was not set by one, whatever
/// the variable says.
fn set_by_an_outer_one() -> Vec<String> {
    let mark = env::var(MARK).unwrap_or_default();
    let names = mark
        .split(',')
        .flat_map(|word| match word.strip_prefix(':') {
            Some(mode) => {
                let mode = Environment::from_str(mode, false).map_or(&[][..], Environment::sets);
                mode.iter().map(|name| (*name).to_owned()).collect()
            }
            None if set::problem_of_name(word).is_none() => vec![word.to_owned()],
            None => Vec::new(),
        });
    names.collect()
}
