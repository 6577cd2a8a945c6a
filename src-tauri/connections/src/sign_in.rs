//! Signing in by the browser: from the form to a connection whose refresh token is in the keychain.

use entra::{Attempt, Cloud, SignInRequest, SignedIn};
use jiff::Timestamp;
use model::{
    Account, CheckReport, ClientId, Connection, ConnectionId, ConnectionName, Finding, Integration,
    Method, MethodKind, Need, Permission, PermissionKind, Tenant, missing_from,
};
use uuid::Uuid;

use crate::{
    Connections, Error, Proof,
    check::{self, CheckTarget},
    credential::Credential,
    form::{SignInForm, parse_description, parse_name, parse_need, parse_tags},
    journal,
    not_kept::not_kept,
};

/// A sign-in that is about to begin: what it is for and whose application asks.
pub struct SignInPlan {
    integration: Integration,
    need: Need,
    cloud: Cloud,
    client_id: ClientId,
    tenant: Tenant,
    purpose: Purpose,
    /// Whether the person is asked for no more than who they are, because somebody else has to
    /// grant the rest.
    waits_for_consent: bool,
}

/// What becomes of a finished sign-in.
enum Purpose {
    Create {
        name: ConnectionName,
        description: String,
        tags: Vec<String>,
    },
    Renew {
        id: ConnectionId,
        account: Account,
    },
}

/// A finished sign-in and what its test found. Nothing of it is kept yet.
pub struct TriedSignIn {
    signed_in: SignedIn,
    report: CheckReport,
}

impl TriedSignIn {
    /// What its test found.
    pub const fn report(&self) -> &CheckReport {
        &self.report
    }
}

/// A finished sign-in that is kept.
#[derive(Debug)]
pub struct Kept {
    /// The connection.
    pub id: ConnectionId,
    /// Who signed in.
    pub account: Account,
    /// The delegated permissions that were granted.
    pub granted: Vec<String>,
    /// The names of those that the integration needs and that were not.
    pub missing: Vec<String>,
    /// What could not be kept beside it and why, as a sentence: the report of its test, or that it
    /// waits for consent.
    pub not_kept: Option<String>,
}

impl Kept {
    /// What its test found; says so when not everything could be kept.
    pub fn report(&self, tried: &TriedSignIn) -> CheckReport {
        CheckReport {
            not_kept: self.not_kept.clone(),
            ..tried.report.clone()
        }
    }
}

impl SignInPlan {
    /// A new connection of this plan, without what the person wrote about it.
    fn draft(&self, name: ConnectionName, method: Method) -> Connection {
        Connection::new(
            ConnectionId::new(Uuid::now_v7()),
            name,
            self.integration,
            self.cloud.id.clone(),
            method,
            Timestamp::now(),
        )
    }

    /// Whether a connection comes into being with this sign-in, rather than being renewed.
    pub const fn creates(&self) -> bool {
        matches!(self.purpose, Purpose::Create { .. })
    }

    /// The delegated permissions that are asked for.
    fn needed(&self) -> Vec<&'static Permission> {
        self.integration
            .needed(PermissionKind::Delegated, &self.need)
    }

    /// The same sign-in for whom an administrator has to grant the permissions first: the person is
    /// asked only for the one that says who they are, which needs no administrator in most tenants.
    /// What is kept waits for the rest.
    #[must_use]
    pub fn waiting_for_consent(self) -> Self {
        Self {
            waits_for_consent: true,
            ..self
        }
    }

    /// The account that the connection belongs to, when this sign-in renews one and somebody else
    /// signed in.
    pub fn replaces_account(&self, signed_in: &SignedIn) -> Option<&Account> {
        match &self.purpose {
            Purpose::Renew { account, .. } if !account.is_same(&signed_in.account) => Some(account),
            Purpose::Renew { .. } | Purpose::Create { .. } => None,
        }
    }
}

