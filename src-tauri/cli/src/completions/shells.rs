//! How each shell asks for the words that fit, and how it is told them.

use std::{
    ffi::OsString,
    io::{Error, Write},
    path::Path,
};

use clap::Command;
use clap_complete::{
    engine::{CompletionCandidate, complete},
    env::{EnvCompleter, Fish, Zsh},
};

use super::words::{Line, quoted};

/// bash gets words that are quoted already: it quotes only what it takes for the name of a file,
/// and not all of that. It sends the whole line, because it takes words apart at colons and the
/// like.
pub(super) struct InBash;

const BASH: &str = r#"
_graph_connect() {
    local reply
    COMPREPLY=()
    while IFS= read -r reply; do
        [[ -n $reply ]] && COMPREPLY+=("$reply")
    done < <(VARIABLE=bash graph-connect -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -o bashdefault -o nosort -F _graph_connect graph-connect 2>/dev/null ||
    complete -o bashdefault -F _graph_connect graph-connect
"#;

impl EnvCompleter for InBash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        var: &str,
        _: &str,
        _: &str,
        _: &str,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        buf.write_all(BASH.replace("VARIABLE", var).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        args: Vec<OsString>,
        folder: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        let text = |at: usize| {
            args.get(at)
                .map(|text| text.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let (line, replaced) = (Line::read(&text(0)), text(1));
        // bash puts the answer in the place of the last part of the word; what stands before that
        // stays.
        let stays = line
            .raw
            .strip_suffix(&replaced)
            .unwrap_or_default()
            .chars()
            .count();
        for candidate in candidates(command, &line.words, folder)? {
            let mut word = quoted(&candidate.get_value().to_string_lossy(), line.quotes);
            // bash closes the quotes, unless it finds that the word ends with such a letter.
            if let Some(quote) = line.quotes.letter().filter(|quote| word.ends_with(*quote)) {
                word.push(quote);
            }
            writeln!(buf, "{}", word.chars().skip(stays).collect::<String>())?;
        }
        Ok(())
    }
}

/// zsh and fish quote by themselves, and send words as they were typed.
pub(super) struct Unquoting<S>(pub(super) S);

impl<S: EnvCompleter> EnvCompleter for Unquoting<S> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn is(&self, name: &str) -> bool {
        self.0.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        self.0.write_registration(var, name, bin, completer, buf)
    }

    fn write_complete(
        &self,
        command: &mut Command,
        args: Vec<OsString>,
        folder: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        let plain = args
            .into_iter()
            .map(|word| Line::read(&word.to_string_lossy()).words.join(" ").into());
        self.0.write_complete(command, plain.collect(), folder, buf)
    }
}

pub(super) const IN_ZSH: Unquoting<Zsh> = Unquoting(Zsh);
pub(super) const IN_FISH: Unquoting<Fish> = Unquoting(Fish);

/// PowerShell sends the words one on a line: it takes the line apart itself, so nothing of it is
/// run again. It is told words that are quoted already.
pub(super) struct InPowerShell;

const POWERSHELL: &str = r#"
Register-ArgumentCompleter -Native -CommandName graph-connect -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = $commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition }
    $words = @($before | ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $words += $wordToComplete.Trim("'", '"')
    $env:VARIABLE = 'powershell'
    try { $results = @(& graph-connect -- ($words -join "`n")) } finally { Remove-Item Env:\VARIABLE }
    foreach ($result in $results) {
        $word, $help = $result.Split("`t", 2)
        if (-not $help) { $help = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $help)
    }
}
"#;

impl EnvCompleter for InPowerShell {
    fn name(&self) -> &'static str {
        "powershell"
    }

    fn is(&self, name: &str) -> bool {
        ["pwsh", "powershell", "powershell_ise"].contains(&name)
    }

    fn write_registration(
        &self,
        var: &str,
        _: &str,
        _: &str,
        _: &str,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        buf.write_all(POWERSHELL.replace("VARIABLE", var).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        args: Vec<OsString>,
        folder: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        let words: Vec<String> = match args.as_slice() {
            [lines] => lines
                .to_string_lossy()
                .split('\n')
                .map(ToOwned::to_owned)
                .collect(),
            words => words
                .iter()
                .map(|word| word.to_string_lossy().into_owned())
                .collect(),
        };
        for candidate in candidates(command, &words, folder)? {
            let help = candidate
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            let help = help.lines().next().unwrap_or_default();
            writeln!(
                buf,
                "{}\t{help}",
                for_powershell(&candidate.get_value().to_string_lossy())
            )?;
        }
        Ok(())
    }
}

/// A text as one word of PowerShell, where typographic quotes end a quoted text too.
fn for_powershell(text: &str) -> String {
    if text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "_./:=-".contains(letter))
    {
        return text.to_owned();
    }
    let doubled = text
        .chars()
        .fold(String::new(), |done, letter| match letter {
            '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' => {
                format!("{done}{letter}{letter}")
            }
            letter => format!("{done}{letter}"),
        });
    format!("'{doubled}'")
}

fn candidates(
    command: &mut Command,
    words: &[String],
    folder: Option<&Path>,
) -> Result<Vec<CompletionCandidate>, Error> {
    complete(
        command,
        words.iter().map(OsString::from).collect(),
        words.len().saturating_sub(1),
        folder,
    )
}
