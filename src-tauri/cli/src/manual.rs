//! `graph-connect man`: the manual, for `man` to show.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Command};
use clap_mangen::Man;

use crate::{
    exit::{Exit, Failure},
    output::print,
};

#[derive(Args)]
pub(crate) struct ManArguments {
    /// Write a page for the program and one for each command into this folder, in place of printing
    /// the first.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// Prints the page of the program, or writes all pages.
pub(crate) fn run(arguments: &ManArguments, program: Command) -> Result<Exit, Failure> {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    match &arguments.out {
        Some(folder) => fs::create_dir_all(folder)
            .and_then(|()| write_all(&program, folder))
            .map_err(|error| {
                Failure::new(
                    Exit::Other,
                    format!(
                        "the pages cannot be written to {}: {error}",
                        folder.display()
                    ),
                )
            })?,
        None => print(&String::from_utf8_lossy(&page(&program)?))?,
    }
    Ok(Exit::Done)
}

fn write_all(command: &Command, folder: &Path) -> io::Result<()> {
    let man = Man::new(command.clone());
    fs::write(folder.join(man.get_filename()), page(command)?)?;
    command
        .get_subcommands()
        .try_for_each(|below| write_all(below, folder))
}

/// A page. The examples stand as they are typed: filled like prose they could not be copied.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(more) = command.get_after_help() {
        let more = more.to_string();
        let more = more.strip_prefix("Examples:\n").unwrap_or(&more);
        writeln!(page, ".SH EXAMPLES\n.nf")?;
        for line in more.lines() {
            writeln!(page, "{}", as_typed(line))?;
        }
        writeln!(page, ".fi")?;
    }
    Ok(page)
}

/// A line that roff shows as it is (groff_man(7), "Escape sequences").
fn as_typed(line: &str) -> String {
    let line = line
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\(aq");
    if line.starts_with('.') {
        format!("\\&{line}")
    } else {
        line
    }
}
