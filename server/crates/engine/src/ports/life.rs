//! The life of a store: whether it can be written, that it has changed, and its end.

use std::time::Instant;

use async_trait::async_trait;

use super::StoreError;

/// How writing goes, by the last write.
#[derive(Clone, Debug)]
pub struct Written {
    /// When the last one ended.
    pub at: Instant,
    /// It is done, or what keeps everybody from writing: no room, or a lock.
    pub outcome: Result<(), StoreError>,
}

/// Tells when something was committed, by this process or another.
#[async_trait]
pub trait Follower: Send {
    /// Returns after the next commit.
    async fn changed(&mut self) -> Result<(), StoreError>;
}

/// The life of a store.
#[async_trait]
pub trait Lifecycle: Send + Sync {
    /// A follower that has seen everything committed until now.
    async fn follow(&self) -> Result<Box<dyn Follower>, StoreError>;

    /// How writing goes, by the last write, whoever wanted it; answered from memory.
    fn last_write(&self) -> Written;

    /// Tries a write that needs as much room as a log-in, and leaves nothing behind.
    async fn try_write(&self) -> Result<(), StoreError>;

    /// Returns when nothing is written any more: after [`Lifecycle::close`], or by a fault of the
    /// program.
    async fn ended(&self);

    /// Waits until what the store was given is done, and closes it.
    async fn close(&self);
}
