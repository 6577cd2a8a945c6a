//! One look: a fresh token, and whether it carries what the integration needs.

use std::time::Duration;

use model::{
    CheckReport, Connection, ConnectionId, Outcome, Permission, PermissionFinding, PermissionState,
    missing_from,
};

use crate::{Connections, Error, journal};

/// What a look has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PollResult {
    /// Everything that is needed is in the token.
    Everything,
    /// Something is still missing, or nothing could be learnt for a reason that passes.
    NotYet,
    /// The service asked to wait.
    AskedToWait(Duration),
    /// The credential was refused or is gone.
    Refused,
}

impl Connections {
    /// Asks for one token of a connection and compares it with what the connection's integration
    /// needs.
    pub(super) async fn poll(&self, id: ConnectionId) -> PollResult {
        match self.permissions_now(id).await {
            Ok((connection, Some(held))) => self.compare(&connection, &held).await,
            Ok((_, None)) => self.look_by_checking(id).await,
            Err(error) => seen_in(&error),
        }
    }

    /// What a fresh token carries; `None` when the token cannot be read.
    async fn permissions_now(
        &self,
        id: ConnectionId,
    ) -> Result<(Connection, Option<Vec<String>>), Error> {
        // A locked keychain asks its person now, while nobody waits behind us.
        journal::open(self.store(), self.keychain(), id).await?;
        let _mine = self.lock_credential(id).await?;
        let (connection, secret) = journal::open(self.store(), self.keychain(), id).await?;
        let cloud = self.cloud(&connection.cloud)?;
        let fresh = self.fresh_token(&connection, &cloud, &secret, None).await?;
        let held = fresh
            .issued
            .permissions(connection.method.permission_kind());
        Ok((connection, held))
    }

    async fn compare(&self, connection: &Connection, held: &[String]) -> PollResult {
        let last = self.last_report(connection.id).await.ok().flatten();
        let kind = connection.method.permission_kind();
        let nobody_can = |permission: &&Permission| {
            last.as_ref()
                .is_some_and(|report| is_not_offered(report, permission))
        };
        let missing = missing_from(&connection.needed(), kind, held);
        if missing.iter().all(nobody_can) {
            PollResult::Everything
        } else {
            PollResult::NotYet
        }
    }

    /// With a token that cannot be read only a whole check can tell.
    async fn look_by_checking(&self, id: ConnectionId) -> PollResult {
        match self.check(id, &|_| {}).await {
            Ok(report) if has_everything(&report) => PollResult::Everything,
            Ok(report) if report.outcome == Outcome::NeedsSignIn => PollResult::Refused,
            Ok(report) => PollResult::AskedToWait(Duration::from_secs(
                report.again_after_s.unwrap_or_default().into(),
            )),
            Err(error) => seen_in(&error),
        }
    }
}

/// Whether the tenant has granted everything, as far as a check could learn it without reading the
/// token. What else the check has to say, such as a license that is missing, nobody can consent to.
fn has_everything(report: &CheckReport) -> bool {
    let proved = matches!(report.outcome, Outcome::Works | Outcome::WorksWithGaps);
    let settled = |finding: &PermissionFinding| match finding.state {
        PermissionState::Granted | PermissionState::Covered | PermissionState::Excess => true,
        PermissionState::Unknown => {
            finding.granted == Some(true) || finding.in_token == Some(false)
        }
        PermissionState::Missing | PermissionState::NotYetInToken | PermissionState::WrongKind => {
            false
        }
    };
    report.outcome == Outcome::Works || (proved && report.permissions.iter().all(settled))
}

/// Whether the last check found that the cloud's Graph has no such permission: nobody can grant it,
/// so nobody waits for it.
fn is_not_offered(report: &CheckReport, permission: &Permission) -> bool {
    let is_it = |name: &str| name.eq_ignore_ascii_case(permission.name);
    let found = report
        .permissions
        .iter()
        .find(|finding| is_it(&finding.name));
    found.is_some_and(|finding| {
        finding.state == PermissionState::Unknown && finding.in_token == Some(false)
    })
}

/// What a failure says about going on. An application that the tenant does not know may be one that
/// comes with consent.
fn seen_in(error: &Error) -> PollResult {
    match error {
        Error::Entra(entra::Error::Throttled { retry_after, .. }) => {
            PollResult::AskedToWait(*retry_after)
        }
        Error::Entra(entra::Error::CredentialRefused { .. } | entra::Error::NeedsSignIn { .. }) => {
            PollResult::Refused
        }
        Error::Keychain(error) if error.is_loss() => PollResult::Refused,
        Error::Entra(_)
        | Error::Remembered { .. }
        | Error::Keychain(_)
        | Error::NameTaken
        | Error::Invalid { .. }
        | Error::NotFound
        | Error::Overtaken
        | Error::NewerStore { .. }
        | Error::StoreDamaged { .. }
        | Error::StoreUnwritable { .. }
        | Error::StoreForeign { .. }
        | Error::StoreOpen { .. }
        | Error::DiskFull
        | Error::StoreBusy
        | Error::ScriptsMayNot
        | Error::SecretNotAllowed
        | Error::NoClientSecret
        | Error::Busy
        | Error::Store(_)
        | Error::CloudsFile { .. }
        | Error::NotProved { .. }
        | Error::Closing => PollResult::NotYet,
    }
}
