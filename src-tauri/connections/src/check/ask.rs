//! What is asked of the login and Graph hosts, and what they answered. Nothing here judges.
//!
//! The token is asked for beside the tenant's description, and everything that needs the token at
//! once when it is there. So a check's critical path is two answers long: the token, and the
//! slowest read from Graph.

use std::{future::Future, sync::Arc, time::Instant};

use entra::{
    AccessToken, ClaimsChallenge, Cloud, GraphPermissions, Me, Organization, Registration,
    TenantFacts, TokenClaims,
};
use model::PermissionKind;

use super::{
    CHECK_TIMEOUT, CheckContext, CheckTarget, Credential, Rotated, messages, permissions::Grants,
    progress::ProgressReporter,
};

/// An answer, and how long it took in milliseconds.
#[derive(Debug)]
pub(super) struct Timed<T> {
    pub(super) ms: u32,
    pub(super) answer: Result<T, entra::Error>,
}

/// Everything that was asked.
pub(super) struct Answers {
    pub(super) tenant: Timed<TenantFacts>,
    /// `None` when the tenant had to be described first and was not.
    pub(super) token: Option<Timed<Fresh>>,
    /// `None` when there was no token to read with.
    pub(super) reads: Option<Reads>,
}

/// A token, and what came with it.
pub(super) struct Fresh {
    pub(super) access: AccessToken,
    /// What can be read in the token.
    pub(super) claims: Option<TokenClaims>,
    /// The permissions that the token response names; only for a person.
    pub(super) granted: Option<Vec<String>>,
    pub(super) rotated: Option<Rotated>,
}

/// What was read with the token.
pub(super) struct Reads {
    /// The read that proves the token.
    pub(super) owner: Timed<Owner>,
    /// The tenant, once more for a person: only it has the tenant's name.
    pub(super) organization: Option<Timed<Organization>>,
    pub(super) registration: Timed<Registration>,
    pub(super) grants: Timed<Grants>,
    pub(super) catalogue: Timed<Arc<GraphPermissions>>,
    /// `None` when there is no probe for this integration.
    pub(super) probe: Option<Timed<()>>,
}

/// Whom Graph takes the token's owner for.
#[derive(Debug)]
pub(super) enum Owner {
    Person(Me),
    Tenant(Organization),
}

/// Asks for everything; `progress` hears early of what is certain early.
pub(super) async fn ask(
    context: &CheckContext<'_>,
    target: &CheckTarget,
    began: Instant,
    on_rotated: &(dyn Fn(&Rotated) + Sync),
    progress: &ProgressReporter<'_>,
) -> Answers {
    let asking = CheckRequests {
        context,
        target,
        began,
        on_rotated,
        progress,
    };
    if context.http.endpoints_known(&target.cloud) {
        let (tenant, (token, reads)) = tokio::join!(asking.describe_tenant(), asking.use_token());
        return Answers {
            tenant,
            token: Some(token),
            reads,
        };
    }
    // Where tokens are asked for is only known from the tenant's description.
    let tenant = asking.describe_tenant().await;
    if tenant.answer.is_err() {
        return Answers {
            tenant,
            token: None,
            reads: None,
        };
    }
    let (token, reads) = asking.use_token().await;
    Answers {
        tenant,
        token: Some(token),
        reads,
    }
}

struct CheckRequests<'a> {
    context: &'a CheckContext<'a>,
    target: &'a CheckTarget,
    began: Instant,
    on_rotated: &'a (dyn Fn(&Rotated) + Sync),
    progress: &'a ProgressReporter<'a>,
}

