//! What the message says.

use model::{PermissionKind, is_hidden};
use url::Url;

use super::ConsentContext;

/// One part of the message, from top to bottom.
pub(super) enum Block {
    Heading(&'static str),
    Paragraph(String),
    /// Labels with what they stand for.
    Facts(Vec<(&'static str, String)>),
    /// Names of permissions, each with what is to be known about it.
    Permissions(Vec<(&'static str, String)>),
    /// What to do, and the page where.
    Link(String, Url),
}

/// The role that may give the consent.
///
/// Source:
/// <https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent#prerequisites>
pub(super) const fn role(kind: PermissionKind) -> &'static str {
    match kind {
        PermissionKind::Application => "Privileged Role Administrator or Global Administrator",
        PermissionKind::Delegated => {
            "Cloud Application Administrator (or Application Administrator, or a higher role)"
        }
    }
}

pub(super) fn subject(asked: &ConsentContext) -> String {
    let app = asked
        .app_name
        .as_deref()
        .map_or_else(|| asked.client_id.to_string(), line);
    format!(
        "Admin consent needed for {app} ({})",
        asked.integration.name()
    )
}

pub(super) fn write(asked: &ConsentContext, link: &Url, portal: &Url) -> Vec<Block> {
    let integration = asked.integration.name();
    let mut letter = vec![
        Block::Paragraph(format!(
            "An application needs your consent before it can work with {integration} in the tenant below. It is used with Graph \
             Connect, a program that keeps connections to Microsoft Graph on the computer of whoever sent you this."
        )),
        Block::Facts(facts(asked)),
        Block::Heading("What it asks for"),
        Block::Paragraph(acts(asked.kind).to_owned()),
        Block::Permissions(permissions(asked)),
    ];
    letter.extend(what_to_do(asked, link, portal));
    letter.extend(good_to_know(asked, link));
    letter
}

fn facts(asked: &ConsentContext) -> Vec<(&'static str, String)> {
    let named = |name: &Option<String>, id: String| match name.as_deref().map(line) {
        Some(name) if !name.is_empty() => format!("{name} ({id})"),
        Some(_) | None => id,
    };
    let app = asked
        .app_name
        .as_deref()
        .map(line)
        .filter(|name| !name.is_empty());
    let mut facts: Vec<(&'static str, String)> =
        app.map(|name| ("Application", name)).into_iter().collect();
    facts.push(("Application (client) ID", asked.client_id.to_string()));
    facts.push((
        "Tenant",
        named(&asked.tenant_name, asked.tenant_id.to_string()),
    ));
    facts.push(("Cloud", line(&asked.cloud.name)));
    facts.push(("For", asked.integration.name().to_owned()));
    facts.push(("Role needed", role(asked.kind).to_owned()));
    facts
}

const fn acts(kind: PermissionKind) -> &'static str {
    match kind {
        PermissionKind::Application => {
            "Application permissions of Microsoft Graph: the application acts by itself, without anybody signed in, and in \
             the whole tenant."
        }
        PermissionKind::Delegated => {
            "Delegated permissions of Microsoft Graph: the application acts for a person who has signed in, and can do no more \
             than that person can."
        }
    }
}

fn permissions(asked: &ConsentContext) -> Vec<(&'static str, String)> {
    let kind = asked.kind.name();
    asked
        .permissions
        .iter()
        .map(|permission| (permission.name, format!("{kind}. {}.", permission.purpose)))
        .collect()
}

fn what_to_do(asked: &ConsentContext, link: &Url, portal: &Url) -> Vec<Block> {
    let same = match asked.kind {
        PermissionKind::Application => {
            "It asks for everything that is registered under API permissions of this application. If that is not the list \
             above, correct it there first."
        }
        PermissionKind::Delegated => {
            "It asks for the list above, and to sign in and to stay signed in (openid, profile, offline_access)."
        }
    };
    vec![
        Block::Heading("What to do"),
        Block::Link(format!("Open this page, sign in with the role above, read what is asked, and accept. {same}"), link.clone()),
        Block::Link(
            "Or do it in the portal: open API permissions of the application, make sure that the permissions above are \
             there, and choose \"Grant admin consent\"."
                .to_owned(),
            portal.clone(),
        ),
        Block::Paragraph(
            "After you accept, your browser may say that it cannot reach localhost. That is expected: the consent is saved. \
             If Microsoft's page shows an error about a reply address (redirect URI) instead, the portal shows whether the \
             consent was saved."
                .to_owned(),
        ),
    ]
}

fn good_to_know(asked: &ConsentContext, link: &Url) -> Vec<Block> {
    let replaced = match asked.kind {
        PermissionKind::Application => {
            "Granting consent for the whole tenant can overwrite earlier tenant-wide consent for this application: what is \
             no longer registered goes."
        }
        PermissionKind::Delegated => {
            "Granting consent for the whole tenant can overwrite earlier tenant-wide consent for this application. If \
             something else uses it too, look at its permissions first."
        }
    };
    let noticed = if asked.is_saved {
        "There is nothing to send back: Graph Connect notices by itself, or shows it at the next test."
    } else {
        "There is nothing to send back. Whoever sent you this tests the connection in Graph Connect."
    };
    vec![
        Block::Heading("Before you accept"),
        Block::Paragraph(replaced.to_owned()),
        Block::Paragraph(
            "If you did not expect this message, check with the sender some other way, not by replying.".to_owned(),
        ),
        Block::Paragraph(format!(
            "The link leads to {}, the sign-in page of {}. Do not sign in if the browser shows another address.",
            link.authority(),
            line(&asked.cloud.name)
        )),
        Block::Heading("Afterwards"),
        Block::Paragraph(noticed.to_owned()),
    ]
}

/// A name of somebody else's choice as one line in which everything can be seen.
fn line(name: &str) -> String {
    let shown = name
        .chars()
        .map(|c| {
            if c.is_control() || is_hidden(c) && !matches!(c, '\u{200c}' | '\u{200d}') {
                ' '
            } else {
                c
            }
        })
        .take(200)
        .collect::<String>();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}
