//! Changes that the window did not ask for: consent that somebody else gave while Graph Connect was
//! waiting for it, and what other programs do with the connections, such as the command line.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use connections::{Connections, SecretRemoval, WatchEnd};
use model::{Connection, ConnectionName, Outcome};
use tauri::ipc::Channel;

use crate::{
    notification,
    view::{Change, ConnectionRow},
};

/// How often the store is looked at for what other programs have changed. The window shows it
/// within two seconds.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long to leave a store alone that has failed.
const BEFORE_ANOTHER_START: Duration = Duration::from_secs(60);

/// Where changes are told.
#[derive(Default)]
pub(crate) struct Changes {
    window: Mutex<Option<Channel<Change>>>,
}

impl Changes {
    /// From now on this channel hears of changes; there is one window.
    pub(crate) fn subscribe(&self, window: Channel<Change>) {
        *self.window.lock().unwrap_or_else(PoisonError::into_inner) = Some(window);
    }

    /// Tells the window what became of the secret of a connection that was deleted, unless it
    /// simply went.
    pub(crate) fn tell_deleted(&self, name: &ConnectionName, removal: &SecretRemoval) {
        if !matches!(removal, SecretRemoval::Removed { bin: None }) {
            self.tell(Change::Deleted {
                say: removal.say(name),
            });
        }
    }

    /// Whether the window has heard it. One that is gone hears nothing; the notification is for
    /// everybody.
    fn tell(&self, change: Change) -> bool {
        let window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window
            .as_ref()
            .is_some_and(|window| window.send(change).is_ok())
    }
}

/// Waits for consent that others were asked for, for as long as the program runs.
pub(crate) async fn watch(connections: &Connections, changes: &Changes) {
    let on_end = |end: WatchEnd| {
        let (connection, say) = said(end);
        let row = ConnectionRow::new(&connection, connections.clouds().get(&connection.cloud));
        changes.tell(Change::Connection {
            row: Box::new(row),
            say: Some(say.clone()),
        });
        tauri::async_runtime::spawn(notification::show(say));
    };
    loop {
        let Err(error) = connections.run_watches(&on_end).await;
        tracing::warn!(%error, "waiting for consent has stopped; it begins again in a while");
        tokio::time::sleep(BEFORE_ANOTHER_START).await;
    }
}

/// Tells the window whenever another program has changed something, for as long as the program
/// runs. `known` is the store's version that the window shows.
pub(crate) async fn follow(connections: &Connections, changes: &Changes, mut known: Option<i64>) {
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        // A store that cannot be read at the moment has nothing to show either.
        let Ok(version) = connections.data_version().await else {
            continue;
        };
        // A window that does not listen yet is told the next time.
        if known != Some(version) && changes.tell(Change::Elsewhere) {
            known = Some(version);
        }
    }
}

fn said(end: WatchEnd) -> (Box<Connection>, String) {
    match end {
        WatchEnd::Consented { connection, report } if report.outcome == Outcome::Works => {
            let say = format!("“{}” has its permissions now and works.", connection.name);
            (connection, say)
        }
        WatchEnd::Consented { connection, report } => {
            let say = format!(
                "“{}” has its permissions now. {}",
                connection.name, report.headline
            );
            (connection, say)
        }
        WatchEnd::OutOfTime { connection } => {
            let say = format!(
                "Nobody has consented to “{}” within 24 hours. Ask again.",
                connection.name
            );
            (connection, say)
        }
        WatchEnd::CannotGoOn { connection, .. } => {
            let say = format!(
                "“{}” cannot wait for consent: its own sign-in or secret was refused.",
                connection.name
            );
            (connection, say)
        }
    }
}
