//! The life cycle of a store: the state of writing, commits, and the end of the store.

use std::time::Instant;

use async_trait::async_trait;

use super::StoreError;

/// The state of writing, by the last write.
#[derive(Clone, Debug)]
pub struct Written {
    /// When the last write ended.
    pub at: Instant,
    /// `Ok`, or the error that blocks all writes: a full disk or a lock.
    pub outcome: Result<(), StoreError>,
}

/// Waits for commits of this process or another process.
#[async_trait]
pub trait Follower: Send {
    /// Returns after the next commit.
    async fn changed(&mut self) -> Result<(), StoreError>;
}

/// The life cycle of a store.
#[async_trait]
pub trait Lifecycle: Send + Sync {
    /// A follower that has seen every commit until now.
    async fn follow(&self) -> Result<Box<dyn Follower>, StoreError>;

    /// The state of writing, by the last write of any caller; answered from memory.
    fn last_write(&self) -> Written;

    /// Tries a write that needs as much disk space as a log-in, and leaves no row behind.
    async fn try_write(&self) -> Result<(), StoreError>;

    /// Returns when the store has stopped writing: after [`Lifecycle::close`], or by a fault of the
    /// program.
    async fn ended(&self);

    /// Waits until the store has completed all accepted operations, and closes the store.
    async fn close(&self);
}
