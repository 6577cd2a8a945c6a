//! What a link names: the application and the tenant, where portals and sign-in pages put them in
//! their addresses.
//!
//! What is found here is only ever offered to a person. Nothing is taken from a link by itself, so
//! a link that was made to deceive gains nothing.

use uuid::Uuid;

use crate::paste::parse_exactly;

/// What stands before an application's ID in a link, in lower case.
const BEFORE_CLIENT_ID: [&str; 5] = [
    "appid/",
    "applicationid/",
    "client_id=",
    "clientid=",
    "appid=",
];
/// What stands before a tenant's ID or domain in a link, in lower case.
const BEFORE_TENANT: [&str; 7] = [
    "#@",
    "tenantid/",
    "tenantid=",
    "tenant_id=",
    "tenant=",
    "tid=",
    "domain_hint=",
];
/// Hosts whose path begins with a tenant have one of these words in their name, in every cloud.
const TENANT_COMES_FIRST: [&str; 5] = ["login", "portal", "entra", "sts", "127.0.0.1"];

/// The application's ID in a link of the portal or to a sign-in.
pub(crate) fn client_id_in(link: &str) -> Option<Uuid> {
    let lower = link.to_ascii_lowercase();
    let mut marked = BEFORE_CLIENT_ID
        .iter()
        .flat_map(|marker| values_after(&lower, marker))
        .filter_map(parse_exactly);
    marked.next()
}

/// The texts in a link that may name its tenant, the likeliest first. Whether one really does is
/// for the reader of tenants to say.
pub(crate) fn tenants_in(link: &str) -> Vec<String> {
    let lower = link.to_ascii_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if host.contains('@') {
        return Vec::new();
    }
    let named = first_domain_of(host).or_else(|| is_first_domain(host).then(|| host.to_owned()));
    let marked = BEFORE_TENANT
        .iter()
        .flat_map(|marker| values_after(&lower, marker))
        .map(str::to_owned);
    let first = path
        .strip_prefix('/')
        .map(value_at_start)
        .filter(|segment| comes_first(host, segment));
    named
        .into_iter()
        .chain(marked)
        .chain(first.map(str::to_owned))
        .collect()
}

/// The domain that a tenant is born with, from the host of its SharePoint:
/// `contoso-my.sharepoint.com` is `contoso.onmicrosoft.com` (and likewise in the clouds of the
/// United States and of China).
///
/// Source: <https://learn.microsoft.com/sharepoint/change-your-sharepoint-domain-name>
pub(crate) fn first_domain_of(host: &str) -> Option<String> {
    let (site, cloud) = host.split_once(".sharepoint.")?;
    let site = ["-my", "-admin", "-public"]
        .iter()
        .find_map(|end| site.strip_suffix(end))
        .unwrap_or(site);
    let suffix = match cloud {
        "com" => "onmicrosoft.com",
        "us" => "onmicrosoft.us",
        "cn" => "partner.onmschina.cn",
        _ => return None,
    };
    let plain = !site.is_empty() && site.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    plain.then(|| format!("{site}.{suffix}"))
}

fn is_first_domain(host: &str) -> bool {
    [
        ".onmicrosoft.com",
        ".onmicrosoft.us",
        ".partner.onmschina.cn",
    ]
    .iter()
    .any(|suffix| host.ends_with(suffix))
}

/// A GUID at the start of a path is a tenant's wherever it stands; a name is one only where tenants
/// come first.
fn comes_first(host: &str, segment: &str) -> bool {
    parse_exactly(segment).is_some() || TENANT_COMES_FIRST.iter().any(|word| host.contains(word))
}

/// What follows a marker that is a word of its own: `tid=` is not the end of `clientid=`.
fn values_after<'a>(text: &'a str, marker: &'a str) -> impl Iterator<Item = &'a str> {
    let is_whole =
        |at: &usize| !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let found = text
        .match_indices(marker)
        .map(|(at, _)| at)
        .filter(is_whole);
    found.map(move |at| value_at_start(&text[at + marker.len()..]))
}

fn value_at_start(text: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    text.split(|c| !is_part(c)).next().unwrap_or_default()
}
