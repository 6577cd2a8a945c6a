//! A new credential in the place of the old one. It is proved first: what works is never thrown
//! away for what does not, nor for what could not be tested, unless the person insists.

use model::{
    CheckReport, Connection, ConnectionId, Finding, Method, MethodKind, Tenant, inspect_secret,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{
    Connections, Error, Proof, Tested, check, day::parse_date, form::AppRegistration, journal,
};

/// A new client secret for a connection by App Registration, exactly as it was typed.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SecretForm {
    /// The client secret.
    #[cfg_attr(feature = "specta", specta(type = String))]
    pub client_secret: SecretString,
    /// The day on which it expires, `yyyy-mm-dd`.
    pub secret_expires_on: Option<String>,
    /// Whether the person insists that a GUID is the secret and not its ID.
    pub secret_id_is_right: bool,
}

impl Connections {
    /// Tests a new client secret of a connection, without keeping anything. The old one is not
    /// touched.
    ///
    /// # Errors
    /// When there is no such connection, it has no client secret, or the text cannot be one. What
    /// the servers say is in the report and is no error.
    pub async fn test_secret(
        &self,
        id: ConnectionId,
        form: &SecretForm,
        on_finding: &(dyn Fn(&Finding) + Sync),
    ) -> Result<Tested, Error> {
        let app = self.app_with(&self.get(id).await?, form)?;
        let of = app.digest();
        let target = check::CheckTarget {
            saved: true,
            ..app.into_target()
        };
        let checked = check::run(&self.check_context().await?, &target, &|_| {}, on_finding).await;
        Ok(Tested::new(checked.report, of))
    }

    /// Puts a new client secret in the place of the old one, once it has proved to work; what its
    /// test found is the connection's last report then.
    ///
    /// # Errors
    /// [`Error::NotProved`] when `tested` did not pass, or is of another secret. When the text
    /// cannot be a secret, or the keychain or the store cannot keep it. The old one stays in each
    /// case.
    pub async fn replace_secret(
        &self,
        id: ConnectionId,
        form: &SecretForm,
        tested: Tested,
    ) -> Result<(), Error> {
        let app = self.app_with(&self.get(id).await?, form)?;
        let tested = tested.of_exactly(&app.digest());
        let proof = tested.as_ref().map_or(Proof::NotTested, Proof::of);
        if proof != Proof::Works {
            return Err(Error::NotProved {
                method: MethodKind::AppRegistration,
                proof,
            });
        }
        self.exchange_secret(id, app, tested).await
    }

    /// Puts a new client secret in the place of the old one although nothing has proved that it
    /// works. Only for when a person has asked for it, knowing that. Returns what `tested` says of
    /// this very secret.
    ///
    /// # Errors
    /// When the text cannot be a secret, or the keychain or the store cannot keep it; the old one
    /// stays then.
    pub async fn replace_secret_anyway(
        &self,
        id: ConnectionId,
        form: &SecretForm,
        tested: Option<Tested>,
    ) -> Result<Proof, Error> {
        let app = self.app_with(&self.get(id).await?, form)?;
        let tested = tested.and_then(|tested| tested.of_exactly(&app.digest()));
        let proof = tested.as_ref().map_or(Proof::NotTested, Proof::of);
        // A test that came to nothing is no test.
        let tested = tested.filter(|_| proof != Proof::NotTested);
        self.exchange_secret(id, app, tested).await?;
        Ok(proof)
    }

    /// Puts a new credential in the place of the old one. What was found out with the old one no
    /// longer counts.
    pub(crate) async fn keep_credential(
        &self,
        id: ConnectionId,
        secret: &SecretString,
        method: Method,
        tested: Option<CheckReport>,
    ) -> Result<(), Error> {
        let _mine = self.lock_credential(id).await?;
        journal::replace_secret(self.store(), self.keychain(), id, secret, method, tested).await
    }

    /// The day that the directory names is the new secret's own; else it is what was typed, and
    /// never the old one's.
    async fn exchange_secret(
        &self,
        id: ConnectionId,
        app: AppRegistration,
        tested: Option<CheckReport>,
    ) -> Result<(), Error> {
        let Method::AppRegistration {
            client_id,
            tenant_id,
            domain,
            ..
        } = self.get(id).await?.method
        else {
            return Err(has_no_secret());
        };
        let read = tested.as_ref().and_then(|report| report.secret_expires_on);
        let secret_expires_on = read.or(app.secret_expires_on);
        let method = Method::AppRegistration {
            client_id,
            tenant_id,
            domain,
            secret_expires_on,
        };
        self.keep_credential(id, &app.secret, method, tested).await
    }

    /// The connection's own application with another secret.
    fn app_with(
        &self,
        connection: &Connection,
        form: &SecretForm,
    ) -> Result<AppRegistration, Error> {
        let Method::AppRegistration {
            client_id,
            tenant_id,
            ..
        } = &connection.method
        else {
            return Err(has_no_secret());
        };
        let (client_id, tenant) = (*client_id, Tenant::Id(*tenant_id));
        let text = form.client_secret.expose_secret();
        let inspected = inspect_secret(
            text,
            Some(client_id),
            Some(&tenant),
            form.secret_id_is_right,
        );
        let (cleaned, _) = inspected.map_err(|problem| Error::invalid("Client secret", problem))?;
        Ok(AppRegistration {
            integration: connection.integration,
            need: connection.need.clone(),
            cloud: self.cloud(&connection.cloud)?,
            client_id,
            tenant,
            secret: SecretString::from(cleaned.value),
            secret_expires_on: parse_date(form.secret_expires_on.as_deref())?,
        })
    }
}

fn has_no_secret() -> Error {
    Error::invalid(
        "Method",
        "this connection has no client secret; sign in again instead",
    )
}
