//! `POST /{tenant}/oauth2/v2.0/token`: codes, refresh tokens and client credentials become access
//! tokens.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use model::{ClientId, TenantId};
use serde_json::{Map, Value, json};

use crate::{
    claims::{self, Life, Person},
    directory::{App, Principal},
    errors::{self, Refusal, Trace},
    issued::{Redemption, Refresh, SignIn},
    log::{first, pairs},
    policy,
    scope::{Reader, Scope},
    tenant_segment::TenantSegment,
    world::{Shared, World, overlay},
};

pub(crate) fn token(
    State(shared): State<Shared>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_form = header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let form = if is_form { pairs(&body) } else { Vec::new() };
    let mut world = shared.world();
    let trace = Trace::new(
        header("client-request-id").or(first(&form, "client-request-id")),
        world.now(),
    );
    let context = TokenRequestContext {
        shared: &shared,
        form: &form,
        basic: header("authorization").and_then(read_basic),
    };
    let mut response = match context.answer(&mut world, &tenant) {
        Ok(mut answer) => {
            overlay(&mut answer, &world.quirks.token_response);
            Json(answer).into_response()
        }
        Err(refusal) => refusal.json(&shared.login, &trace),
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store, no-cache"),
    );
    headers.insert(header::PRAGMA, header::HeaderValue::from_static("no-cache"));
    if let Ok(id) = header::HeaderValue::try_from(trace.trace_id.to_string()) {
        headers.insert("x-ms-request-id", id);
    }
    response
}

/// One request to the token endpoint.
struct TokenRequestContext<'a> {
    shared: &'a Shared,
    form: &'a [(String, String)],
    /// Client ID and secret of HTTP Basic authentication.
    basic: Option<(String, String)>,
}

type Answer = Map<String, Value>;

