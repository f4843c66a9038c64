//! Administrators of the console, and their sessions.

use async_trait::async_trait;

use super::StoreError;
use crate::{Actor, Administrator, UtcMillis};

/// An open session of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The hash of its id.
    pub id_hash: Vec<u8>,
    /// From where somebody signed in.
    pub address: String,
    /// When.
    pub signed_in: UtcMillis,
    /// When it ends unless it is used.
    pub expires: UtcMillis,
}

/// A session to keep.
#[derive(Clone)]
pub struct SessionRow {
    /// The hash of its id.
    pub id_hash: [u8; 32],
    /// Its data.
    pub body: String,
    /// When it ends.
    pub expires: UtcMillis,
    /// Whose it is; empty before somebody has signed in.
    pub administrator: String,
    /// From where somebody signed in.
    pub address: String,
    /// When.
    pub signed_in: UtcMillis,
}

/// The store's side of the console.
#[async_trait]
pub trait ConsoleStore: Send + Sync {
    /// An administrator by name, compared without case.
    async fn administrator(&self, name: &str) -> Result<Option<Administrator>, StoreError>;

    /// All administrators by name.
    async fn administrators(&self) -> Result<Vec<Administrator>, StoreError>;

    /// Keeps a new session.
    async fn create_session(&self, session: SessionRow) -> Result<(), StoreError>;

    /// Keeps what has changed in a session. False when it has ended meanwhile, and so it stays: a
    /// request that was on its way must not bring it back.
    async fn save_session(&self, session: SessionRow) -> Result<bool, StoreError>;

    /// The session under this hash with its expiry, unless it has expired at `now`.
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

    /// Forgets at most `limit` sessions that have expired at `now`; says how many.
    async fn delete_expired_sessions(&self, now: UtcMillis, limit: u32) -> Result<u64, StoreError>;

    /// Writes down what somebody did that changed no row.
    async fn note(
        &self,
        actor: Actor,
        action: &'static str,
        subject: String,
        detail: String,
        now: UtcMillis,
    ) -> Result<(), StoreError>;
}
