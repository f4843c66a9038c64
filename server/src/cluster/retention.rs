//! Retention: rows whose retention time is over are deleted in batches.

use std::{sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use super::Cluster;

/// The time between two runs.
const EVERY: Duration = Duration::from_mins(10);
/// The most rows of each kind that one transaction deletes.
const ROWS: u32 = 500;
/// The time from one transaction to the next, so that logins commit in between.
const STEP: Duration = Duration::from_millis(100);

/// Deletes old rows for as long as the cluster runs.
pub(super) async fn run(cluster: Arc<Cluster>) {
    let mut look = interval(EVERY);
    let mut pace = interval(STEP);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        loop {
            pace.tick().await;
            let retention = cluster.configuration.borrow().retention;
            match cluster.store.forget(retention.kept_since(cluster.clock.now()), ROWS).await {
                // Rows become old all the time: the next run deletes the rest.
                Ok(deleted) if deleted < u64::from(ROWS) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "old rows could not be deleted");
                    break;
                }
            }
        }
    }
}
