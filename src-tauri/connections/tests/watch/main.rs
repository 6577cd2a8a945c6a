//! Waiting for consent that somebody else gives in the demo tenant.

#[path = "../common/mod.rs"]
mod common;
mod consent;
mod sign_in;
mod waiting;

use std::{sync::Arc, time::Duration};

use common::Computer;
use connections::{Connections, PollSchedule, Watch, WatchEnd};
use demo_tenant::fixtures;
use model::ConnectionId;
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

const QUICK: PollSchedule = PollSchedule {
    every: [Duration::from_millis(20); 3],
    until: [Duration::from_secs(600), Duration::from_secs(4_200)],
    longest: Duration::from_secs(60),
};
const TIMEOUT: Duration = Duration::from_secs(20);

async fn without_consent(computer: &Computer, name: &str) -> ConnectionId {
    let form = computer.form(name, fixtures::WITHOUT_CONSENT);
    computer
        .connections
        .create_app_registration(&form, None)
        .await
        .expect("created")
        .connection
        .id
}

/// Waits until there were so many looks.
async fn looked(connections: &Connections, id: ConnectionId, looks: u32) -> Watch {
    let seen = async {
        loop {
            let watch = connections
                .watch_of(id)
                .await
                .expect("read")
                .expect("still watched");
            if watch.looks >= looks {
                break watch;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(TIMEOUT, seen).await.expect("it is looked at")
}

/// Looks after the watches on a task of its own, as a program does.
struct Watcher {
    ends: mpsc::UnboundedReceiver<WatchEnd>,
    task: JoinHandle<()>,
}

impl Watcher {
    fn begin(connections: &Connections, pace: PollSchedule) -> Self {
        let (sender, ends) = mpsc::unbounded_channel();
        let connections = connections.clone();
        let tell = Arc::new(move |end| drop(sender.send(end)));
        let task = tokio::spawn(async move {
            let error = connections
                .run_watches_at(&pace, &*tell)
                .await
                .expect_err("it goes on until it is dropped");
            panic!("{error}");
        });
        Self { ends, task }
    }

    async fn end(&mut self) -> WatchEnd {
        timeout(TIMEOUT, self.ends.recv())
            .await
            .expect("it ends")
            .expect("somebody looks")
    }

    /// As when the program is closed.
    async fn drop_it(mut self) {
        self.task.abort();
        assert!(
            (&mut self.task)
                .await
                .is_err_and(|ended| ended.is_cancelled()),
            "it looked until now"
        );
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}