impl Connections {
    /// Plans the sign-in for a new connection.
    ///
    /// # Errors
    /// Names the field that is wrong, or says that the name is taken.
    pub async fn plan_sign_in(&self, form: &SignInForm) -> Result<SignInPlan, Error> {
        let name = parse_name(&form.name)?;
        self.require_free(&name).await?;
        let cloud = self.cloud(&form.cloud)?;
        let problem = |problem| Error::invalid("Application (client) ID", problem);
        let client_id = ClientId::parse(&form.client_id).map_err(problem)?.value;
        let tenant = Tenant::parse_for_sign_in(&form.tenant)
            .map_err(|problem| Error::invalid("Tenant", problem))?
            .value;
        let (description, tags) = (
            parse_description(&form.description)?,
            parse_tags(&form.tags)?,
        );
        let purpose = Purpose::Create {
            name,
            description,
            tags,
        };
        let need = parse_need(
            form.need.clone(),
            form.integration,
            PermissionKind::Delegated,
        )?;
        Ok(SignInPlan {
            integration: form.integration,
            need,
            cloud,
            client_id,
            tenant,
            purpose,
            waits_for_consent: false,
        })
    }

    /// Plans signing in again to an OAuth connection.
    ///
    /// # Errors
    /// When there is no such connection, or it is one by App Registration.
    pub async fn plan_sign_in_again(&self, id: ConnectionId) -> Result<SignInPlan, Error> {
        let connection = self.get(id).await?;
        let Method::OAuth {
            client_id,
            tenant,
            account,
            ..
        } = connection.method
        else {
            return Err(Error::invalid(
                "Method",
                "this connection has a client secret; replace that instead",
            ));
        };
        let cloud = self.cloud(&connection.cloud)?;
        let purpose = Purpose::Renew { id, account };
        let (integration, need) = (connection.integration, connection.need);
        Ok(SignInPlan {
            integration,
            need,
            cloud,
            client_id,
            tenant,
            purpose,
            waits_for_consent: false,
        })
    }

    /// Opens the loopback port for one attempt of a planned sign-in; its link can then be opened in
    /// any browser here.
    ///
    /// # Errors
    /// When the port cannot be opened, or too many attempts wait already.
    pub async fn begin_attempt(&self, plan: &SignInPlan) -> Result<Attempt, Error> {
        let scopes: Vec<String> = if plan.waits_for_consent {
            vec![Permission::OF_EVERY_SIGN_IN.to_owned()]
        } else {
            plan.needed()
                .iter()
                .map(|permission| permission.name.to_owned())
                .collect()
        };
        let login_hint = match &plan.purpose {
            Purpose::Renew { account, .. } => account.username.clone(),
            Purpose::Create { .. } => None,
        };
        let claims = match &plan.purpose {
            Purpose::Renew { id, .. } => self.claims_for_sign_in(*id).await,
            Purpose::Create { .. } => None,
        };
        let request = SignInRequest {
            cloud: plan.cloud.clone(),
            client_id: plan.client_id,
            tenant: plan.tenant.clone(),
            scopes,
            login_hint,
            claims,
        };
        let attempt = Attempt::begin(self.http().await?, request).await?;
        if !plan.cloud.may_open(attempt.url()) {
            let host = attempt.url().authority().to_owned();
            return Err(entra::Error::AddressRefused { host }.into());
        }
        Ok(attempt)
    }

