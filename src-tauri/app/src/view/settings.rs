//! The page of the settings, and About.

use connections::{Settings, Theme};
use keychain::Unlock;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What can be set.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettingsView {
    pub(crate) theme: Theme,
    pub(crate) client_ids: Vec<CloudClient>,
}

/// The application that signs in to one cloud by default.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CloudClient {
    pub(crate) cloud: String,
    /// The text of the field; empty means none.
    pub(crate) client_id: String,
}

/// What runs here.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    pub(crate) version: String,
    pub(crate) tauri: String,
    pub(crate) webview: String,
    pub(crate) data_folder: String,
}

/// What came of unlocking the keychain.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum KeychainUnlock {
    Unlocked,
    /// Nobody answered its prompt.
    Dismissed,
    NothingToUnlock,
}

impl From<Unlock> for KeychainUnlock {
    fn from(unlock: Unlock) -> Self {
        match unlock {
            Unlock::Unlocked => Self::Unlocked,
            Unlock::Dismissed => Self::Dismissed,
            Unlock::NothingToUnlock => Self::NothingToUnlock,
        }
    }
}

impl From<Settings> for SettingsView {
    fn from(settings: Settings) -> Self {
        let client = |(cloud, id): (String, model::ClientId)| CloudClient {
            cloud,
            client_id: id.to_string(),
        };
        Self {
            theme: settings.theme,
            client_ids: settings.client_ids.into_iter().map(client).collect(),
        }
    }
}
