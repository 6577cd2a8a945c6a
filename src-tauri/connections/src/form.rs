//! The two forms as a person fills them in, and what can be said about them before anything is
//! sent.

use entra::Cloud;
use jiff::civil::Date;
use model::{
    CleanUp, ClientId, CloudId, ConnectionName, Integration, NameProblem, Need, PermissionKind,
    SecretProblem, SecretWarning, Tenant, contains_entra_secret, contains_secret, inspect_secret,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    Connections, Error,
    day::parse_date,
    verdict::{
        FieldVerdict, TextRange, client_id_verdict, date_verdict, name_verdict, need_verdict,
        secret_verdict, tenant_verdict,
    },
};

/// The fields of an App Registration connection, exactly as they were typed.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AppRegistrationForm {
    /// What the connection is for.
    pub integration: Integration,
    /// How much of that it is meant to do.
    pub need: Need,
    /// The cloud.
    pub cloud: CloudId,
    /// The name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// The Application (client) ID.
    pub client_id: String,
    /// The client secret.
    #[cfg_attr(feature = "specta", specta(type = String))]
    pub client_secret: SecretString,
    /// The tenant's ID or a domain.
    pub tenant: String,
    /// The day on which the secret expires, `yyyy-mm-dd`.
    pub secret_expires_on: Option<String>,
    /// Whether the person insists that a GUID is the secret and not its ID.
    pub secret_id_is_right: bool,
}

/// The fields of an OAuth connection, exactly as they were typed.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SignInForm {
    /// What the connection is for.
    pub integration: Integration,
    /// How much of that it is meant to do.
    pub need: Need,
    /// The cloud.
    pub cloud: CloudId,
    /// The name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// The Application (client) ID.
    pub client_id: String,
    /// The tenant's ID, a domain, or `organizations`.
    pub tenant: String,
}

/// What can be said about the form of an App Registration connection.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AppRegistrationVerdict {
    /// The name.
    pub name: FieldVerdict,
    /// The Application (client) ID.
    pub client_id: FieldVerdict,
    /// The client secret.
    pub client_secret: FieldVerdict,
    /// The tenant.
    pub tenant: FieldVerdict,
    /// The day on which the secret expires.
    pub secret_expires_on: FieldVerdict,
    /// Where in the text the secret stands that is probably meant, when something that nobody sees
    /// is around it.
    pub secret_within: Option<TextRange>,
    /// What it may do.
    pub need: FieldVerdict,
    /// Whether the secret was refused because it looks like the Secret ID, which a person may
    /// override.
    pub secret_looks_like_id: bool,
    /// Whether the connection can be tested: the three credentials are valid. The name may still be
    /// wrong.
    pub complete: bool,
}

/// What can be said about the form of an OAuth connection.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SignInVerdict {
    /// The name.
    pub name: FieldVerdict,
    /// The Application (client) ID.
    pub client_id: FieldVerdict,
    /// The tenant.
    pub tenant: FieldVerdict,
    /// What it may do.
    pub need: FieldVerdict,
    /// Whether the sign-in can begin.
    pub complete: bool,
}

/// The credentials of an app registration, read and found to be well formed.
#[derive(Clone)]
pub(crate) struct AppRegistration {
    pub(crate) integration: Integration,
    pub(crate) need: Need,
    pub(crate) cloud: Cloud,
    pub(crate) client_id: ClientId,
    pub(crate) tenant: Tenant,
    pub(crate) secret: SecretString,
    pub(crate) secret_expires_on: Option<Date>,
}

impl Connections {
    /// Looks at the form of an App Registration connection as it stands.
    ///
    /// # Errors
    /// When the store cannot be read. What is wrong with the form is in the verdict.
    pub async fn inspect_app_registration(
        &self,
        form: &AppRegistrationForm,
    ) -> Result<AppRegistrationVerdict, Error> {
        let taken = self.is_taken(&form.name).await?;
        Ok(form.inspect(|_| taken))
    }

    /// Looks at the form of an OAuth connection as it stands.
    ///
    /// # Errors
    /// When the store cannot be read. What is wrong with the form is in the verdict.
    pub async fn inspect_sign_in(&self, form: &SignInForm) -> Result<SignInVerdict, Error> {
        let taken = self.is_taken(&form.name).await?;
        Ok(form.inspect(|_| taken))
    }

    async fn is_taken(&self, text: &str) -> Result<bool, Error> {
        match ConnectionName::parse(text) {
            Ok(name) => self.store().name_taken(name.key()).await,
            Err(_) => Ok(false),
        }
    }
}

impl AppRegistrationForm {
    /// Looks at every field. `name_is_taken` tells whether another connection has that name.
    pub(crate) fn inspect(
        &self,
        name_is_taken: impl Fn(&ConnectionName) -> bool,
    ) -> AppRegistrationVerdict {
        let shows_secret = contains_secret(&self.name, self.client_secret.expose_secret());
        let name = name_verdict(&self.name, shows_secret, name_is_taken);
        let client_id = client_id_verdict(&self.client_id);
        let tenant = tenant_verdict(Tenant::parse_concrete(&self.tenant));
        let secret = self.inspect_secret();
        let secret_looks_like_id = secret == Err(SecretProblem::SecretId);
        let client_secret = secret_verdict(secret);
        let secret_within = TextRange::of_secret_in(self.client_secret.expose_secret());
        let secret_expires_on = date_verdict(self.secret_expires_on.as_deref());
        let need = need_verdict(&self.need, self.integration, PermissionKind::Application);
        let judged = [
            &client_id,
            &tenant,
            &client_secret,
            &secret_expires_on,
            &need,
        ];
        let complete = judged.iter().all(|field| field.is_valid());
        AppRegistrationVerdict {
            name,
            client_id,
            client_secret,
            tenant,
            secret_expires_on,
            secret_within,
            need,
            secret_looks_like_id,
            complete,
        }
    }

