//! Detecting changes of the database.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use engine::ports::{Follower, StoreError};
use sqlx::SqliteConnection;
use tokio::sync::Notify;

use crate::{SqliteStore, error, open};

/// The interval at which the follower asks the database whether another process changed it.
const POLL: Duration = Duration::from_millis(200);

/// Reports commits, by this process or by another process.
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
            // The writer reports commits of this process at once. The query shows commits of other
            // processes; it costs no disk access.
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
