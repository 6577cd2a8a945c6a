//! What is asked of the login and Graph hosts. Nothing here judges.
//!
//! The token is asked for beside the tenant's description, and everything that needs the token at
//! once when it is there. So a check's critical path is two answers long: the token, and the
//! slowest read from Graph.

use std::{future::Future, time::Instant};

use entra::{ClaimsChallenge, Cloud, Organization, TenantFacts};
use model::PermissionKind;

use super::{
    answers::{Answers, Grants, Owner, Reads, Timed},
    context::{CHECK_TIMEOUT, CheckContext, milliseconds},
    messages,
    progress::ProgressReporter,
    target::CheckTarget,
};
use crate::credential::{IssuedToken, Rotated};

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
    let (token, reads) = Box::pin(asking.use_token()).await;
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
    async fn use_token(&self) -> (Timed<IssuedToken>, Option<Reads>) {
        let token = self.login(self.issue_token(None, None)).await;
        let Ok(issued) = &token.answer else {
            return (token, None);
        };
        self.tell_of_host();
        let app = issued
            .claims
            .as_ref()
            .and_then(|claims| claims.app_name.as_deref());
        self.progress.tell(messages::login::token_issued(
            self.target,
            &issued.access,
            app,
            token.ms,
        ));
        let reads = self.read(issued).await;
        match reads.claims() {
            Some(claims) => self.answer_claims(token, reads, &claims).await,
            None => (token, Some(reads)),
        }
    }

    /// Asks once for a token with what Graph wants to see in it (continuous access evaluation), and
    /// reads again. If there is no such token without a person, what Graph said stands.
    async fn answer_claims(
        &self,
        token: Timed<IssuedToken>,
        reads: Reads,
        claims: &ClaimsChallenge,
    ) -> (Timed<IssuedToken>, Option<Reads>) {
        let rotated = token
            .answer
            .as_ref()
            .ok()
            .and_then(|issued| issued.rotated.clone());
        let mut again = self
            .login(self.issue_token(Some(claims), rotated.as_ref()))
            .await;
        let Ok(issued) = &mut again.answer else {
            return (token, Some(reads));
        };
        issued.rotated = issued.rotated.take().or(rotated);
        let reads = self.read(issued).await;
        (again, Some(reads))
    }

    async fn issue_token(
        &self,
        claims: Option<&ClaimsChallenge>,
        rotated: Option<&Rotated>,
    ) -> Result<IssuedToken, entra::Error> {
        let (http, cloud) = (self.context.http, &self.target.cloud);
        let credential = &self.target.credential;
        let issued = credential.issue_token(http, cloud, claims, rotated).await?;
        issued.rotated.iter().for_each(self.on_rotated);
        Ok(issued)
    }

    async fn read(&self, issued: &IssuedToken) -> Reads {
        let (http, cloud, client_id) = (
            self.context.http,
            &self.target.cloud,
            self.target.client_id(),
        );
        let tenant = self.target.tenant();
        let (owner, organization, registration, grants, catalogue, probe) = tokio::join!(
            self.owner(issued),
            self.organization_of_person(issued),
            self.graph(entra::registration(http, cloud, &issued.access, &client_id)),
            self.graph(self.grants(issued)),
            self.graph(
                self.context
                    .catalogues
                    .of(http, cloud, &tenant, &issued.access)
            ),
            self.probe(issued),
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

    async fn owner(&self, issued: &IssuedToken) -> Timed<Owner> {
        let (http, cloud) = (self.context.http, &self.target.cloud);
        let read = async {
            match self.target.permission_kind() {
                PermissionKind::Delegated => entra::me(http, cloud, &issued.access)
                    .await
                    .map(Owner::Person),
                PermissionKind::Application => entra::organization(http, cloud, &issued.access)
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

    async fn organization_of_person(&self, issued: &IssuedToken) -> Option<Timed<Organization>> {
        match self.target.permission_kind() {
            PermissionKind::Application => None,
            PermissionKind::Delegated => Some(
                self.graph(entra::organization(
                    self.context.http,
                    &self.target.cloud,
                    &issued.access,
                ))
                .await,
            ),
        }
    }

    async fn grants(&self, issued: &IssuedToken) -> Result<Grants, entra::Error> {
        let (http, cloud, client_id) = (
            self.context.http,
            &self.target.cloud,
            self.target.client_id(),
        );
        match self.target.account() {
            None => entra::role_assignments(http, cloud, &issued.access, &client_id)
                .await
                .map(Grants::Ids),
            Some(account) => {
                let person = account.object_id.as_str();
                entra::delegated_grants(http, cloud, &issued.access, &client_id, person)
                    .await
                    .map(Grants::Names)
            }
        }
    }

    async fn probe(&self, issued: &IssuedToken) -> Option<Timed<()>> {
        let target = self.target;
        let probe = target.probe()?;
        let probed = self
            .graph(entra::probe(
                self.context.http,
                &target.cloud,
                &issued.access,
                &probe,
            ))
            .await;
        let permitted = issued.holds_any(target.permission_kind(), probe.permissions);
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
            ms: milliseconds(asked),
            answer,
        }
    }
}
