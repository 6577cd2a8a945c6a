//! Test Connection on many connections: a few at a time, and as slowly as the services ask for.
//!
//! A service that asks to wait (`Retry-After`) is left alone for as long as it says, by every connection that speaks to
//! that host. A connection that was put off is tested again after the wait, a few times; then nothing is proved about it,
//! which is not the same as a failure.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use model::{CheckReport, Connection, ConnectionId, Outcome, Step, StepState};
use tokio::{
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until},
};

use crate::{Connections, Error, check::Waits};

/// The most checks, and so the most requests for a token, at the same time.
const MOST_AT_ONCE: usize = 16;

/// How often a connection that was put off is tested again.
const MOST_RETRIES: u32 = 3;

/// No wait goes beyond this time after the beginning.
const LONGEST_ROUND: Duration = Duration::from_secs(10 * 60);

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
        /// What the check came to, in one line.
        headline: String,
    },
}

/// What testing many connections came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckAllSummary {
    /// Connections about which something was proved: the sum of the next four.
    pub tested: u32,
    /// Those that work.
    pub healthy: u32,
    /// Those that work with something missing or soon to end.
    pub attention: u32,
    /// Those to which somebody has to sign in again, or whose secret is gone.
    pub needs_sign_in: u32,
    /// Those that do not work.
    pub failing: u32,
    /// Those about which nothing was proved: the service asked to wait for too long, or the keychain gave no secret.
    pub put_off: u32,
}

impl Connections {
    /// Tests these connections, or all, and keeps each report. Dropping the future stops it; what was finished is kept.
    ///
    /// # Errors
    /// When the store fails. A connection that is removed meanwhile is left out.
    pub async fn check_all(
        &self,
        ids: Option<Vec<ConnectionId>>,
        on_event: &(dyn Fn(CheckAllEvent) + Sync),
    ) -> Result<CheckAllSummary, Error> {
        let all = self.list().await?.connections;
        let is_wanted = |c: &Connection| ids.as_ref().is_none_or(|ids| ids.contains(&c.id));
        let queue = all.into_iter().filter(is_wanted).map(|connection| Turn { connection, retries: 0 }).collect();
        // One refusal of the keychain's prompt is an answer for all.
        let once = self.asking_once();
        let round = Round {
            connections: &once,
            on_event,
            queue,
            running: JoinSet::new(),
            closed_until: HashMap::new(),
            ends_at: Instant::now() + LONGEST_ROUND,
            no_keychain: None,
            summary: CheckAllSummary::default(),
        };
        round.run().await
    }
}

/// A connection that waits for its check.
struct Turn {
    connection: Connection,
    retries: u32,
}

/// How a check ended.
struct Ended {
    turn: Turn,
    result: Result<(CheckReport, Waits), Error>,
}

struct Round<'a> {
    connections: &'a Connections,
    on_event: &'a (dyn Fn(CheckAllEvent) + Sync),
    queue: VecDeque<Turn>,
    /// Ends with the round: dropping it aborts what runs.
    running: JoinSet<Ended>,
    /// By host: when it may be spoken to again.
    closed_until: HashMap<String, Instant>,
    ends_at: Instant,
    /// What the keychain said when it gave no secrets at all; then nobody else has to ask it.
    no_keychain: Option<String>,
    summary: CheckAllSummary,
}

