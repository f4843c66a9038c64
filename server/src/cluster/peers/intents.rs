//! Intents whose answer nobody waits for any more are given up.

use std::{sync::Arc, time::Duration};

use engine::{UtcMillis, ports::StoreError};
use tokio::time::{MissedTickBehavior, interval};

use crate::cluster::Cluster;

/// How often it is looked: an intent holds its phone for several times as long.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Intents that one transaction gives up.
const AT_A_TIME: u32 = 200;

/// Gives intents up for as long as the cluster runs; first of all those of the process before.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_first = true;
    loop {
        look.tick().await;
        let now = cluster.clock.now();
        let due = if is_first { UtcMillis(i64::MAX) } else { now };
        match give_up(&cluster, due, now).await {
            Ok(()) => is_first = false,
            Err(error) => tracing::error!(%error, "intents could not be given up"),
        }
    }
}

async fn give_up(cluster: &Cluster, due: UtcMillis, now: UtcMillis) -> Result<(), StoreError> {
    // Nothing to do needs no write.
    while cluster.store.next_intent().await?.is_some_and(|next| next <= due) {
        engine::give_up_intents(&*cluster.store, due, now, AT_A_TIME).await?;
    }
    Ok(())
}
