//! `graph-connect add sign-in`: the browser signs in, this program waits for its answer.

use clap::Args;
use connections::{Connections, Error, Kept, SignInForm, SignInPlan, TriedSignIn};
use entra::{Notice, SignedIn};
use model::{Account, PermissionKind};
use tokio::sync::mpsc;

use super::{About, BEING_KEPT};
use crate::{
    ask,
    exit::{Exit, Failure},
    interrupt::Interrupt,
    output::OutputFormat,
    print::eprint_line,
};

#[derive(Args)]
pub(crate) struct SignInArguments {
    #[command(flatten)]
    about: About,
    /// The Application (client) ID to sign in with [default: what is set for the cloud].
    #[arg(long)]
    client_id: Option<String>,
    /// The tenant's ID, a domain of it, or `organizations` for whichever the account belongs to.
    #[arg(long, default_value = "organizations")]
    tenant: String,
    /// Only print the sign-in link, for a browser on this computer that you open yourself.
    #[arg(long)]
    no_browser: bool,
}

/// Signs in, keeps the connection, and tests it.
pub(super) async fn add(
    connections: &Connections,
    arguments: &SignInArguments,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let about = &arguments.about;
    let cloud = about.cloud(connections)?;
    let default = match &arguments.client_id {
        Some(given) => Some(given.clone()),
        None => connections
            .default_client_id(&cloud)
            .await?
            .map(|id| id.to_string()),
    };
    let missing = "no application is set for this cloud; add --client-id, of an app registration with the redirect URI \
                   http://localhost under \"Mobile and desktop applications\"";
    let form = SignInForm {
        integration: about.integration,
        need: about.need(PermissionKind::Delegated)?,
        cloud,
        name: about.name.clone(),
        description: about.description.clone(),
        tags: about.tag.clone(),
        client_id: default.ok_or_else(|| Failure::new(Exit::Usage, missing))?,
        tenant: arguments.tenant.clone(),
    };
    create(connections, &form, !arguments.no_browser, answer).await
}

/// Signs in with a form, tests what it brought, and keeps it.
pub(crate) async fn create(
    connections: &Connections,
    form: &SignInForm,
    browser: bool,
    answer: OutputFormat,
) -> Result<Exit, Failure> {
    let mut interrupt = Interrupt::listen().await;
    let plan = connections.plan_sign_in(form).await?;
    let tried = sign_in(connections, &plan, browser, &mut interrupt).await?;
    let kept = async { Ok(connections.keep_sign_in(&plan, &tried).await?) };
    let kept = interrupt.or(BEING_KEPT, kept).await?;
    say_who(&kept);
    answer.report(&connections.get(kept.id).await?, &kept.report(&tried))?;
    Ok(Exit::of(tried.report()))
}

/// Opens the browser, prints the link, waits for the answer, and tests what it brought. Nothing is
/// kept yet.
pub(crate) async fn sign_in(
    connections: &Connections,
    plan: &SignInPlan,
    browser: bool,
    interrupt: &mut Interrupt,
) -> Result<TriedSignIn, Failure> {
    let signed_in = interrupt
        .or(
            "nothing was changed",
            wait_for_answer(connections, plan, browser),
        )
        .await?;
    let test = async { Ok(connections.try_sign_in(plan, signed_in, &|_| {}).await?) };
    interrupt.or("nothing was changed", test).await
}

/// Says who signed in and what was not granted.
pub(crate) fn say_who(kept: &Kept) {
    eprint_line(format!("Signed in as {}.", name_of(&kept.account)));
    if !kept.missing.is_empty() {
        eprint_line(format!("Not granted: {}.", kept.missing.join(", ")));
    }
}

async fn wait_for_answer(
    connections: &Connections,
    plan: &SignInPlan,
    browser: bool,
) -> Result<SignedIn, Failure> {
    let attempt = connections.begin_attempt(plan).await?;
    let opened = browser && open::that_detached(attempt.url().as_str()).is_ok();
    let what = if opened {
        "Sign in with the browser. If it did not open, open"
    } else {
        "To sign in, open"
    };
    eprint_line(format!(
        "{what} this link in a browser on this computer:\n\n{}\n\nCtrl-C cancels.",
        attempt.url()
    ));
    let (notices, mut noticed) = mpsc::unbounded_channel();
    let waiting = attempt.finish(notices);
    tokio::pin!(waiting);
    let signed_in = loop {
        tokio::select! {
            biased;
            Some(notice) = noticed.recv() => eprint_line(words(&notice)),
            signed_in = &mut waiting => break signed_in.map_err(Error::from)?,
        }
    };
    if let Some(before) = plan.replaces_account(&signed_in) {
        let (before, now) = (name_of(before), name_of(&signed_in.account));
        let question = format!(
            "The connection belongs to {before}, but {now} signed in. Let this account take its place? [y/N] "
        );
        if !ask::yes(&question).await? {
            return Err(Failure::new(
                Exit::Other,
                "another account signed in; nothing was changed",
            ));
        }
    }
    Ok(signed_in)
}

fn name_of(account: &Account) -> &str {
    account.username.as_deref().unwrap_or(&account.object_id)
}

const fn words(notice: &Notice) -> &'static str {
    match notice {
        Notice::AnotherProgram => {
            "Another program on this computer spoke to the sign-in's port and was turned away."
        }
        Notice::ReturnedWithoutAnswer => {
            "The browser came back without an answer. If Microsoft's page shows an error, that says what is missing."
        }
        Notice::Exchanging => "The browser answered; getting the tokens.",
    }
}
