//! Finding connections again: the list, one of them, its name, its last report.

use model::{CheckReport, Connection, ConnectionId, ConnectionName, Integration};

use crate::{Connections, Error, journal, sort_by_name};

/// What the list shows.
#[derive(Debug)]
pub struct List {
    /// Every connection, sorted by name.
    pub connections: Vec<Connection>,
    /// How many secrets of removed connections are still in the keychain, because it has not
    /// answered yet.
    pub removals_pending: usize,
}

impl Connections {
    /// Everything for the list, from the store alone, in the order of the names.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self) -> Result<List, Error> {
        let mut connections = self.store().list().await?;
        sort_by_name(&mut connections, |connection| connection.name.as_str());
        let removals_pending = journal::removals_pending(self.store()).await?;
        Ok(List {
            connections,
            removals_pending,
        })
    }

    /// One connection.
    ///
    /// # Errors
    /// When there is none, or the store cannot be read.
    pub async fn get(&self, id: ConnectionId) -> Result<Connection, Error> {
        self.store().get(id).await
    }

    /// Finds a connection by its name; case does not matter.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find(&self, name: &ConnectionName) -> Result<Connection, Error> {
        self.store().find(name.key()).await
    }

    /// The report of a connection's last check.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn last_report(&self, id: ConnectionId) -> Result<Option<CheckReport>, Error> {
        self.store().last_report(id).await
    }

    /// A number that changes whenever another program has changed something that is kept here, and
    /// never by this one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn data_version(&self) -> Result<i64, Error> {
        self.store().data_version().await
    }

    /// A name for a new connection: the integration's own, with a number if that is taken.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn suggest_name(&self, integration: Integration) -> Result<ConnectionName, Error> {
        let taken = self.store().list().await?;
        let is_taken = |name: &ConnectionName| taken.iter().any(|c| c.name.key() == name.key());
        Ok(ConnectionName::free(integration.name(), is_taken))
    }

    /// Refuses a name that another connection has.
    ///
    /// # Errors
    /// [`Error::NameTaken`], or when the store cannot be read.
    pub(crate) async fn require_free(&self, name: &ConnectionName) -> Result<(), Error> {
        if self.store().name_taken(name.key()).await? {
            Err(Error::NameTaken)
        } else {
            Ok(())
        }
    }
}
