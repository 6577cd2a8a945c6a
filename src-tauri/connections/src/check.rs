//! One run of Test Connection: what is asked of the login and Graph hosts, in which order, and what the answers prove.
//!
//! Every check asks for a fresh token. What a token says about itself is evidence for people; only an answer of the
//! server decides.

mod words;

use std::{
    future::Future,
    time::{Duration, Instant},
};

use entra::{AccessToken, Cloud, Http, TokenClaims};
use jiff::Timestamp;
use model::{
    Account, CheckReport, ClientId, Connection, Finding, Integration, Method, Outcome, PermissionFinding,
    PermissionKind, PermissionState, Step, StepState, Tenant, TenantId, missing_from,
};
use secrecy::SecretString;

/// The most time that a check may take in all.
pub const LONGEST_CHECK: Duration = Duration::from_secs(10);

/// What is checked: an unsaved form or a saved connection, with its secret in hand.
pub(crate) struct Subject {
    pub(crate) cloud: Cloud,
    pub(crate) integration: Integration,
    pub(crate) credential: Credential,
}

/// What proves who the connection is.
pub(crate) enum Credential {
    /// Client ID and client secret of an app registration.
    ClientSecret { client_id: ClientId, tenant: Tenant, secret: SecretString },
    /// The refresh token of a person who signed in.
    RefreshToken { client_id: ClientId, account: Account, token: SecretString },
}

/// A finished check, and the refresh token that took the place of the one it used.
pub(crate) struct Checked {
    pub(crate) report: CheckReport,
    pub(crate) rotated: Option<Rotated>,
}

/// What a refresh brought that has to be kept.
pub(crate) struct Rotated {
    pub(crate) token: SecretString,
    pub(crate) granted: Vec<String>,
}

/// Runs a check; `on_finding` hears of each step as it ends. Dropping the future stops the check.
pub(crate) async fn run(http: &Http, subject: &Subject, on_finding: &(dyn Fn(&Finding) + Sync)) -> Checked {
    let mut run = Run::new(http, subject, on_finding);
    run.climb().await;
    run.finish()
}

/// A report of one step that failed before anything could be asked: the secret could not be read.
pub(crate) fn without_secret(error: &keychain::Error, on_finding: &(dyn Fn(&Finding) + Sync)) -> CheckReport {
    let started_at = Timestamp::now();
    let missing = matches!(error, keychain::Error::Missing | keychain::Error::Damaged);
    let finding = Finding { next: Some(error.next().to_owned()), ..words::failed(Step::Keychain, error.to_string()) };
    on_finding(&finding);
    let outcome = if missing { Outcome::NeedsSignIn } else { Outcome::Inconclusive };
    let headline = finding.summary.clone();
    CheckReport {
        started_at,
        took_ms: 0,
        outcome,
        headline,
        findings: vec![finding],
        permissions: Vec::new(),
        tenant_name: None,
        app_name: None,
        secret_expires_on: None,
        again_after_s: None,
    }
}

struct Run<'a> {
    http: &'a Http,
    subject: &'a Subject,
    on_finding: &'a (dyn Fn(&Finding) + Sync),
    started_at: Timestamp,
    began: Instant,
    findings: Vec<Finding>,
    permissions: Vec<PermissionFinding>,
    outcome: Option<Outcome>,
    rotated: Option<Rotated>,
}

/// A token, and what the token response said was granted with it.
struct Fresh {
    access: AccessToken,
    granted: Option<Vec<String>>,
}

impl<'a> Run<'a> {
    fn new(http: &'a Http, subject: &'a Subject, on_finding: &'a (dyn Fn(&Finding) + Sync)) -> Self {
        let (findings, permissions) = (Vec::new(), Vec::new());
        let (started_at, began) = (Timestamp::now(), Instant::now());
        Self { http, subject, on_finding, started_at, began, findings, permissions, outcome: None, rotated: None }
    }

    /// Takes one step after the other; a step that fails leaves the later ones out.
    async fn climb(&mut self) {
        let Some(tenant_id) = self.find_tenant().await else { return };
        let Some(fresh) = self.fetch_token(tenant_id).await else { return };
        let claims = fresh.access.claims();
        if !self.compare_identity(tenant_id, claims.as_ref()) {
            return;
        }
        self.compare_permissions(claims.as_ref(), fresh.granted.as_deref());
        self.read_graph(&fresh.access).await;
    }