    /// Tries a finished sign-in: a check with its refresh token. Nothing is kept, and what was kept
    /// before is not touched.
    ///
    /// # Errors
    /// When nothing can be asked at all. What the servers say is in the report and is no error.
    pub async fn try_sign_in(
        &self,
        plan: &SignInPlan,
        signed_in: SignedIn,
        on_finding: &(dyn Fn(&Finding) + Sync),
    ) -> Result<TriedSignIn, Error> {
        let (client_id, account) = (plan.client_id, signed_in.account.clone());
        let target = CheckTarget {
            cloud: plan.cloud.clone(),
            integration: plan.integration,
            need: plan.need.clone(),
            credential: Credential::RefreshToken {
                client_id,
                account,
                token: signed_in.refresh.clone(),
            },
            secret_expires_on: None,
            secret_expires_at: None,
            saved: true,
            keychain_ms: None,
        };
        let checked = check::run(&self.check_context().await?, &target, &|_| {}, on_finding).await;
        let mut tried = TriedSignIn {
            signed_in,
            report: checked.report,
        };
        if let Some(rotated) = checked.rotated {
            // The server may no longer know the token that it has exchanged.
            tried.signed_in.refresh = rotated.token;
            if !rotated.granted.is_empty() {
                tried.signed_in.granted = rotated.granted;
            }
        }
        Ok(tried)
    }

    /// Keeps a finished sign-in: the refresh token in the keychain, the rest in the store, with
    /// what its test found.
    ///
    /// # Errors
    /// [`Error::NotProved`] when it would take the place of another one and has not proved to work.
    /// When the keychain or the store cannot keep it. What was kept before stays in each case, and
    /// nothing else is left behind.
    pub async fn keep_sign_in(
        &self,
        plan: &SignInPlan,
        tried: &TriedSignIn,
    ) -> Result<Kept, Error> {
        let proof = Proof::of(&tried.report);
        if !plan.creates() && proof != Proof::Works {
            return Err(Error::NotProved {
                method: MethodKind::OAuth,
                proof,
            });
        }
        self.keep_sign_in_anyway(plan, tried).await
    }

    /// The same although nothing has proved that it works. Only for when a person has asked for it,
    /// knowing that.
    ///
    /// # Errors
    /// When the keychain or the store cannot keep it; what was kept before stays then.
    pub async fn keep_sign_in_anyway(
        &self,
        plan: &SignInPlan,
        tried: &TriedSignIn,
    ) -> Result<Kept, Error> {
        let account = tried.signed_in.account.clone();
        let granted = tried.signed_in.granted.clone();
        let (id, mut problem) = self.keep_credential_of(plan, tried).await?;
        let missing = missing_from(&plan.needed(), PermissionKind::Delegated, &granted);
        if plan.waits_for_consent && !missing.is_empty() {
            let watched = self.watch_consent(id).await.map(drop);
            problem = problem.or(not_kept("Nobody looks whether consent was given", watched)?);
        }
        let missing = missing
            .into_iter()
            .map(|permission| permission.name.to_owned())
            .collect();
        Ok(Kept {
            id,
            account,
            granted,
            missing,
            not_kept: problem,
        })
    }

    /// Keeps the refresh token and what its test found; says under which ID, and what of the report
    /// could not be kept.
    async fn keep_credential_of(
        &self,
        plan: &SignInPlan,
        tried: &TriedSignIn,
    ) -> Result<(ConnectionId, Option<String>), Error> {
        let SignedIn {
            account,
            refresh,
            granted,
            ..
        } = &tried.signed_in;
        // A test that came to nothing is no test.
        let report =
            Some(tried.report.clone()).filter(|report| Proof::of(report) != Proof::NotTested);
        let method = Method::OAuth {
            client_id: plan.client_id,
            tenant: plan.tenant.clone(),
            account: account.clone(),
            granted: granted.clone(),
        };
        match &plan.purpose {
            Purpose::Create {
                name,
                description,
                tags,
            } => {
                let connection = Connection {
                    need: plan.need.clone(),
                    description: description.clone(),
                    tags: tags.clone(),
                    ..plan.draft(name.clone(), method)
                };
                journal::create(self.store(), self.keychain(), &connection, refresh).await?;
                let not_kept = match report {
                    Some(report) => self.keep_report(connection.id, report).await?.not_kept,
                    None => None,
                };
                Ok((connection.id, not_kept))
            }
            Purpose::Renew { id, .. } => {
                self.keep_credential(*id, refresh, method, report).await?;
                self.forget_claims(*id).await;
                Ok((*id, None))
            }
        }
    }
}
