//! What a sign-in and an administrator's consent have in common: one of a few places, a deadline on
//! the wall clock, and waiting at the listener.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc::UnboundedSender};

use crate::{
    error::Error,
    error_body::number_in,
    loopback::{Awaited, Event, Listener, Noticed, ProtocolError},
    sent::{Raw, Sent},
};

/// How long one may take at most.
pub(crate) const MAX_LASTING: Duration = Duration::from_secs(900);
/// How often the wall clock is looked at while waiting.
const TICK: Duration = Duration::from_secs(1);
/// How many may wait at a time in this process.
const MAX_ATTEMPTS: usize = 4;

/// What happens while a sign-in waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Several answers with a wrong state came: another program is talking to the port. The sign-in
    /// goes on.
    AnotherProgram,
    /// The browser came back with nothing, as after an error page. The sign-in goes on.
    ReturnedWithoutAnswer,
    /// The browser came back with a code, which is being exchanged for tokens.
    Exchanging,
}

/// A place among the few that may wait at a time; free again when it is dropped.
pub(crate) fn acquire_attempt_slot() -> Result<OwnedSemaphorePermit, Error> {
    Arc::clone(&ATTEMPTS)
        .try_acquire_owned()
        .map_err(|_| Error::TooManyAttempts)
}

static ATTEMPTS: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(MAX_ATTEMPTS)));

/// When something that begins now and lasts so long has to end.
pub(crate) fn deadline(lasting: Duration) -> Timestamp {
    let lasting =
        SignedDuration::try_from(lasting.min(MAX_LASTING)).unwrap_or(SignedDuration::from_mins(5));
    Timestamp::now() + lasting
}

/// Waits for the browser's answer, until the deadline.
pub(crate) async fn answer<A: Awaited>(
    listener: &mut Listener<A>,
    deadline: Timestamp,
    notices: &UnboundedSender<Notice>,
) -> Result<A, Error> {
    tokio::select! {
        biased;
        answer = next_answer(listener, notices) => answer,
        () = passed(deadline) => {
            tracing::info!("no answer came from the browser in time");
            Err(Error::Expired)
        }
    }
}

async fn next_answer<A: Awaited>(
    listener: &mut Listener<A>,
    notices: &UnboundedSender<Notice>,
) -> Result<A, Error> {
    loop {
        let notice = match listener.next().await? {
            Event::Answer(answer) => return Ok(answer),
            Event::Noticed(Noticed::AnotherProgram) => Notice::AnotherProgram,
            Event::Noticed(Noticed::ReturnedWithoutAnswer) => Notice::ReturnedWithoutAnswer,
        };
        let _unheard = notices.send(notice);
    }
}

/// Looks at the wall clock once a second: a timer of the runtime would stand still while the
/// computer sleeps.
async fn passed(deadline: Timestamp) {
    loop {
        let left = deadline.duration_since(Timestamp::now());
        if left <= SignedDuration::ZERO {
            return;
        }
        tokio::time::sleep(left.unsigned_abs().min(TICK)).await;
    }
}

/// What an answer that refuses says, without what was sent.
pub(crate) fn refusal(refused: &ProtocolError, sent: &Sent) -> Error {
    let aadsts = number_in(&refused.description);
    let original = sent.original(Raw {
        error: Some(&refused.error),
        aadsts,
        text: &refused.description,
        ..Raw::default()
    });
    tracing::info!(aadsts, "sign-in refused");
    Error::from_protocol(&refused.error, refused.suberror.as_deref(), original)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};

    use super::passed;

    #[tokio::test]
    async fn lb_6_a_deadline_that_went_by_while_the_computer_slept_is_noticed_within_a_second() {
        // The first look sees it: a timer of no length at all is not faster.
        let gone = passed(Timestamp::now() - SignedDuration::from_hours(8));
        assert!(tokio::time::timeout(Duration::ZERO, gone).await.is_ok());
        let waits = tokio::time::timeout(
            Duration::from_millis(50),
            passed(Timestamp::now() + SignedDuration::from_mins(5)),
        );
        assert!(waits.await.is_err());
    }
}
