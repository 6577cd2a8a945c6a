//! Clouds as data: which hosts a connection may speak to.

use model::{ClientId, CloudId};
use serde::Deserialize;
use thiserror::Error;
use url::Url;

use crate::address::{MAX_LINK, host_of, is_loopback, is_safe};

/// One cloud: the hosts of its login pages, its Graph and its portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Its name in the list of clouds.
    pub id: CloudId,
    /// What people call it.
    pub name: String,
    /// The base of the login host.
    pub login: Url,
    /// The base of Microsoft Graph.
    pub graph: Url,
    /// The base of the portal.
    pub portal: Url,
    /// The application that signs in when nothing else is chosen.
    pub client_id: Option<ClientId>,
    /// Whether it comes from a file rather than from this program; shown wherever the cloud is
    /// shown.
    pub custom: bool,
    /// Whether its login host has its endpoints where Entra has them, so that nobody has to ask
    /// where they are. A file may say so of its clouds.
    pub uses_entra_endpoints: bool,
}

impl Cloud {
    /// The scope that asks for everything already granted, as client credentials need it.
    ///
    /// Source: <https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope>
    pub fn default_scope(&self) -> String {
        self.scope(".default")
    }

    /// Its name for sentences: a cloud from a file is marked, since it may be called as one of
    /// Microsoft's own.
    pub fn title(&self) -> String {
        if self.custom {
            format!("{} (custom)", self.name)
        } else {
            self.name.clone()
        }
    }

    /// What `Connect-MgGraph -Environment` calls this cloud; `None` for its usual one, and for a
    /// cloud from a file.
    ///
    /// Source:
    /// <https://learn.microsoft.com/powershell/microsoftgraph/authentication-commands#use-connect-mggraph>
    pub fn powershell_environment(&self) -> Option<&'static str> {
        match self.id.as_str() {
            "usgov" if !self.custom => Some("USGov"),
            "usgov-dod" if !self.custom => Some("USGovDoD"),
            "china" if !self.custom => Some("China"),
            _ => None,
        }
    }

    /// Whether a browser may be sent to this address: exactly this cloud's login or portal host and
    /// port, https (or plain http on loopback, in a custom cloud), nobody's name before the host,
    /// and not too long.
    pub fn may_open(&self, url: &Url) -> bool {
        let plain =
            url.username().is_empty() && url.password().is_none() && url.as_str().len() < MAX_LINK;
        let known = [&self.login, &self.portal]
            .iter()
            .any(|base| base.origin() == url.origin());
        plain && known && is_safe(url)
    }

    /// Whether it is a cloud from a file that runs on this computer, as a demo tenant does.
    pub fn is_on_this_computer(&self) -> bool {
        self.custom && is_loopback(&self.login)
    }

    /// A Graph permission as a scope of this cloud.
    pub(crate) fn scope(&self, permission: &str) -> String {
        format!("{}/{permission}", self.graph.origin().ascii_serialization())
    }

    /// An address below the login base.
    pub(crate) fn login_url<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        below(&self.login, segments)
    }

    /// An address below the Graph base.
    pub(crate) fn graph_url<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        below(&self.graph, segments)
    }
}

/// The clouds that are known, in the order in which they are offered.
#[derive(Clone, Debug)]
pub struct Clouds(Vec<Cloud>);

impl Clouds {
    /// Microsoft's clouds.
    ///
    /// Source: <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>
    pub fn built_in() -> Self {
        Self(BUILT_IN.iter().filter_map(BuiltInCloud::cloud).collect())
    }

    /// Adds the clouds of a JSON file:
    /// `[{"id","name","login","graph","portal","client_id"?,"endpoints"?}]`. With
    /// `"endpoints":"entra"` nobody asks the cloud where its endpoints are.
    ///
    /// # Errors
    /// Says which entry cannot be used and why; then none of them is.
    pub fn with_custom(mut self, json: &str) -> Result<Self, CloudsFileError> {
        // Some editors put one byte order mark at the beginning.
        let json = json.strip_prefix('\u{feff}').unwrap_or(json);
        let written: Vec<RawCloud> = serde_json::from_str(json)
            .map_err(|error| CloudsFileError::NotAList { line: error.line() })?;
        let mut custom = Vec::new();
        for (index, entry) in written.into_iter().enumerate() {
            let position = index + 1;
            let cloud = entry
                .cloud()
                .map_err(|problem| CloudsFileError::Entry { position, problem })?;
            if self.get(&cloud.id).is_some()
                || custom.iter().any(|other: &Cloud| other.id == cloud.id)
            {
                return Err(CloudsFileError::Entry {
                    position,
                    problem: "its id is taken",
                });
            }
            custom.push(cloud);
        }
        self.0.extend(custom);
        Ok(self)
    }

