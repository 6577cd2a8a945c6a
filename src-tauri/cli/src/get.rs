//! `graph-connect get` and `request`: calls of Microsoft Graph as a connection, with the answer on standard output.

use std::{
    io::{self, IsTerminal, Read, Write},
    time::Duration,
};

use clap::{Args, ValueEnum};
use connections::{Caller, Connections, Error};
use entra::{CallMethod, Called, GraphCall, harmless};
use model::PermissionKind;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{
    arguments::Named,
    exit::{Exit, Failure},
    names::find,
    parent,
    say::{say, say_on},
};

#[derive(Args)]
pub(crate) struct GetArguments {
    #[command(flatten)]
    connection: Named,
    #[command(flatten)]
    address: Address,
    /// Follow the pages to the end, and print each item on a line of its own.
    #[arg(long)]
    all: bool,
}

#[derive(Args)]
pub(crate) struct RequestArguments {
    #[command(flatten)]
    connection: Named,
    /// GET, POST, PATCH, PUT or DELETE.
    #[arg(value_enum, ignore_case = true)]
    method: Method,
    #[command(flatten)]
    address: Address,
    /// The JSON to send; `-` reads it from standard input, `@FILE` from a file.
    #[arg(long)]
    body: Option<String>,
}

/// Where a call goes, and what goes with it.
#[derive(Args)]
struct Address {
    /// The path below the version, such as `/users?$top=3`, or a whole address on the Graph host of the connection's cloud.
    path: String,
    /// Call the beta version of Graph.
    #[arg(long)]
    beta: bool,
    /// A header to send, such as `ConsistencyLevel: eventual`; may be given more than once.
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Method {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

/// One page of a list. The items are passed on as they came.
///
/// Source: <https://learn.microsoft.com/graph/paging>
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    /// Where to ask later what has changed since.
    #[serde(rename = "@odata.deltaLink")]
    delta: Option<String>,
}

/// Reads from Graph.
pub(crate) async fn get(connections: &Connections, arguments: &GetArguments) -> Result<Exit, Failure> {
    let mut caller = caller(connections, &arguments.connection).await?;
    let call = arguments.address.call(&caller, CallMethod::Get)?;
    if arguments.all { every_page(&mut caller, call).await } else { one_call(&mut caller, &call).await }
}

/// Calls Graph with any method.
pub(crate) async fn request(connections: &Connections, arguments: &RequestArguments) -> Result<Exit, Failure> {
    let body = arguments.body.as_deref().map(read_body).transpose()?;
    let mut caller = caller(connections, &arguments.connection).await?;
    let method = match arguments.method {
        Method::Get => CallMethod::Get,
        Method::Post => CallMethod::Post,
        Method::Patch => CallMethod::Patch,
        Method::Put => CallMethod::Put,
        Method::Delete => CallMethod::Delete,
    };
    let call = arguments.address.call(&caller, method)?;
    let call = body.into_iter().fold(call, GraphCall::with_body);
    one_call(&mut caller, &call).await
}

impl Address {
    fn call(&self, caller: &Caller, method: CallMethod) -> Result<GraphCall, Failure> {
        let wrong = |problem: &dyn std::fmt::Display| Failure::new(Exit::Usage, problem.to_string());
        let call = caller.read(method, &self.path, self.beta).map_err(|problem| wrong(&problem))?;
        self.header.iter().try_fold(call, |call, text| call.with_header(text).map_err(|problem| wrong(&problem)))
    }
}

async fn caller(connections: &Connections, connection: &Named) -> Result<Caller, Failure> {
    let connection = find(connections, &connection.name).await?;
    Ok(connections.caller(connection.id, &parent::name()).await?)
}

async fn one_call(caller: &mut Caller, call: &GraphCall) -> Result<Exit, Failure> {
    let called = answered(caller, call, &mut Progress::default()).await?;
    if io::stdout().is_terminal() {
        let shown = for_people(&called)?;
        still_read(writeln!(io::stdout(), "{shown}"))?;
        return Ok(Exit::Done);
    }
    let mut out = io::stdout().lock();
    let body = called.body();
    let end: &[u8] = if called.is_text() && !body.is_empty() && !body.ends_with(b"\n") { b"\n" } else { b"" };
    still_read(out.write_all(body).and_then(|()| out.write_all(end)).and_then(|()| out.flush()))?;
    Ok(Exit::Done)
}

/// An answer as a terminal may show it: what a tenant's people wrote must not steer it.
fn for_people(called: &Called) -> Result<String, Failure> {
    if called.body().is_empty() {
        return Ok(format!("{} without a body", called.status()));
    }
    if let Some(json) = called.json() {
        let pretty = serde_json::to_string_pretty(&json).map_err(|error| Failure::from(io::Error::from(error)))?;
        return Ok(harmless(&pretty));
    }
    if !called.is_text() {
        let size = called.body().len();
        let text = format!("the answer is no text ({size} bytes), so it is not shown; send it to a file with >");
        return Err(Failure::new(Exit::Usage, text));
    }
    Ok(harmless(&String::from_utf8_lossy(called.body())))
}

/// One page is in memory at a time, however many there are.
async fn every_page(caller: &mut Caller, first: GraphCall) -> Result<Exit, Failure> {
    let mut next = Some(first);
    let mut progress = Progress::default();
    let (mut is_first, mut before) = (true, None);
    while let Some(call) = next.take() {
        let called = answered(caller, &call, &mut progress).await?;
        let Ok(page) = serde_json::from_slice::<Page<'_>>(called.body()) else {
            return if is_first { not_a_list(&called) } else { Err(broken("a page of the list is no list")) };
        };
        if !still_read(print_items(&page))? {
            break;
        }
        progress.add(page.value.len());
        if page.next.is_some() && page.next == before {
            return Err(broken("a page names itself as the next one"));
        }
        let follow = |link: &String| caller.follow(&call, link).map_err(|problem| broken(&problem.to_string()));
        next = page.next.as_ref().map(follow).transpose()?;
        if let Some(delta) = page.delta {
            progress.end();
            say(format!("graph-connect: changes from now on: {delta}"));
        }
        (is_first, before) = (false, page.next);
    }
    Ok(Exit::Done)
}

