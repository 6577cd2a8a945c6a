//! `graph-connect renew`: a new client secret, or another sign-in. It is proved before the old one
//! goes.

use clap::Args;
use connections::{Connections, Error, Proof, SecretForm, Tested};
use jiff::civil::Date;
use model::{CheckReport, Connection, Method};

use crate::{
    add::{app::ask_secret, parse_expires, sign_in},
    ask,
    exit::{Exit, Failure},
    interrupt::Interrupt,
    names::{Named, find},
    output::OutputFormat,
    print::eprint_line,
};

/// What Ctrl-C leaves behind while the new one is not kept yet.
const OLD_IS_KEPT: &str = "the old one is kept";
/// What Ctrl-C leaves behind while the keychain is written: either is whole.
const UNKNOWN: &str = "it was being replaced: `graph-connect check` says which one is kept";

#[derive(Args)]
pub(crate) struct RenewArguments {
    #[command(flatten)]
    connection: Named,
    /// The day on which the new client secret expires, such as 2026-12-20 or "20 Dec 2026".
    #[arg(long, value_name = "DATE", value_parser = parse_expires)]
    expires: Option<Date>,
    /// Keep the new secret without testing it first.
    #[arg(long, conflicts_with = "anyway")]
    untested: bool,
    /// Replace the old one although the test of the new one does not pass.
    #[arg(long)]
    anyway: bool,
    /// Only print the sign-in link, for a browser on this computer that you open yourself.
    #[arg(long)]
    no_browser: bool,
}

/// Puts a new credential in the place of the old one, if it works or somebody says so.
pub(crate) async fn run(
    connections: &Connections,
    arguments: &RenewArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let connection = find(connections, &arguments.connection.name).await?;
    match &connection.method {
        Method::AppRegistration { .. } if arguments.no_browser => Err(Failure::new(
            Exit::Usage,
            "--no-browser is for connections by OAuth; this one has a client secret",
        )),
        Method::OAuth { .. } if arguments.expires.is_some() => Err(Failure::new(
            Exit::Usage,
            "--expires is for client secrets; this connection is by OAuth",
        )),
        Method::OAuth { .. } if arguments.untested => Err(Failure::new(
            Exit::Usage,
            "--untested is for client secrets; a sign-in is always tested",
        )),
        Method::AppRegistration {
            client_id,
            tenant_id,
            ..
        } => {
            let belongs_to = (client_id.to_string(), tenant_id.to_string());
            renew_secret(connections, &connection, &belongs_to, arguments, answer).await
        }
        Method::OAuth { .. } => sign_in_again(connections, &connection, arguments, answer).await,
    }
}

async fn renew_secret(
    connections: &Connections,
    connection: &Connection,
    (client_id, tenant): &(String, String),
    arguments: &RenewArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let mut interrupt = Interrupt::listen().await;
    let form = SecretForm {
        client_secret: ask_secret(&interrupt, client_id, tenant)?,
        secret_expires_on: arguments.expires.map(|day| day.to_string()),
        secret_id_is_right: false,
    };
    if arguments.untested {
        connections
            .replace_secret_anyway(connection.id, &form, None)
            .await?;
        eprint_line("Secret replaced. It was not tested.");
        answer.show(&connections.get(connection.id).await?, None, &[])?;
        return Ok(Exit::Done);
    }
    let test = async {
        Ok(connections
            .test_secret(connection.id, &form, &|_| {})
            .await?)
    };
    let tested: Tested = interrupt.or(OLD_IS_KEPT, test).await?;
    let report = tested.report().clone();
    let kept = async {
        Ok(connections
            .replace_secret(connection.id, &form, tested.clone())
            .await)
    };
    match interrupt.or(UNKNOWN, kept).await? {
        Ok(()) => eprint_line(Proof::Works.say(connection.method.kind())),
        Err(error @ Error::NotProved { method, proof }) => {
            if !interrupt
                .or(OLD_IS_KEPT, insists(&error, arguments))
                .await?
            {
                return refuse(connection, &report, answer);
            }
            let kept = async {
                Ok(connections
                    .replace_secret_anyway(connection.id, &form, Some(tested))
                    .await?)
            };
            interrupt.or(UNKNOWN, kept).await?;
            eprint_line(proof.say_anyway(method));
        }
        Err(error) => return Err(error.into()),
    }
    answer.report(&connections.get(connection.id).await?, &report)?;
    Ok(Exit::of(&report))
}

async fn sign_in_again(
    connections: &Connections,
    connection: &Connection,
    arguments: &RenewArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let mut interrupt = Interrupt::listen().await;
    let plan = connections.plan_sign_in_again(connection.id).await?;
    let tried = sign_in::sign_in(connections, &plan, !arguments.no_browser, &mut interrupt).await?;
    let kept = async { Ok(connections.keep_sign_in(&plan, &tried).await) };
    let kept = match interrupt.or(UNKNOWN, kept).await? {
        Err(error @ Error::NotProved { method, proof }) => {
            if !interrupt
                .or(OLD_IS_KEPT, insists(&error, arguments))
                .await?
            {
                return refuse(connection, tried.report(), answer);
            }
            let kept = async { Ok(connections.keep_sign_in_anyway(&plan, &tried).await?) };
            let kept = interrupt.or(UNKNOWN, kept).await?;
            eprint_line(proof.say_anyway(method));
            kept
        }
        kept => kept?,
    };
    sign_in::say_who(&kept);
    let connection = connections.get(kept.id).await?;
    answer.report(&connection, &kept.report(&tried))?;
    Ok(Exit::of(tried.report()))
}

/// Says what became of the new one; whoever is there is asked, unless the answer was given in
/// advance.
async fn insists(error: &Error, arguments: &RenewArguments) -> Result<bool, Failure> {
    // The old one is about to go, so nothing says that it is kept.
    if arguments.anyway {
        return Ok(true);
    }
    eprint_line(error.to_string());
    if ask::expect_somebody("").is_err() {
        eprint_line("graph-connect: --anyway replaces it all the same");
        return Ok(false);
    }
    ask::yes("Replace anyway? The old one is removed from the keychain, and cannot be brought back. [y/N] ").await
}

/// The old one stays, and the report says why.
fn refuse(
    connection: &Connection,
    report: &CheckReport,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    answer.trial(connection.name.as_str(), report)?;
    // What was tested may be another credential than the one that was to be kept; nothing was
    // replaced then either.
    let exit = Exit::of(report);
    Ok(if exit == Exit::Done {
        Exit::Other
    } else {
        exit
    })
}