impl TokenRequestContext<'_> {
    fn answer(&self, world: &mut World, tenant: &str) -> Result<Answer, Refusal> {
        let place = TenantSegment::parse(&world.directory, tenant, "invalid_request")?;
        place.expect_here(&world.directory, tenant, self.secret().is_some())?;
        let grant = self.required("grant_type")?;
        let app = self.client(world, place)?;
        match grant {
            "client_credentials" => self.client_credentials(world, place, &app),
            "authorization_code" => self.authorization_code(world, place, &app),
            "refresh_token" => self.refresh_token(world, place, &app),
            other => Err(errors::unsupported_grant(other)),
        }
    }

    fn field(&self, name: &str) -> Option<&str> {
        first(self.form, name).filter(|value| !value.is_empty())
    }

    fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.field(name)
            .ok_or_else(|| errors::parameter_missing("body", name))
    }

    /// The application that asks; a copy, so that the world can be changed meanwhile.
    fn client(&self, world: &World, place: TenantSegment) -> Result<App, Refusal> {
        let basic = self.basic.as_ref().map(|(id, _)| id.as_str());
        let client_id = basic.or(self.field("client_id"));
        let client_id = client_id.ok_or_else(|| errors::parameter_missing("body", "client_id"))?;
        let not_found = || errors::app_not_found(client_id, &place.name(&world.directory));
        let app = client_id
            .parse::<ClientId>()
            .ok()
            .and_then(|id| world.directory.app(id))
            .ok_or_else(not_found)?;
        let tenant = match place {
            TenantSegment::Tenant(tenant) if app.is_in(tenant) => tenant,
            TenantSegment::Tenant(_) => return Err(not_found()),
            TenantSegment::Alias(alias) if !app.multi_tenant => {
                return Err(errors::not_multi_tenant(app.client_id, &app.name, alias));
            }
            TenantSegment::Alias(_) => app.home,
        };
        match app.principals.get(&tenant) {
            Some(principal) if !principal.enabled => {
                Err(errors::app_disabled(app.client_id, &app.name))
            }
            _ => Ok(app.clone()),
        }
    }

    fn secret(&self) -> Option<&str> {
        self.basic
            .as_ref()
            .map(|(_, secret)| secret.as_str())
            .or(self.field("client_secret"))
    }

    fn check_secret(
        &self,
        app: &App,
        now: Timestamp,
        missing: fn() -> Refusal,
    ) -> Result<(), Refusal> {
        let shown = self.secret().ok_or_else(missing)?;
        match app.secrets.iter().find(|secret| secret.value == shown) {
            Some(secret) if secret.expires <= now => Err(errors::expired_secret(app.client_id)),
            Some(_) => Ok(()),
            None => Err(errors::wrong_secret(app.client_id)),
        }
    }

    /// A public client must show no secret, a confidential one must.
    fn check_client(&self, app: &App, sign_in: &SignIn, now: Timestamp) -> Result<(), Refusal> {
        match (sign_in.public, self.secret()) {
            (true, Some(_)) => Err(errors::public_client_sent_secret()),
            (true, None) => Ok(()),
            (false, _) => self.check_secret(app, now, errors::secret_missing),
        }
    }

    fn read_scope(
        &self,
        world: &World,
        place: TenantSegment,
        app: &App,
        text: &str,
    ) -> Result<Scope, Refusal> {
        let directory = place.name(&world.directory);
        Reader {
            graph: &self.shared.graph,
            app: &app.name,
            directory: &directory,
        }
        .read(text)
    }

    /// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>
    fn client_credentials(
        &self,
        world: &mut World,
        place: TenantSegment,
        app: &App,
    ) -> Result<Answer, Refusal> {
        let TenantSegment::Tenant(tenant) = place else {
            return Err(errors::grant_not_at_alias());
        };
        self.check_secret(
            app,
            world.now(),
            errors::secret_missing_for_client_credentials,
        )?;
        let text = self.required("scope")?;
        if !text.ends_with("/.default") {
            return Err(errors::scope_not_default(text));
        }
        if !self.read_scope(world, place, app, text)?.is_only_default() {
            return Err(errors::scope_not_default(text));
        }
        let not_found =
            || errors::app_not_found(&app.client_id.to_string(), &place.name(&world.directory));
        let principal = app.principals.get(&tenant).ok_or_else(not_found)?;
        policy::admit_application(principal)?;
        let life = Life::begin(world.now());
        let token = claims::app_only(self.shared, app, tenant, principal, life);
        token_made(world, app.client_id, tenant);
        Ok(members(json!({
            "token_type": "Bearer", "expires_in": life.seconds, "ext_expires_in": life.seconds,
            "access_token": world.hand_out(token),
        })))
    }

    fn authorization_code(
        &self,
        world: &mut World,
        place: TenantSegment,
        app: &App,
    ) -> Result<Answer, Refusal> {
        let value = self.required("code")?;
        let code = world.issued.code(&Redemption {
            code: value,
            client_id: app.client_id,
            place: &place.canonical(),
            redirect_uri: self.required("redirect_uri")?,
            verifier: self.field("code_verifier"),
            now: world.now(),
        })?;
        self.check_client(app, &code.sign_in, world.now())?;
        check_alive(world, &code.sign_in, code.issued)?;
        let scope = match self.field("scope") {
            Some(text) => self.read_scope(world, place, app, text)?,
            None => code.scope.clone(),
        };
        // What sort of answer was asked for at the beginning counts, too: `openid` need not be
        // repeated here.
        let scope = scope.with_openid(code.scope.openid);
        let answer = self.delegated(world, app, &code.sign_in, &scope, code.nonce.as_deref())?;
        world.issued.mark_redeemed(value);
        Ok(answer)
    }

    fn refresh_token(
        &self,
        world: &mut World,
        place: TenantSegment,
        app: &App,
    ) -> Result<Answer, Refusal> {
        let refresh =
            world
                .issued
                .refresh(self.required("refresh_token")?, app.client_id, world.now())?;
        self.check_client(app, &refresh.sign_in, world.now())?;
        check_alive(world, &refresh.sign_in, refresh.issued)?;
        let scope = match self.field("scope") {
            Some(text) => self.read_scope(world, place, app, text)?,
            None => refresh.scope.clone(),
        };
        // Whoever holds a refresh token gets its successor, asked or not.
        let scope = scope.with_openid(["offline_access".to_owned()]);
        // Bound to the person and the application, not to the tenant: another tenant's path asks
        // for a token there.
        let tenant = match place {
            TenantSegment::Tenant(tenant) => tenant,
            TenantSegment::Alias(_) => refresh.sign_in.tenant,
        };
        self.delegated(
            world,
            app,
            &SignIn {
                tenant,
                ..refresh.sign_in
            },
            &scope,
            None,
        )
    }

    fn delegated(
        &self,
        world: &mut World,
        app: &App,
        sign_in: &SignIn,
        scope: &Scope,
        nonce: Option<&str>,
    ) -> Result<Answer, Refusal> {
        let person = person(world, app, sign_in)?;
        let principal = app.principals.get(&sign_in.tenant);
        let granted = principal
            .map(|principal| principal.scopes_in_token(&sign_in.address))
            .unwrap_or_default();
        let has_all = scope.names.is_subset(&granted) && !(scope.default && granted.is_empty());
        if !has_all {
            return Err(errors::consent_missing(app.client_id, &app.name));
        }
        let life = Life::begin(world.now());
        let in_token = granted
            .iter()
            .chain(scope.openid.iter().filter(|name| *name != "offline_access"))
            .cloned();
        let token = claims::delegated(self.shared, person, &in_token.collect(), life);
        let mut answer = members(json!({
            "token_type": "Bearer", "scope": scope.answer(&self.shared.graph, &granted),
            "expires_in": life.seconds, "ext_expires_in": life.seconds,
        }));
        if scope.wants("openid") {
            let mut claims = claims::id_token(self.shared, person, scope, nonce, life);
            overlay(&mut claims, &world.quirks.id_token);
            answer.insert("id_token".to_owned(), self.shared.keys.sign(&claims).into());
        }
        if self.field("client_info") == Some("1") {
            answer.insert(
                "client_info".to_owned(),
                claims::client_info(person.user).into(),
            );
        }
        if scope.wants("offline_access") {
            let refresh = Refresh {
                sign_in: sign_in.clone(),
                scope: scope.clone(),
                issued: world.now(),
            };
            answer.insert(
                "refresh_token".to_owned(),
                world.issued.add_refresh(refresh).into(),
            );
        }
        answer.insert("access_token".to_owned(), world.hand_out(token).into());
        token_made(world, app.client_id, sign_in.tenant);
        Ok(answer)
    }
}

