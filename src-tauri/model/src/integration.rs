//! What a connection is for: Microsoft Graph as a whole, or one of the ten products that are
//! reached through it.

use serde::{Deserialize, Serialize};

use crate::permission::{Permission, PermissionKind};

/// One of the eleven integrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Integration {
    /// The general connection, with the permissions of all the others.
    MicrosoftGraph,
    /// Users, groups, devices and sign-ins.
    EntraId,
    /// Security alerts, incidents and hunting.
    DefenderXdr,
    /// Teams, channels and chats.
    Teams,
    /// Sites and lists.
    SharePoint,
    /// Files.
    OneDrive,
    /// Mail and calendars.
    Outlook,
    /// Managed devices and apps.
    Intune,
    /// Workbooks.
    Excel,
    /// eDiscovery cases.
    EDiscovery,
    /// Notebooks.
    OneNote,
}

impl Integration {
    /// Every integration, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::MicrosoftGraph,
        Self::EntraId,
        Self::DefenderXdr,
        Self::Teams,
        Self::SharePoint,
        Self::OneDrive,
        Self::Outlook,
        Self::Intune,
        Self::Excel,
        Self::EDiscovery,
        Self::OneNote,
    ];

    /// The product's name, which is also the default name of a connection.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MicrosoftGraph => "Microsoft Graph",
            Self::EntraId => "Microsoft Entra ID",
            Self::DefenderXdr => "Microsoft Defender XDR",
            Self::Teams => "Microsoft Teams",
            Self::SharePoint => "SharePoint",
            Self::OneDrive => "OneDrive",
            Self::Outlook => "Microsoft Outlook",
            Self::Intune => "Microsoft Intune",
            Self::Excel => "Microsoft Excel",
            Self::EDiscovery => "Microsoft E-Discovery",
            Self::OneNote => "Microsoft OneNote",
        }
    }

    /// What the integration is for, in one line.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::MicrosoftGraph => "One connection for everything in Microsoft 365",
            Self::EntraId => "Users, groups, devices and sign-in logs",
            Self::DefenderXdr => "Security alerts, incidents and threat hunting",
            Self::Teams => "Teams, channels, chats and meetings",
            Self::SharePoint => "Sites, lists and their files",
            Self::OneDrive => "Users' and teams' files",
            Self::Outlook => "Mail, calendars and mailbox settings",
            Self::Intune => "Managed devices and apps",
            Self::Excel => "Workbooks in OneDrive and SharePoint",
            Self::EDiscovery => "eDiscovery cases, holds and searches",
            Self::OneNote => "Notebooks, sections and pages",
        }
    }

    /// The least permissions of a kind for everything that this integration is for.
    pub fn permissions(self, kind: PermissionKind) -> Vec<&'static Permission> {
        Permission::all()
            .iter()
            .filter(|permission| permission.serves(self, kind))
            .collect()
    }
}
