//! The timer that ends logins when their time is up, and at times of the day. The first run follows right after a
//! start.

use std::{sync::Arc, time::Duration};

use engine::{UtcMillis, ports::StoreError};
use tokio::sync::Notify;

use super::{Cluster, clock_time::ClockTimes};

/// The lease under which one node ends logins.
const LEASE: &str = "expiry";
/// SQLite allows one node, whose data folder is locked: a constant holder keeps the lease over a
/// restart.
const HOLDER: &str = "local";
/// How long the lease lasts.
const LEASE_MS: u32 = 30_000;
/// The longest wait, so that the node keeps the lease and notices a changed clock.
const LONGEST_WAIT_MS: u64 = 10_000;
/// How long to wait after the database could not be asked.
const RETRY_MS: u64 = 500;

/// Ends due logins for as long as the cluster runs.
pub(super) async fn run(cluster: Arc<Cluster>, changed: Arc<Notify>) {
    let mut times = ClockTimes::of(&cluster);
    loop {
        let now = cluster.clock.now();
        let due = end_due(&cluster, now).await;
        let at_time = times.make_jobs(&cluster, now).await;
        let wait_ms = match due.and_then(|due| Ok([due, at_time?])) {
            Ok(next) => {
                let next = next.into_iter().flatten().min();
                next.map_or(LONGEST_WAIT_MS, |next| next.millis_since(now).min(LONGEST_WAIT_MS))
            }
            Err(error) => {
                tracing::error!(%error, "due logins could not be ended");
                RETRY_MS
            }
        };
        // Every commit ends the wait early: a new login may be due sooner, and the query for the
        // next due login is one small read.
        let _ = tokio::time::timeout(Duration::from_millis(wait_ms), changed.notified()).await;
    }
}

async fn end_due(cluster: &Cluster, now: UtcMillis) -> Result<Option<UtcMillis>, StoreError> {
    // Without a due login, the lease is not taken, and nothing is written.
    match cluster.store.next_due().await? {
        Some(next) if next <= now => {}
        other => return Ok(other),
    }
    if !cluster.store.take_lease(LEASE, HOLDER, now, LEASE_MS).await? {
        return Ok(None);
    }
    cluster.engine.due(now).await?;
    cluster.store.next_due().await
}
