//! Learning that the database changed.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use engine::ports::{Follower, StoreError};
use sqlx::SqliteConnection;
use tokio::sync::Notify;

use crate::{SqliteStore, error, open};

/// How often the database is asked whether another process changed it.
const POLL: Duration = Duration::from_millis(200);

/// Tells when something was committed, by this process or another.
pub(crate) struct CommitFollower {
    connection: SqliteConnection,
    committed: Arc<Notify>,
    seen: i64,
}

impl SqliteStore {
    /// As [`Lifecycle::follow`](engine::ports::Lifecycle::follow).
    pub(crate) async fn new_follower(&self) -> Result<CommitFollower, StoreError> {
        let mut connection = open::reader(&self.file).await?;
        let seen = data_version(&mut connection).await?;
        Ok(CommitFollower { connection, committed: Arc::clone(&self.committed), seen })
    }
}

#[async_trait]
impl Follower for CommitFollower {
    async fn changed(&mut self) -> Result<(), StoreError> {
        loop {
            // Ours are told at once. Others' are found by asking, which costs no disk access.
            let told = tokio::time::timeout(POLL, self.committed.notified()).await;
            let version = data_version(&mut self.connection).await?;
            if version != self.seen || told.is_ok() {
                self.seen = version;
                return Ok(());
            }
        }
    }
}

async fn data_version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await.map_err(error::store)
}
