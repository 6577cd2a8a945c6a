//! How much a connection is meant to do: of what its integration offers, the person chooses what is
//! asked for and judged by.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    integration::Integration,
    permission::{Permission, PermissionKind},
};

/// How much of what an integration offers a connection is meant to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Need {
    /// To read, and to change nothing.
    ReadOnly,
    /// Everything that the integration is for.
    #[default]
    ReadWrite,
    /// What the person has chosen of it.
    Own {
        /// The names, of [`Integration::offered`].
        names: Vec<String>,
    },
}

/// Why a list of one's own cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NeedProblem {
    /// Nothing is in it.
    #[error("choose at least one permission")]
    Empty,
    /// A name that the integration does not offer in that kind.
    #[error("{name} is not one of the {kind} permissions of {integration}")]
    Unknown {
        /// The name as it was given.
        name: String,
        /// "application" or "delegated".
        kind: &'static str,
        /// The product.
        integration: &'static str,
    },
}

impl Need {
    /// What it is called.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ReadOnly => "Read only",
            Self::ReadWrite => "Read and write",
            Self::Own { .. } => "My own list",
        }
    }

    /// Reads it from one text: `read`, `write`, or names with commas or white space between them.
    ///
    /// # Errors
    /// When a list holds nothing, or a name that the integration does not offer.
    pub fn parse(
        text: &str,
        integration: Integration,
        kind: PermissionKind,
    ) -> Result<Self, NeedProblem> {
        let need = match text.trim().to_lowercase().as_str() {
            "read" | "read only" | "read-only" => Self::ReadOnly,
            "write" | "read and write" | "read-write" => Self::ReadWrite,
            _ => {
                let names = text.split([',', ';']).flat_map(str::split_whitespace);
                Self::Own {
                    names: names.map(str::to_owned).collect(),
                }
            }
        };
        need.checked(integration, kind)
    }

    /// The same with the names of a list as Microsoft writes them, each once, in the order of
    /// [`Permission::all`].
    ///
    /// # Errors
    /// As [`Need::parse`].
    pub fn checked(
        self,
        integration: Integration,
        kind: PermissionKind,
    ) -> Result<Self, NeedProblem> {
        let Self::Own { names } = self else {
            return Ok(self);
        };
        let offered = integration.offered(kind);
        let is =
            |permission: &Permission, name: &str| permission.name.eq_ignore_ascii_case(name.trim());
        let unknown = names
            .iter()
            .find(|name| !offered.iter().any(|permission| is(permission, name)));
        if let Some(name) = unknown {
            let (name, integration) = (name.trim().to_owned(), integration.name());
            return Err(NeedProblem::Unknown {
                name,
                kind: kind.name(),
                integration,
            });
        }
        let chosen = offered
            .into_iter()
            .filter(|permission| names.iter().any(|name| is(permission, name)));
        let names: Vec<String> = chosen
            .map(|permission| permission.name.to_owned())
            .collect();
        if names.is_empty() {
            Err(NeedProblem::Empty)
        } else {
            Ok(Self::Own { names })
        }
    }
}

impl Integration {
    /// The permissions that a connection for this integration needs, by what it is meant to do.
    ///
    /// A person who signs in is always asked for `User.Read`, without which nobody could say who
    /// signed in.
    pub fn needed(self, kind: PermissionKind, need: &Need) -> Vec<&'static Permission> {
        match need {
            Need::ReadOnly => Permission::all()
                .iter()
                .filter(|permission| permission.reads_for(self, kind))
                .collect(),
            Need::ReadWrite => self.permissions(kind),
            Need::Own { names } => {
                let is_always = |permission: &Permission| {
                    kind == PermissionKind::Delegated
                        && permission.name == Permission::OF_EVERY_SIGN_IN
                };
                let is_chosen = |permission: &&'static Permission| {
                    is_always(permission)
                        || names
                            .iter()
                            .any(|name| permission.name.eq_ignore_ascii_case(name))
                };
                self.offered(kind).into_iter().filter(is_chosen).collect()
            }
        }
    }

    /// The permissions of which a list of one's own is made: those for reading, and those for
    /// everything.
    pub fn offered(self, kind: PermissionKind) -> Vec<&'static Permission> {
        let is_offered = |permission: &&Permission| {
            permission.serves(self, kind) || permission.reads_for(self, kind)
        };
        Permission::all().iter().filter(is_offered).collect()
    }

    /// What "Read only" does not do although one might think so; `None` where there is nothing to
    /// say.
    pub const fn read_only_note(self) -> Option<&'static str> {
        match self {
            // <https://learn.microsoft.com/graph/api/workbook-list-worksheets>
            Self::Excel => Some(
                "Read only lists and downloads workbooks. To read single cells Microsoft Graph asks for Files.ReadWrite.",
            ),
            Self::MicrosoftGraph
            | Self::EntraId
            | Self::DefenderXdr
            | Self::Teams
            | Self::SharePoint
            | Self::OneDrive
            | Self::Outlook
            | Self::Intune
            | Self::EDiscovery
            | Self::OneNote => None,
        }
    }
}
