//! The sign-ins that are under way: opening the browser, further links, progress, questions, and
//! stopping.
//!
//! One sign-in may have several attempts, each with a port and a `state` of its own: the browser
//! that was opened first, and every link that was copied. The first that is answered decides; the
//! ports of the others close with it.

use std::{sync::Arc, time::Duration};

use connections::{Connections, Kept, SignInPlan, TriedSignIn};
use entra::{Attempt, Notice, SignedIn};
use tauri::ipc::Channel;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    error::{AppError, ErrorCode},
    live_tasks::{LiveTask, LiveTasks},
    view::{ConnectionRow, SignInEvent, SignInMode},
};

/// How long a question waits for its answer.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(300);

/// The sign-ins that are under way, by the number that the window gave them.
#[derive(Clone, Default)]
pub(crate) struct SignIns {
    live: LiveTasks<Session>,
}

/// The handle of one sign-in; the work itself is a task of its own.
#[derive(Clone)]
struct Session {
    plan: Arc<SignInPlan>,
    url: Url,
    events: Channel<SignInEvent>,
    attempts: mpsc::UnboundedSender<Attempt>,
    answer: mpsc::UnboundedSender<bool>,
}

impl SignIns {
    /// Opens the port, starts waiting, and opens the browser if that is asked for. Returns the
    /// link.
    pub(crate) async fn begin(
        &self,
        number: u32,
        connections: Connections,
        plan: SignInPlan,
        mode: SignInMode,
        events: Channel<SignInEvent>,
    ) -> Result<String, AppError> {
        let attempt = connections.begin_attempt(&plan).await?;
        let url = attempt.url().clone();
        let (attempts, more) = mpsc::unbounded_channel();
        let (answer, answered) = mpsc::unbounded_channel();
        let plan = Arc::new(plan);
        announce(&events, &attempt);
        if mode == SignInMode::Browser {
            open(&events, &url);
        }
        // A closed channel would mean that the task is gone, and it has not started yet.
        let _ = attempts.send(attempt);
        let session = Session {
            plan: plan.clone(),
            url: url.clone(),
            events: events.clone(),
            attempts,
            answer,
        };
        let task = self.live.begin(number, session);
        let waiting = Waiting {
            connections,
            plan,
            events,
            more,
            answered,
        };
        tauri::async_runtime::spawn(waiting.run(task));
        Ok(url.into())
    }

    /// Opens the browser once more on the link of the first attempt.
    pub(crate) fn open_again(&self, number: u32) -> Result<(), AppError> {
        let session = self.live.handle(number).ok_or_else(gone)?;
        open(&session.events, &session.url);
        Ok(())
    }

    /// Makes a further link for the same sign-in.
    pub(crate) async fn new_link(
        &self,
        number: u32,
        connections: &Connections,
    ) -> Result<String, AppError> {
        let session = self.live.handle(number).ok_or_else(gone)?;
        let attempt = connections.begin_attempt(&session.plan).await?;
        let link = attempt.url().to_string();
        announce(&session.events, &attempt);
        session.attempts.send(attempt).map_err(|_| gone())?;
        Ok(link)
    }

    /// Answers the question whether another account, or a sign-in that has not proved to work, may
    /// take the old one's place.
    pub(crate) fn confirm(&self, number: u32, yes: bool) -> Result<(), AppError> {
        let session = self.live.handle(number).ok_or_else(gone)?;
        session.answer.send(yes).map_err(|_| gone())
    }

    /// Stops a sign-in and closes its ports. One that is over already stays over.
    pub(crate) fn cancel(&self, number: u32) {
        self.live.cancel(number);
    }
}

/// What the task of one sign-in owns.
struct Waiting {
    connections: Connections,
    plan: Arc<SignInPlan>,
    events: Channel<SignInEvent>,
    more: mpsc::UnboundedReceiver<Attempt>,
    answered: mpsc::UnboundedReceiver<bool>,
}

impl Waiting {
    async fn run(mut self, task: LiveTask<Session>) {
        let events = self.events.clone();
        let last = match task.unless_stopped(self.first_answer()).await {
            Ok(signed_in) => self.keep(signed_in, task.stop()).await,
            Err(error) => Err(error),
        };
        send(
            &events,
            last.unwrap_or_else(|error| SignInEvent::Failed { error }),
        );
    }

    /// Waits for the first attempt that is answered. An attempt that ran out of time ends the
    /// sign-in only as the last.
    async fn first_answer(&mut self) -> Result<SignedIn, AppError> {
        let (notices, mut noticed) = mpsc::unbounded_channel();
        let mut waiting = JoinSet::new();
        loop {
            tokio::select! {
                Some(attempt) = self.more.recv() => {
                    waiting.spawn(attempt.finish(notices.clone()));
                }
                Some(notice) = noticed.recv() => send(&self.events, event_of(&notice)),
                Some(ended) = waiting.join_next() => match ended {
                    Ok(Ok(signed_in)) => return Ok(signed_in),
                    Ok(Err(entra::Error::Expired)) if !waiting.is_empty() => {}
                    Ok(Err(error)) => return Err(error.into()),
                    Err(_) => return Err(AppError::plain(ErrorCode::Internal, "The sign-in ended unexpectedly.")),
                },
            }
        }
    }

