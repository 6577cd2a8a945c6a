//! The store's half of checks: reports, what was learnt by them, and checks that could not run.

use model::{CheckReport, Connection, ConnectionId, Method, NotTested, Status, Step, StepState};
use rusqlite::{Transaction, params};

use super::{Problem, Store, found, rows};
use crate::Error;

/// Reports kept of each connection.
const CHECKS_KEPT: u32 = 50;

impl Store {
    /// Keeps the report of a check, with the status that follows from it and what it says of the
    /// connection itself. The last 50 of each connection are kept.
    ///
    /// Of a check that could not run nothing is kept but that: status, last report and everything
    /// known stay.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn record_check(
        &self,
        connection: ConnectionId,
        report: CheckReport,
        status: Status,
    ) -> Result<(), Error> {
        self.write(move |db| record(db, connection, &report, status))
            .await
    }

    /// Keeps beside what is known of these connections that a check of them could not run; says how
    /// many there are.
    ///
    /// # Errors
    /// Those of the store. A connection that is gone is left out.
    pub(crate) async fn record_not_tested(
        &self,
        connections: Vec<ConnectionId>,
        not_tested: NotTested,
    ) -> Result<usize, Error> {
        self.write(move |db| {
            let told = rows::json(&not_tested)?;
            let mut update = db.prepare(
                "UPDATE connections SET not_tested = ?2 WHERE id = ?1 AND deleted_at IS NULL",
            )?;
            let mut changed = 0;
            for id in connections {
                changed += update.execute(params![id.to_string(), told])?;
            }
            Ok(changed)
        })
        .await
    }

    /// The reports of the last checks of a connection's credential, newest first, `limit` at most.
    pub(crate) async fn reports(
        &self,
        id: ConnectionId,
        limit: u32,
    ) -> Result<Vec<CheckReport>, Error> {
        self.read(move |db| {
            let sql = "SELECT report FROM checks WHERE connection = ?1 \
                       AND id > (SELECT reports_after FROM connections WHERE id = ?1) ORDER BY id DESC LIMIT ?2";
            let mut query = db.prepare_cached(sql)?;
            let read = |row: &rusqlite::Row<'_>| rows::from_json(row, 0);
            let found = query.query_map(params![id.to_string(), limit], read)?.collect::<Result<_, _>>()?;
            Ok(found)
        })
        .await
    }

    /// The report of a connection's last check.
    pub(crate) async fn last_report(&self, id: ConnectionId) -> Result<Option<CheckReport>, Error> {
        let reports = self.reports(id, 1).await?;
        Ok(reports.into_iter().next())
    }

    /// A number that changes whenever another program has changed the store, and never by what this
    /// one does.
    ///
    /// Source: <https://www.sqlite.org/pragma.html#pragma_data_version>
    pub(crate) async fn data_version(&self) -> Result<i64, Error> {
        self.read(|db| Ok(db.query_row("PRAGMA data_version", [], |row| row.get(0))?))
            .await
    }
}

/// Keeps a report and what follows from it; of a check that could not run, only that.
pub(super) fn record(
    db: &Transaction<'_>,
    connection: ConnectionId,
    report: &CheckReport,
    status: Status,
) -> Result<(), Problem> {
    let (id, at) = (connection.to_string(), report.started_at.to_string());
    if let Some(not_tested) = NotTested::of(report) {
        let sql = "UPDATE connections SET not_tested = ?2 WHERE id = ?1 AND deleted_at IS NULL";
        return found(db.execute(sql, params![id, rows::json(&not_tested)?])?);
    }
    let sql = "UPDATE connections SET status = ?2, last_checked_at = ?3, not_tested = NULL \
               WHERE id = ?1 AND deleted_at IS NULL";
    found(db.execute(sql, params![id, rows::word(&status)?, at])?)?;
    learn(db, connection, report)?;
    let sql = "INSERT INTO checks (connection, started_at, report) VALUES (?1, ?2, ?3)";
    db.execute(sql, params![id, at, rows::json(report)?])?;
    let sql = "DELETE FROM checks WHERE connection = ?1 AND id NOT IN \
               (SELECT id FROM checks WHERE connection = ?1 ORDER BY id DESC LIMIT ?2)";
    db.execute(sql, params![id, CHECKS_KEPT])?;
    Ok(())
}

/// Keeps what a check has learnt about the connection itself. What it could not read stays as it
/// was.
fn learn(
    db: &Transaction<'_>,
    connection: ConnectionId,
    report: &CheckReport,
) -> Result<(), Problem> {
    let id = connection.to_string();
    if let Some(name) = &report.tenant_name {
        db.execute(
            "UPDATE connections SET tenant_name = ?2 WHERE id = ?1",
            params![id, name],
        )?;
    }
    let known = rows::get(db, connection)?;
    // A check that did not get as far as the secret says nothing of it.
    if report.secret_expired || accepted(report) {
        db.execute(
            "UPDATE connections SET secret_expired = ?2 WHERE id = ?1",
            params![id, report.secret_expired],
        )?;
    }
    learn_expiry(db, known, report)
}

/// Whether the credential got a token.
fn accepted(report: &CheckReport) -> bool {
    report
        .findings
        .iter()
        .any(|finding| finding.step == Step::Credential && finding.state == StepState::Passed)
}

/// The tenant knows when its secret expires, and is followed also where somebody has entered
/// another day.
fn learn_expiry(
    db: &Transaction<'_>,
    known: Connection,
    report: &CheckReport,
) -> Result<(), Problem> {
    let mut method = known.method;
    let (
        Some(day),
        Method::AppRegistration {
            secret_expires_on, ..
        },
    ) = (report.secret_expires_on, &mut method)
    else {
        return Ok(());
    };
    *secret_expires_on = Some(day);
    let at = report.secret_expires_at.map(|at| at.to_string());
    let sql = "UPDATE connections SET method = ?2, secret_expires_at = ?3 WHERE id = ?1";
    db.execute(sql, params![known.id.to_string(), rows::json(&method)?, at])?;
    Ok(())
}
