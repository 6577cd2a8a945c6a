//! The permissions that Microsoft Graph has in each tenant, remembered for a while: the list is
//! long, seldom changes, and is the same for every connection to that tenant.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use entra::{AccessToken, Cloud, GraphPermissions, Http};
use model::{CloudId, Tenant};

/// How long a list counts.
const LIFETIME: Duration = Duration::from_secs(3_600);

/// No more tenants are remembered than these.
const MAX_TENANTS: usize = 50;

/// What was read, by cloud and tenant.
#[derive(Default)]
pub(crate) struct Catalogues(Mutex<HashMap<Key, Known>>);

type Key = (CloudId, Tenant);

/// When it was read, and what.
type Known = (Instant, Arc<GraphPermissions>);

impl Catalogues {
    /// The list of a tenant: as remembered, or read with this token.
    pub(super) async fn of(
        &self,
        http: &Http,
        cloud: &Cloud,
        tenant: &Tenant,
        token: &AccessToken,
    ) -> Result<Arc<GraphPermissions>, entra::Error> {
        let key = (cloud.id.clone(), tenant.clone());
        if let Some(known) = self.remembered(&key) {
            return Ok(known);
        }
        let read = Arc::new(entra::graph_permissions(http, cloud, token).await?);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (at, _)| at.elapsed() < LIFETIME);
        if all.len() < MAX_TENANTS {
            all.insert(key, (Instant::now(), Arc::clone(&read)));
        }
        Ok(read)
    }

    fn remembered(&self, key: &Key) -> Option<Arc<GraphPermissions>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(key)
            .filter(|(at, _)| at.elapsed() < LIFETIME)
            .map(|(_, known)| Arc::clone(known))
    }
}