    /// A new sign-in is tested before anything is kept: what works is not thrown away for it.
    async fn keep(
        self,
        signed_in: SignedIn,
        stop: &CancellationToken,
    ) -> Result<SignInEvent, AppError> {
        let Self {
            connections,
            plan,
            events,
            mut answered,
            ..
        } = self;
        if let Some(previous) = plan.replaces_account(&signed_in) {
            let (previous, now) = (previous.clone(), signed_in.account.clone());
            send(&events, SignInEvent::OtherAccount { previous, now });
            let no = AppError::plain(
                ErrorCode::OtherAccount,
                "Another account signed in. Nothing was changed.",
            );
            may_replace(&mut answered, stop, no).await?;
        }
        send(&events, SignInEvent::Checking);
        let tried = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(AppError::cancelled()),
            tried = connections.try_sign_in(&plan, signed_in, &|_| {}) => tried?,
        };
        let kept = match connections.keep_sign_in(&plan, &tried).await {
            Err(connections::Error::NotProved { method, proof }) => {
                let say = proof.say(method).to_owned();
                let report = Box::new(tried.report().clone());
                send(&events, SignInEvent::NotProved { say, report });
                let no = AppError::plain(ErrorCode::Cancelled, "The old sign-in is kept.");
                may_replace(&mut answered, stop, no).await?;
                connections.keep_sign_in_anyway(&plan, &tried).await?
            }
            kept => kept?,
        };
        // Cancelled at the last moment: what was created goes again. What was renewed stays
        // renewed, and that is said.
        if stop.is_cancelled() && plan.creates() {
            connections.remove(kept.id).await?;
            return Err(AppError::cancelled());
        }
        done(&connections, kept, &tried).await
    }
}

/// The last event of a sign-in that is kept.
async fn done(
    connections: &Connections,
    kept: Kept,
    tried: &TriedSignIn,
) -> Result<SignInEvent, AppError> {
    let connection = connections.get(kept.id).await?;
    let cloud = connections.clouds().get(&connection.cloud);
    Ok(SignInEvent::Done {
        connection: Box::new(ConnectionRow::new(&connection, cloud)),
        report: Box::new(kept.report(tried)),
        account: kept.account,
        granted: kept.granted,
        missing: kept.missing,
    })
}

/// Waits for the answer to a question; `no` is what a person hears who says no.
async fn may_replace(
    answers: &mut mpsc::UnboundedReceiver<bool>,
    stop: &CancellationToken,
    no: AppError,
) -> Result<(), AppError> {
    // A second press of the answer to an earlier question is no answer to this one.
    while answers.try_recv().is_ok() {}
    let answer = tokio::select! {
        () = stop.cancelled() => return Err(AppError::cancelled()),
        answer = tokio::time::timeout(QUESTION_TIMEOUT, answers.recv()) => answer,
    };
    match answer {
        Ok(Some(true)) => Ok(()),
        Ok(Some(false) | None) => Err(no),
        Err(_) => Err(entra::Error::Expired.into()),
    }
}

fn announce(events: &Channel<SignInEvent>, attempt: &Attempt) {
    let (deadline, redirect_uri) = (
        attempt.deadline().to_string(),
        attempt.redirect_uri().to_owned(),
    );
    send(
        events,
        SignInEvent::Waiting {
            deadline,
            redirect_uri,
        },
    );
}

/// Opens the system browser on a link that this program made itself.
fn open(events: &Channel<SignInEvent>, url: &Url) {
    if tauri_plugin_opener::open_url(url.as_str(), None::<&str>).is_err() {
        let message = "The browser could not be opened. Copy the sign-in link and open it in a browser on this computer.";
        send(
            events,
            SignInEvent::BrowserFailed {
                message: message.into(),
            },
        );
    }
}

const fn event_of(notice: &Notice) -> SignInEvent {
    match notice {
        Notice::AnotherProgram => SignInEvent::AnotherProgram,
        Notice::ReturnedWithoutAnswer => SignInEvent::ReturnedWithoutAnswer,
        Notice::Exchanging => SignInEvent::Exchanging,
    }
}

/// A window that is gone hears nothing, and nothing depends on its hearing.
fn send(events: &Channel<SignInEvent>, event: SignInEvent) {
    let _ = events.send(event);
}

fn gone() -> AppError {
    AppError::plain(ErrorCode::SignInOver, "This sign-in is over.")
}
