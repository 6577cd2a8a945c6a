//! The last report of a connection as a document that can be given away.

use model::{CheckDocument, ConnectionId};

use crate::{Connections, Error};

impl Connections {
    /// The last report of a connection as JSON, as `docs/check-report.schema.json` describes it. It
    /// holds no secret.
    ///
    /// # Errors
    /// When there is no such connection, it was never tested, or the store cannot be read.
    pub async fn export_report(&self, id: ConnectionId) -> Result<String, Error> {
        let connection = self.get(id).await?;
        let untested = || Error::invalid("Report", "this connection has not been tested yet");
        let report = self.last_report(id).await?.ok_or_else(untested)?;
        let document = CheckDocument::new(&connection, report, env!("CARGO_PKG_VERSION"));
        let json = serde_json::to_string_pretty(&document)
            .map_err(|_| Error::invalid("Report", "it cannot be written as JSON"))?;
        Ok(json + "\n")
    }
}
