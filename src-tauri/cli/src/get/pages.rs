//! `get --all`: a list to its end, one item on a line, and nothing twice.

use std::{
    collections::{HashMap, HashSet},
    io::{self, BufWriter, IsTerminal, Write},
};

use connections::Caller;
use entra::{Called, GraphCall, harmless};
use serde_json::{Value, value::RawValue};
use sha2::{Digest, Sha256};

use super::{answered::Asking, still_read};
use crate::{
    exit::{Exit, Failure},
    print::eprint_line,
};

/// One page of a list. The items are passed on as they came.
///
/// Source: <https://learn.microsoft.com/graph/paging>
struct Page<'a> {
    items: Vec<&'a RawValue>,
    next: Next,
    /// Where to ask later what has changed since.
    delta: Option<String>,
}

/// What a page says about the one after it.
enum Next {
    /// There is none.
    Nothing,
    Link(String),
    /// There is one, but not as a text.
    Unreadable,
}

/// The addresses that were asked in this run. Of each only a digest is kept, so that a long list
/// needs little memory.
#[derive(Default)]
struct Asked(HashSet<[u8; 16]>);

/// Prints the items of every page. One page is in memory at a time, however many there are.
pub(super) async fn every_page(caller: &mut Caller, first: GraphCall) -> Result<Exit, Failure> {
    let asking = Asking::default();
    let mut asked = Asked::default();
    let (mut next, mut is_first) = (Some(first), true);
    while let Some(call) = next.take() {
        if !asked.is_new(&call) {
            return Err(broken(
                "a page names one that was read already as the next one",
            ));
        }
        let called = asking.answer(caller, &call).await?;
        let page = match Page::read(called.body()) {
            Ok(Some(page)) => page,
            Ok(None) if is_first => return not_a_list(&called),
            Ok(None) | Err(()) => return Err(broken("a page of the list is no list")),
        };
        if !still_read(print_items(&page))? {
            break;
        }
        asking.progress.add(page.items.len());
        next = match &page.next {
            Next::Nothing => None,
            Next::Link(link) => Some(
                caller
                    .follow(&call, link)
                    .map_err(|problem| broken(&problem.to_string()))?,
            ),
            Next::Unreadable => return Err(broken("the link to the next page is no text")),
        };
        if let Some(delta) = page.delta {
            asking.progress.end();
            eprint_line(format!(
                "graph-connect: changes from now on: {}",
                delta.split_whitespace().collect::<String>()
            ));
        }
        is_first = false;
    }
    Ok(Exit::Done)
}

impl<'a> Page<'a> {
    /// Whatever has a list or a next page is a page; nothing where it has neither, which is one
    /// thing.
    ///
    /// # Errors
    /// When it has a next page, but its `value` is no list.
    fn read(body: &'a [u8]) -> Result<Option<Self>, ()> {
        let bare = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let Ok(members) = serde_json::from_slice::<HashMap<String, &RawValue>>(bare) else {
            return Ok(None);
        };
        let named = |names: &[&str]| {
            let is_it = |name: &str| names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
            let found = members
                .iter()
                .find(|(name, _)| is_it(name))
                .map(|(_, value)| value.get());
            found.filter(|value| *value != "null")
        };
        let text = |value: &str| serde_json::from_str::<String>(value).ok();
        // OData 4.01 leaves the `odata.` out.
        let next = match named(&["@odata.nextLink", "@nextLink"]) {
            None => Next::Nothing,
            Some(link) => text(link).map_or(Next::Unreadable, Next::Link),
        };
        let delta = named(&["@odata.deltaLink", "@deltaLink"]).and_then(text);
        let is_page = !matches!(next, Next::Nothing) || delta.is_some();
        let items = match named(&["value"]) {
            Some(list) if list.starts_with('[') => serde_json::from_str(list).map_err(|_| ())?,
            Some(_) if is_page => return Err(()),
            None if is_page => Vec::new(),
            None | Some(_) => return Ok(None),
        };
        Ok(Some(Self { items, next, delta }))
    }
}

impl Asked {
    fn is_new(&mut self, call: &GraphCall) -> bool {
        let digest = Sha256::digest(call.identity());
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        self.0.insert(short)
    }
}

fn broken(what: &str) -> Failure {
    Failure::new(Exit::Other, format!("the list is not complete: {what}"))
}

fn print_items(page: &Page<'_>) -> io::Result<()> {
    let shown = io::stdout().is_terminal();
    let mut out = BufWriter::new(io::stdout().lock());
    for item in &page.items {
        // A line break between two members would break the line; inside a text JSON writes it as
        // \n.
        let one_line = item
            .get()
            .contains(['\n', '\r'])
            .then(|| serde_json::from_str::<Value>(item.get()));
        let one_line = one_line.transpose()?.map(|value| value.to_string());
        let line = one_line.as_deref().unwrap_or(item.get());
        if shown {
            out.write_all(harmless(line).as_bytes())?;
        } else {
            out.write_all(line.as_bytes())?;
        }
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// What is one thing and no list is one line.
fn not_a_list(called: &Called) -> Result<Exit, Failure> {
    let json = called
        .json()
        .ok_or_else(|| Failure::new(Exit::Other, "the answer is not JSON, so it has no pages"))?;
    let line = json.to_string();
    let line = if io::stdout().is_terminal() {
        harmless(&line)
    } else {
        line
    };
    still_read(writeln!(io::stdout(), "{line}"))?;
    Ok(Exit::Done)
}