impl Round<'_> {
    async fn run(mut self) -> Result<CheckAllSummary, Error> {
        loop {
            self.give_up_hopeless().await?;
            self.start_what_may();
            if self.running.is_empty() && self.queue.is_empty() {
                return Ok(self.summary);
            }
            let opens_at = self.next_opening();
            tokio::select! {
                Some(ended) = self.running.join_next() => self.settle(ended).await?,
                () = sleep_until(opens_at.unwrap_or(self.ends_at)), if opens_at.is_some() => {}
            }
        }
    }

    /// Starts checks in the order of the queue; those whose hosts are closed are passed over.
    fn start_what_may(&mut self) {
        let mut position = 0;
        while self.running.len() < MOST_AT_ONCE && position < self.queue.len() {
            if self.opens_at(&self.queue[position].connection) > Instant::now() {
                position += 1;
            } else if let Some(turn) = self.queue.remove(position) {
                self.start(turn);
            }
        }
    }

    fn start(&mut self, turn: Turn) {
        if turn.retries == 0 {
            (self.on_event)(CheckAllEvent::Started(turn.connection.id));
        }
        let connections = self.connections.clone();
        self.running.spawn(async move {
            let result = connections.check_and_keep(turn.connection.id, &|_| {}).await;
            Ended { turn, result }
        });
    }

    /// Ends the turns that would have to wait for too long, and all when there is no keychain.
    async fn give_up_hopeless(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.queue);
        for turn in waiting {
            if let Some(headline) = self.no_keychain.clone() {
                self.put_off(&turn, headline).await?;
            } else if self.opens_at(&turn.connection) > self.ends_at {
                self.put_off(&turn, "Not tested: the service asks to wait for too long.".to_owned()).await?;
            } else {
                self.queue.push_back(turn);
            }
        }
        Ok(())
    }

    async fn settle(&mut self, ended: Result<Ended, JoinError>) -> Result<(), Error> {
        let Ended { turn, result } = ended.map_err(|stopped| match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Error::Closing,
        })?;
        let (report, waits) = match result {
            Ok(checked) => checked,
            Err(Error::NotFound) => return Ok(()),
            // The connection's cloud is no longer in the list.
            Err(error @ Error::Invalid { .. }) => {
                self.summary.tested += 1;
                self.summary.failing += 1;
                return self.finish(turn.connection.id, format!("Does not work. {error}")).await;
            }
            Err(error) => return Err(error),
        };
        self.close(&turn.connection, waits);
        let was_put_off = report.outcome == Outcome::Inconclusive && waits.longest().is_some();
        if was_put_off && turn.retries < MOST_RETRIES && self.opens_at(&turn.connection) <= self.ends_at {
            self.queue.push_back(Turn { retries: turn.retries + 1, ..turn });
            return Ok(());
        }
        let keychain_failed =
            report.findings.first().is_some_and(|f| f.step == Step::Keychain && f.state == StepState::Failed);
        if keychain_failed && report.outcome == Outcome::Inconclusive {
            self.no_keychain = Some(report.headline.clone());
        }
        self.count(report.outcome);
        self.finish(turn.connection.id, report.headline).await
    }

    fn count(&mut self, outcome: Outcome) {
        let summary = &mut self.summary;
        let count = match outcome {
            Outcome::Works => &mut summary.healthy,
            Outcome::WorksWithGaps => &mut summary.attention,
            Outcome::NeedsSignIn => &mut summary.needs_sign_in,
            Outcome::Fails => &mut summary.failing,
            Outcome::Inconclusive => &mut summary.put_off,
        };
        *count += 1;
        summary.tested += u32::from(outcome != Outcome::Inconclusive);
    }

    async fn put_off(&mut self, turn: &Turn, headline: String) -> Result<(), Error> {
        self.count(Outcome::Inconclusive);
        self.finish(turn.connection.id, headline).await
    }

    async fn finish(&self, id: ConnectionId, headline: String) -> Result<(), Error> {
        match self.connections.get(id).await {
            Ok(connection) => {
                (self.on_event)(CheckAllEvent::Finished { connection: Box::new(connection), headline });
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
                (self.on_event)(CheckAllEvent::Waiting { seconds: wait.as_secs() });
            }
        }
    }

    /// When every host that a connection speaks to may be spoken to.
    fn opens_at(&self, connection: &Connection) -> Instant {
        let hosts = self.hosts(connection);
        let times = hosts.iter().filter_map(|host| self.closed_until.get(host)).copied();
        times.max().unwrap_or_else(Instant::now)
    }

    /// When the next turn of the queue may begin; nothing when as many run as may, or nobody waits for a host.
    fn next_opening(&self) -> Option<Instant> {
        let has_room = self.running.len() < MOST_AT_ONCE;
        let next = self.queue.iter().map(|turn| self.opens_at(&turn.connection)).min();
        next.filter(|_| has_room)
    }

    fn hosts(&self, connection: &Connection) -> [String; 2] {
        match self.connections.clouds().get(&connection.cloud) {
            Some(cloud) => [&cloud.login, &cloud.graph].map(|url| url.origin().ascii_serialization()),
            None => Default::default(),
        }
    }
}
