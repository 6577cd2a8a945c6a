//! The pages a person sees. Their headings, buttons and fields are found by role and name in tests.

use axum::response::Html;

use crate::{
    directory::{App, Directory, Role, User},
    errors::{Refusal, Trace},
    permissions::Known,
};

/// The fields of an answer, in order.
pub(crate) type Fields = Vec<(&'static str, String)>;

/// "Pick an account".
pub(crate) fn picker(flow: &str, directory: &Directory) -> Html<String> {
    let accounts: String = directory
        .users
        .iter()
        .map(|user| account(user, directory))
        .collect();
    let body = format!(
        "<ul>{accounts}</ul>
        <p><button name=\"decision\" value=\"cancel\">Back to the application</button></p>"
    );
    page("Pick an account", &form(flow, &body))
}

fn account(user: &User, directory: &Directory) -> String {
    let places = user.memberships.iter().map(|(tenant, place)| {
        let tenant = directory
            .tenant(*tenant)
            .map_or("?", |tenant| tenant.name.as_str());
        format!("{} in {}", role(place.role), escape(tenant))
    });
    let (address, name, places) = (
        escape(&user.address),
        escape(&user.name),
        places.collect::<Vec<_>>().join(", "),
    );
    format!(
        "<li><button class=\"account\" name=\"account\" value=\"{address}\">{address}</button>
        <span class=\"note\">{name}, {places}</span></li>"
    )
}

fn role(role: Role) -> &'static str {
    match role {
        Role::GlobalAdministrator => "global administrator",
        Role::Member => "ordinary user",
        Role::Guest => "guest",
    }
}

/// "Enter password"; the password stands on the page, because there is nothing to protect.
pub(crate) fn password(flow: &str, user: &User, problem: Option<&Refusal>) -> Html<String> {
    let problem = problem.map_or_else(String::new, |refusal| {
        format!(
            "<p class=\"problem\" role=\"alert\">AADSTS{}: {}</p>",
            refusal.number,
            escape(&refusal.text)
        )
    });
    let body = format!(
        "<p>{}</p>{problem}
        <label for=\"password\">Password</label>
        <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"off\" autofocus required>
        <p class=\"note\">In the demo tenant the password is <code>{}</code></p>
        <button class=\"main\">Sign in</button>",
        escape(&user.address),
        escape(&user.password),
    );
    page("Enter password", &form(flow, &body))
}

/// "Permissions requested", for the person and, if an administrator, for everybody.
pub(crate) fn consent(
    flow: &str,
    app: &str,
    user: &User,
    wanted: &[Known],
    may_choose: bool,
) -> Html<String> {
    let choice = if may_choose {
        "<p><label><input type=\"checkbox\" name=\"everybody\"> Consent on behalf of your organization</label></p>"
    } else {
        ""
    };
    permissions_requested(flow, app, user, wanted, choice)
}

/// "Permissions requested", for the whole tenant.
pub(crate) fn consent_for_everybody(
    flow: &str,
    app: &str,
    user: &User,
    wanted: &[Known],
) -> Html<String> {
    permissions_requested(
        flow,
        app,
        user,
        wanted,
        "<p>Review for your organization.</p>",
    )
}

fn permissions_requested(
    flow: &str,
    app: &str,
    user: &User,
    wanted: &[Known],
    extra: &str,
) -> Html<String> {
    let list: String = wanted
        .iter()
        .map(|known| {
            format!(
                "<li><b>{}</b> <span class=\"note\">{}</span></li>",
                known.name,
                escape(known.purpose)
            )
        })
        .collect();
    let body = format!(
        "<p><b>{}</b> would like to use these permissions as {}:</p><ul>{list}</ul>{extra}
        <button class=\"main\" name=\"decision\" value=\"accept\">Accept</button>
        <button name=\"decision\" value=\"cancel\">Cancel</button>",
        escape(app),
        escape(&user.address),
    );
    page("Permissions requested", &form(flow, &body))
}

/// "Need admin approval".
pub(crate) fn admin_needed(flow: &str, app: &str) -> Html<String> {
    let body = format!(
        "<p><b>{}</b> needs permission to access resources in your organization that only an admin can grant. Ask an \
         admin to grant permission to this app before you can use it. (AADSTS90094)</p>
        <button name=\"decision\" value=\"return\">Return to the application without granting consent</button>",
        escape(app),
    );
    page("Need admin approval", &form(flow, &body))
}

/// An error that the application is never told.
pub(crate) fn refusal(refusal: &Refusal, trace: &Trace, flow: Option<&str>) -> Html<String> {
    let again = flow.map_or_else(String::new, |flow| {
        form(flow, "<button>Use another account</button>")
    });
    let body = format!(
        "<p class=\"problem\" role=\"alert\">{}</p>{again}",
        escape(&refusal.description(trace))
    );
    page("Sorry, but we’re having trouble signing you in", &body)
}

