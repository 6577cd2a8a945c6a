//! What can be written on the command line.

use clap::{Parser, Subcommand};

use crate::{
    add::AddArguments,
    allow::AllowArguments,
    check::CheckArguments,
    completions::CompletionsArguments,
    duplicate::{DuplicateArguments, RenameArguments},
    exec::ExecArguments,
    get::{GetArguments, RequestArguments},
    manual::ManArguments,
    names::Named,
    remove::RemoveArguments,
    renew::RenewArguments,
    token::TokenArguments,
};

/// Use the Microsoft Graph connections of Graph Connect from the command line.
#[derive(Parser)]
#[command(name = "graph-connect", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Print JSON in place of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// How long to wait for somebody to answer the keychain's prompt [default: 60 at a terminal,
    /// otherwise 10].
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) wait: Option<u32>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    WithConnections(WithConnections),
    /// Check the connections' file, the keychain, the loopback interface, the way to Microsoft and
    /// the clock.
    Doctor,
    /// Print a script that completes commands and names in a shell.
    Completions(CompletionsArguments),
    /// Print the manual page.
    Man(ManArguments),
}

/// What needs the connections.
#[derive(Subcommand)]
pub(crate) enum WithConnections {
    /// List all connections.
    List,
    /// Show one connection and the report of its last check.
    Show(Named),
    /// Add a connection.
    #[command(subcommand)]
    Add(AddArguments),
    /// Sign in again, or enter a new client secret.
    Renew(RenewArguments),
    /// Add a connection like another one, and test it.
    Duplicate(DuplicateArguments),
    /// Give a connection another name; scripts that use the old one have to be changed.
    Rename(RenameArguments),
    /// Run Test Connection on one connection, or on all.
    Check(CheckArguments),
    /// Let scripts use a connection, or no longer.
    Allow(AllowArguments),
    /// Print an access token for a script.
    #[command(after_help = TOKEN_EXAMPLES)]
    Token(TokenArguments),
    /// Run a program that gets its tokens by itself, without the secret.
    #[command(after_help = EXEC_EXAMPLES)]
    Exec(ExecArguments),
    /// Read from Microsoft Graph.
    #[command(after_help = GET_EXAMPLES)]
    Get(GetArguments),
    /// Call Microsoft Graph with any method.
    #[command(after_help = REQUEST_EXAMPLES)]
    Request(RequestArguments),
    /// Remove a connection and its secret.
    Remove(RemoveArguments),
}

impl WithConnections {
    /// Whether it is likely to need the keychain.
    pub(crate) const fn reads_a_secret(&self) -> bool {
        match self {
            Self::Duplicate(_)
            | Self::Rename(_)
            | Self::Check(_)
            | Self::Token(_)
            | Self::Exec(_)
            | Self::Get(_)
            | Self::Request(_) => true,
            Self::List
            | Self::Show(_)
            | Self::Add(_)
            | Self::Renew(_)
            | Self::Allow(_)
            | Self::Remove(_) => false,
        }
    }
}

const TOKEN_EXAMPLES: &str = "\
Examples:
  graph-connect token \"Contoso audit\" --format header | curl --header @- https://graph.microsoft.com/v1.0/organization
  graph-connect token \"Contoso audit\" --json | jq --raw-output .expires_on";

const EXEC_EXAMPLES: &str = "\
Examples:
  graph-connect exec \"Contoso audit\" -- pwsh report.ps1
  graph-connect exec \"Contoso audit\" -- python3 report.py
  graph-connect exec \"Contoso audit\" --env token -- ./report.sh
  graph-connect exec \"Contoso audit\" --set CLIENT_SECRET=secret --set CLIENT_ID=client-id --set TENANT_ID=tenant-id -- npx -y @merill/lokka";

const GET_EXAMPLES: &str = "\
Examples:
  graph-connect get \"Contoso audit\" '/users?$top=3&$select=displayName'
  graph-connect get \"Contoso audit\" '/users?$top=999' --all | jq --raw-output .userPrincipalName
  graph-connect get \"Contoso audit\" '/users?$count=true&$filter=endsWith(mail,%27.ch%27)' --header 'ConsistencyLevel: eventual'";

const REQUEST_EXAMPLES: &str = "\
Examples:
  graph-connect request \"Contoso audit\" POST /groups --body @group.json
  graph-connect request \"Contoso audit\" DELETE /groups/00001111-aaaa-2222-bbbb-3333cccc4444";

const EXAMPLES: &str = "\
Examples:
  graph-connect add app --name \"Contoso audit\" --client-id 00001111-aaaa-2222-bbbb-3333cccc4444 --tenant contoso.com
  graph-connect add sign-in --name \"Contoso, as me\" --client-id 00001111-aaaa-2222-bbbb-3333cccc4444
  graph-connect check --all
  graph-connect allow \"Contoso audit\"
  graph-connect get \"Contoso audit\" '/users?$top=3'
  graph-connect exec \"Contoso audit\" -- pwsh report.ps1
  graph-connect token \"Contoso audit\" --format header | curl --header @- https://graph.microsoft.com/v1.0/organization
  source <(graph-connect completions bash)

Exit codes: 0 done, 1 other failure, 2 wrong call, 3 no such connection, 4 needs sign-in or a new secret,
5 keychain locked, absent or denied, 6 network, 7 throttled, 8 busy. `exec` ends as its program ends.";
