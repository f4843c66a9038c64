//! The steps that change administrators and end their sessions.

use async_trait::async_trait;

use crate::{Administrator, StoreError, UtcMillis};

/// The steps that change administrators. An operation with names can't use them.
#[async_trait]
pub trait AdministratorSteps: Send {
    /// Reads all administrators; no other transaction changes them until this transaction ends.
    async fn administrators(&mut self) -> Result<Vec<Administrator>, StoreError>;

    /// Adds an administrator, or replaces the administrator of the same name.
    async fn put_administrator(
        &mut self,
        administrator: &Administrator,
        at: UtcMillis,
    ) -> Result<(), StoreError>;

    /// Removes an administrator.
    async fn delete_administrator(&mut self, name: &str) -> Result<(), StoreError>;

    /// Ends the sessions of an administrator except the session with the hash `keep`; returns how many.
    async fn end_sessions(&mut self, name: &str, keep: Option<[u8; 32]>)
    -> Result<u64, StoreError>;
}
