//! Asking Graph, with patience and with a word to whoever waits, and what is said when it refuses.

use std::{
    cell::Cell,
    io::{self, IsTerminal},
    pin::pin,
    time::Duration,
};

use connections::{Caller, Error};
use entra::{Called, GraphCall};
use model::PermissionKind;
use tokio::time::Instant;

use crate::{
    exit::{Exit, Failure},
    original,
    print::{eprint_line, eprint_part},
    token::say_not_kept,
};

/// When it is said that no answer has come yet, in seconds; from the last one on, each minute.
const NOTICE_AFTER_SECONDS: [u64; 4] = [3, 10, 30, 60];

/// The calls of one run.
#[derive(Default)]
pub(super) struct Asking {
    pub(super) progress: Progress,
    /// Until when nothing is expected, because the service asked to wait.
    announced: Cell<Option<Instant>>,
}

impl Asking {
    /// The answer to a call that Graph did not refuse.
    pub(super) async fn answer(
        &self,
        caller: &mut Caller,
        call: &GraphCall,
    ) -> Result<Called, Failure> {
        let on_wait = |wait: Duration, why: &entra::Error| {
            self.progress.end();
            self.announced.set(Some(Instant::now() + wait));
            eprint_line(format!(
                "graph-connect: {why} Trying again in {} s.",
                wait.as_secs()
            ));
        };
        let answer = self
            .saying_that_it_takes_long(Box::pin(caller.call_patiently(call, on_wait)))
            .await;
        if let Some(problem) = caller.take_not_kept() {
            self.progress.end();
            say_not_kept(Some(&problem));
        }
        let called = match answer {
            Ok(called) => called,
            Err(error) => return Err(unanswered(caller, call, error)),
        };
        match called.failure() {
            None => Ok(called),
            Some(error) => Err(refused(caller, call, &called, error)),
        }
    }

    async fn saying_that_it_takes_long<T>(&self, calling: impl Future<Output = T>) -> T {
        let mut calling = pin!(calling);
        let began = Instant::now();
        let further = (2..).map(|minutes: u64| 60 * minutes);
        for seconds in NOTICE_AFTER_SECONDS.into_iter().chain(further) {
            let at = began + Duration::from_secs(seconds);
            match tokio::time::timeout_at(at, &mut calling).await {
                Ok(answer) => return answer,
                Err(_)
                    if self
                        .announced
                        .get()
                        .is_some_and(|until| until > Instant::now()) => {}
                Err(_) => {
                    self.progress.end();
                    eprint_line(format!("graph-connect: no answer yet after {seconds} s"));
                }
            }
        }
        calling.await
    }
}

/// No answer of Graph's came.
fn unanswered(caller: &Caller, call: &GraphCall, error: Error) -> Failure {
    let unknown = caller.may_have_been_done(call, &error);
    let failure = Failure::from(error);
    if !unknown {
        return failure;
    }
    let repeated = if call.may_be_repeated() {
        "."
    } else {
        "; it was not repeated."
    };
    failure.with(&format!(
        "It is not known whether it was done{repeated} Look before you send it again."
    ))
}

/// Graph's own code and words, the permission where it is known, and what Microsoft's support asks
/// for.
fn refused(caller: &Caller, call: &GraphCall, called: &Called, error: entra::Error) -> Failure {
    let mut original = error.original().cloned().unwrap_or_default();
    original.trace_id = original.trace_id.or_else(|| called.request_id());
    let code = original
        .error
        .as_ref()
        .map(|code| format!(" {code}"))
        .unwrap_or_default();
    let mut lines = vec![format!(
        "Microsoft Graph refused the call ({}{code}).",
        called.status()
    )];
    if original.error.is_none() {
        lines.push(error.to_string());
    }
    if (300..400).contains(&called.status()) {
        lines = kept_elsewhere(called);
    }
    lines.extend((!original.text.is_empty()).then(|| original.text.clone()));
    lines.extend(caller.missing_permissions(call, called).map(|lacking| {
        let kind = match lacking.kind {
            PermissionKind::Application => "application",
            PermissionKind::Delegated => "delegated",
        };
        format!(
            "Missing: one of the {kind} permissions {}.",
            lacking.any_of.join(", ")
        )
    }));
    lines.extend(original::ids(&original));
    let is_unknown_here = original.error.as_deref() == Some("Authorization_IdentityNotFound");
    if is_unknown_here {
        lines.push(error.help().next);
    }
    let exit = if called.status() == 401 && !is_unknown_here {
        Exit::NeedsCredential
    } else {
        Exit::of_error(&Error::from(error))
    };
    Failure::new(exit, lines.join("\n"))
}

/// Graph sends the asker to another host, which needs no token and gets none.
fn kept_elsewhere(called: &Called) -> Vec<String> {
    let what = format!(
        "What was asked for is kept at another host ({}); the token is not sent there.",
        called.status()
    );
    let how = called.kept_at().map(|address| {
        format!(
            "Get it from this address within a few minutes, with `curl` for example. It needs no sign-in:\n{address}"
        )
    });
    std::iter::once(what).chain(how).collect()
}

/// How far a long list is, for a person who watches it. Its line ends with it.
#[derive(Default)]
pub(super) struct Progress {
    items: Cell<usize>,
    shown: Cell<bool>,
}

impl Progress {
    pub(super) fn add(&self, items: usize) {
        self.items.set(self.items.get() + items);
        // Where the items themselves are seen, nothing more is needed.
        if io::stderr().is_terminal() && !io::stdout().is_terminal() {
            eprint_part(format!("\r{} items", self.items.get()));
            self.shown.set(true);
        }
    }

    /// Ends the line, so that what is said next has one of its own.
    pub(super) fn end(&self) {
        if self.shown.take() {
            eprint_line("");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
