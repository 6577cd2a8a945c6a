//! `graph-connect token`: one access token on standard output, in the form that the asker reads.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use connections::{Connections, HandedOut, Request};
use jiff::{Timestamp, tz::TimeZone};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    exit::{Exit, Failure},
    find,
    names::Named,
    output::{print, print_json},
    parent,
    print::eprint_line,
};

#[derive(Args)]
pub(crate) struct TokenArguments {
    #[command(flatten)]
    connection: Named,
    /// The scope; only Microsoft Graph's own in the connection's cloud [default: everything that is
    /// granted].
    #[arg(long)]
    scope: Option<String>,
    /// How to print the token.
    #[arg(long, value_enum, default_value_t, conflicts_with = "json")]
    format: Format,
    /// Print the bare token to a terminal too, where it stays on the screen.
    #[arg(long)]
    force: bool,
    /// Ask for a new token, even if one is kept: after a permission was granted.
    #[arg(long)]
    fresh: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The token and nothing else.
    #[default]
    Raw,
    /// What `az account get-access-token` prints.
    Az,
    /// A header for `curl --header @-`.
    Header,
}

/// Prints a token.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &TokenArguments,
    json: bool,
) -> Result<Exit, Failure> {
    if io::stdout().is_terminal() && !arguments.force {
        let text = "a token is not printed to a terminal, where it would stay on the screen; send it to a program, \
                    or add --force";
        return Err(Failure::new(Exit::Usage, text));
    }
    let connection = find(connections, &arguments.connection.name).await?;
    let program = parent::name();
    let request = Request {
        program: &program,
        scope: arguments.scope.as_deref(),
        fresh: arguments.fresh,
    };
    let handed_out = connections.hand_out(connection.id, &request).await?;
    say_not_kept(handed_out.not_kept.as_deref());
    match (json, arguments.format) {
        (true, _) => print_json(&as_json(&handed_out))?,
        (false, Format::Raw) => print(&format!("{}\n", handed_out.token.expose_secret()))?,
        (false, Format::Header) => print(&format!(
            "Authorization: Bearer {}\n",
            handed_out.token.expose_secret()
        ))?,
        (false, Format::Az) => print_json(&as_az(&handed_out))?,
    }
    Ok(Exit::Done)
}

/// Says what could not be kept of a token that is handed out all the same.
pub(crate) fn say_not_kept(problem: Option<&str>) {
    if let Some(problem) = problem {
        eprint_line(format!(
            "graph-connect: the token is good, but not everything is kept. {problem}"
        ));
    }
}

fn as_json(handed_out: &HandedOut) -> Value {
    json!({
        "version": 1,
        "access_token": handed_out.token.expose_secret(),
        "token_type": "Bearer",
        "expires_on": whole_seconds(handed_out.expires_at).to_string(),
        "tenant": handed_out.tenant_id,
        "connection": handed_out.connection,
        "scope": handed_out.scope,
    })
}

/// The shape of `az account get-access-token`. `expiresOn` is local time without a zone, as there;
/// readers that know better take `expires_on`, in seconds.
///
/// Source: <https://learn.microsoft.com/cli/azure/account#az-account-get-access-token>
fn as_az(handed_out: &HandedOut) -> Value {
    let expires_at = whole_seconds(handed_out.expires_at);
    let local = expires_at
        .to_zoned_datetime(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S.000000");
    json!({
        "accessToken": handed_out.token.expose_secret(),
        "expiresOn": local.to_string(),
        "expires_on": expires_at.as_second(),
        "tenant": handed_out.tenant_id,
        "tokenType": "Bearer",
    })
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