impl CheckRequests<'_> {
    async fn describe_tenant(&self) -> Timed<TenantFacts> {
        let (target, tenant) = (self.target, self.target.tenant());
        let described = self
            .login(entra::discover(self.context.http, &target.cloud, &tenant))
            .await;
        if let Ok(facts) = &described.answer {
            self.tell_of_host();
            self.progress.tell(messages::login::tenant_found(
                target,
                described.ms,
                facts,
                None,
            ));
        }
        described
    }

    /// Asks for a token and then, all together, for everything that needs it.
    async fn use_token(&self) -> (Timed<Fresh>, Option<Reads>) {
        let token = self.login(self.fresh_token(None, None)).await;
        let Ok(fresh) = &token.answer else {
            return (token, None);
        };
        self.tell_of_host();
        let app = fresh
            .claims
            .as_ref()
            .and_then(|claims| claims.app_name.as_deref());
        self.progress.tell(messages::login::token_issued(
            self.target,
            &fresh.access,
            app,
            token.ms,
        ));
        let reads = self.read(fresh).await;
        match reads.claims() {
            Some(claims) => self.answer_claims(token, reads, &claims).await,
            None => (token, Some(reads)),
        }
    }

    /// Asks once for a token with what Graph wants to see in it (continuous access evaluation), and
    /// reads again. If there is no such token without a person, what Graph said stands.
    async fn answer_claims(
        &self,
        token: Timed<Fresh>,
        reads: Reads,
        claims: &ClaimsChallenge,
    ) -> (Timed<Fresh>, Option<Reads>) {
        let rotated = token
            .answer
            .as_ref()
            .ok()
            .and_then(|fresh| fresh.rotated.clone());
        let mut again = self
            .login(self.fresh_token(Some(claims), rotated.as_ref()))
            .await;
        let Ok(fresh) = &mut again.answer else {
            return (token, Some(reads));
        };
        fresh.rotated = fresh.rotated.take().or(rotated);
        let reads = self.read(fresh).await;
        (again, Some(reads))
    }

    async fn fresh_token(
        &self,
        claims: Option<&ClaimsChallenge>,
        rotated: Option<&Rotated>,
    ) -> Result<Fresh, entra::Error> {
        let (http, cloud, tenant) = (self.context.http, &self.target.cloud, self.target.tenant());
        match &self.target.credential {
            Credential::ClientSecret {
                client_id, secret, ..
            } => {
                let access =
                    entra::client_credentials_with(http, cloud, &tenant, client_id, secret, claims)
                        .await?;
                Ok(Fresh {
                    claims: access.claims(),
                    access,
                    granted: None,
                    rotated: None,
                })
            }
            Credential::RefreshToken {
                client_id, token, ..
            } => {
                let token = rotated.map_or(token, |rotated| &rotated.token);
                let refreshed =
                    entra::refresh_with(http, cloud, &tenant, client_id, token, claims).await?;
                let granted = refreshed.granted;
                let rotated = refreshed.refresh.map(|token| Rotated {
                    token,
                    granted: granted.clone(),
                });
                rotated.iter().for_each(self.on_rotated);
                let access = refreshed.access;
                Ok(Fresh {
                    claims: access.claims(),
                    access,
                    granted: Some(granted),
                    rotated,
                })
            }
        }
    }

    async fn read(&self, fresh: &Fresh) -> Reads {
        let (http, cloud, client_id) = (
            self.context.http,
            &self.target.cloud,
            self.target.client_id(),
        );
        let tenant = self.target.tenant();
        let (owner, organization, registration, grants, catalogue, probe) = tokio::join!(
            self.owner(fresh),
            self.organization_of_person(fresh),
            self.graph(entra::registration(http, cloud, &fresh.access, &client_id)),
            self.graph(self.grants(fresh)),
            self.graph(
                self.context
                    .catalogues
                    .of(http, cloud, &tenant, &fresh.access)
            ),
            self.probe(fresh),
        );
        Reads {
            owner,
            organization,
            registration,
            grants,
            catalogue,
            probe,
        }
    }

    async fn owner(&self, fresh: &Fresh) -> Timed<Owner> {
        let (http, cloud) = (self.context.http, &self.target.cloud);
        let read = async {
            match self.target.permission_kind() {
                PermissionKind::Delegated => entra::me(http, cloud, &fresh.access)
                    .await
                    .map(Owner::Person),
                PermissionKind::Application => entra::organization(http, cloud, &fresh.access)
                    .await
                    .map(Owner::Tenant),
            }
        };
        let owner = self.graph(read).await;
        if let Ok(found) = &owner.answer {
            self.progress
                .tell(messages::graph::answered(owner.ms, found.evidence()));
        }
        owner
    }

    async fn organization_of_person(&self, fresh: &Fresh) -> Option<Timed<Organization>> {
        match self.target.permission_kind() {
            PermissionKind::Application => None,
            PermissionKind::Delegated => Some(
                self.graph(entra::organization(
                    self.context.http,
                    &self.target.cloud,
                    &fresh.access,
                ))
                .await,
            ),
        }
    }

    async fn grants(&self, fresh: &Fresh) -> Result<Grants, entra::Error> {
        let (http, cloud, client_id) = (
            self.context.http,
            &self.target.cloud,
            self.target.client_id(),
        );
        match self.target.account() {
            None => entra::role_assignments(http, cloud, &fresh.access, &client_id)
                .await
                .map(Grants::Ids),
            Some(account) => {
                let person = account.object_id.as_str();
                entra::delegated_grants(http, cloud, &fresh.access, &client_id, person)
                    .await
                    .map(Grants::Names)
            }
        }
    }

    async fn probe(&self, fresh: &Fresh) -> Option<Timed<()>> {
        let target = self.target;
        let probe = target.probe()?;
        let probed = self
            .graph(entra::probe(
                self.context.http,
                &target.cloud,
                &fresh.access,
                &probe,
            ))
            .await;
        let permitted = fresh.holds_any(probe.permissions);
        self.progress.tell(messages::graph::probed(
            target,
            &probe,
            permitted,
            probed.ms,
            &probed.answer,
        ));
        Some(probed)
    }

    fn tell_of_host(&self) {
        let cloud = &self.target.cloud;
        for finding in messages::network::answered(
            cloud,
            self.context.http.route(&cloud.login).as_ref(),
            self.began,
        ) {
            self.progress.tell_once(finding);
        }
    }

    async fn login<T>(&self, request: impl Future<Output = Result<T, entra::Error>>) -> Timed<T> {
        self.in_time(messages::login_host, request).await
    }

    async fn graph<T>(&self, request: impl Future<Output = Result<T, entra::Error>>) -> Timed<T> {
        self.in_time(messages::graph_host, request).await
    }

    /// Runs a request within what is left of the check's time.
    async fn in_time<T>(
        &self,
        host: fn(&Cloud) -> String,
        request: impl Future<Output = Result<T, entra::Error>>,
    ) -> Timed<T> {
        let asked = Instant::now();
        let left = CHECK_TIMEOUT.saturating_sub(self.began.elapsed());
        let answer = match tokio::time::timeout(left, request).await {
            Ok(answer) => answer,
            Err(_) => Err(entra::Error::TimedOut {
                host: host(&self.target.cloud),
            }),
        };
        Timed {
            ms: super::milliseconds(asked),
            answer,
        }
    }
}

