//! What a program may ask a token for: Microsoft Graph in the connection's cloud, however it is
//! spelled, and nothing else.

use entra::Cloud;
use url::Url;

/// Microsoft Graph's own application ID, the same in every tenant and cloud.
///
/// Source:
/// <https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in>
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Whether a scope or a resource is the whole of Graph: its address or its ID, with or without
/// `.default`.
pub(super) fn is_graph(cloud: &Cloud, asked: &str) -> bool {
    let resource = asked.trim();
    let resource = resource.strip_suffix("/.default").unwrap_or(resource);
    // The Azure CLI writes an ID so.
    let bare = resource
        .strip_prefix("spn:")
        .unwrap_or(resource)
        .trim_end_matches('/');
    let bare = bare.strip_prefix("api://").unwrap_or(bare);
    bare.eq_ignore_ascii_case(GRAPH) || is_address(cloud, resource)
}

/// A different case of the host, its usual port and slashes at the end make no other address.
fn is_address(cloud: &Cloud, text: &str) -> bool {
    let text = text.trim_end_matches('/');
    let has_host_alone = cloud
        .graph
        .host_str()
        .is_some_and(|host| host.eq_ignore_ascii_case(text));
    let Ok(url) = Url::parse(text) else {
        return has_host_alone && cloud.graph.port().is_none();
    };
    let is_bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    is_bare
        && url.fragment().is_none()
        && url.origin() == cloud.graph.origin()
        && (path(&url).is_empty() || path(&url) == path(&cloud.graph))
}
