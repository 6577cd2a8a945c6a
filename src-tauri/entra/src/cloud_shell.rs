//! A script for Azure Cloud Shell that makes the app registration of an integration with the Azure
//! CLI (`az`).
//!
//! The script is shown before anybody runs it, so it is written to be read: three short parts in
//! `cloud_shell/`, with the cloud, the name and the permissions put in. A name is free text;
//! wherever it goes it is encoded until nothing is left that bash (history expansion when pasted,
//! too), JSON, OData or `az` (which opens files after `@` and `=@`) could take for its own.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use model::{Permission, PermissionKind, is_hidden};

use crate::cloud::Cloud;

const BEGINNING: &str = include_str!("cloud_shell/beginning.sh");
const APPLICATION: &str = include_str!("cloud_shell/application.sh");
const DELEGATED: &str = include_str!("cloud_shell/delegated.sh");

/// The name of an app registration that was given none.
const DEFAULT_NAME: &str = "Graph Connect";
/// The most characters that are taken of a name; Entra takes 256.
const MAX_NAME: usize = 120;

/// A bash script that finds or makes the app registration called `app_name`, with these permissions
/// of Microsoft Graph and no others, and prints JSON (`appId`, `password`, `tenant`) that can be
/// pasted into the form. It can be run again.
///
/// For the application kind it grants the permissions and makes a client secret; for the delegated
/// kind it makes a public client with the redirect address `http://localhost` and no secret.
///
/// Source: <https://learn.microsoft.com/graph/permissions-grant-via-msgraph>
pub fn cloud_shell_script(
    cloud: &Cloud,
    app_name: &str,
    permissions: &[&Permission],
    kind: PermissionKind,
) -> String {
    let name = cleaned(app_name);
    let (rest, access) = match kind {
        PermissionKind::Application => (APPLICATION, "Role"),
        PermissionKind::Delegated => (DELEGATED, "Scope"),
    };
    let graph = cloud.graph.as_str().trim_end_matches('/');
    let parts = [
        ("@PERMISSIONS@", listed(permissions, kind)),
        ("@ACCESS@", access.to_owned()),
        (
            "@FILTER@",
            percent_encoded(&format!("displayName eq '{}'", name.replace('\'', "''"))),
        ),
        ("@BODY@", format!("'{}'", body(&name, kind))),
        ("@GRAPH@", quoted(graph)),
        ("@CLOUD@", quoted(&cleaned(&cloud.name))),
        ("@CHOOSE@", quoted(&choose(graph))),
        // The last one, so that nothing is looked for in a name.
        ("@NAME@", quoted(&name)),
    ];
    let script = format!("{BEGINNING}{rest}");
    parts
        .iter()
        .fold(script, |script, (mark, text)| script.replace(mark, text))
}

/// One visible line, not empty and not too long.
fn cleaned(name: &str) -> String {
    let visible: String = name
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    let visible: String = visible
        .chars()
        .filter(|c| !c.is_control() && !is_hidden(*c))
        .take(MAX_NAME)
        .collect();
    let visible = visible.trim();
    if visible.is_empty() {
        DEFAULT_NAME.to_owned()
    } else {
        visible.to_owned()
    }
}

/// A word of bash. Within single quotes only the single quote itself has a meaning.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn listed(permissions: &[&Permission], kind: PermissionKind) -> String {
    let id = |permission: &Permission| match kind {
        PermissionKind::Application => permission.application_id,
        PermissionKind::Delegated => permission.delegated_id,
    };
    let line = |permission: &&Permission| {
        id(permission).map(|id| format!("    '{id} {}'", permission.name))
    };
    permissions
        .iter()
        .filter_map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// What is created when there is no app registration of that name, as JSON without any character
/// that a shell or `az` gives a meaning to between single quotes.
fn body(name: &str, kind: PermissionKind) -> String {
    let name = json_escaped(name);
    let client = match kind {
        PermissionKind::Application => "",
        PermissionKind::Delegated => r#","publicClient":{"redirectUris":["http://localhost"]}"#,
    };
    format!(r#"{{"displayName":"{name}","signInAudience":"AzureADMyOrg"{client}}}"#)
}

/// Letters, digits, spaces and hyphens stay; everything else becomes `\uXXXX` (RFC 8259, section
/// 7).
fn json_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        match char::from_u32(u32::from(unit)) {
            Some(c) if c.is_ascii_alphanumeric() || matches!(c, ' ' | '-') => escaped.push(c),
            Some(_) | None => {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// How the Azure CLI is told to speak to this cloud. It knows one US Government cloud, with the
/// Graph of GCC High.
///
/// Source: <https://learn.microsoft.com/cli/azure/manage-clouds-azure-cli>
fn choose(graph: &str) -> String {
    let name = match graph {
        "https://graph.microsoft.com" => "AzureCloud",
        "https://graph.microsoft.us" | "https://dod-graph.microsoft.us" => "AzureUSGovernment",
        "https://microsoftgraph.chinacloudapi.cn" => "AzureChinaCloud",
        _ => return "Choose it with \"az cloud set\", sign in with \"az login\", and run this again.".to_owned(),
    };
    let graph_of_dod = match graph {
        "https://dod-graph.microsoft.us" => {
            ", then az cloud update --name AzureUSGovernment --endpoint-microsoft-graph-resource-id https://dod-graph.microsoft.us/"
        }
        _ => "",
    };
    format!(
        "Choose it: az cloud set --name {name}{graph_of_dod}, then az login; and run this again."
    )
}
