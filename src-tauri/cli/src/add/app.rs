//! `graph-connect add app`.

use clap::Args;
use connections::{AppRegistrationForm, Connections, Tested};
use jiff::civil::Date;
use model::{Outcome, PermissionKind};
use secrecy::SecretString;

use super::{About, BEING_KEPT};
use crate::{
    ask,
    exit::{Exit, Failure},
    interrupt::Interrupt,
    output::OutputFormat,
    print::eprint_line,
};

const QUESTION: &str = "Client secret (it is not shown): ";

#[derive(Args)]
pub(crate) struct AppArguments {
    #[command(flatten)]
    about: About,
    /// The Application (client) ID.
    #[arg(long)]
    client_id: String,
    /// The tenant's ID, or a domain of it.
    #[arg(long)]
    tenant: String,
    /// The day on which the client secret expires, such as 2026-12-20 or "20 Dec 2026".
    #[arg(long, value_name = "DATE", value_parser = super::parse_expires)]
    expires: Option<Date>,
    /// Keep it without testing it first, or although the test fails.
    #[arg(long)]
    untested: bool,
}

/// Tests what is given and keeps it if it works.
pub(super) async fn add(
    connections: &Connections,
    arguments: &AppArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let about = &arguments.about;
    let form = AppRegistrationForm {
        integration: about.integration,
        need: about.need(PermissionKind::Application)?,
        cloud: about.cloud(connections)?,
        name: about.name.clone(),
        description: about.description.clone(),
        tags: about.tag.clone(),
        client_id: arguments.client_id.clone(),
        client_secret: SecretString::from(""),
        tenant: arguments.tenant.clone(),
        secret_expires_on: arguments.expires.map(|day| day.to_string()),
        secret_id_is_right: false,
    };
    if arguments.untested {
        let (form, _) = with_secret(connections, form).await?;
        let created = connections.create_app_registration(&form, None).await?;
        answer.show(&created.connection, None, &[])?;
        return Ok(Exit::Done);
    }
    create(connections, form, answer).await
}

/// Asks for the secret of a form, tests the form, and keeps it if it works.
pub(crate) async fn create(
    connections: &Connections,
    form: AppRegistrationForm,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let (form, mut interrupt) = with_secret(connections, form).await?;
    let tested = match test(connections, &form, &mut interrupt, answer).await? {
        Ok(tested) => tested,
        Err(exit) => return Ok(exit),
    };
    let kept = async {
        Ok(connections
            .create_app_registration(&form, Some(tested))
            .await?)
    };
    let created = interrupt.or(BEING_KEPT, kept).await?;
    answer.show(&created.connection, created.report.as_ref(), &[])?;
    Ok(Exit::Done)
}

async fn with_secret(
    connections: &Connections,
    mut form: AppRegistrationForm,
) -> Result<(AppRegistrationForm, Interrupt), Failure> {
    // Before anybody is asked for a secret, and again with it.
    refuse_what_is_wrong(connections, &form, false).await?;
    let interrupt = Interrupt::listen().await;
    form.client_secret = ask_secret(&interrupt, &form.client_id, &form.tenant)?;
    refuse_what_is_wrong(connections, &form, true).await?;
    Ok((form, interrupt))
}

/// Tests a form. What does not work is said, and gives the code to end with.
async fn test(
    connections: &Connections,
    form: &AppRegistrationForm,
    interrupt: &mut Interrupt,
    answer: OutputFormat,
) -> Result<Result<Tested, Exit>, Failure> {
    let test = async { Ok(connections.test_form(form, &|_| {}).await?) };
    let tested = interrupt.or("nothing was changed", test).await?;
    match tested.report().outcome {
        Outcome::Works | Outcome::WorksWithGaps => Ok(Ok(tested)),
        Outcome::NeedsSignIn | Outcome::Fails | Outcome::Inconclusive => {
            answer.trial(&form.name, tested.report())?;
            eprint_line("graph-connect: nothing was kept; --untested keeps it all the same");
            Ok(Err(Exit::of(tested.report())))
        }
    }
}

/// Asks for the secret of an application; what comes with it may not be about another one.
pub(crate) fn ask_secret(
    interrupt: &Interrupt,
    client_id: &str,
    tenant: &str,
) -> Result<SecretString, Failure> {
    let given = ask::secret(interrupt, QUESTION)?;
    given.expect_about(client_id, tenant)?;
    Ok(given.secret)
}

async fn refuse_what_is_wrong(
    connections: &Connections,
    form: &AppRegistrationForm,
    with_secret: bool,
) -> Result<(), Failure> {
    let verdict = connections.inspect_app_registration(form).await?;
    let fields = [
        ("--name", &verdict.name),
        ("--client-id", &verdict.client_id),
        ("--tenant", &verdict.tenant),
        ("--expires", &verdict.secret_expires_on),
    ];
    if with_secret {
        // Before the test, which may fail by what is said here.
        verdict
            .client_secret
            .notes
            .iter()
            .for_each(|note| eprint_line(format!("graph-connect: the client secret: {note}")));
    }
    let secret = with_secret.then_some(("the client secret", &verdict.client_secret));
    for (field, verdict) in fields.into_iter().chain(secret) {
        if let Some(problem) = &verdict.problem {
            let meant = verdict
                .suggestion
                .as_ref()
                .map(|meant| format!(" Did you mean {meant}?"));
            return Err(Failure::new(
                Exit::Usage,
                format!("{field}: {problem}{}", meant.unwrap_or_default()),
            ));
        }
    }
    Ok(())
}
