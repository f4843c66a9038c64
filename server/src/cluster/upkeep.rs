//! What has been kept for long enough is forgotten, a little at a time.

use std::{sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use super::Cluster;

/// The time between two looks.
const EVERY: Duration = Duration::from_mins(10);
/// Rows of each kind that one transaction forgets.
const ROWS: u32 = 500;
/// The time from one transaction to the next, so that logins get their turn.
const STEP: Duration = Duration::from_millis(100);

/// Forgets for as long as the cluster runs.
pub(super) async fn run(cluster: Arc<Cluster>) {
    let mut look = interval(EVERY);
    let mut pace = interval(STEP);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        loop {
            pace.tick().await;
            let upkeep = cluster.configuration.borrow().upkeep;
            match cluster.store.forget(upkeep, cluster.clock.now(), ROWS).await {
                // There is always something that has just become old: the rest can wait.
                Ok(forgotten) if forgotten < u64::from(ROWS) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "what is old could not be forgotten");
                    break;
                }
            }
        }
    }
}
