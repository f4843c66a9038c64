//! The state of writing: the outcome of the last write, and a trial write.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use engine::ports::{StoreError, Written};
use sqlx::SqliteConnection;

use crate::{SqliteStore, error};

/// The last write, as the writer records it.
#[derive(Clone)]
pub(crate) struct LastWrite(Arc<Mutex<Written>>);

impl Default for LastWrite {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Written { at: Instant::now(), outcome: Ok(()) })))
    }
}

impl LastWrite {
    /// Records the outcome of a write.
    /// On a full disk a small write may still succeed, so after a failure only a trial write resets the
    /// outcome. Other failures are not recorded: they do not predict the outcome of the next write.
    pub(crate) fn note(&self, outcome: Result<(), &StoreError>) {
        let mut written = self.written();
        match outcome {
            Ok(()) => written.at = Instant::now(),
            Err(error @ (StoreError::Full | StoreError::Busy)) => {
                *written = Written { at: Instant::now(), outcome: Err(error.clone()) };
            }
            Err(_) => {}
        }
    }

    pub(crate) fn written(&self) -> MutexGuard<'_, Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SqliteStore {
    /// As [`Lifecycle::try_write`](engine::ports::Lifecycle::try_write).
    pub(crate) async fn write_a_trial(&self) -> Result<(), StoreError> {
        self.writer.run(|tx| Box::pin(take_and_give_back_room(tx))).await?;
        self.writer.last_write.written().outcome = Ok(());
        Ok(())
    }
}

/// Allocates 16 KiB and rolls them back, then writes a page.
/// In a database that can't grow, a smaller row fits where a log-in with its events and indexes does not.
async fn take_and_give_back_room(tx: &mut SqliteConnection) -> Result<(), StoreError> {
    for sql in [
        "SAVEPOINT room",
        "INSERT INTO leases (name, holder, until_ms) VALUES ('', hex(zeroblob(8192)), 0)",
        "ROLLBACK TO room",
        "RELEASE room",
        "INSERT INTO leases (name, holder, until_ms) VALUES ('', '', 0)",
        "DELETE FROM leases WHERE name = ''",
    ] {
        sqlx::query(sql).execute(&mut *tx).await.map_err(error::store)?;
    }
    Ok(())
}
