//! Gives up the intents whose answer no request waits for.

use std::{sync::Arc, time::Duration};

use engine::{
    UtcMillis,
    ports::{Store, StoreError},
};
use tokio::time::{MissedTickBehavior, interval};

use crate::cluster::Cluster;

/// The time between two checks: an intent holds its phone for several times this long.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Intents that one transaction gives up.
const AT_A_TIME: u32 = 200;

/// Gives up the intents of the previous process, whatever time they have left. The call has to precede the first
/// request, or intents of this process would be given up too.
///
/// # Errors
/// When the store can't be read or written.
pub(in crate::cluster) async fn give_up_all(
    store: &dyn Store,
    now: UtcMillis,
) -> Result<(), StoreError> {
    give_up(store, UtcMillis(i64::MAX), now).await
}

/// Gives up intents whose time is up, for as long as the cluster runs.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let now = cluster.clock.now();
        if let Err(error) = give_up(&*cluster.store, now, now).await {
            tracing::error!(%error, "intents could not be given up");
        }
    }
}

async fn give_up(store: &dyn Store, due: UtcMillis, now: UtcMillis) -> Result<(), StoreError> {
    // Without a due intent, nothing is written.
    while store.next_intent().await?.is_some_and(|next| next <= due) {
        engine::give_up_intents(store, due, now, AT_A_TIME).await?;
    }
    Ok(())
}