/// Conditional Access: a page of its own, with the number among the details.
pub(crate) fn access_blocked(trace: &Trace, flow: &str) -> Html<String> {
    let again = form(
        flow,
        "<button>Sign out and sign in with a different account</button>",
    );
    let body = format!(
        "<p class=\"problem\" role=\"alert\">Your sign-in was successful but does not meet the criteria to access this \
         resource. For example, you might be signing in from a browser, app, or location that is restricted by your admin.</p>
        {again}<p class=\"note\">Error Code: 53003<br>Request Id: {}<br>Correlation Id: {}<br>Timestamp: {}</p>",
        trace.trace_id, trace.correlation_id, trace.timestamp,
    );
    page("You cannot access this right now", &body)
}

/// The end of a visit that no application waits for.
pub(crate) fn close_window(told: &str) -> Html<String> {
    page(
        "You can close this window",
        &format!("<p role=\"status\">{}</p>", escape(told)),
    )
}

/// The visit is over or was never begun here.
pub(crate) fn expired() -> Html<String> {
    page(
        "This sign-in has ended",
        "<p>Start again in the application.</p>",
    )
}

/// `response_mode=form_post`: a form that submits itself, with a button for who has scripts
/// switched off. Source: <https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html>
pub(crate) fn auto_submit(action: &str, fields: &Fields) -> Html<String> {
    let inputs: String = fields
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                escape(value)
            )
        })
        .collect();
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>Working...</title></head><body>
        <form method=\"POST\" name=\"hiddenform\" action=\"{}\">{inputs}
        <noscript><p>Script is disabled. Click Submit to continue.</p><input type=\"submit\" value=\"Submit\"></noscript>
        </form><script>window.setTimeout(() => document.forms[0].submit(), 0);</script></body></html>",
        escape(action),
    ))
}

/// The cast, where a browser ends that asks for anything else (the portal, for instance). What is
/// copied here can be pasted into the form of Graph Connect as it is.
pub(crate) fn cast(directory: &Directory) -> Html<String> {
    let users: String = directory
        .users
        .iter()
        .map(|user| person(user, directory))
        .collect();
    let apps: String = directory.apps.iter().map(application).collect();
    let body = format!(
        "<p>Everything here is made up, and lives on this computer as long as the demo runs.</p>
        <h2>People</h2><table aria-label=\"People\"><tr><th>Account<th>Password<th>Name<th>Role<th>{users}</table>
        <h2>Applications</h2><table aria-label=\"Applications\"><tr><th>Name<th>What it shows<th>Client ID<th>Client secret\
        <th>Tenant ID<th>{apps}</table>
        <script>document.addEventListener('click', ({{ target }}) => {{
            const text = target.dataset.copy;
            if (text) navigator.clipboard.writeText(text).then(() => {{ target.textContent = 'Copied'; }});
        }});</script>"
    );
    wide_page("Demo tenant", &body, "wide")
}

fn person(user: &User, directory: &Directory) -> String {
    let places = user.memberships.iter().map(|(tenant, place)| {
        let tenant = directory
            .tenant(*tenant)
            .map_or("?", |tenant| tenant.name.as_str());
        format!("{} in {}", role(place.role), escape(tenant))
    });
    let (address, password) = (escape(&user.address), escape(&user.password));
    format!(
        "<tr><td>{address}<td>{password}<td>{}<td>{}<td>{}",
        escape(&user.name),
        places.collect::<Vec<_>>().join(", "),
        copy(&user.address, &user.address),
    )
}

fn application(app: &App) -> String {
    let secret = app
        .secrets
        .first()
        .map_or("", |secret| secret.value.as_str());
    let mut text = format!("Client ID: {}\n", app.client_id);
    if !secret.is_empty() {
        text += &format!("Client secret: {secret}\n");
    }
    text += &format!("Tenant ID: {}", app.home);
    format!(
        "<tr><td>{}<td>{}<td>{}<td>{}<td>{}<td>{}",
        escape(&app.name),
        escape(app.state.trouble().unwrap_or("works")),
        app.client_id,
        escape(secret),
        app.home,
        copy(&app.name, &text),
    )
}

fn copy(what: &str, text: &str) -> String {
    format!(
        "<button aria-label=\"Copy {}\" data-copy=\"{}\">Copy</button>",
        escape(what),
        escape(text)
    )
}

fn form(flow: &str, body: &str) -> String {
    format!(
        "<form method=\"POST\" action=\"/common/login\"><input type=\"hidden\" name=\"flow\" value=\"{flow}\">{body}</form>"
    )
}

fn page(heading: &str, body: &str) -> Html<String> {
    wide_page(heading, body, "")
}

fn wide_page(heading: &str, body: &str, class: &str) -> Html<String> {
    let style = include_str!("pages.css");
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{heading} - Demo tenant</title>
        <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\"><style>{style}</style>
        </head><body><div class=\"banner\">Demo tenant — not Microsoft</div>
        <main class=\"{class}\"><h1>{heading}</h1>{body}</main></body></html>"
    ))
}

/// Text as it may stand in HTML, attributes included.
pub(crate) fn escape(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, c| {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
            out
        })
}
