//! `graph-connect add sign-in`: the browser signs in, this program waits for its answer.

use clap::Args;
use connections::{Connections, Error, Kept, SignInForm, SignInPlan};
use entra::Notice;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::About;
use crate::{
    answer::Answer,
    ask, check,
    exit::{Exit, Failure},
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
    answer: Answer,
) -> Result<Exit, Failure> {
    let about = &arguments.about;
    let cloud = about.cloud(connections)?;
    let default = match &arguments.client_id {
        Some(given) => Some(given.clone()),
        None => connections.default_client_id(&cloud).await?.map(|id| id.to_string()),
    };
    let missing = || Failure::new(Exit::Usage, "no application is set for this cloud; add --client-id");
    let form = SignInForm {
        integration: about.integration,
        cloud,
        name: about.name.clone(),
        description: about.description.clone(),
        tags: about.tag.clone(),
        client_id: default.ok_or_else(missing)?,
        tenant: arguments.tenant.clone(),
    };
    let plan = connections.plan_sign_in(&form).await?;
    let kept = sign_in(connections, &plan, !arguments.no_browser).await?;
    let connection = connections.get(kept.id).await?;
    check::one(connections, &connection, answer).await
}

/// Opens the browser, prints the link, and waits for the answer or for Ctrl-C.
pub(super) async fn sign_in(connections: &Connections, plan: &SignInPlan, browser: bool) -> Result<Kept, Failure> {
    // Listens before the link is there to be seen, and from then on without a gap.
    let mut cancelled = AbortOnDropHandle::new(tokio::spawn(tokio::signal::ctrl_c()));
    tokio::task::yield_now().await;
    let attempt = connections.begin_attempt(plan).await?;
    let opened = browser && open::that_detached(attempt.url().as_str()).is_ok();
    let what = if opened { "Sign in with the browser. If it did not open, open" } else { "To sign in, open" };
    eprintln!("{what} this link in a browser on this computer:\n\n{}\n\nCtrl-C cancels.", attempt.url());
    let (notices, mut noticed) = mpsc::unbounded_channel();
    let waiting = attempt.finish(notices);
    tokio::pin!(waiting);
    let signed_in = loop {
        tokio::select! {
            biased;
            _ = &mut cancelled => return Err(Failure::new(Exit::Other, "cancelled; nothing was kept")),
            Some(notice) = noticed.recv() => eprintln!("{}", words(&notice)),
            signed_in = &mut waiting => break signed_in.map_err(Error::from)?,
        }
    };
    if let Some(before) = plan.replaces_account(&signed_in) {
        let name = |account: &model::Account| account.username.clone().unwrap_or_else(|| account.object_id.clone());
        let question = format!(
            "The connection belongs to {}, but {} signed in. Let this account take its place? [y/N] ",
            name(before),
            name(&signed_in.account)
        );
        if !ask::yes(&question)? {
            return Err(Failure::new(Exit::Other, "another account signed in; nothing was changed"));
        }
    }
    let kept = connections.keep_sign_in(plan, signed_in).await?;
    let who = kept.account.username.as_deref().unwrap_or("an account without a name");
    eprintln!("Signed in as {who}.");
    if !kept.missing.is_empty() {
        eprintln!("Not granted: {}.", kept.missing.join(", "));
    }
    Ok(kept)
}

const fn words(notice: &Notice) -> &'static str {
    match notice {
        Notice::AnotherProgram => "Another program on this computer spoke to the sign-in's port and was turned away.",
        Notice::ReturnedWithoutAnswer => {
            "The browser came back without an answer. If Microsoft's page shows an error, that says what is missing."
        }
        Notice::Exchanging => "The browser answered; getting the tokens.",
    }
}
