//! What has been kept for long enough is forgotten, a little at a time.

use std::{sync::Arc, time::Duration};

use engine::ports::Archive;

use super::Cluster;

/// The time between two looks.
const EVERY: Duration = Duration::from_mins(10);
/// Rows of each kind that one transaction forgets.
const ROWS: u32 = 500;
/// The pause between two transactions, so that logins get their turn.
const PAUSE: Duration = Duration::from_millis(100);

/// Forgets for as long as the cluster runs.
pub(super) async fn run(cluster: Arc<Cluster>) {
    let mut look = tokio::time::interval(EVERY);
    loop {
        look.tick().await;
        loop {
            let upkeep = cluster.configuration.borrow().upkeep;
            match cluster.store.forget(upkeep, cluster.clock.now(), ROWS).await {
                Ok(0) => break,
                Ok(_) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::error!(%error, "what is old could not be forgotten");
                    break;
                }
            }
        }
    }
}