    /// Asks the login host for the tenant's metadata: proves the host, its TLS, and that the tenant exists in that cloud.
    async fn find_tenant(&mut self) -> Option<TenantId> {
        let tenant = self.subject.tenant();
        let asked = Instant::now();
        let found = self.in_time(entra::discover(self.http, &self.subject.cloud, &tenant)).await;
        let ms = milliseconds(asked);
        let cloud = &self.subject.cloud;
        match found {
            Ok(facts) => {
                self.note(words::host_answered(cloud, ms));
                let expected = self.subject.expected_tenant();
                let id = facts.tenant_id.or(expected);
                self.note(words::tenant_found(&tenant, id, facts.region.as_deref()));
                id
            }
            Err(error) => {
                if error.is_network() {
                    self.fail(words::refused(Step::Connection, ms, &error), &error);
                } else {
                    self.note(words::host_answered(cloud, ms));
                    self.fail(words::refused(Step::Tenant, 0, &error), &error);
                }
                None
            }
        }
    }

    async fn fetch_token(&mut self, tenant_id: TenantId) -> Option<Fresh> {
        let asked = Instant::now();
        let fetched = self.in_time(self.ask_for_token(tenant_id)).await;
        let ms = milliseconds(asked);
        match fetched {
            Ok((fresh, rotated)) => {
                self.note(words::token_issued(self.subject, &fresh.access, ms));
                self.rotated = rotated;
                Some(fresh)
            }
            Err(error) => {
                self.fail(words::refused(Step::Credential, ms, &error), &error);
                None
            }
        }
    }

    async fn ask_for_token(&self, tenant_id: TenantId) -> Result<(Fresh, Option<Rotated>), entra::Error> {
        let (http, cloud) = (self.http, &self.subject.cloud);
        match &self.subject.credential {
            Credential::ClientSecret { client_id, secret, .. } => {
                let access = entra::client_credentials(http, cloud, &tenant_id, client_id, secret).await?;
                Ok((Fresh { access, granted: None }, None))
            }
            Credential::RefreshToken { client_id, token, .. } => {
                let tenant = Tenant::Id(tenant_id);
                let refreshed = entra::refresh(http, cloud, &tenant, client_id, token).await?;
                let granted = refreshed.granted;
                let rotated = refreshed.refresh.map(|token| Rotated { token, granted: granted.clone() });
                Ok((Fresh { access: refreshed.access, granted: Some(granted) }, rotated))
            }
        }
    }

    /// Compares whose token it is. A token that cannot be read proves nothing and stops nothing.
    fn compare_identity(&mut self, tenant_id: TenantId, claims: Option<&TokenClaims>) -> bool {
        let Some(claims) = claims else {
            self.note(words::identity_unknown());
            return true;
        };
        let account = self.subject.account();
        let other_tenant = claims.tenant_id.filter(|id| *id != tenant_id);
        let other_account = account.zip(claims.object_id.as_ref()).is_some_and(|(known, id)| known.object_id != *id);
        if let Some(other) = other_tenant {
            self.conclude(words::identity_of_another_tenant(tenant_id, other), Outcome::Fails);
        } else if other_account {
            self.conclude(words::identity_of_another_account(), Outcome::Fails);
        } else {
            self.note(words::identity_confirmed(tenant_id, account));
        }
        self.outcome.is_none()
    }

    fn compare_permissions(&mut self, claims: Option<&TokenClaims>, granted: Option<&[String]>) {
        let kind = self.subject.permission_kind();
        let held = match kind {
            PermissionKind::Application => claims.map(|claims| claims.roles.clone()),
            PermissionKind::Delegated => {
                claims.map(|c| c.scopes.clone()).filter(|s| !s.is_empty()).or(granted.map(<[_]>::to_vec))
            }
        };
        let required = self.subject.integration.permissions(kind);
        let missing = held.as_ref().map(|held| missing_from(&required, held));
        let state = |name: &str| match &missing {
            None => PermissionState::Unknown,
            Some(missing) if missing.iter().any(|m| m.name == name) => PermissionState::Missing,
            Some(_) => PermissionState::Granted,
        };
        self.permissions = required
            .iter()
            .map(|p| PermissionFinding {
                name: p.name.into(),
                kind,
                purpose: p.purpose.into(),
                state: state(p.name),
                required_by: vec![self.subject.integration],
                granted: None,
                in_token: None,
                covered_by: None,
                next: None,
            })
            .collect();
        let held = held.unwrap_or_default();
        self.note(words::permissions(&self.permissions, kind, held.is_empty()));
    }

