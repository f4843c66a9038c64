//! Restarts that are tried again: the phones were out of reach, or in a call.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use lru::LruCache;
use terms::phone_key;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{queue::Queue, restart::Restart};

/// The pause before the restarts are tried again.
const PAUSE: Duration = Duration::from_secs(30);
/// The most restarts that are kept; past that, the oldest restart is dropped.
const MOST_PHONES: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();

/// The restarts that are tried again, by phone.
pub(super) struct Missed(Mutex<LruCache<String, Restart>>);

impl Default for Missed {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MOST_PHONES)))
    }
}

impl Missed {
    /// Keeps a restart.
    pub(super) fn add(&self, restart: Restart) {
        let mut missed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        missed.put(phone_key(&restart.phone), restart);
    }

    /// Tries the restarts again for as long as the cluster runs.
    pub(super) async fn try_again(&self, queue: &Queue<Restart>) {
        let mut again = interval_at(Instant::now() + PAUSE, PAUSE);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            again.tick().await;
            let restarts: Vec<_> = {
                let mut missed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                std::iter::from_fn(|| missed.pop_lru()).map(|(_, restart)| restart).collect()
            };
            for restart in restarts {
                // A full queue drops the restart: current phones come first, and the phone's next
                // event restarts the phone.
                queue.add(restart);
            }
        }
    }
}