    /// Reads the credentials; the name is read by [`parse_name`].
    pub(crate) fn parse(&self, cloud: Cloud) -> Result<AppRegistration, Error> {
        let client_id = ClientId::parse(&self.client_id)
            .map_err(|problem| Error::invalid("Client ID", problem))?
            .value;
        let tenant = Tenant::parse_concrete(&self.tenant)
            .map_err(|problem| Error::invalid("Tenant ID", problem))?
            .value;
        let secret = inspect_secret(
            self.client_secret.expose_secret(),
            Some(client_id),
            Some(&tenant),
            self.secret_id_is_right,
        );
        let (cleaned, _) = secret.map_err(|problem| Error::invalid("Client secret", problem))?;
        refuse_shown(cleaned.value, &self.name, &self.description, &self.tags)?;
        let secret = SecretString::from(cleaned.value);
        let secret_expires_on = parse_date(self.secret_expires_on.as_deref())?;
        let (integration, need) = (self.integration, self.need.clone());
        let need = parse_need(need, integration, PermissionKind::Application)?;
        Ok(AppRegistration {
            integration,
            need,
            cloud,
            client_id,
            tenant,
            secret,
            secret_expires_on,
        })
    }

    fn inspect_secret(&self) -> Result<(Vec<CleanUp>, Vec<SecretWarning>), SecretProblem> {
        let client_id = ClientId::parse(&self.client_id).ok().map(|read| read.value);
        let tenant = Tenant::parse_concrete(&self.tenant)
            .ok()
            .map(|read| read.value);
        let secret = self.client_secret.expose_secret();
        let (cleaned, warnings) =
            inspect_secret(secret, client_id, tenant.as_ref(), self.secret_id_is_right)?;
        Ok((cleaned.notes, warnings))
    }
}

impl SignInForm {
    /// Looks at every field. `name_is_taken` tells whether another connection has that name.
    pub(crate) fn inspect(&self, name_is_taken: impl Fn(&ConnectionName) -> bool) -> SignInVerdict {
        let name = name_verdict(&self.name, false, name_is_taken);
        let client_id = client_id_verdict(&self.client_id);
        let tenant = tenant_verdict(Tenant::parse_for_sign_in(&self.tenant));
        let need = need_verdict(&self.need, self.integration, PermissionKind::Delegated);
        let complete = [&name, &client_id, &tenant, &need]
            .iter()
            .all(|field| field.is_valid());
        SignInVerdict {
            name,
            client_id,
            tenant,
            need,
            complete,
        }
    }
}

/// Refuses a secret that stands in a field which is shown and kept in the clear.
pub(crate) fn refuse_shown(
    secret: &str,
    name: &str,
    description: &str,
    tags: &[String],
) -> Result<(), Error> {
    if contains_secret(name, secret) {
        return Err(Error::invalid("Name", NameProblem::Secret));
    }
    if contains_secret(description, secret) {
        return Err(Error::invalid("Description", SHOWN));
    }
    if tags.iter().any(|tag| contains_secret(tag, secret)) {
        return Err(Error::invalid("Tags", SHOWN));
    }
    Ok(())
}

/// Said of a secret in a field that everybody may see.
const SHOWN: &str = "this holds a client secret, and this field is shown and kept in the clear";

/// Reads a name for a new connection.
pub(crate) fn parse_name(text: &str) -> Result<ConnectionName, Error> {
    ConnectionName::parse_new(text).map_err(|problem| Error::invalid("Name", problem))
}

/// Reads how much a connection is meant to do.
pub(crate) fn parse_need(
    need: Need,
    integration: Integration,
    kind: PermissionKind,
) -> Result<Need, Error> {
    need.checked(integration, kind)
        .map_err(|problem| Error::invalid("What it may do", problem))
}

/// Free text is kept as it was typed, without white space around it, up to 2,000 characters.
pub(crate) fn parse_description(text: &str) -> Result<String, Error> {
    if contains_entra_secret(text) {
        return Err(Error::invalid("Description", SHOWN));
    }
    Ok(text.trim().chars().take(2_000).collect())
}

/// Labels: trimmed, not empty, each once, at most 20 of 40 characters.
pub(crate) fn parse_tags(tags: &[String]) -> Result<Vec<String>, Error> {
    if tags.iter().any(|tag| contains_entra_secret(tag)) {
        return Err(Error::invalid("Tags", SHOWN));
    }
    let mut kept: Vec<String> = Vec::new();
    for tag in tags.iter().map(|tag| {
        tag.trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(40)
            .collect::<String>()
    }) {
        if !tag.is_empty()
            && !kept.iter().any(|other| other.eq_ignore_ascii_case(&tag))
            && kept.len() < 20
        {
            kept.push(tag);
        }
    }
    Ok(kept)
}
