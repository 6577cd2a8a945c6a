//! `graph-connect add` and `renew`: a new connection, or a new credential for one that is there.

mod app;
mod sign_in;

use clap::{Args, Subcommand};
use clap_complete::{ArgValueCandidates, CompletionCandidate};
use connections::Connections;
use model::{CloudId, Integration, Method};

use crate::{
    answer::Answer,
    arguments::Named,
    check,
    exit::{Exit, Failure},
    names::find,
};

#[derive(Subcommand)]
pub(crate) enum AddArguments {
    /// By client ID, client secret and tenant. The secret is asked for, or read from standard input.
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
  graph-connect add sign-in --name \"Contoso, as me\"
  graph-connect add sign-in --name \"My mail\" --integration Outlook --tenant contoso.com --no-browser";

#[derive(Args)]
pub(crate) struct RenewArguments {
    #[command(flatten)]
    connection: Named,
    /// The day on which the new client secret expires, yyyy-mm-dd.
    #[arg(long)]
    expires: Option<String>,
    /// Only print the sign-in link, for a browser on this computer that you open yourself.
    #[arg(long)]
    no_browser: bool,
}

/// What every new connection has.
#[derive(Args)]
struct About {
    /// A name; case does not tell two names apart.
    #[arg(long)]
    name: String,
    /// What it is for, which decides the permissions that are checked and asked for.
    #[arg(long, value_parser = read_integration, default_value = "Microsoft Graph", add = ArgValueCandidates::new(integrations))]
    integration: Integration,
    /// The cloud.
    #[arg(long, default_value = "global")]
    cloud: String,
    /// A note for people.
    #[arg(long, default_value = "")]
    description: String,
    /// A label; may be given more than once.
    #[arg(long)]
    tag: Vec<String>,
}

impl About {
    fn cloud(&self, connections: &Connections) -> Result<CloudId, Failure> {
        let cloud = CloudId::new(self.cloud.as_str());
        if connections.clouds().get(&cloud).is_some() {
            return Ok(cloud);
        }
        let known: Vec<_> = connections.clouds().iter().map(|cloud| cloud.id.as_str()).collect();
        Err(Failure::new(Exit::Usage, format!("there is no cloud of that name; known are {}", known.join(", "))))
    }
}

/// Adds a connection and says what Test Connection finds.
pub(crate) async fn add(connections: &Connections, arguments: &AddArguments, answer: Answer) -> Result<Exit, Failure> {
    match arguments {
        AddArguments::App(arguments) => app::add(connections, arguments, answer).await,
        AddArguments::SignIn(arguments) => sign_in::add(connections, arguments, answer).await,
    }
}

/// Puts a new credential in the place of the old one, and tests it.
pub(crate) async fn renew(
    connections: &Connections,
    arguments: &RenewArguments,
    answer: Answer,
) -> Result<Exit, Failure> {
    let connection = find(connections, &arguments.connection.name).await?;
    match &connection.method {
        Method::AppRegistration { .. } => {
            let secret = app::ask_secret()?;
            connections.replace_secret(connection.id, &secret, arguments.expires.as_deref(), false).await?;
        }
        Method::OAuth { .. } => {
            let plan = connections.plan_sign_in_again(connection.id).await?;
            sign_in::sign_in(connections, &plan, !arguments.no_browser).await?;
        }
    }
    check::one(connections, &connections.get(connection.id).await?, answer).await
}

fn read_integration(text: &str) -> Result<Integration, String> {
    let same = |integration: &Integration| integration.name().eq_ignore_ascii_case(text.trim());
    let known = || Integration::ALL.iter().map(|integration| integration.name()).collect::<Vec<_>>().join(", ");
    Integration::ALL.into_iter().find(same).ok_or_else(|| format!("known are {}", known()))
}

fn integrations() -> Vec<CompletionCandidate> {
    Integration::ALL.iter().map(|integration| CompletionCandidate::new(integration.name())).collect()
}
