//! `graph-connect completions`: what makes a shell ask this program for the words that fit.

mod shells;
mod words;

use clap::{Args, ValueEnum};
use clap_complete::env::{EnvCompleter, Shells};

use self::shells::{IN_FISH, IN_ZSH, InBash, InPowerShell};
use crate::{
    exit::{Exit, Failure},
    output::print,
};

/// The variable by which a shell asks.
pub(crate) const VARIABLE: &str = "GRAPH_CONNECT_COMPLETE";

/// The shells that may ask.
pub(crate) const SHELLS: Shells<'static> = Shells(&[&InBash, &IN_ZSH, &IN_FISH, &InPowerShell]);

/// Where zsh loads this as the file of a function, that function is called for the first word
/// already.
const ZSH_FIRST: &str = r#"
[[ "$funcstack[1]" = "_graph-connect" ]] && _clap_dynamic_completer_graph_connect "$@"
"#;

#[derive(Args)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    shell: Shell,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell", alias = "pwsh")]
    Pwsh,
}

/// Prints the script.
pub(crate) fn run(arguments: &CompletionsArguments) -> Result<Exit, Failure> {
    let (shell, more): (&dyn EnvCompleter, &str) = match arguments.shell {
        Shell::Bash => (&InBash, ""),
        Shell::Zsh => (&IN_ZSH, ZSH_FIRST),
        Shell::Fish => (&IN_FISH, ""),
        Shell::Pwsh => (&InPowerShell, ""),
    };
    let mut script = Vec::new();
    shell.write_registration(
        VARIABLE,
        "graph-connect",
        "graph-connect",
        "graph-connect",
        &mut script,
    )?;
    script.extend_from_slice(more.as_bytes());
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
