//! Test Connection on many connections: a few at a time, and as slowly as the services ask for.
//!
//! A service that asks to wait (`Retry-After`) is left alone for as long as it says, by every
//! connection that speaks to that host. A connection that was put off is tested again after the
//! wait, a few times; then it is not tested, which is not the same as a failure. A keychain that
//! gives no secret is asked once, and its answer counts for all.

mod summary;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use model::{CheckReport, Connection, ConnectionId, NotTested, NotTestedReason, Outcome};
use tokio::{
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until},
};

use crate::{
    Connections, Error,
    check::{self, Waits},
    check_one::Gate,
};
pub use summary::{CheckAllSummary, NotTestedCount};

/// The most checks, and so the most requests for a token, at the same time.
const MAX_CONCURRENT: usize = 16;

/// How often a connection that was put off is tested again.
const MAX_RETRIES: u32 = 3;

/// No wait goes beyond this time after the beginning.
const BATCH_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// What happens while many connections are tested.
#[derive(Clone, Debug)]
pub enum CheckAllEvent {
    /// The check of a connection has begun.
    Started(ConnectionId),
    /// A service asked to wait, so nothing new is sent to it for so long.
    Waiting {
        /// How long from now.
        seconds: u64,
    },
    /// The check of a connection has ended, or was put off for good.
    Finished {
        /// The connection as it is now.
        connection: Box<Connection>,
        /// What the check came to; without findings where it could not begin.
        report: Box<CheckReport>,
    },
}

impl Connections {
    /// Tests these connections, or all, and keeps each report. Dropping the future stops it; what
    /// was finished is kept.
    ///
    /// # Errors
    /// When the store fails. A connection that is removed meanwhile is left out; one that another
    /// program uses for too long is not tested.
    pub async fn check_all(
        &self,
        ids: Option<Vec<ConnectionId>>,
        on_event: &(dyn Fn(CheckAllEvent) + Sync),
    ) -> Result<CheckAllSummary, Error> {
        let all = self.list().await?.connections;
        let is_wanted = |c: &Connection| ids.as_ref().is_none_or(|ids| ids.contains(&c.id));
        let queue = all
            .into_iter()
            .filter(is_wanted)
            .map(|connection| QueuedCheck {
                connection,
                retries: 0,
            })
            .collect();
        // One refusal of the keychain's prompt is an answer for all.
        let once = self.asking_once();
        let round = BatchRun {
            connections: &once,
            on_event,
            queue,
            running: JoinSet::new(),
            closed_until: HashMap::new(),
            ends_at: Instant::now() + BATCH_TIMEOUT,
            gate: Arc::default(),
            summary: CheckAllSummary::default(),
        };
        round.run().await
    }
}

/// A connection that waits for its check.
struct QueuedCheck {
    connection: Connection,
    retries: u32,
}

/// How a check ended.
struct Ended {
    queued: QueuedCheck,
    result: Result<(CheckReport, Waits), Error>,
}

struct BatchRun<'a> {
    connections: &'a Connections,
    on_event: &'a (dyn Fn(CheckAllEvent) + Sync),
    queue: VecDeque<QueuedCheck>,
    /// Ends with the round: dropping it aborts what runs.
    running: JoinSet<Ended>,
    /// By host: when it may be spoken to again.
    closed_until: HashMap<String, Instant>,
    ends_at: Instant,
    /// Where all read their secrets.
    gate: Arc<Gate>,
    summary: CheckAllSummary,
}

