//! Rows of tables: with a line of names above them (CSV, spreadsheets, `az … --output table`, the
//! portal's table of secrets), and single rows without one.

use super::{Finds, Label, Written, bare, is_guid, is_tenant, label, looks_like_secret};

/// A cell: a part of the text, and how the value is written in it.
type Cell<'a> = (&'a str, Written);

/// What stands between two cells, the surest first.
const BETWEEN: [Between; 5] = [
    Between::Char('\t'),
    Between::Char('|'),
    Between::Spaces,
    Between::Char(','),
    Between::Char(';'),
];

#[derive(Clone, Copy)]
enum Between {
    Char(char),
    /// Two blanks or more.
    Spaces,
}

/// A table with names above its columns. With more than one row it is not known which one is meant.
pub(super) fn with_header(found: &mut Finds<'_>) {
    let lines: Vec<&str> = found
        .text
        .lines()
        .map(bare)
        .filter(|line| !line.is_empty())
        .collect();
    if let Some((labels, row)) = BETWEEN
        .iter()
        .find_map(|between| in_columns(&lines, *between))
        .or_else(|| stacked(&lines))
    {
        found.pasted.structured = true;
        let of_secrets = labels.contains(&Some(Label::Other));
        for (label, (raw, written)) in labels.into_iter().zip(row) {
            match label {
                // "Value" is the secret beside its Secret ID or its day of expiry.
                Some(Label::Value) if of_secrets => found.put(Label::Secret, raw, written),
                Some(label) => found.put(label, raw, written),
                None => {}
            }
        }
    }
}

type Table<'a> = (Vec<Option<Label>>, Vec<Cell<'a>>);

fn in_columns<'a>(lines: &[&'a str], between: Between) -> Option<Table<'a>> {
    let at = lines
        .iter()
        .position(|line| is_header(&labels_of(line, between)))?;
    let labels = labels_of(lines.get(at)?, between);
    let below = lines.get(at + 1..)?.iter().filter(|line| !is_rule(line));
    let mut rows = below
        .map(|line| cells(line, between))
        .filter(|row| row.len() == labels.len());
    let row = rows.next()?;
    rows.next().is_none().then_some((labels, row))
}

/// The names one under the other, and then the values likewise, as a grid of the portal is copied.
fn stacked<'a>(lines: &[&'a str]) -> Option<Table<'a>> {
    let names: Vec<_> = lines
        .iter()
        .map(|line| label::of(line))
        .take_while(Option::is_some)
        .collect();
    let values = lines.get(names.len()..)?;
    let fits = names.len() >= 3 && values.len() == names.len();
    fits.then(|| {
        (
            names,
            values.iter().map(|line| (*line, Written::Plain)).collect(),
        )
    })
}

fn labels_of(line: &str, between: Between) -> Vec<Option<Label>> {
    cells(line, between)
        .iter()
        .map(|(cell, _)| label::of(cell))
        .collect()
}

/// Two known names at least, one of them of something that is wanted, and nothing that looks like a
/// value.
fn is_header(labels: &[Option<Label>]) -> bool {
    let wanted = labels.iter().flatten().any(|label| *label != Label::Other);
    labels.iter().flatten().count() >= 2 && wanted
}

/// The line between names and rows: `---- ----`, `|---|---|`.
fn is_rule(line: &str) -> bool {
    line.chars()
        .all(|c| matches!(c, '-' | '=' | '|' | '+' | ':' | ' '))
}

/// One row without names. What its cells are shows by their looks and their order: an application's
/// ID stands before its secret, and a GUID after it is the tenant where there is one before it, or
/// else the Secret ID.
pub(super) fn row(found: &mut Finds<'_>) {
    let lines: Vec<&str> = found
        .text
        .lines()
        .map(bare)
        .filter(|line| !line.is_empty())
        .collect();
    let rows = BETWEEN.iter().filter_map(|between| match lines[..] {
        [only] => Some(cells(only, *between)),
        _ => None,
    });
    // The cells of a grid of the portal come one under the other.
    let column = lines
        .iter()
        .map(|line| (*line, Written::Plain))
        .collect::<Vec<_>>();
    let column = (2..=8).contains(&column.len()).then_some(column);
    if let Some(row) = rows
        .chain(column)
        .find(|row| row.len() >= 2 && secrets(row).count() == 1)
    {
        take_row(found, &row);
    }
}

fn secrets<'r>(row: &'r [Cell<'_>]) -> impl Iterator<Item = usize> + 'r {
    row.iter()
        .enumerate()
        .filter(|(_, (cell, _))| looks_like_secret(cell))
        .map(|(at, _)| at)
}

fn take_row<'a>(found: &mut Finds<'a>, row: &[Cell<'a>]) {
    let Some(at) = secrets(row).next() else {
        return;
    };
    let (before, after) = row.split_at(at);
    let guid = |cells: &[Cell<'a>]| {
        cells
            .iter()
            .map(|(cell, _)| *cell)
            .find(|cell| is_guid(cell))
    };
    if let Some((raw, written)) = row.get(at) {
        found.put(Label::Secret, raw, *written);
    }
    let Some(id) = guid(before) else { return };
    found.put(Label::ClientId, id, Written::Plain);
    let domain = row
        .iter()
        .map(|(cell, _)| *cell)
        .find(|cell| cell.contains('.') && !is_guid(cell) && is_tenant(cell));
    if let Some(tenant) = guid(after).or(domain) {
        found.put(Label::Tenant, tenant, Written::Plain);
    }
}

fn cells(line: &str, between: Between) -> Vec<Cell<'_>> {
    match between {
        Between::Spaces => {
            let parts = line.split("  ").map(bare).filter(|part| !part.is_empty());
            parts.map(|part| (part, Written::Plain)).collect()
        }
        Between::Char(sign) => separated(line.trim_matches('|'), sign),
    }
}

/// Cells of CSV: one that begins with a quotation mark goes to the one that ends it, whatever is
/// between.
fn separated(line: &str, sign: char) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let start = text.trim_start_matches(' ');
        if let Some((inner, after)) = start
            .strip_prefix('"')
            .and_then(|inner| quoted(inner, sign))
        {
            let written = if inner.contains("\"\"") {
                Written::Csv
            } else {
                Written::Plain
            };
            cells.push((inner, written));
            rest = after;
            continue;
        }
        let (cell, after) = text
            .split_once(sign)
            .map_or((text, None), |(cell, after)| (cell, Some(after)));
        cells.push((bare(cell), Written::Plain));
        rest = after;
    }
    cells
}

/// The inside of a quoted cell, and what follows the sign after it. None if it is not ended as one.
fn quoted(inner: &str, sign: char) -> Option<(&str, Option<&str>)> {
    let mut from = 0;
    loop {
        let end = from + inner.get(from..)?.find('"')?;
        let after = inner.get(end + 1..)?;
        if after.starts_with('"') {
            from = end + 2;
            continue;
        }
        let after = after.trim_start_matches(' ');
        let rest = if after.is_empty() {
            None
        } else {
            Some(after.strip_prefix(sign)?)
        };
        return Some((inner.get(..end)?, rest));
    }
}
