//! One visit of a person to the login pages, from the account picker to the answer.

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::TenantId;

use crate::{
    consent::{self, Missing},
    consent_answer,
    directory::{App, User},
    errors::{self, Refusal, Trace},
    log::{first, pairs},
    pages,
    permissions::known,
    policy, sign_in_answer,
    tenant_segment::TenantSegment,
    visit::{Interaction, Purpose, SignInRequest},
    world::{Shared, World},
};

/// `POST /{tenant}/login`: each button of each page ends here.
pub(crate) fn step(State(shared): State<Shared>, body: Bytes) -> Response {
    let form = pairs(&body);
    let mut world = shared.world();
    let id = first(&form, "flow").unwrap_or_default().to_owned();
    let Some(mut visit) = world.interactions.get(&id).cloned() else {
        return (StatusCode::BAD_REQUEST, pages::expired()).into_response();
    };
    let interaction_pages = InteractionPages {
        shared: &shared,
        id: &id,
    };
    if let Some(account) = first(&form, "account") {
        visit.account = Some(account.trim().to_owned());
        visit.proved = false;
        world.interactions.insert(id.clone(), visit.clone());
        return interaction_pages.password_page(&world, &visit, None);
    }
    if let Some(password) = first(&form, "password") {
        return interaction_pages.check_password(&mut world, visit, password);
    }
    match first(&form, "decision") {
        Some("accept") => {
            interaction_pages.accept(&mut world, &visit, first(&form, "everybody").is_some())
        }
        Some(_) => interaction_pages.cancel(&mut world, &visit),
        None => interaction_pages.picker_page(&world),
    }
}

/// The pages at which one visit is served.
pub(crate) struct InteractionPages<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) id: &'a str,
}