impl BatchRun<'_> {
    async fn run(mut self) -> Result<CheckAllSummary, Error> {
        loop {
            self.give_up_hopeless().await?;
            self.start_what_may();
            if self.running.is_empty() && self.queue.is_empty() {
                return Ok(self.summary);
            }
            let opens_at = self.next_opening();
            tokio::select! {
                Some(ended) = self.running.join_next() => self.record_result(ended).await?,
                () = sleep_until(opens_at.unwrap_or(self.ends_at)), if opens_at.is_some() => {}
            }
        }
    }

    /// Starts checks in the order of the queue; those whose hosts are closed are passed over.
    fn start_what_may(&mut self) {
        let mut position = 0;
        while self.running.len() < MAX_CONCURRENT && position < self.queue.len() {
            if self.opens_at(&self.queue[position].connection) > Instant::now() {
                position += 1;
            } else if let Some(queued) = self.queue.remove(position) {
                self.start(queued);
            }
        }
    }

    fn start(&mut self, queued: QueuedCheck) {
        if queued.retries == 0 {
            (self.on_event)(CheckAllEvent::Started(queued.connection.id));
        }
        let (connections, gate) = (self.connections.clone(), Arc::clone(&self.gate));
        self.running.spawn(async move {
            let result = connections
                .check_and_keep(queued.connection.id, &gate, &|_| {})
                .await;
            Ended { queued, result }
        });
    }

    /// Ends the checks that would have to wait for too long, and all when the keychain gives no
    /// secrets.
    async fn give_up_hopeless(&mut self) -> Result<(), Error> {
        if let Some(error) = self.gate.refusal().await {
            let all = std::mem::take(&mut self.queue);
            return self
                .give_up(all.into(), check::without_secret(&error, &|_| {}))
                .await;
        }
        let (hopeless, waiting) = std::mem::take(&mut self.queue)
            .into_iter()
            .partition::<Vec<_>, _>(|queued| self.opens_at(&queued.connection) > self.ends_at);
        self.queue = waiting.into();
        let headline = format!(
            "{} the service asks to wait for too long.",
            NotTested::BEFORE
        );
        let report = check::not_begun(
            Outcome::Inconclusive,
            headline,
            Some(NotTestedReason::Throttled),
        );
        self.give_up(hopeless, report).await
    }

    /// Ends checks that never came to their check; all are kept as not tested at once.
    async fn give_up(
        &mut self,
        checks: Vec<QueuedCheck>,
        report: CheckReport,
    ) -> Result<(), Error> {
        let ids: Vec<ConnectionId> = checks.iter().map(|queued| queued.connection.id).collect();
        if let (false, Some(not_tested)) = (ids.is_empty(), NotTested::of(&report)) {
            // What cannot be kept is told all the same.
            if let Err(error) = self
                .connections
                .store()
                .record_not_tested(ids, not_tested)
                .await
            {
                tracing::warn!(%error, "it is not kept that connections were not tested");
            }
        }
        for queued in checks {
            self.summary.count(&report);
            self.finish(queued.connection.id, report.clone()).await?;
        }
        Ok(())
    }

    async fn record_result(&mut self, ended: Result<Ended, JoinError>) -> Result<(), Error> {
        let Ended { queued, result } = ended.map_err(|stopped| match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Error::Closing,
        })?;
        let (report, waits) = match result {
            Ok(checked) => checked,
            Err(Error::NotFound) => return Ok(()),
            // The connection's cloud is no longer in the list.
            Err(error @ Error::Invalid { .. }) => {
                let report =
                    check::not_begun(Outcome::Fails, format!("Connection failed. {error}"), None);
                self.summary.count(&report);
                return self.finish(queued.connection.id, report).await;
            }
            // One that others use is no reason to leave out the rest.
            Err(error @ (Error::Busy | Error::StoreBusy)) => {
                return self
                    .give_up(vec![queued], check::not_begun_while_busy(&error))
                    .await;
            }
            Err(error) => return Err(error),
        };
        self.close(&queued.connection, waits);
        let was_put_off = report.outcome == Outcome::Inconclusive && waits.longest().is_some();
        if was_put_off
            && queued.retries < MAX_RETRIES
            && self.opens_at(&queued.connection) <= self.ends_at
        {
            self.queue.push_back(QueuedCheck {
                retries: queued.retries + 1,
                ..queued
            });
            return Ok(());
        }
        self.summary.count(&report);
        self.finish(queued.connection.id, report).await
    }

    async fn finish(&self, id: ConnectionId, report: CheckReport) -> Result<(), Error> {
        match self.connections.get(id).await {
            Ok(connection) => {
                let (connection, report) = (Box::new(connection), Box::new(report));
                (self.on_event)(CheckAllEvent::Finished { connection, report });
                Ok(())
            }
            Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Leaves the hosts alone for as long as they ask.
    fn close(&mut self, connection: &Connection, waits: Waits) {
        let [login, graph] = self.hosts(connection);
        let now = Instant::now();
        for (host, wait) in [(login, waits.login), (graph, waits.graph)] {
            let Some(wait) = wait else { continue };
            let until = now + wait;
            let known = self.closed_until.entry(host).or_insert(now);
            if until > *known {
                *known = until;
                (self.on_event)(CheckAllEvent::Waiting {
                    seconds: wait.as_secs(),
                });
            }
        }
    }

    /// When every host that a connection speaks to may be spoken to.
    fn opens_at(&self, connection: &Connection) -> Instant {
        let hosts = self.hosts(connection);
        let times = hosts
            .iter()
            .filter_map(|host| self.closed_until.get(host))
            .copied();
        times.max().unwrap_or_else(Instant::now)
    }

    /// When the next check of the queue may begin; `None` when as many run as may, or nobody waits
    /// for a host.
    fn next_opening(&self) -> Option<Instant> {
        let has_room = self.running.len() < MAX_CONCURRENT;
        let next = self
            .queue
            .iter()
            .map(|queued| self.opens_at(&queued.connection))
            .min();
        next.filter(|_| has_room)
    }

    fn hosts(&self, connection: &Connection) -> [String; 2] {
        match self.connections.clouds().get(&connection.cloud) {
            Some(cloud) => {
                [&cloud.login, &cloud.graph].map(|url| url.origin().ascii_serialization())
            }
            None => Default::default(),
        }
    }
}
