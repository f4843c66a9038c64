//! The steps that change administrators and end their sessions.

use async_trait::async_trait;

use crate::{Administrator, StoreError, UtcMillis};

/// The steps that change administrators. An operation with names has none of them.
#[async_trait]
pub trait AdministratorSteps: Send {
    /// Reads all administrators, whom nobody else changes until this transaction ends.
    async fn administrators(&mut self) -> Result<Vec<Administrator>, StoreError>;

    /// Writes an administrator who is new, or in the place of the one of this name.
    async fn put_administrator(
        &mut self,
        administrator: &Administrator,
        at: UtcMillis,
    ) -> Result<(), StoreError>;

    /// Removes an administrator.
    async fn delete_administrator(&mut self, name: &str) -> Result<(), StoreError>;

    /// Ends the sessions of an administrator but the one under the hash `keep`; says how many.
    async fn end_sessions(&mut self, name: &str, keep: Option<[u8; 32]>)
    -> Result<u64, StoreError>;
}
