//! Logging out the user of a phone that says that nobody uses it.

use std::{sync::Arc, time::Duration};

use engine::{UtcMillis, ports::StoreError};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Cluster;

/// The time between two looks whether the pace allows a log-out.
const LOOK: Duration = Duration::from_millis(200);
/// The longest wait for the pace; then the user is logged out all the same.
const PATIENCE: Duration = Duration::from_secs(30);
const MINUTE_MS: i64 = 60_000;

impl Cluster {
    /// Logs out the user of a phone that nobody has used for the minutes of its setting. Log-outs of many phones at a
    /// time share the pace of jobs.
    ///
    /// # Errors
    /// When the store fails; then the login goes on.
    pub async fn log_out_idle(self: &Arc<Self>, phone: &str) -> Result<(), StoreError> {
        let Some(found) = self.store.phone_detail(phone).await? else { return Ok(()) };
        let minutes = found.phone.idle_minutes(&self.configuration.borrow().log_out_rules);
        if minutes == 0 || found.login.is_none() {
            return Ok(());
        }
        let _ = timeout(PATIENCE, self.until_paced()).await;
        let now = self.clock.now();
        // A login that has begun since the phone was last used is not the one that the phone means.
        let since = UtcMillis(now.0 - i64::from(minutes) * MINUTE_MS);
        if engine::log_out_idle(&*self.store, &found.phone.name, since, now).await?.is_some() {
            self.counters.logouts.inc();
        }
        Ok(())
    }

    /// Waits until the pace of jobs allows one more log-out.
    async fn until_paced(&self) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            let rate = self.configuration.borrow().upkeep.log_outs_per_second;
            let taken = self.pace.take(rate, 1, self.clock.now());
            if taken > 0 {
                self.pace.give_back(taken - 1);
                return;
            }
        }
    }
}
