//! Retention: rows whose retention time is over are deleted in batches.

use std::{sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use super::Cluster;

/// The pace at which rows are deleted.
#[derive(Clone, Copy, Debug)]
pub struct DeletionPace {
    /// The time between two runs.
    pub every: Duration,
    /// The most rows of each kind that one transaction deletes.
    pub rows: u32,
    /// The time from one transaction to the next, so that logins commit in between.
    pub step: Duration,
}

impl DeletionPace {
    /// The most transactions per second.
    #[must_use]
    pub fn per_second(&self) -> u64 {
        u64::try_from(1_000 / self.step.as_millis().max(1)).unwrap_or(u64::MAX)
    }
}

/// The pace at which rows past their retention are deleted.
pub const DELETION: DeletionPace =
    DeletionPace { every: Duration::from_mins(10), rows: 500, step: Duration::from_millis(100) };

/// Deletes old rows for as long as the cluster runs.
pub(super) async fn run(cluster: Arc<Cluster>) {
    let mut look = interval(DELETION.every);
    let mut pace = interval(DELETION.step);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        loop {
            pace.tick().await;
            let retention = cluster.configuration.borrow().retention;
            let kept = retention.kept_since(cluster.clock.now());
            match cluster.store.forget(kept, DELETION.rows).await {
                // Rows become old all the time: the next run deletes the rest.
                Ok(deleted) if deleted < u64::from(DELETION.rows) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "old rows could not be deleted");
                    break;
                }
            }
        }
    }
}