impl InteractionPages<'_> {
    pub(crate) fn picker_page(&self, world: &World) -> Response {
        pages::picker(self.id, &world.directory).into_response()
    }

    pub(crate) fn password_page(
        &self,
        world: &World,
        visit: &Interaction,
        problem: Option<&Refusal>,
    ) -> Response {
        let address = visit.account.as_deref().unwrap_or_default();
        match world.directory.user(address) {
            Some(user) => pages::password(self.id, user, problem).into_response(),
            None => self.refuse(world, visit, &errors::user_unknown(address)),
        }
    }

    fn check_password(
        &self,
        world: &mut World,
        mut visit: Interaction,
        password: &str,
    ) -> Response {
        let Some(user) = visit
            .account
            .as_deref()
            .and_then(|address| world.directory.user(address))
        else {
            return self.picker_page(world);
        };
        if user.password != password {
            return self.password_page(world, &visit, Some(&errors::wrong_password()));
        }
        visit.proved = true;
        world.interactions.insert(self.id.to_owned(), visit.clone());
        self.after_password(world, &visit)
    }

    fn after_password(&self, world: &mut World, visit: &Interaction) -> Response {
        let Some((user, app, tenant)) = parties(world, visit) else {
            return self.picker_page(world);
        };
        if !user.memberships.contains_key(&tenant) {
            let (provider, name) = (
                TenantSegment::Tenant(user.home),
                TenantSegment::Tenant(tenant),
            );
            let (provider, name) = (provider.name(&world.directory), name.name(&world.directory));
            let refusal = errors::user_not_in_tenant(
                &user.address,
                &provider,
                &name,
                app.client_id,
                &app.name,
            );
            return self.refuse(world, visit, &refusal);
        }
        match &visit.purpose {
            Purpose::AdminConsent(_) if !consent::is_admin(&user, tenant) => {
                pages::admin_needed(self.id, &app.name).into_response()
            }
            Purpose::AdminConsent(request) => {
                let wanted = consent_answer::wanted(&app, request);
                pages::consent_for_everybody(self.id, &app.name, &user, &wanted).into_response()
            }
            Purpose::SignIn(request) => {
                if let Err(refusal) =
                    policy::admit_person(&app, app.principals.get(&tenant), &user.address)
                {
                    return self.refuse(world, visit, &refusal);
                }
                if consent::nothing_to_ask(&app, tenant, &user, &request.scope) {
                    let name = visit.place.name(&world.directory);
                    return self.refuse(
                        world,
                        visit,
                        &errors::nothing_registered(app.client_id, &name),
                    );
                }
                let missing =
                    consent::missing(&app, tenant, &user, &request.scope, request.ask_again);
                self.ask_consent_or_answer(world, visit, request, &user, &app, missing)
            }
        }
    }

    fn ask_consent_or_answer(
        &self,
        world: &mut World,
        visit: &Interaction,
        request: &SignInRequest,
        user: &User,
        app: &App,
        missing: Missing,
    ) -> Response {
        if missing.needs_admin {
            return pages::admin_needed(self.id, &app.name).into_response();
        }
        if !missing.names.is_empty() {
            let may_choose = consent::is_admin(user, visit.place.tenant_for(user));
            return pages::consent(self.id, &app.name, user, &known(&missing.names), may_choose)
                .into_response();
        }
        world.interactions.remove(self.id);
        sign_in_answer::succeed(self.shared, world, visit, request, user)
    }

    /// "Accept": what may be consented to is worked out again, because a form can be made up.
    fn accept(&self, world: &mut World, visit: &Interaction, everybody: bool) -> Response {
        let Some((user, app, tenant)) = parties(world, visit).filter(|_| visit.proved) else {
            return self.picker_page(world);
        };
        let admin = consent::is_admin(&user, tenant);
        match &visit.purpose {
            Purpose::AdminConsent(_) if !admin => {
                pages::admin_needed(self.id, &app.name).into_response()
            }
            Purpose::AdminConsent(request) => {
                world.interactions.remove(self.id);
                consent_answer::succeed(world, visit.client_id, tenant, request)
            }
            Purpose::SignIn(request) => {
                let missing =
                    consent::missing(&app, tenant, &user, &request.scope, request.ask_again);
                if missing.needs_admin {
                    return pages::admin_needed(self.id, &app.name).into_response();
                }
                if let Some(app) = world.directory.app_mut(visit.client_id) {
                    let for_one = (!everybody || !admin).then_some(user.address.as_str());
                    consent::consent(app.principal_mut(tenant), missing.names, for_one);
                }
                world.interactions.remove(self.id);
                sign_in_answer::succeed(self.shared, world, visit, request, &user)
            }
        }
    }

    /// "Cancel" and "Return to the application".
    fn cancel(&self, world: &mut World, visit: &Interaction) -> Response {
        world.interactions.remove(self.id);
        let trace = Trace::new(visit.correlation.as_deref(), world.now());
        let name = world
            .directory
            .app(visit.client_id)
            .map(|app| app.name.clone())
            .unwrap_or_default();
        let is_admin =
            parties(world, visit).is_some_and(|(user, _, tenant)| consent::is_admin(&user, tenant));
        match &visit.purpose {
            Purpose::AdminConsent(request) if is_admin => {
                consent_answer::fail(request, &errors::admin_declined(), &trace)
            }
            Purpose::AdminConsent(request) => {
                consent_answer::fail(request, &errors::admin_needed(&name), &trace)
            }
            Purpose::SignIn(request) => {
                let refusal = if visit.proved {
                    errors::declined(&name)
                } else {
                    errors::sign_in_cancelled()
                };
                sign_in_answer::fail(self.shared, world, visit.place, request, &refusal, &trace)
            }
        }
    }

    /// An error that Microsoft shows on its own page and never sends to the application.
    fn refuse(&self, world: &World, visit: &Interaction, refusal: &Refusal) -> Response {
        let trace = Trace::new(visit.correlation.as_deref(), world.now());
        if refusal.number == errors::person_blocked().number {
            return pages::access_blocked(&trace, self.id).into_response();
        }
        pages::refusal(refusal, &trace, Some(self.id)).into_response()
    }
}

/// Copies of who and what take part, so that the world can be changed meanwhile.
fn parties(world: &World, visit: &Interaction) -> Option<(User, App, TenantId)> {
    let user = world.directory.user(visit.account.as_deref()?)?;
    let app = world.directory.app(visit.client_id)?;
    Some((user.clone(), app.clone(), visit.place.tenant_for(user)))
}