    /// The cloud of that name.
    pub fn get(&self, id: &CloudId) -> Option<&Cloud> {
        self.0.iter().find(|cloud| cloud.id == *id)
    }

    /// The cloud with these hosts, as a tenant's description names them; without a Graph host, the
    /// first with that login host.
    pub fn by_hosts(&self, login: &str, graph: Option<&str>) -> Option<&Cloud> {
        let is_it = |cloud: &&Cloud| {
            host_of(&cloud.login).eq_ignore_ascii_case(login)
                && graph.is_none_or(|graph| host_of(&cloud.graph).eq_ignore_ascii_case(graph))
        };
        self.0.iter().find(is_it)
    }

    /// All clouds, Microsoft's first.
    pub fn iter(&self) -> impl Iterator<Item = &Cloud> {
        self.0.iter()
    }

    /// The cloud to offer first: the first of the file, if there is one, else the global one.
    pub fn default_cloud(&self) -> &Cloud {
        self.0
            .iter()
            .find(|cloud| cloud.custom)
            .unwrap_or(&self.0[0])
    }
}

/// Why a file of clouds cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CloudsFileError {
    /// It is not a JSON list of clouds.
    #[error("the list of clouds cannot be read (line {line})")]
    NotAList {
        /// The line on which reading stopped, counted from 1.
        line: usize,
    },
    /// One entry is wrong.
    #[error("cloud {position} of the list cannot be used: {problem}")]
    Entry {
        /// Which one, counted from 1.
        position: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
}

struct BuiltInCloud {
    id: &'static str,
    name: &'static str,
    login: &'static str,
    graph: &'static str,
    portal: &'static str,
}

const BUILT_IN: [BuiltInCloud; 4] = [
    BuiltInCloud {
        id: "global",
        name: "Microsoft 365 worldwide",
        login: "https://login.microsoftonline.com/",
        graph: "https://graph.microsoft.com/",
        portal: "https://portal.azure.com/",
    },
    BuiltInCloud {
        id: "usgov",
        name: "US Government (GCC High)",
        login: "https://login.microsoftonline.us/",
        graph: "https://graph.microsoft.us/",
        portal: "https://portal.azure.us/",
    },
    BuiltInCloud {
        id: "usgov-dod",
        name: "US Government (DoD)",
        login: "https://login.microsoftonline.us/",
        graph: "https://dod-graph.microsoft.us/",
        portal: "https://portal.azure.us/",
    },
    BuiltInCloud {
        id: "china",
        name: "China (operated by 21Vianet)",
        login: "https://login.partner.microsoftonline.cn/",
        graph: "https://microsoftgraph.chinacloudapi.cn/",
        portal: "https://portal.azure.cn/",
    },
];

impl BuiltInCloud {
    /// `None` cannot happen: a test reads every address of the list above.
    fn cloud(&self) -> Option<Cloud> {
        Some(Cloud {
            id: CloudId::new(self.id),
            name: self.name.to_owned(),
            login: Url::parse(self.login).ok()?,
            graph: Url::parse(self.graph).ok()?,
            portal: Url::parse(self.portal).ok()?,
            client_id: None,
            custom: false,
            uses_entra_endpoints: true,
        })
    }
}

#[derive(Deserialize)]
struct RawCloud {
    id: String,
    name: String,
    login: String,
    graph: String,
    portal: String,
    client_id: Option<String>,
    endpoints: Option<String>,
}

impl RawCloud {
    fn cloud(self) -> Result<Cloud, &'static str> {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.chars().all(is_word) {
            return Err("its id is not a short word of a-z, 0-9 and -");
        }
        if self.name.trim().is_empty()
            || self.name.chars().count() > 100
            || self.name.chars().any(char::is_control)
        {
            return Err("its name is empty, too long or has control characters");
        }
        let client_id = match self.client_id {
            Some(text) => Some(text.parse().map_err(|_| "its client_id is not a GUID")?),
            None => None,
        };
        let uses_entra_endpoints = match self.endpoints.as_deref() {
            None => false,
            Some("entra") => true,
            Some(_) => {
                return Err("its endpoints can be left out or be \"entra\", and nothing else");
            }
        };
        Ok(Cloud {
            id: CloudId::new(self.id),
            name: self.name,
            login: base(&self.login)?,
            graph: base(&self.graph)?,
            portal: base(&self.portal)?,
            client_id,
            custom: true,
            uses_entra_endpoints,
        })
    }
}

fn base(text: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(text).map_err(|_| "one of its addresses is not an address")?;
    if !is_safe(&url) {
        return Err("one of its addresses is neither https nor plain http on a loopback address");
    }
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !bare || url.fragment().is_some() {
        return Err("one of its addresses has a user name, a query or a fragment");
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{path}/"));
    Ok(url)
}

/// Joins path segments, each encoded, so that a segment can never change the host or the path
/// before it.
fn below<'a>(base: &Url, segments: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}
