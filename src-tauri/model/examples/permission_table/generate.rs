//! From the facts about permissions to the table in Rust, formatted as rustfmt has it.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::covers::{Candidate, Methods};

/// The longest list, without its brackets, that rustfmt leaves on one line.
const MAX_ARRAY_WIDTH: usize = 60;

const HEAD: &str = "\
//! Every permission that an integration may need. IDs as Microsoft publishes them at
//! <https://learn.microsoft.com/graph/permissions-reference>.
//!
//! Made from `permissions.csv` and `permission-methods.csv` by `scripts/permissions.sh`; not to be
//! edited.

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
    application_read_for: String,
    delegated_read_for: String,
    delegated_needs_admin: String,
    application_level: Option<u8>,
    delegated_level: Option<u8>,
}

/// The table, in Rust, from the facts about permissions and the methods that they serve.
pub(crate) fn table(facts: &str, methods: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut lines: Vec<Facts> = csv::Reader::from_reader(facts.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()?;
    lines.sort_by_key(|facts| facts.name.to_lowercase());
    let methods = Methods::read(methods)?;
    let all = |application| {
        lines
            .iter()
            .filter_map(|facts| facts.candidate(application))
            .collect::<Vec<_>>()
    };
    let (of_applications, of_people) = (all(true), all(false));
    let mut table = HEAD.to_owned();
    for facts in &lines {
        let covers = |application, all: &[Candidate<'_>]| {
            let of = facts.candidate(application);
            let found = of.map_or_else(Vec::new, |of| methods.covers(&of, application, all));
            found
                .into_iter()
                .map(|name| format!("{name:?}"))
                .collect::<Vec<_>>()
        };
        write_entry(
            &mut table,
            facts,
            covers(true, &of_applications),
            covers(false, &of_people),
        )?;
    }
    table.push_str("];\n");
    Ok(table)
}

impl Facts {
    /// As the rule about covers sees it; `None` if it does not exist in that kind.
    fn candidate(&self, application: bool) -> Option<Candidate<'_>> {
        let (id, level) = if application {
            (&self.application_id, self.application_level)
        } else {
            (&self.delegated_id, self.delegated_level)
        };
        (!id.is_empty()).then_some(Candidate {
            name: &self.name,
            level,
        })
    }
}

fn write_entry(
    table: &mut String,
    facts: &Facts,
    application_covers: Vec<String>,
    delegated_covers: Vec<String>,
) -> std::fmt::Result {
    let needs_admin = facts.delegated_needs_admin == "yes";
    writeln!(table, "    Permission {{")?;
    writeln!(table, "        name: {:?},", facts.name)?;
    writeln!(
        table,
        "        application_id: {},",
        id(&facts.application_id)
    )?;
    writeln!(table, "        delegated_id: {},", id(&facts.delegated_id))?;
    writeln!(
        table,
        "        substitute: {},",
        optional(&facts.substitute)
    )?;
    writeln!(table, "        purpose: {:?},", facts.purpose)?;
    for (field, list) in [
        ("application_for", &facts.application_for),
        ("delegated_for", &facts.delegated_for),
        ("application_read_for", &facts.application_read_for),
        ("delegated_read_for", &facts.delegated_read_for),
    ] {
        write_list(
            table,
            field,
            list.split_whitespace().map(str::to_owned).collect(),
        )?;
    }
    writeln!(table, "        delegated_needs_admin: {needs_admin},")?;
    write_list(table, "application_covered_by", application_covers)?;
    write_list(table, "delegated_covered_by", delegated_covers)?;
    writeln!(table, "    }},")
}

fn id(guid: &str) -> String {
    if guid.is_empty() {
        "None".to_owned()
    } else {
        format!("Some(uuid!({guid:?}))")
    }
}

fn optional(name: &str) -> String {
    if name.is_empty() {
        "None".to_owned()
    } else {
        format!("Some({name:?})")
    }
}

/// On one line if it fits, else one item a line.
fn write_list(table: &mut String, field: &str, items: Vec<String>) -> std::fmt::Result {
    let line = items.join(", ");
    if line.len() <= MAX_ARRAY_WIDTH {
        return writeln!(table, "        {field}: &[{line}],");
    }
    writeln!(table, "        {field}: &[")?;
    for item in items {
        writeln!(table, "            {item},")?;
    }
    writeln!(table, "        ],")
}
