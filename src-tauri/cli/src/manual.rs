//! `graph-connect man`: the manual, for `man` to show.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use crate::{
    arguments::Arguments,
    exit::{Exit, Failure},
};

#[derive(Args)]
pub(crate) struct ManArguments {
    /// Write a page for the program and one for each command into this folder, in place of printing the first.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// Prints the page of the program, or writes all pages.
pub(crate) fn run(arguments: &ManArguments) -> Result<Exit, Failure> {
    match &arguments.out {
        Some(folder) => clap_mangen::generate_to(Arguments::command(), folder)?,
        None => {
            let mut page = Vec::new();
            Man::new(Arguments::command()).render(&mut page)?;
            io::stdout().write_all(&page)?;
        }
    }
    Ok(Exit::Done)
}
