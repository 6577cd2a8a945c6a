//! What the names beside values mean: those of the portal, of the Azure CLI, and of scripts.

/// What stands beside a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    ClientId,
    Secret,
    Tenant,
    /// "Value": a secret in the portal's table of secrets, anything elsewhere.
    Value,
    /// Something that is known and not wanted, such as the Secret ID.
    Other,
}

/// The longest name of anything, in bytes.
pub(super) const MAX_LABEL_LENGTH: usize = 60;

/// Other people's words before a name, such as `AZURE_`.
const PREFIXES: [&str; 12] = [
    "azuread",
    "azure",
    "arm",
    "aad",
    "entra",
    "msgraph",
    "graph",
    "microsoft",
    "msal",
    "tfvar",
    "ms",
    "az",
];

/// What a name means, if it is one of those.
pub(super) fn of(name: &str) -> Option<Label> {
    // No name has this sign, and many a secret of Entra's has: one that ends with the word "secret"
    // is no name for that.
    if name.len() > MAX_LABEL_LENGTH || name.contains('~') {
        return None;
    }
    let letters: String = name
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let mut bare = letters.as_str();
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| bare.strip_prefix(prefix)) {
        bare = rest;
    }
    exactly(bare)
        .or_else(|| exactly(&letters))
        .or_else(|| by_its_end(&letters))
}

fn exactly(name: &str) -> Option<Label> {
    Some(match name {
        "clientid"
        | "appid"
        | "applicationid"
        | "applicationclientid"
        | "clientappid"
        | "serviceprincipalid" => Label::ClientId,
        "clientsecret"
        | "clientsecretvalue"
        | "secretvalue"
        | "secret"
        | "secrettext"
        | "password"
        | "appsecret"
        | "applicationsecret"
        | "appkey"
        | "applicationkey"
        | "clientkey"
        | "clientpassword"
        | "serviceprincipalkey" => Label::Secret,
        "tenant" | "tenantid" | "tenantdomain" | "tenantname" | "directory" | "directoryid"
        | "directorytenantid" | "primarydomain" => Label::Tenant,
        "value" => Label::Value,
        "secretid"
        | "clientsecretid"
        | "keyid"
        | "objectid"
        | "subscriptionid"
        | "description"
        | "expires"
        | "expireson"
        | "startdate"
        | "enddate"
        | "startdatetime"
        | "enddatetime"
        | "displayname"
        | "name"
        | "hint"
        | "state"
        | "supportedaccounttypes"
        | "clientcredentials"
        | "redirecturis"
        | "applicationiduri" => Label::Other,
        _ => return None,
    })
}

/// `CONTOSO_CLIENT_SECRET`: with somebody's own words before it. `DB_PASSWORD` is none of ours.
fn by_its_end(letters: &str) -> Option<Label> {
    let ends = [
        ("secretid", Label::Other),
        ("clientid", Label::ClientId),
        ("clientsecret", Label::Secret),
        ("clientsecretvalue", Label::Secret),
        ("tenantid", Label::Tenant),
    ];
    ends.into_iter()
        .find(|(end, _)| letters.ends_with(end))
        .map(|(_, label)| label)
}
