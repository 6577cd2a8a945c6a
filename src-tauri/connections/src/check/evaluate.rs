//! What the answers prove, step by step. Nothing here asks for anything.

use std::time::Instant;

use entra::{Clouds, Route};
use jiff::ZonedDateTime;
use model::{Finding, Step};
use secrecy::ExposeSecret;

use super::{
    answers::{Answers, Owner, Reads, Timed},
    evaluation::{Evaluated, Evaluation, Severity},
    expiry::{self, Ends, Expiry},
    messages,
    permissions::{self, Facts},
    target::CheckTarget,
};
use crate::credential::{Credential, IssuedToken};

/// What the answers are evaluated by.
pub(super) struct Evaluator<'a> {
    pub(super) target: &'a CheckTarget,
    pub(super) clouds: &'a Clouds,
    /// How the login host was reached.
    pub(super) route: Option<Route>,
    pub(super) began: Instant,
    /// Now, where this computer is.
    pub(super) now: ZonedDateTime,
}

impl Evaluator<'_> {
    /// Goes up the ladder as far as it leads; the steps that are left are skipped, because of the
    /// one that did not pass.
    pub(super) fn evaluate(&self, answers: &Answers) -> Evaluation {
        let mut evaluation = Evaluation::default();
        let stopped_by = self.evaluate_steps(answers, &mut evaluation).err();
        if let Some(step) = stopped_by {
            let evaluated: Vec<Step> = evaluation
                .findings
                .iter()
                .map(|evaluated| evaluated.finding.step)
                .collect();
            let left = Step::ALL
                .into_iter()
                .filter(|step| *step != Step::Keychain && !evaluated.contains(step));
            evaluation.findings.extend(
                left.map(|left| messages::skipped(left, messages::because_of(step)).into()),
            );
        }
        evaluation
    }

    /// # Errors
    /// The step that did not pass.
    fn evaluate_steps(&self, answers: &Answers, evaluation: &mut Evaluation) -> Result<(), Step> {
        let findings = &mut evaluation.findings;
        self.network_steps(answers, findings)?;
        self.tenant(answers, findings)?;
        let (issued, reads) = self.credential(answers, findings)?;
        findings.push(self.identity(answers, issued, reads).into());
        let assessment = permissions::assess(&Facts::gather(self.target, issued, reads));
        let probed = reads
            .probe
            .as_ref()
            .is_some_and(|probe| probe.answer.is_ok());
        findings.push(messages::permissions::step(self.target, &assessment, probed).into());
        evaluation.permissions = Some(assessment);
        findings.push(self.graph_read(&reads.owner));
        findings.push(self.probe(issued, reads));
        let (finding, expires_on) = self.secret_expiry(reads);
        findings.push(finding.into());
        evaluation.expires_on = expires_on;
        Ok(())
    }

    /// Name, connection, TLS and clock: one answer of any kind proves that the host is there.
    fn network_steps(&self, answers: &Answers, findings: &mut Vec<Evaluated>) -> Result<(), Step> {
        let (target, route) = (self.target, self.route.as_ref());
        let token_answered = answers
            .token
            .as_ref()
            .is_some_and(|token| has_answered(&token.answer));
        match &answers.tenant.answer {
            Err(error) if error.is_network() && !token_answered => {
                let ms = answers.tenant.ms;
                let told = messages::network::unanswered(target, route, self.began, ms, error);
                findings.extend(told.into_iter().map(|finding| by_network(finding, error)));
                Err(messages::network::step_of(error))
            }
            Ok(_) | Err(_) => {
                let answered = messages::network::answered(&target.cloud, route, self.began);
                findings.extend(answered.into_iter().map(Evaluated::from));
                Ok(())
            }
        }
    }

    fn tenant(&self, answers: &Answers, findings: &mut Vec<Evaluated>) -> Result<(), Step> {
        let target = self.target;
        let name = answers
            .reads
            .as_ref()
            .and_then(Reads::organization)
            .map(|found| found.display_name.as_str());
        let Timed { ms, answer } = &answers.tenant;
        let token = answers.token.as_ref().map(|token| &token.answer);
        let evaluated = match (answer, token) {
            (Ok(facts), _) => messages::login::tenant_found(target, *ms, facts, name).into(),
            (Err(error), Some(Ok(_))) => {
                messages::login::tenant_proved_by_token(target, name, *ms, error).into()
            }
            (Err(error @ entra::Error::OtherCloud { login, graph }), _) => {
                let other = self.clouds.by_hosts(login, graph.as_deref());
                messages::login::tenant_elsewhere(target, other, *ms, error).into()
            }
            (Err(entra::Error::TenantNotFound { .. }), _) | (Err(_), None) => {
                self.refused(Step::Tenant, answers)
            }
            (Err(error), Some(Err(refusal))) if says_more(refusal) => messages::skipped(
                Step::Tenant,
                format!("its description could not be read: {}", bare(error)),
            )
            .into(),
            (Err(_), Some(Err(_))) => self.refused(Step::Tenant, answers),
        };
        let passed = evaluated.severity < Severity::PutOff;
        findings.push(evaluated);
        if passed { Ok(()) } else { Err(Step::Tenant) }
    }

    fn refused(&self, step: Step, answers: &Answers) -> Evaluated {
        let Timed { ms, answer } = &answers.tenant;
        match answer {
            Ok(_) => messages::skipped(step, messages::because_of(step)).into(),
            Err(error) => self.evaluated(messages::refused(step, self.target, *ms, error), error),
        }
    }

    fn credential<'a>(
        &self,
        answers: &'a Answers,
        findings: &mut Vec<Evaluated>,
    ) -> Result<(&'a IssuedToken, &'a Reads), Step> {
        let (Some(token), reads) = (&answers.token, &answers.reads) else {
            return Err(Step::Tenant);
        };
        match (&token.answer, reads) {
            (Ok(issued), Some(reads)) => {
                let app = answers.app_name();
                findings.push(
                    messages::login::token_issued(self.target, &issued.access, app, token.ms)
                        .into(),
                );
                Ok((issued, reads))
            }
            (Ok(_), None) => Err(Step::Credential),
            (Err(error), _) => {
                let finding = messages::refused(Step::Credential, self.target, token.ms, error);
                findings.push(self.evaluated(finding, error));
                Err(Step::Credential)
            }
        }
    }

    /// Whose token it is, by what stands in it or, when it cannot be read, by what Graph says to
    /// it.
    fn identity(&self, answers: &Answers, issued: &IssuedToken, reads: &Reads) -> Finding {
        let target = self.target;
        let described = answers
            .tenant
            .answer
            .as_ref()
            .ok()
            .and_then(|facts| facts.tenant_id);
        let expected = target.expected_tenant().or(described);
        let claims = issued.claims.as_ref();
        let by_graph = reads.organization().map(|organization| organization.id);
        let tenant = claims.and_then(|claims| claims.tenant_id).or(by_graph);
        if let Some((expected, found)) = expected
            .zip(tenant)
            .filter(|(expected, found)| expected != found)
        {
            return messages::login::identity_of_another_tenant(expected, found);
        }
        if let Some(found) = claims
            .and_then(|claims| claims.app_id)
            .filter(|id| *id != target.client_id())
        {
            return messages::login::identity_of_another_app(target, found);
        }
        let Some(account) = target.account() else {
            let read_in_token = claims.is_some_and(|claims| claims.tenant_id.is_some());
            return match tenant {
                Some(_) => messages::login::identity_confirmed(tenant, None, !read_in_token),
                None => messages::login::identity_unreadable(),
            };
        };
        let claimed = claims.and_then(|claims| claims.object_id.as_deref());
        let known_to_graph = match &reads.owner.answer {
            Ok(Owner::Person(me)) => Some(me.id.as_str()),
            Ok(Owner::Tenant(_)) | Err(_) => None,
        };
        match claimed.or(known_to_graph) {
            Some(id) if id == account.object_id => messages::login::identity_confirmed(
                tenant.or(expected),
                Some(account),
                claimed.is_none(),
            ),
            Some(_) => messages::login::identity_of_another_account(account),
            None => messages::login::identity_unreadable(),
        }
    }

    fn graph_read(&self, owner: &Timed<Owner>) -> Evaluated {
        use entra::Error as E;
        let (target, ms) = (self.target, owner.ms);
        match &owner.answer {
            Ok(owner) => messages::graph::answered(ms, owner.evidence()).into(),
            Err(error @ (E::Forbidden { .. } | E::LicenceMissing { .. })) => {
                messages::graph::forbidden(target, ms, error).into()
            }
            Err(error @ (E::GraphAbsent { .. } | E::Connect { .. } | E::NotMicrosoft { .. }))
                if target.cloud.custom =>
            {
                messages::graph::absent(&target.cloud, ms, error).into()
            }
            Err(error) => {
                self.evaluated(messages::refused(Step::GraphRead, target, ms, error), error)
            }
        }
    }

    /// A probe that is refused is a gap. One that was put off says nothing, and takes nothing from
    /// what was proved before.
    fn probe(&self, issued: &IssuedToken, reads: &Reads) -> Evaluated {
        let (Some(probe), Some(Timed { ms, answer })) = (self.target.probe(), &reads.probe) else {
            return messages::graph::no_probe(self.target).into();
        };
        let permitted = issued.holds_any(self.target.permission_kind(), probe.permissions);
        let finding = messages::graph::probed(self.target, &probe, permitted, *ms, answer);
        // A cloud without a Graph has nothing to probe; that is skipped.
        let is_tried = finding.state != model::StepState::Skipped;
        let put_off = answer
            .as_ref()
            .is_err_and(|error| messages::is_no_verdict(error) || is_no_answer(error));
        if is_tried && put_off {
            Evaluated {
                finding,
                severity: Severity::PutOff,
            }
        } else {
            finding.into()
        }
    }

    fn secret_expiry(&self, reads: &Reads) -> (Finding, Option<Ends>) {
        let (target, now) = (self.target, &self.now);
        let Credential::ClientSecret { secret, .. } = &target.credential else {
            return (messages::expiry::no_secret(), None);
        };
        match &reads.registration.answer {
            Ok(registration) => {
                let listed: Vec<_> = registration
                    .secrets
                    .iter()
                    .map(|s| (s.hint.clone(), s.expires_at))
                    .collect();
                let expiry = expiry::find(secret.expose_secret(), &listed, now.timestamp());
                let ends = if let Expiry::At(at) = &expiry {
                    Some(Ends::at(*at, now.time_zone()))
                } else {
                    None
                };
                (messages::expiry::found(target, &expiry, now), ends)
            }
            Err(error) => (
                messages::expiry::unread(target, messages::expiry::why_unread(error), now),
                None,
            ),
        }
    }

    /// What an error means for the connection as a whole.
    fn evaluated(&self, finding: Finding, error: &entra::Error) -> Evaluated {
        use entra::Error as E;
        let by_person = self.target.account().is_some();
        let wants_person = matches!(
            error,
            E::NeedsSignIn { .. }
                | E::ConsentMissing { .. }
                | E::NotAuthorized {
                    claims: Some(_),
                    ..
                }
        );
        let severity = if by_person && wants_person {
            Severity::NeedsPerson
        } else if messages::is_no_verdict(error) || is_no_answer(error) {
            Severity::PutOff
        } else {
            Severity::Broken
        };
        Evaluated { finding, severity }
    }
}

fn has_answered<T>(answer: &Result<T, entra::Error>) -> bool {
    answer
        .as_ref()
        .err()
        .is_none_or(|error| !error.is_network())
}

/// Whether a refused token says more than that the host did not answer or asks to wait.
fn says_more(refusal: &entra::Error) -> bool {
    !refusal.is_network() && !messages::is_no_verdict(refusal)
}

/// Whether no answer came from the host that was asked. That says nothing about the connection,
/// wherever it happens.
const fn is_no_answer(error: &entra::Error) -> bool {
    // An address that is not spoken to stands in the description of the cloud or the tenant, and no
    // network mends it.
    error.is_network() && !matches!(error, entra::Error::AddressRefused { .. })
}

/// What a failure on the way means: nothing about the connection, unless the way itself is not
/// allowed.
fn by_network(finding: Finding, error: &entra::Error) -> Evaluated {
    let failed = finding.state == model::StepState::Failed;
    if failed && is_no_answer(error) {
        Evaluated {
            finding,
            severity: Severity::PutOff,
        }
    } else {
        finding.into()
    }
}

/// An error's sentence as the end of another one.
fn bare(error: &entra::Error) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}
