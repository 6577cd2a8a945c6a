//! `graph-connect completions`: what makes a shell ask this program for the words that fit.

use clap::{Args, ValueEnum};
use clap_complete::env::{Bash, EnvCompleter, Fish, Powershell, Zsh};

use crate::{
    answer::print,
    exit::{Exit, Failure},
};

/// The variable by which a shell asks.
pub(crate) const VARIABLE: &str = "GRAPH_CONNECT_COMPLETE";

/// Names have spaces in them, which bash quotes only in what it takes for names of files.
const BASH_QUOTES: &str = r#"
_graph_connect() {
    _clap_complete_graph_connect "$@"
    case "${COMPREPLY[*]}" in *[!A-Za-z0-9_.,:/=@%+-]*) compopt -o filenames 2>/dev/null ;; esac
}
complete -o nospace -o bashdefault -F _graph_connect graph-connect
"#;

/// Where zsh loads this as the file of a function, that function is called for the first word already.
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
        Shell::Bash => (&Bash, BASH_QUOTES),
        Shell::Zsh => (&Zsh, ZSH_FIRST),
        Shell::Fish => (&Fish, ""),
        Shell::Pwsh => (&Powershell, ""),
    };
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "graph-connect", "graph-connect", "graph-connect", &mut script)?;
    script.extend_from_slice(more.as_bytes());
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