impl Fresh {
    /// The permissions of the token: the response's word goes before what can be read in the token
    /// itself.
    pub(super) fn permissions(&self, kind: PermissionKind) -> Option<Vec<String>> {
        match kind {
            PermissionKind::Application => self.claims.as_ref().map(|claims| claims.roles.clone()),
            PermissionKind::Delegated => {
                let named = self.granted.clone().filter(|names| !names.is_empty());
                named.or_else(|| self.claims.as_ref().map(|claims| claims.scopes.clone()))
            }
        }
    }

    /// Whether the token carries one of these; `None` when it cannot be read.
    pub(super) fn holds_any(&self, names: &[&str]) -> Option<bool> {
        let kind = if self.granted.is_some() {
            PermissionKind::Delegated
        } else {
            PermissionKind::Application
        };
        let held = self.permissions(kind)?;
        Some(
            names
                .iter()
                .any(|name| held.iter().any(|held| held.eq_ignore_ascii_case(name))),
        )
    }
}

impl Owner {
    pub(super) fn evidence(&self) -> String {
        match self {
            Self::Person(me) => messages::graph::who(me),
            Self::Tenant(organization) => messages::graph::which(organization),
        }
    }
}

impl Answers {
    /// What the next sign-in has to be asked for, as the login host or Graph said.
    pub(super) fn claims(&self) -> Option<ClaimsChallenge> {
        let refused = self
            .token
            .as_ref()
            .and_then(|token| token.answer.as_ref().err());
        let by_login = refused.and_then(entra::Error::claims_challenge).cloned();
        by_login.or_else(|| self.reads.as_ref()?.claims())
    }

    /// The application's display name: as the registration has it, or as the token says.
    pub(super) fn app_name(&self) -> Option<&str> {
        let registered = self
            .reads
            .as_ref()
            .and_then(|reads| reads.registration.answer.as_ref().ok());
        let fresh = self
            .token
            .as_ref()
            .and_then(|token| token.answer.as_ref().ok());
        let claimed = fresh.and_then(|fresh| fresh.claims.as_ref()?.app_name.as_deref());
        registered
            .map(|registration| registration.display_name.as_str())
            .or(claimed)
    }
}

impl Reads {
    /// The claims that Graph wants a new token for, whichever read it said so to.
    fn claims(&self) -> Option<ClaimsChallenge> {
        let owner = self.owner.answer.as_ref().err();
        let probe = self
            .probe
            .as_ref()
            .and_then(|probe| probe.answer.as_ref().err());
        let organization = self
            .organization
            .as_ref()
            .and_then(|found| found.answer.as_ref().err());
        [owner, probe, organization]
            .into_iter()
            .flatten()
            .find_map(|error| error.claims_challenge().cloned())
    }

    /// The tenant as Graph knows it, by whichever read told.
    pub(super) fn organization(&self) -> Option<&Organization> {
        match (&self.owner.answer, &self.organization) {
            (Ok(Owner::Tenant(organization)), _) => Some(organization),
            (
                _,
                Some(Timed {
                    answer: Ok(organization),
                    ..
                }),
            ) => Some(organization),
            (_, _) => None,
        }
    }
}