fn broken(what: &str) -> Failure {
    Failure::new(Exit::Other, format!("the list is not complete: {what}"))
}

fn print_items(page: &Page<'_>) -> io::Result<()> {
    let shown = io::stdout().is_terminal();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for item in &page.value {
        // A line break between two members would break the line; inside a text JSON writes it as \n.
        if item.get().contains(['\n', '\r']) {
            serde_json::to_writer(&mut out, &serde_json::from_str::<Value>(item.get())?)?;
        } else if shown {
            out.write_all(harmless(item.get()).as_bytes())?;
        } else {
            out.write_all(item.get().as_bytes())?;
        }
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// What is one thing and no list is one line.
fn not_a_list(called: &Called) -> Result<Exit, Failure> {
    let json = called.json().ok_or_else(|| Failure::new(Exit::Other, "the answer is not JSON, so it has no pages"))?;
    let line = json.to_string();
    let line = if io::stdout().is_terminal() { harmless(&line) } else { line };
    still_read(writeln!(io::stdout(), "{line}"))?;
    Ok(Exit::Done)
}

/// Whether somebody still reads what is printed; one who has gone away (`| head`) has enough, which is no failure.
fn still_read(written: io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn answered(caller: &mut Caller, call: &GraphCall, progress: &mut Progress) -> Result<Called, Failure> {
    let on_wait = |wait: Duration, why: &entra::Error| {
        progress.end();
        say(format!("graph-connect: {why} Trying again in {} s.", wait.as_secs()));
    };
    let called = caller.call_patiently(call, on_wait).await?;
    match called.failure() {
        None => Ok(called),
        Some(error) => Err(refused(caller, call, &called, error)),
    }
}

/// Graph's own code and words, the permission where it is known, and what Microsoft's support asks for.
fn refused(caller: &Caller, call: &GraphCall, called: &Called, error: entra::Error) -> Failure {
    let original = error.original().cloned().unwrap_or_default();
    let code = original.error.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
    let mut lines = vec![format!("Microsoft Graph refused the call ({}{code}).", called.status())];
    if original.error.is_none() {
        lines.push(error.to_string());
    }
    if (300..400).contains(&called.status()) {
        lines = vec![format!(
            "What was asked for is kept at another host ({}); the token stays on this one.",
            called.status()
        )];
    }
    lines.extend((!original.text.is_empty()).then_some(original.text));
    lines.extend(caller.lacking(call, called).map(|lacking| {
        let kind = match lacking.kind {
            PermissionKind::Application => "application",
            PermissionKind::Delegated => "delegated",
        };
        format!("Missing: one of the {kind} permissions {}.", lacking.any_of.join(", "))
    }));
    let id = |name: &str, id: Option<String>| id.map(|id| format!("{name} {id}"));
    let request_id = id("request-id", original.trace_id.or_else(|| called.request_id()));
    let ids: Vec<_> = [request_id, id("client-request-id", original.correlation_id)].into_iter().flatten().collect();
    lines.extend((!ids.is_empty()).then(|| ids.join(", ")));
    let exit = if called.status() == 401 { Exit::NeedsCredential } else { Exit::of_error(&Error::from(error)) };
    Failure::new(exit, lines.join("\n"))
}

fn read_body(text: &str) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: io::Error| Failure::new(Exit::Usage, format!("the body cannot be read: {error}"));
    let body = match text.strip_prefix('@') {
        Some(file) => std::fs::read(file)
            .map_err(|error| Failure::new(Exit::Usage, format!("the body in {file} cannot be read: {error}")))?,
        None if text == "-" => {
            let mut body = Vec::new();
            io::stdin().read_to_end(&mut body).map_err(unreadable)?;
            body
        }
        None => text.as_bytes().to_vec(),
    };
    match serde_json::from_slice::<&RawValue>(&body) {
        Ok(_) => Ok(body),
        Err(error) => Err(Failure::new(Exit::Usage, format!("the body is not JSON: {error}"))),
    }
}

/// How far a long list is, for a person who watches it. Its line ends with it.
#[derive(Default)]
struct Progress {
    items: usize,
    shown: bool,
}

impl Progress {
    fn add(&mut self, items: usize) {
        self.items += items;
        // Where the items themselves are seen, nothing more is needed.
        if io::stderr().is_terminal() && !io::stdout().is_terminal() {
            say_on(format!("\r{} items", self.items));
            self.shown = true;
        }
    }

    /// Ends the line, so that what is said next has one of its own.
    fn end(&mut self) {
        if std::mem::take(&mut self.shown) {
            say("");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
