//! From the facts about permissions to the table in Rust, formatted as rustfmt has it.

use std::fmt::Write as _;

use serde::Deserialize;

/// The longest line that rustfmt leaves in one piece.
const WIDTH: usize = 120;

const HEAD: &str = "\
//! Every permission that an integration needs. IDs as Microsoft publishes them at
//! <https://learn.microsoft.com/graph/permissions-reference>.
//!
//! Made from `permissions.csv` by `scripts/permissions.sh`; not to be edited.

use uuid::uuid;

use crate::{integration::Integration::*, permission::Permission};

/// Sorted by name without case.
pub(crate) const PERMISSIONS: &[Permission] = &[
";

/// One line of the facts. Lists are separated by spaces.
#[derive(Deserialize)]
struct Facts {
    name: String,
    application_id: String,
    delegated_id: String,
    substitute: String,
    purpose: String,
    application_for: String,
    delegated_for: String,
    delegated_needs_admin: String,
    application_covered_by: String,
    delegated_covered_by: String,
}

/// The table, in Rust.
pub(crate) fn table(csv: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut lines: Vec<Facts> = csv::Reader::from_reader(csv.as_bytes()).deserialize().collect::<Result<_, _>>()?;
    lines.sort_by_key(|facts| facts.name.to_lowercase());
    let mut table = HEAD.to_owned();
    for facts in &lines {
        write_entry(&mut table, facts)?;
    }
    table.push_str("];\n");
    Ok(table)
}

fn write_entry(table: &mut String, facts: &Facts) -> std::fmt::Result {
    let needs_admin = facts.delegated_needs_admin == "yes";
    writeln!(table, "    Permission {{")?;
    writeln!(table, "        name: {:?},", facts.name)?;
    writeln!(table, "        application_id: {},", id(&facts.application_id))?;
    writeln!(table, "        delegated_id: {},", id(&facts.delegated_id))?;
    writeln!(table, "        substitute: {},", optional(&facts.substitute))?;
    writeln!(table, "        purpose: {:?},", facts.purpose)?;
    write_list(table, "application_for", facts.application_for.split_whitespace().map(str::to_owned))?;
    write_list(table, "delegated_for", facts.delegated_for.split_whitespace().map(str::to_owned))?;
    writeln!(table, "        delegated_needs_admin: {needs_admin},")?;
    write_list(table, "application_covered_by", names(&facts.application_covered_by))?;
    write_list(table, "delegated_covered_by", names(&facts.delegated_covered_by))?;
    writeln!(table, "    }},")
}

fn id(guid: &str) -> String {
    if guid.is_empty() { "None".to_owned() } else { format!("Some(uuid!({guid:?}))") }
}

fn optional(name: &str) -> String {
    if name.is_empty() { "None".to_owned() } else { format!("Some({name:?})") }
}

fn names(list: &str) -> impl Iterator<Item = String> {
    list.split_whitespace().map(|name| format!("{name:?}"))
}

/// On one line if it fits, else one item a line.
fn write_list(table: &mut String, field: &str, items: impl Iterator<Item = String>) -> std::fmt::Result {
    let items: Vec<String> = items.collect();
    let line = format!("        {field}: &[{}],", items.join(", "));
    if line.len() <= WIDTH {
        return writeln!(table, "{line}");
    }
    writeln!(table, "        {field}: &[")?;
    for item in items {
        writeln!(table, "            {item},")?;
    }
    writeln!(table, "        ],")
}
