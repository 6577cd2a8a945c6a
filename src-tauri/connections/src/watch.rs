//! Waiting for consent that somebody else was asked for.
//!
//! From time to time a fresh token is asked for and compared with what the integration needs: one
//! look, one token. The watches are rows of the store, so they go on after a restart. When
//! everything is in the token, a whole check decides what the connection is worth.

mod poll;

use std::{collections::HashSet, convert::Infallible, time::Duration};

use jiff::{SignedDuration, Timestamp};
use model::{CheckReport, Connection, ConnectionId, Outcome};
use tokio::task::JoinSet;

use crate::{Connections, Error};
use poll::PollResult;

/// A connection for which consent is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The connection.
    pub connection: ConnectionId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ends if nothing happens.
    pub ends_at: Timestamp,
    /// When the next look is due.
    pub next_at: Timestamp,
    /// How many looks there were.
    pub looks: u32,
}

/// How a watch ended by itself.
#[derive(Clone, Debug)]
pub enum WatchEnd {
    /// Everything that is needed was granted, and the connection was tested.
    Consented {
        /// The connection as it is now.
        connection: Box<Connection>,
        /// What the test found.
        report: Box<CheckReport>,
    },
    /// The time is over.
    OutOfTime {
        /// The connection.
        connection: Box<Connection>,
    },
    /// The connection's own credential was refused, or is gone, so there is nothing to look with.
    CannotGoOn {
        /// The connection as it is now.
        connection: Box<Connection>,
        /// What a test found.
        report: Box<CheckReport>,
    },
}

/// How often a fresh token is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollSchedule {
    /// How long after the last look, in each of the three stretches.
    pub every: [Duration; 3],
    /// How long after its beginning a watch leaves the first and the second stretch.
    pub until: [Duration; 2],
    /// How long a watch lasts at most.
    pub longest: Duration,
}

impl PollSchedule {
    /// Every 30 seconds for ten minutes, every two minutes for an hour after that, then every ten;
    /// a day at most.
    pub const DEFAULT: Self = Self {
        every: [
            Duration::from_secs(30),
            Duration::from_secs(120),
            Duration::from_secs(600),
        ],
        until: [Duration::from_secs(600), Duration::from_secs(4_200)],
        longest: Duration::from_secs(24 * 3_600),
    };

    fn pause(&self, since_beginning: SignedDuration) -> Duration {
        let stretch = self
            .until
            .iter()
            .filter(|until| since_beginning >= signed(**until))
            .count();
        self.every[stretch]
    }
}

/// The clock of the computer moves on while it sleeps, the timer does not: so no wait is longer
/// than this.
const MAX_SLEEP: Duration = Duration::from_secs(60);

/// How many looks may run at the same time.
const MAX_CONCURRENT: usize = 8;

impl Connections {
    /// Begins to wait for consent, anew if it was waited for already. [`Self::run_watches`] does
    /// the looking.
    ///
    /// # Errors
    /// When there is no such connection, or the store fails.
    pub async fn watch_consent(&self, id: ConnectionId) -> Result<Watch, Error> {
        let now = Timestamp::now();
        let watch = Watch {
            connection: id,
            began_at: now,
            ends_at: after(now, PollSchedule::DEFAULT.longest),
            next_at: now,
            looks: 0,
        };
        self.store().begin_watch(watch).await?;
        self.watches_changed().notify_one();
        Ok(watch)
    }

    /// Stops waiting for consent; nothing happens if nobody waits.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stop_watching(&self, id: ConnectionId) -> Result<(), Error> {
        self.store().stop_watch(id).await?;
        self.watches_changed().notify_one();
        Ok(())
    }

    /// The watch of a connection, if consent is awaited.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn watch_of(&self, id: ConnectionId) -> Result<Option<Watch>, Error> {
        self.store().watch(id).await
    }

    /// Looks after all watches, at [`PollSchedule::DEFAULT`], until it is dropped; one call for a program is
    /// enough.
    ///
    /// # Errors
    /// When the store fails for good.
    pub async fn run_watches(
        &self,
        on_end: &(dyn Fn(WatchEnd) + Sync),
    ) -> Result<Infallible, Error> {
        self.run_watches_at(&PollSchedule::DEFAULT, on_end).await
    }

    /// The same at another pace.
    ///
    /// # Errors
    /// When the store fails for good.
    pub async fn run_watches_at(
        &self,
        pace: &PollSchedule,
        on_end: &(dyn Fn(WatchEnd) + Sync),
    ) -> Result<Infallible, Error> {
        // A person who does not unlock the keychain for one look is not asked at the next.
        let once = self.asking_once();
        let mut round = WatchLoop {
            connections: once,
            pace,
            looks: JoinSet::new(),
            running: HashSet::new(),
        };
        loop {
            let sleep = match round.start_due(on_end).await {
                Err(Error::StoreBusy | Error::DiskFull) => pace.every[0],
                other => other?,
            };
            tokio::select! {
                Some(looked) = round.looks.join_next() => {
                    let (watch, seen) = looked.map_err(|_| Error::Closing)?;
                    round.running.remove(&watch.connection);
                    match round.record_result(watch, seen, on_end).await {
                        Ok(()) | Err(Error::NotFound) => {}
                        Err(error) => {
                            tracing::warn!(%error, "a look for consent could not be kept");
                            tokio::time::sleep(pace.every[0]).await;
                        }
                    }
                }
                () = self.watches_changed().notified() => round.connections = self.asking_once(),
                () = tokio::time::sleep(sleep) => {}
            }
        }
    }
}

