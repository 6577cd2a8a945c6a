//! The token endpoint: what is sent, and which answers are tokens (TK requirements, table C6).

mod answers;
mod contents;
mod requests;

use entra::{Error, client_credentials, refresh};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::authority::{Authority, client_id, http, tenant};

const SECRET: &str = "p~a+b&c%d=e f";

pub(crate) async fn as_application(authority: &Authority) -> Result<entra::AccessToken, Error> {
    client_credentials(
        &http(),
        &authority.cloud(),
        &tenant(),
        &client_id(),
        &SecretString::from(SECRET),
        None,
    )
    .await
}

pub(crate) async fn refreshed(authority: &Authority) -> Result<entra::Refreshed, Error> {
    refresh(
        &http(),
        &authority.cloud(),
        &tenant(),
        &client_id(),
        &SecretString::from("old-refresh-token"),
        None,
    )
    .await
}

fn tokens(change: impl FnOnce(&mut Value)) -> Value {
    let mut body =
        json!({"token_type": "Bearer", "expires_in": 3599, "access_token": "opaque-token"});
    change(&mut body);
    body
}