    /// Reads once from Graph. A refusal for want of a permission (403) still proves that Graph takes the token.
    async fn read_graph(&mut self, access: &AccessToken) {
        let asked = Instant::now();
        let cloud = &self.subject.cloud;
        let read = async {
            match self.subject.permission_kind() {
                PermissionKind::Delegated => entra::me(self.http, cloud, access).await.map(words::who),
                PermissionKind::Application => entra::organization(self.http, cloud, access).await.map(words::which),
            }
        };
        let answer = self.in_time(read).await;
        let ms = milliseconds(asked);
        match answer {
            Ok(evidence) => self.note(words::graph_read(ms, evidence)),
            Err(error @ entra::Error::Forbidden { .. }) => self.note(words::graph_forbidden(self.subject, ms, &error)),
            Err(error) if cloud.custom && is_no_graph(&error) => self.note(words::graph_absent(cloud, ms, &error)),
            Err(error) => self.fail(words::refused(Step::GraphRead, ms, &error), &error),
        }
    }

    /// Runs one step within what is left of the check's time.
    async fn in_time<T>(&self, step: impl Future<Output = Result<T, entra::Error>>) -> Result<T, entra::Error> {
        let left = LONGEST_CHECK.saturating_sub(self.began.elapsed());
        match tokio::time::timeout(left, step).await {
            Ok(result) => result,
            Err(_) => Err(entra::Error::TimedOut { host: words::login_host(&self.subject.cloud) }),
        }
    }

    fn note(&mut self, finding: Finding) {
        (self.on_finding)(&finding);
        self.findings.push(finding);
    }

    fn fail(&mut self, finding: Finding, error: &entra::Error) {
        let by_person = self.subject.account().is_some();
        let wants_person = matches!(error, entra::Error::NeedsSignIn { .. } | entra::Error::ConsentMissing { .. });
        let outcome = if by_person && wants_person {
            Outcome::NeedsSignIn
        } else if words::is_no_verdict(error) {
            Outcome::Inconclusive
        } else {
            Outcome::Fails
        };
        self.conclude(finding, outcome);
    }

    fn conclude(&mut self, finding: Finding, outcome: Outcome) {
        self.note(finding);
        self.outcome = Some(outcome);
    }

    fn finish(mut self) -> Checked {
        self.skip_the_rest();
        let has_gap = self.findings.iter().any(|finding| finding.state == StepState::Warning);
        let outcome = self.outcome.unwrap_or(if has_gap { Outcome::WorksWithGaps } else { Outcome::Works });
        let headline = words::headline(outcome, &self.findings, &self.permissions);
        let report = CheckReport {
            tenant_name: None,
            app_name: None,
            secret_expires_on: None,
            again_after_s: None,
            started_at: self.started_at,
            took_ms: milliseconds(self.began),
            outcome,
            headline,
            findings: self.findings,
            permissions: self.permissions,
        };
        Checked { report, rotated: self.rotated }
    }

    fn skip_the_rest(&mut self) {
        let Some(last) = self.findings.last().map(|finding| finding.step) else { return };
        for step in [Step::Tenant, Step::Credential, Step::Identity, Step::Permissions, Step::GraphRead] {
            if step > last {
                self.note(words::skipped(step, last));
            }
        }
    }
}

impl Subject {
    /// A saved connection with its secret from the keychain.
    pub(crate) fn of(connection: &Connection, cloud: Cloud, secret: SecretString) -> Self {
        let credential = match &connection.method {
            Method::AppRegistration { client_id, tenant_id, .. } => {
                Credential::ClientSecret { client_id: *client_id, tenant: Tenant::Id(*tenant_id), secret }
            }
            Method::OAuth { client_id, account, .. } => {
                Credential::RefreshToken { client_id: *client_id, account: account.clone(), token: secret }
            }
        };
        Self { cloud, integration: connection.integration, credential }
    }

    fn tenant(&self) -> Tenant {
        match &self.credential {
            Credential::ClientSecret { tenant, .. } => tenant.clone(),
            Credential::RefreshToken { account, .. } => Tenant::Id(account.tenant_id),
        }
    }

    fn expected_tenant(&self) -> Option<TenantId> {
        match &self.credential {
            Credential::ClientSecret { tenant: Tenant::Id(id), .. } => Some(*id),
            Credential::ClientSecret { .. } => None,
            Credential::RefreshToken { account, .. } => Some(account.tenant_id),
        }
    }

    fn account(&self) -> Option<&Account> {
        match &self.credential {
            Credential::ClientSecret { .. } => None,
            Credential::RefreshToken { account, .. } => Some(account),
        }
    }

    fn permission_kind(&self) -> PermissionKind {
        match &self.credential {
            Credential::ClientSecret { .. } => PermissionKind::Application,
            Credential::RefreshToken { .. } => PermissionKind::Delegated,
        }
    }
}

/// Whether nothing that speaks as Graph does answers at the Graph address.
const fn is_no_graph(error: &entra::Error) -> bool {
    use entra::Error as E;
    matches!(error, E::GraphAbsent { .. } | E::Connect { .. } | E::NotMicrosoft { .. })
}

fn milliseconds(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}
