//! Admin consent in the browser of this computer: opening the page, waiting for it, and judging by
//! a fresh token.

use connections::Connections;
use entra::{ConsentAttempt, Notice};
use model::{CheckReport, ConnectionId};
use serde::Serialize;
use specta::Type;
use tauri::ipc::Channel;
use tokio::sync::mpsc;

use crate::{error::AppError, live_tasks::LiveTasks, view::ConnectionRow};

/// What happens while the consent page is open; `done` and `failed` are the last.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub(crate) enum ConsentEvent {
    /// The port is open.
    Waiting {
        deadline: String,
        redirect_uri: String,
    },
    /// The system browser could not be opened; the link has to be copied.
    BrowserFailed { message: String },
    /// Something else keeps talking to the port.
    AnotherProgram,
    /// The browser came back without an answer, as it does after an error page.
    ReturnedWithoutAnswer,
    /// The page has answered; a fresh token decides.
    Checking,
    /// The connection was tested.
    Done {
        connection: Box<ConnectionRow>,
        report: Box<CheckReport>,
    },
    /// Nothing was granted.
    Failed { error: AppError },
}

/// The consent pages that are open, by the number that the window gave them.
#[derive(Clone, Default)]
pub(crate) struct Consents {
    live: LiveTasks<()>,
}

impl Consents {
    /// Opens the port and the browser, and starts waiting. Returns the link.
    pub(crate) async fn begin(
        &self,
        number: u32,
        connections: Connections,
        id: ConnectionId,
        events: Channel<ConsentEvent>,
    ) -> Result<String, AppError> {
        let task = self.live.begin(number, ());
        let attempt = task.unless_stopped(connections.begin_consent(id)).await?;
        let link = attempt.url().to_string();
        let (deadline, redirect_uri) = (
            attempt.deadline().to_string(),
            attempt.redirect_uri().to_owned(),
        );
        send(
            &events,
            ConsentEvent::Waiting {
                deadline,
                redirect_uri,
            },
        );
        if tauri_plugin_opener::open_url(&link, None::<&str>).is_err() {
            let message = "The browser could not be opened. Copy the link and open it in a browser on this computer.";
            send(
                &events,
                ConsentEvent::BrowserFailed {
                    message: message.into(),
                },
            );
        }
        tauri::async_runtime::spawn(async move {
            let last = task.unless_stopped(wait(&connections, id, attempt, &events));
            let last = last.await;
            send(
                &events,
                last.unwrap_or_else(|error| ConsentEvent::Failed { error }),
            );
        });
        Ok(link)
    }

    /// Stops waiting and closes the port. One that is over already stays over.
    pub(crate) fn cancel(&self, number: u32) {
        self.live.cancel(number);
    }
}

/// Waits for the page's answer, then tests the connection: the answer itself proves nothing.
async fn wait(
    connections: &Connections,
    id: ConnectionId,
    attempt: ConsentAttempt,
    events: &Channel<ConsentEvent>,
) -> Result<ConsentEvent, AppError> {
    let (notices, mut noticed) = mpsc::unbounded_channel();
    let finish = attempt.finish(notices);
    tokio::pin!(finish);
    loop {
        tokio::select! {
            Some(notice) = noticed.recv() => send(events, event_of(&notice)),
            answered = &mut finish => break answered?,
        }
    }
    send(events, ConsentEvent::Checking);
    let report = Box::new(connections.check(id, &|_| {}).await?);
    let connection = connections.get(id).await?;
    let row = ConnectionRow::new(&connection, connections.clouds().get(&connection.cloud));
    Ok(ConsentEvent::Done {
        connection: Box::new(row),
        report,
    })
}

const fn event_of(notice: &Notice) -> ConsentEvent {
    match notice {
        Notice::AnotherProgram => ConsentEvent::AnotherProgram,
        Notice::ReturnedWithoutAnswer => ConsentEvent::ReturnedWithoutAnswer,
        Notice::Exchanging => ConsentEvent::Checking,
    }
}

/// A window that is gone hears nothing, and nothing depends on its hearing.
fn send(events: &Channel<ConsentEvent>, event: ConsentEvent) {
    let _ = events.send(event);
}
