//! Administrators of the console, and their sessions.

use async_trait::async_trait;

use super::StoreError;
use crate::{Actor, Administrator, SavedView, UtcMillis};

/// An open session of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The hash of the session's id.
    pub id_hash: Vec<u8>,
    /// The source address of the sign-in.
    pub address: String,
    /// The time of the sign-in.
    pub signed_in: UtcMillis,
    /// When the session expires unless a request uses it.
    pub expires: UtcMillis,
}

/// A session to store.
#[derive(Clone)]
pub struct SessionRow {
    /// The hash of the session's id.
    pub id_hash: [u8; 32],
    /// The data of the session.
    pub body: String,
    /// When the session expires.
    pub expires: UtcMillis,
    /// The name of the administrator; empty before the sign-in.
    pub administrator: String,
    /// The source address of the sign-in.
    pub address: String,
    /// The time of the sign-in.
    pub signed_in: UtcMillis,
}

/// The store's side of the console.
#[async_trait]
pub trait ConsoleStore: Send + Sync {
    /// An administrator by name, compared without case.
    async fn administrator(&self, name: &str) -> Result<Option<Administrator>, StoreError>;

    /// All administrators, sorted by name.
    async fn administrators(&self) -> Result<Vec<Administrator>, StoreError>;

    /// Stores a new session.
    async fn create_session(&self, session: SessionRow) -> Result<(), StoreError>;

    /// Stores the changes of a session. Returns false when the session has ended meanwhile: a request that was
    /// still in progress must not restore an ended session.
    async fn save_session(&self, session: SessionRow) -> Result<bool, StoreError>;

    /// The data and the expiry of the session with this hash, unless the session has expired at `now`.
    async fn session(
        &self,
        id_hash: [u8; 32],
        now: UtcMillis,
    ) -> Result<Option<(String, UtcMillis)>, StoreError>;

    /// The open sessions of an administrator, the latest first.
    async fn sessions_of(&self, name: &str, now: UtcMillis)
    -> Result<Vec<OpenSession>, StoreError>;

    /// Ends a session.
    async fn delete_session(&self, id_hash: [u8; 32]) -> Result<(), StoreError>;

    /// Deletes at most `limit` sessions that have expired at `now`; returns how many.
    async fn delete_expired_sessions(&self, now: UtcMillis, limit: u32) -> Result<u64, StoreError>;

    /// The views of an administrator and the shared ones, by name.
    async fn saved_views(&self, administrator: &str) -> Result<Vec<SavedView>, StoreError>;

    /// Saves a view, whose number is ignored, in the place of one with the same name and owner. Returns false when
    /// there are [`SavedView::MAX`] others. A shared view is audited.
    async fn save_view(
        &self,
        view: SavedView,
        by: Actor,
        now: UtcMillis,
    ) -> Result<bool, StoreError>;

    /// Removes a view that `by` saved, or with `any_shared` any shared one. Returns false when there is none.
    async fn remove_view(
        &self,
        number: u64,
        any_shared: bool,
        by: Actor,
        now: UtcMillis,
    ) -> Result<bool, StoreError>;

    /// Writes an audit line about an action that changed no row.
    async fn note(
        &self,
        actor: Actor,
        action: &'static str,
        subject: String,
        detail: String,
        now: UtcMillis,
    ) -> Result<(), StoreError>;
}
