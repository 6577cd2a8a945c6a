//! Test Connection on one saved connection: its secret, the lock of its credential, and what is kept
//! of the report.

use std::{
    sync::{Arc, PoisonError},
    time::Instant,
};

use model::{CheckReport, Connection, ConnectionId, Finding, Status};
use secrecy::SecretString;
use tokio::{sync::Mutex, task::JoinHandle};

use crate::{
    Connections, Error,
    check::{self, CheckContext, CheckTarget, Waits},
    credential::Rotated,
    credential_lock::CredentialLock,
    journal,
    not_kept::{NEW_TOKEN, not_kept},
    task::joined,
};

/// Where many checks read their secrets, one after the other: the first refusal of the keychain is
/// the answer for all, so that it asks its person once.
#[derive(Debug, Default)]
pub(crate) struct Gate(Mutex<Option<keychain::Error>>);

impl Connections {
    /// Runs Test Connection on a saved connection and keeps the report. One that could not run is
    /// shown and changes nothing of what is known; one that could not be kept says so
    /// ([`CheckReport::not_kept`]).
    ///
    /// # Errors
    /// When there is no such connection or the store fails. What the servers say is in the report
    /// and is no error.
    pub async fn check(
        &self,
        id: ConnectionId,
        on_finding: &(dyn Fn(&Finding) + Sync),
    ) -> Result<CheckReport, Error> {
        let (report, _) = self
            .check_and_keep(id, &Gate::default(), on_finding)
            .await?;
        Ok(report)
    }

    /// The same; says too for how long the hosts ask to be left alone.
    pub(crate) async fn check_and_keep(
        &self,
        id: ConnectionId,
        gate: &Gate,
        on_finding: &(dyn Fn(&Finding) + Sync),
    ) -> Result<(CheckReport, Waits), Error> {
        // A locked keychain asks its person now, while nobody waits behind us. The lock is held until
        // the report is kept.
        let (mine, (report, waits)) = match self.open_at(gate, id).await {
            Ok(_) => {
                let mine = Arc::new(self.lock_credential(id).await?);
                let checked = self.check_locked(id, &mine, gate, on_finding).await?;
                (Some(mine), checked)
            }
            Err(Error::Keychain(error)) => (
                None,
                (check::without_secret(&error, on_finding), Waits::default()),
            ),
            Err(error) => return Err(error),
        };
        let report = self.keep_report(id, report).await?;
        drop(mine);
        Ok((report, waits))
    }

    async fn check_locked(
        &self,
        id: ConnectionId,
        mine: &Arc<CredentialLock>,
        gate: &Gate,
        on_finding: &(dyn Fn(&Finding) + Sync),
    ) -> Result<(CheckReport, Waits), Error> {
        let asked = Instant::now();
        let (connection, secret) = match self.open_at(gate, id).await {
            Ok(opened) => opened,
            Err(Error::Keychain(error)) => {
                return Ok((check::without_secret(&error, on_finding), Waits::default()));
            }
            Err(error) => return Err(error),
        };
        let cloud = self.cloud(&connection.cloud)?;
        let target = CheckTarget::of(&connection, cloud, secret, asked.elapsed());
        let keeping = Keeping {
            connections: self,
            connection: &connection,
            mine,
            task: std::sync::Mutex::default(),
        };
        let checked = check::run(
            &self.check_context().await?,
            &target,
            &|rotated| keeping.begin(rotated.clone()),
            on_finding,
        )
        .await;
        if checked.signed_in {
            self.forget_refusal(&connection).await;
        }
        if let Some(claims) = &checked.claims {
            self.remember_claims(connection.id, claims).await;
        }
        let mut report = checked.report;
        report.not_kept = not_kept(NEW_TOKEN, keeping.ended().await)?;
        Ok((report, checked.waits))
    }

    /// Keeps the report of a check. One that cannot be kept is told all the same, and says so.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the connection is gone.
    pub(crate) async fn keep_report(
        &self,
        id: ConnectionId,
        mut report: CheckReport,
    ) -> Result<CheckReport, Error> {
        // The status of a connection that cannot be read is not known, and its report cannot be
        // kept either.
        let before = match self.get(id).await {
            Ok(connection) => connection.status,
            Err(error) => {
                report.not_kept = not_kept(REPORT, Err(error))?;
                return Ok(report);
            }
        };
        let kept = self
            .store()
            .record_check(id, report.clone(), Status::after(&report, before))
            .await;
        if let Some(problem) = not_kept(REPORT, kept)? {
            report.not_kept = Some(problem);
        }
        Ok(report)
    }

    /// What checks share.
    pub(crate) async fn check_context(&self) -> Result<CheckContext<'_>, Error> {
        Ok(CheckContext {
            http: self.http().await?,
            clouds: self.clouds(),
            catalogues: self.catalogues(),
        })
    }

    /// Reads a connection with its secret, unless the keychain has refused somebody else at this
    /// gate.
    async fn open_at(
        &self,
        gate: &Gate,
        id: ConnectionId,
    ) -> Result<(Connection, SecretString), Error> {
        let mut refused = gate.0.lock().await;
        if let Some(error) = &*refused {
            return Err(error.clone().into());
        }
        let opened = journal::open(self.store(), self.keychain(), id).await;
        if let Err(Error::Keychain(error)) = &opened
            && concerns_all(error)
        {
            *refused = Some(error.clone());
        }
        opened
    }
}

/// Keeps each refresh token that a check is given, on a task of its own: also when nobody waits for
/// the check any more. The task holds the lock, so that nobody uses the credential before its new
/// token is its own.
struct Keeping<'a> {
    connections: &'a Connections,
    connection: &'a Connection,
    mine: &'a Arc<CredentialLock>,
    task: std::sync::Mutex<Option<JoinHandle<Result<(), Error>>>>,
}

impl Keeping<'_> {
    /// Begins to keep a token; one that came before is kept before it.
    fn begin(&self, rotated: Rotated) {
        let (connections, connection, mine) = (
            self.connections.clone(),
            self.connection.clone(),
            Arc::clone(self.mine),
        );
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        let before = task.take();
        *task = Some(tokio::spawn(async move {
            if let Some(before) = before {
                // What became of it is said where it failed, and no longer counts.
                let _overtaken = before.await;
            }
            let kept = connections
                .keep_rotated(connection.id, &connection.method, &rotated)
                .await;
            drop(mine);
            kept
        }));
    }

    /// What became of the last one, if there was any.
    async fn ended(self) -> Result<(), Error> {
        match self
            .task
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
        {
            Some(task) => joined(task).await,
            None => Ok(()),
        }
    }
}

impl Gate {
    /// What the keychain said when it gave no secrets at all.
    pub(crate) async fn refusal(&self) -> Option<keychain::Error> {
        self.0.lock().await.clone()
    }
}

const REPORT: &str = "This report is shown but not kept";

/// Whether a refusal is about the keychain as a whole, and not about one secret in it.
fn concerns_all(error: &keychain::Error) -> bool {
    use keychain::Error as E;
    matches!(
        error,
        E::Unavailable | E::NoCollection | E::Locked | E::Denied | E::Busy | E::Other { .. }
    )
}
