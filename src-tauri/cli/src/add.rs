//! `graph-connect add`: a new connection.

pub(crate) mod app;
pub(crate) mod sign_in;

use clap::{Args, Subcommand};
use clap_complete::{ArgValueCandidates, CompletionCandidate};
use connections::Connections;
use jiff::civil::Date;
use model::{CloudId, Integration, Need, PermissionKind};

use crate::{
    exit::{Exit, Failure},
    output::OutputFormat,
};

/// What Ctrl-C leaves behind while the keychain is written.
const BEING_KEPT: &str = "it was being kept: `graph-connect list` shows whether it is";

#[derive(Subcommand)]
pub(crate) enum AddArguments {
    /// By client ID, client secret and tenant. The secret is asked for, or read from standard
    /// input.
    #[command(after_help = APP_EXAMPLES)]
    App(app::AppArguments),
    /// By signing in with the browser.
    #[command(after_help = SIGN_IN_EXAMPLES)]
    SignIn(sign_in::SignInArguments),
}

const APP_EXAMPLES: &str = "\
Examples:
  graph-connect add app --name \"Contoso audit\" --client-id 00001111-aaaa-2222-bbbb-3333cccc4444 --tenant contoso.com
  pass show contoso-audit | graph-connect add app --name \"Contoso audit\" --client-id … --tenant … --integration Intune

The secret is never an argument: other people on this computer could read it there.";

const SIGN_IN_EXAMPLES: &str = "\
Examples:
  graph-connect add sign-in --name \"Contoso, as me\" --client-id 00001111-aaaa-2222-bbbb-3333cccc4444
  graph-connect add sign-in --name \"My mail\" --integration Outlook --tenant contoso.com --no-browser

The application needs the redirect URI http://localhost under \"Mobile and desktop applications\". The default for
--client-id is set for each cloud in the Settings of the window.";

/// What every new connection has.
#[derive(Args)]
struct About {
    /// A name; case does not tell two names apart.
    #[arg(long)]
    name: String,
    /// What it is for, which decides the permissions that are checked and asked for.
    #[arg(long, value_parser = parse_integration, default_value = "Microsoft Graph", add = ArgValueCandidates::new(integrations))]
    integration: Integration,
    /// How much of that it may do: `read`, `write` (everything that it is for), or the names of its
    /// permissions with commas between them. It is asked for just that, and judged by it.
    #[arg(long, value_name = "read|write|NAME,…", default_value = "write")]
    need: String,
    /// The cloud: global, usgov, usgov-dod, china, or one of the file that GRAPH_CONNECT_CLOUDS
    /// names.
    #[arg(long, default_value = "global", add = ArgValueCandidates::new(clouds))]
    cloud: String,
    /// A note for people.
    #[arg(long, default_value = "")]
    description: String,
    /// A label; may be given more than once.
    #[arg(long)]
    tag: Vec<String>,
}

impl About {
    fn need(&self, kind: PermissionKind) -> Result<Need, Failure> {
        let refuse = |problem| Failure::new(Exit::Usage, format!("--need: {problem}"));
        Need::parse(&self.need, self.integration, kind).map_err(refuse)
    }

    fn cloud(&self, connections: &Connections) -> Result<CloudId, Failure> {
        let cloud = CloudId::new(self.cloud.as_str());
        if connections.clouds().get(&cloud).is_some() {
            return Ok(cloud);
        }
        let known: Vec<_> = connections
            .clouds()
            .iter()
            .map(|cloud| cloud.id.as_str())
            .collect();
        Err(Failure::new(
            Exit::Usage,
            format!(
                "there is no cloud of that name; known are {}",
                known.join(", ")
            ),
        ))
    }
}

/// Adds a connection and says what Test Connection finds.
pub(crate) async fn add(
    connections: &Connections,
    arguments: &AddArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    match arguments {
        AddArguments::App(arguments) => app::add(connections, arguments, answer).await,
        AddArguments::SignIn(arguments) => sign_in::add(connections, arguments, answer).await,
    }
}

pub(crate) fn parse_expires(text: &str) -> Result<Date, String> {
    let verdict = connections::inspect_day(text);
    let day = verdict.value.and_then(|day| day.parse().ok());
    day.ok_or_else(|| {
        verdict
            .problem
            .unwrap_or_else(|| "enter a date such as 2026-12-20".to_owned())
    })
}

fn parse_integration(text: &str) -> Result<Integration, String> {
    // "Intune" is enough for "Microsoft Intune".
    let bare = |text: &str| {
        let text = text.trim().to_lowercase().replace(['-', ' '], "");
        text.strip_prefix("microsoft")
            .filter(|rest| !rest.is_empty())
            .unwrap_or(&text)
            .to_owned()
    };
    let same = |integration: &Integration| bare(integration.name()) == bare(text);
    let known = || {
        Integration::ALL
            .iter()
            .map(|integration| integration.name())
            .collect::<Vec<_>>()
            .join(", ")
    };
    Integration::ALL
        .into_iter()
        .find(same)
        .ok_or_else(|| format!("known are {}", known()))
}

fn clouds() -> Vec<CompletionCandidate> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().ok();
    let clouds = runtime.and_then(|runtime| runtime.block_on(connections::clouds_in_use()).ok());
    clouds
        .iter()
        .flat_map(|clouds| clouds.iter())
        .map(|cloud| CompletionCandidate::new(cloud.id.as_str()))
        .collect()
}

fn integrations() -> Vec<CompletionCandidate> {
    Integration::ALL
        .iter()
        .map(|integration| CompletionCandidate::new(integration.name()))
        .collect()
}
