//! Reads `permissions.csv` and `permission-methods.csv`, in this order the two arguments, and
//! writes `src/permission_table.rs` to the standard output (`scripts/permissions.sh`).

mod covers;
mod generate;

use std::io::{Write, stdout};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths = std::env::args().skip(1);
    let mut read = || {
        paths
            .next()
            .ok_or("two files are needed")
            .map(std::fs::read_to_string)
    };
    let (facts, methods) = (read()??, read()??);
    stdout().write_all(generate::table(&facts, &methods)?.as_bytes())?;
    Ok(())
}
