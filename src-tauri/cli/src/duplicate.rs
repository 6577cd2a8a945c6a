//! `graph-connect duplicate` and `rename`: a connection like another one, and another name for one
//! that is there.

use clap::Args;
use connections::{AppRegistrationForm, Connections, Copy, SignInForm};
use model::{Connection, Method};

use crate::{
    add::{app, sign_in},
    ask, check,
    exit::{Exit, Failure},
    names::{Named, find},
    output::OutputFormat,
    print::eprint_line,
};

#[derive(Args)]
pub(crate) struct DuplicateArguments {
    #[command(flatten)]
    connection: Named,
    /// The name of the new connection.
    new: String,
    /// Copy the client secret too, inside the keychain. Without it the secret is asked for, or read
    /// from standard input.
    #[arg(long)]
    with_secret: bool,
    /// Only print the sign-in link, for a browser on this computer that you open yourself.
    #[arg(long)]
    no_browser: bool,
}

#[derive(Args)]
pub(crate) struct RenameArguments {
    #[command(flatten)]
    connection: Named,
    /// The new name.
    new: String,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
}

/// Makes a connection like another one, and tests it.
pub(crate) async fn duplicate(
    connections: &Connections,
    arguments: &DuplicateArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let original = find(connections, &arguments.connection.name).await?;
    match &original.method {
        Method::OAuth { .. } if arguments.with_secret => Err(Failure::new(
            Exit::Usage,
            "--with-secret is for client secrets; a sign-in cannot be copied, so leave it out and sign in",
        )),
        Method::OAuth { .. } => {
            let form = sign_in_form(&original, &arguments.new);
            sign_in::create(connections, &form, !arguments.no_browser, answer).await
        }
        Method::AppRegistration { .. } if arguments.with_secret => {
            let (description, tags) = (original.description.clone(), original.tags.clone());
            let copy = Copy {
                name: arguments.new.clone(),
                description,
                tags,
            };
            let copied = connections.duplicate(original.id, &copy).await?;
            let report = check::one(connections, &copied, answer).await?;
            Ok(Exit::of(&report))
        }
        Method::AppRegistration { .. } => {
            app::create(connections, app_form(&original, &arguments.new), answer).await
        }
    }
}

/// Gives a connection another name, after a question.
pub(crate) async fn rename(
    connections: &Connections,
    arguments: &RenameArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let connection = find(connections, &arguments.connection.name).await?;
    if !arguments.yes {
        ask::expect_somebody("add --yes to rename it without a question")?;
        let question = format!(
            "Rename \"{}\" to \"{}\"? Scripts that use the old name stop working until you change it in them. [y/N] ",
            connection.name, arguments.new
        );
        if !ask::yes(&question).await? {
            return Err(Failure::new(Exit::Other, "nothing was renamed"));
        }
    }
    let renamed = connections.rename(connection.id, &arguments.new).await?;
    eprint_line(format!(
        "\"{}\" is now \"{}\". Change the name in your scripts.",
        connection.name, renamed.name
    ));
    if answer == OutputFormat::Json {
        answer.show(
            &renamed,
            connections.last_report(renamed.id).await?.as_ref(),
            &[],
        )?;
    }
    Ok(Exit::Done)
}

fn app_form(original: &Connection, name: &str) -> AppRegistrationForm {
    let (method, description, tags) = (
        &original.method,
        original.description.clone(),
        original.tags.clone(),
    );
    AppRegistrationForm {
        integration: original.integration,
        need: original.need.clone(),
        cloud: original.cloud.clone(),
        name: name.to_owned(),
        description,
        tags,
        client_id: method.client_id().to_string(),
        client_secret: "".into(),
        tenant: method.tenant_id().to_string(),
        secret_expires_on: None,
        secret_id_is_right: false,
    }
}

fn sign_in_form(original: &Connection, name: &str) -> SignInForm {
    let (description, tags) = (original.description.clone(), original.tags.clone());
    SignInForm {
        integration: original.integration,
        need: original.need.clone(),
        cloud: original.cloud.clone(),
        name: name.to_owned(),
        description,
        tags,
        client_id: original.method.client_id().to_string(),
        tenant: original.method.tenant_id().to_string(),
    }
}