fn token_made(world: &mut World, client_id: ClientId, tenant: TenantId) {
    let principal = world
        .directory
        .app_mut(client_id)
        .and_then(|app| app.principals.get_mut(&tenant));
    principal.into_iter().for_each(Principal::token_made);
}

/// Who stands behind a sign-in, unless the account is not in that tenant.
fn person<'a>(world: &'a World, app: &'a App, sign_in: &SignIn) -> Result<Person<'a>, Refusal> {
    let user = world
        .directory
        .user(&sign_in.address)
        .ok_or_else(|| errors::user_unknown(&sign_in.address))?;
    let name = |tenant: TenantId| TenantSegment::Tenant(tenant).name(&world.directory);
    let absent = || {
        errors::user_not_in_tenant(
            &user.address,
            &name(user.home),
            &name(sign_in.tenant),
            app.client_id,
            &app.name,
        )
    };
    let place = *user.memberships.get(&sign_in.tenant).ok_or_else(absent)?;
    policy::admit_person(app, app.principals.get(&sign_in.tenant), &user.address)?;
    Ok(Person {
        app,
        user,
        tenant: sign_in.tenant,
        place,
        public: sign_in.public,
    })
}

fn check_alive(world: &World, sign_in: &SignIn, issued: Timestamp) -> Result<(), Refusal> {
    let user = world
        .directory
        .user(&sign_in.address)
        .ok_or_else(|| errors::user_unknown(&sign_in.address))?;
    if user.generation == sign_in.generation {
        Ok(())
    } else {
        Err(errors::refresh_revoked(issued))
    }
}

/// HTTP Basic, whose two halves are form-encoded (RFC 6749, section 2.3.1).
fn read_basic(header: &str) -> Option<(String, String)> {
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |half: &str| {
        pairs(half.as_bytes())
            .into_iter()
            .next()
            .map(|(name, _)| name)
            .unwrap_or_default()
    };
    Some((decode(id), decode(secret)))
}

fn members(value: Value) -> Answer {
    match value {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Answer::new()
        }
    }
}
