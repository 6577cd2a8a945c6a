//! Editing what may change of a connection.

use jiff::Timestamp;
use model::{Connection, ConnectionId, Method, Need, Status};

use crate::{
    Connections, Error,
    day::parse_date,
    form::{parse_description, parse_need, parse_tags},
};

/// What may be edited after creation. The name is fixed, and a credential has ways of its own.
#[derive(Debug)]
pub struct Edit {
    /// Free text.
    pub description: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// The day on which the client secret expires, `yyyy-mm-dd`; `None` for OAuth.
    pub secret_expires_on: Option<String>,
    /// How much it is meant to do.
    pub need: Need,
}

impl Connections {
    /// Changes the description, the tags, the expiry date, and what the connection is meant to do.
    /// Its last test was judged by that, so another choice asks for a new one.
    ///
    /// # Errors
    /// When there is no such connection, the date or the choice cannot be read, or the store fails.
    pub async fn edit(&self, id: ConnectionId, edit: &Edit) -> Result<Connection, Error> {
        let mut connection = self.get(id).await?;
        connection.description = parse_description(&edit.description)?;
        connection.tags = parse_tags(&edit.tags)?;
        connection.updated_at = Timestamp::now();
        if let Method::AppRegistration {
            secret_expires_on, ..
        } = &mut connection.method
        {
            *secret_expires_on = parse_date(edit.secret_expires_on.as_deref())?;
        }
        let need = parse_need(
            edit.need.clone(),
            connection.integration,
            connection.method.permission_kind(),
        )?;
        if need != connection.need {
            (connection.need, connection.status) = (need, Status::NeverTested);
        }
        self.store().update_facts(&connection).await?;
        Ok(connection)
    }
}
