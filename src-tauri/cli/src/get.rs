//! `graph-connect get` and `request`: calls of Microsoft Graph as a connection, with the answer on
//! standard output.

mod answered;
mod pages;

use std::{
    io::{self, IsTerminal, Read, Write},
    time::Duration,
};

use clap::{Args, ValueEnum};
use connections::{Caller, Connections, Error};
use entra::{CallMethod, Called, GraphCall, harmless};
use serde_json::value::RawValue;

use self::{answered::Asking, pages::every_page};
use crate::{
    exit::{Exit, Failure},
    names::{Named, find},
    parent,
};

/// The longest time that can be set, in seconds: a day.
const MAX_TIMEOUT_SECONDS: u64 = 86_400;

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
    /// The path below the version, such as `/users?$top=3`, or a whole address on the Graph host of
    /// the connection's cloud.
    path: String,
    /// Call the beta version of Graph.
    #[arg(long)]
    beta: bool,
    /// A header to send, such as `ConsistencyLevel: eventual`; may be given more than once.
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// End after so many seconds, with everything: waits that the service asks for, and further
    /// pages.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=MAX_TIMEOUT_SECONDS))]
    timeout: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Method {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

/// Reads from Graph.
pub(crate) async fn get(
    connections: &Connections,
    arguments: &GetArguments,
) -> Result<Exit, Failure> {
    let unfinished = if arguments.all {
        "The list is not complete."
    } else {
        ""
    };
    let reading = async {
        let mut caller = caller(connections, &arguments.connection).await?;
        let call = arguments.address.call(&caller, CallMethod::Get)?;
        if arguments.all {
            every_page(&mut caller, call).await
        } else {
            one_call(&mut caller, &call).await
        }
    };
    arguments.address.in_time(reading, unfinished).await
}

/// Calls Graph with any method.
pub(crate) async fn request(
    connections: &Connections,
    arguments: &RequestArguments,
) -> Result<Exit, Failure> {
    let body = arguments.body.as_deref().map(parse_body).transpose()?;
    let method = match arguments.method {
        Method::Get => CallMethod::Get,
        Method::Post => CallMethod::Post,
        Method::Patch => CallMethod::Patch,
        Method::Put => CallMethod::Put,
        Method::Delete => CallMethod::Delete,
    };
    let unfinished = if method == CallMethod::Get {
        ""
    } else {
        "It is not known whether it was done."
    };
    let calling = async {
        let mut caller = caller(connections, &arguments.connection).await?;
        let call = arguments.address.call(&caller, method)?;
        let call = body.into_iter().fold(call, GraphCall::with_body);
        one_call(&mut caller, &call).await
    };
    arguments.address.in_time(calling, unfinished).await
}

impl Address {
    fn call(&self, caller: &Caller, method: CallMethod) -> Result<GraphCall, Failure> {
        let wrong = |problem: String| Failure::new(Exit::Usage, problem);
        let call = caller
            .prepare(method, &self.path, self.beta)
            .map_err(|error| {
                if let Error::Invalid { problem, .. } = error {
                    wrong(problem)
                } else {
                    error.into()
                }
            })?;
        let with = |call: GraphCall, text: &String| {
            call.with_header(text)
                .map_err(|problem| wrong(problem.to_string()))
        };
        self.header.iter().try_fold(call, with)
    }

    /// Ends with the time that was set, if any was.
    async fn in_time(
        &self,
        calling: impl Future<Output = Result<Exit, Failure>>,
        unfinished: &str,
    ) -> Result<Exit, Failure> {
        let Some(seconds) = self.timeout else {
            return calling.await;
        };
        tokio::time::timeout(Duration::from_secs(seconds), calling)
            .await
            .unwrap_or_else(|_| {
                let text =
                    format!("Not finished within {seconds} s, as --timeout says. {unfinished}");
                Err(Failure::new(Exit::Network, text.trim_end()))
            })
    }
}

async fn caller(connections: &Connections, connection: &Named) -> Result<Caller, Failure> {
    let connection = find(connections, &connection.name).await?;
    let caller = Box::pin(connections.caller(connection.id, &parent::name())).await?;
    Ok(caller)
}

async fn one_call(caller: &mut Caller, call: &GraphCall) -> Result<Exit, Failure> {
    let called = Asking::default().answer(caller, call).await?;
    if io::stdout().is_terminal() {
        let shown = for_people(&called)?;
        still_read(writeln!(io::stdout(), "{shown}"))?;
        return Ok(Exit::Done);
    }
    let mut out = io::stdout().lock();
    let body = called.body();
    let end: &[u8] = if called.is_text() && !body.is_empty() && !body.ends_with(b"\n") {
        b"\n"
    } else {
        b""
    };
    still_read(
        out.write_all(body)
            .and_then(|()| out.write_all(end))
            .and_then(|()| out.flush()),
    )?;
    Ok(Exit::Done)
}

/// An answer as a terminal may show it: what a tenant's people wrote must not steer it.
fn for_people(called: &Called) -> Result<String, Failure> {
    if called.body().is_empty() {
        return Ok(format!("{} without a body", called.status()));
    }
    if let Some(json) = called.json() {
        let pretty = serde_json::to_string_pretty(&json)
            .map_err(|error| Failure::from(io::Error::from(error)))?;
        return Ok(harmless(&pretty));
    }
    if !called.is_text() {
        let size = called.body().len();
        let text = format!(
            "the answer is no text ({size} bytes), so it is not shown; send it to a file with >"
        );
        return Err(Failure::new(Exit::Usage, text));
    }
    Ok(harmless(&String::from_utf8_lossy(called.body())))
}

/// Whether somebody still reads what is printed; one who has gone away (`| head`) has enough, which
/// is no failure.
fn still_read(written: io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn parse_body(text: &str) -> Result<Vec<u8>, Failure> {
    let unreadable =
        |error: io::Error| Failure::new(Exit::Usage, format!("the body cannot be read: {error}"));
    let body = match text.strip_prefix('@') {
        Some(file) => entra::read_named_file(std::path::Path::new(file)).map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("the body in {file} cannot be read: {error}"),
            )
        })?,
        None if text == "-" => {
            let mut body = Vec::new();
            io::stdin().read_to_end(&mut body).map_err(unreadable)?;
            body
        }
        None => text.as_bytes().to_vec(),
    };
    match serde_json::from_slice::<&RawValue>(&body) {
        Ok(_) => Ok(body),
        Err(error) => Err(Failure::new(
            Exit::Usage,
            format!("the body is not JSON: {error}"),
        )),
    }
}