struct WatchLoop<'a> {
    connections: Connections,
    pace: &'a PollSchedule,
    looks: JoinSet<(Watch, PollResult)>,
    running: HashSet<ConnectionId>,
}

impl WatchLoop<'_> {
    /// Starts the looks that are due, ends the watches whose time is over, and says how long
    /// nothing else is due.
    async fn start_due(&mut self, on_end: &(dyn Fn(WatchEnd) + Sync)) -> Result<Duration, Error> {
        let now = Timestamp::now();
        let mut sleep = MAX_SLEEP;
        for watch in self.connections.store().watches().await? {
            if self.running.contains(&watch.connection) {
                continue;
            }
            if now < watch.began_at {
                // The clock was ahead when it began, and has been put right: it begins now.
                self.connections.watch_consent(watch.connection).await?;
                continue;
            }
            let ends_at = watch.ends_at.min(after(watch.began_at, self.pace.longest));
            if now >= ends_at {
                self.end(watch, on_end, |connection| WatchEnd::OutOfTime {
                    connection,
                })
                .await?;
            } else if now < watch.next_at.min(ends_at) {
                let until = now.duration_until(watch.next_at.min(ends_at));
                sleep = sleep.min(until.unsigned_abs());
            } else if self.running.len() < MAX_CONCURRENT {
                self.running.insert(watch.connection);
                let connections = self.connections.clone();
                self.looks
                    .spawn(async move { (watch, connections.poll(watch.connection).await) });
            }
        }
        Ok(sleep)
    }

    async fn record_result(
        &self,
        watch: Watch,
        seen: PollResult,
        on_end: &(dyn Fn(WatchEnd) + Sync),
    ) -> Result<(), Error> {
        let wait = match seen {
            PollResult::Everything => return self.finish(watch, on_end).await,
            PollResult::Refused => {
                // A whole check has the last word here too.
                let report = Box::new(self.connections.check(watch.connection, &|_| {}).await?);
                if !matches!(report.outcome, Outcome::Fails | Outcome::NeedsSignIn) {
                    return self.go_on(watch, Duration::ZERO).await;
                }
                return self
                    .end(watch, on_end, |connection| WatchEnd::CannotGoOn {
                        connection,
                        report,
                    })
                    .await;
            }
            PollResult::NotYet => Duration::ZERO,
            PollResult::AskedToWait(wait) => wait,
        };
        self.go_on(watch, wait).await
    }

    /// Everything is in the token: a whole check has the last word, unless it could not say
    /// anything either way.
    async fn finish(&self, watch: Watch, on_end: &(dyn Fn(WatchEnd) + Sync)) -> Result<(), Error> {
        let report = self.connections.check(watch.connection, &|_| {}).await?;
        if report.outcome == Outcome::Inconclusive {
            return self
                .go_on(
                    watch,
                    Duration::from_secs(report.again_after_s.unwrap_or_default().into()),
                )
                .await;
        }
        let report = Box::new(report);
        self.end(watch, on_end, |connection| WatchEnd::Consented {
            connection,
            report,
        })
        .await
    }

    async fn go_on(&self, watch: Watch, at_least: Duration) -> Result<(), Error> {
        let now = Timestamp::now();
        let pause = self
            .pace
            .pause(watch.began_at.duration_until(now))
            .max(at_least);
        let watch = Watch {
            next_at: after(now, pause),
            looks: watch.looks.saturating_add(1),
            ..watch
        };
        self.connections.store().go_on_watching(watch).await
    }

    /// Ends a watch and says so, unless somebody has stopped it or begun it anew meanwhile.
    async fn end(
        &self,
        watch: Watch,
        on_end: &(dyn Fn(WatchEnd) + Sync),
        end: impl FnOnce(Box<Connection>) -> WatchEnd,
    ) -> Result<(), Error> {
        if self.connections.store().end_watch(&watch).await? {
            match self.connections.get(watch.connection).await {
                Ok(connection) => on_end(end(Box::new(connection))),
                // Removed meanwhile: there is nobody to tell anything about it.
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn after(at: Timestamp, pause: Duration) -> Timestamp {
    at.checked_add(signed(pause)).unwrap_or(Timestamp::MAX)
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Duration, PollSchedule, SignedDuration};

    #[test]
    fn it_looks_often_at_first_and_seldom_later() {
        let pause = |minutes| {
            PollSchedule::DEFAULT
                .pause(SignedDuration::from_mins(minutes))
                .as_secs()
        };
        assert_eq!(
            [0, 9, 10, 69, 70, 1_439].map(pause),
            [30, 30, 120, 120, 600, 600]
        );
        assert_eq!(PollSchedule::DEFAULT.longest, Duration::from_hours(24));
    }
}
