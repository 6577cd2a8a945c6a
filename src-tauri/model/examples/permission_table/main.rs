//! Reads `permissions.csv` from the standard input and writes `src/permission_table.rs` to the standard output
//! (`scripts/permissions.sh`).

mod generate;

use std::io::{Read, Write, stdin, stdout};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut facts = String::new();
    stdin().read_to_string(&mut facts)?;
    stdout().write_all(generate::table(&facts)?.as_bytes())?;
    Ok(())
}
