//! Open logins, and what happens to them.

use std::sync::Arc;

use engine::{
    ActiveLoginPage, Event, EventPage, ListQuery, Login, RefusalCounts, UtcMillis,
    ports::StoreError,
};
use terms::{LoginCondition, Role};
use tokio::sync::broadcast;

use super::{Admin, AdminError, Caller};

/// The period over which refusals are counted, in milliseconds.
const HOUR_MS: i64 = 60 * 60 * 1000;

impl Admin {
    /// A page of the open logins.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn active_logins(
        &self,
        caller: &Caller,
        query: &ListQuery,
    ) -> Result<ActiveLoginPage, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.active_logins(query).await?)
    }

    /// Open logins that match the filter, the newest first, from before the login `from`; at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn walk_logins(
        &self,
        caller: &Caller,
        filter: &LoginCondition,
        from: Option<&Login>,
        limit: u32,
    ) -> Result<Vec<Login>, AdminError> {
        let store = &self.gate.open(caller, Role::Viewer)?.store;
        Ok(store.walk_logins(filter, from, limit).await?)
    }

    /// Refusals of the last hour by error number, up to event number `as_of`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refused_lately(
        &self,
        caller: &Caller,
        as_of: u64,
    ) -> Result<RefusalCounts, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let since = UtcMillis(cluster.clock.now().0 - HOUR_MS);
        Ok(cluster.store.refusals_since(since, as_of).await?)
    }

    /// The last events, the latest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn last_events(&self, caller: &Caller, limit: u32) -> Result<Vec<Event>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.last_events(limit).await?)
    }

    /// The problem that keeps the database from being read or written, if there is one.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn problem(&self, caller: &Caller) -> Result<Option<StoreError>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.problem())
    }

    /// Events from now on, in batches.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn follow(&self, caller: &Caller) -> Result<broadcast::Receiver<Arc<[Event]>>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.events.subscribe())
    }

    /// At most `limit` events after number `after`, in order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn events_after(
        &self,
        caller: &Caller,
        after: u64,
        limit: u32,
    ) -> Result<EventPage, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.events_after(after, limit).await?)
    }
}
