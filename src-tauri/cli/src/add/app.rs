//! `graph-connect add app`.

use clap::Args;
use connections::{AppRegistrationForm, Connections};
use model::Outcome;
use secrecy::SecretString;

use super::About;
use crate::{
    answer::Answer,
    ask,
    exit::{Exit, Failure},
};

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
    /// The day on which the client secret expires, yyyy-mm-dd.
    #[arg(long)]
    expires: Option<String>,
    /// Keep it without testing it first, or although the test fails.
    #[arg(long)]
    untested: bool,
}

/// Tests what is given and keeps it if it works.
pub(super) async fn add(connections: &Connections, arguments: &AppArguments, answer: Answer) -> Result<Exit, Failure> {
    let about = &arguments.about;
    let mut form = AppRegistrationForm {
        integration: about.integration,
        cloud: about.cloud(connections)?,
        name: about.name.clone(),
        description: about.description.clone(),
        tags: about.tag.clone(),
        client_id: arguments.client_id.clone(),
        client_secret: SecretString::from(""),
        tenant: arguments.tenant.clone(),
        secret_expires_on: arguments.expires.clone(),
        secret_id_is_right: false,
    };
    // Before anybody is asked for a secret, and again with it.
    refuse_what_is_wrong(connections, &form, false).await?;
    form.client_secret = ask_secret()?;
    refuse_what_is_wrong(connections, &form, true).await?;
    if arguments.untested {
        let connection = connections.create_app_registration(&form, None).await?;
        answer.show(&connection, None)?;
        return Ok(Exit::Done);
    }
    let tested = connections.test_form(&form, &|_| {}).await?;
    let report = tested.report().clone();
    let works = match report.outcome {
        Outcome::Works | Outcome::WorksWithGaps => true,
        Outcome::NeedsSignIn | Outcome::Fails | Outcome::Inconclusive => false,
    };
    if !works {
        answer.trial(&about.name, &report)?;
        eprintln!("graph-connect: nothing was kept; --untested keeps it all the same");
        return Ok(Exit::of(&report));
    }
    let connection = connections.create_app_registration(&form, Some(tested)).await?;
    answer.show(&connection, Some(&report))?;
    Ok(Exit::Done)
}

pub(super) fn ask_secret() -> Result<SecretString, Failure> {
    ask::secret("Client secret (it is not shown): ")
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
    let secret = with_secret.then_some(("the client secret", &verdict.client_secret));
    for (field, verdict) in fields.into_iter().chain(secret) {
        if let Some(problem) = &verdict.problem {
            let meant = verdict.suggestion.as_ref().map(|meant| format!(" Did you mean {meant}?"));
            return Err(Failure::new(Exit::Usage, format!("{field}: {problem}{}", meant.unwrap_or_default())));
        }
    }
    Ok(())
}
