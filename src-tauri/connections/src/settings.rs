//! What a person has set, beside the connections.

use std::collections::BTreeMap;

use model::{ClientId, CloudId};
use serde::{Deserialize, Serialize};

use crate::{Connections, Error};

/// The colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the desktop has them.
    #[default]
    System,
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The colours of the window.
    pub theme: Theme,
    /// The application that signs in, for each cloud in which one is set.
    pub client_ids: BTreeMap<String, ClientId>,
}

/// The key under which the settings are kept as one JSON object.
const KEY: &str = "settings";

impl Connections {
    /// What is set; defaults where nothing is, or where what is kept cannot be read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn settings(&self) -> Result<Settings, Error> {
        let kept = self.store().setting(KEY).await?;
        Ok(kept
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default())
    }

    /// Keeps the settings. `client_ids` pairs a cloud with the text of its field; an empty text
    /// means none.
    ///
    /// # Errors
    /// When a client ID cannot be read, a cloud is unknown, or the store fails.
    pub async fn save_settings(
        &self,
        theme: Theme,
        client_ids: &[(CloudId, String)],
    ) -> Result<Settings, Error> {
        let mut settings = Settings {
            theme,
            client_ids: BTreeMap::new(),
        };
        for (cloud, text) in client_ids
            .iter()
            .filter(|(_, text)| !text.trim().is_empty())
        {
            let id = ClientId::parse(text)
                .map_err(|problem| Error::invalid("Application (client) ID", problem))?
                .value;
            settings.client_ids.insert(cloud.to_string(), id);
        }
        let json = serde_json::json!(settings).to_string();
        self.store().set_setting(KEY, Some(&json)).await?;
        Ok(settings)
    }

    /// The application that signs in to a cloud by default: what is set, else what the list of
    /// clouds says.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn default_client_id(&self, cloud: &CloudId) -> Result<Option<ClientId>, Error> {
        let set = self
            .settings()
            .await?
            .client_ids
            .get(cloud.as_str())
            .copied();
        Ok(set.or_else(|| self.clouds().get(cloud).and_then(|cloud| cloud.client_id)))
    }
}
