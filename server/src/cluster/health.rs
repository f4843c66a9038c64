//! Periodic checks that the database can be read and written.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use engine::ports::StoreError;
use tokio::time::{MissedTickBehavior, interval};

use super::Cluster;

/// The time between two checks; a write of a request within this time spares the trial write.
const EVERY: Duration = Duration::from_secs(1);
/// The age of the last completed check from which the database counts as stuck.
const STUCK: Duration = Duration::from_secs(10);

/// The result of the last check.
pub struct Health(Mutex<Look>);

struct Look {
    ended: Instant,
    problem: Option<StoreError>,
}

impl Default for Health {
    fn default() -> Self {
        Self(Mutex::new(Look { ended: Instant::now(), problem: None }))
    }
}

impl Health {
    fn note(&self, found: Result<(), StoreError>) {
        let mut look = self.look();
        let problem = found.err();
        match (&look.problem, &problem) {
            (None, Some(error)) => tracing::error!(%error, "not ready"),
            (Some(_), None) => tracing::info!("ready again"),
            _ => {}
        }
        *look = Look { ended: Instant::now(), problem };
    }

    fn problem(&self) -> Option<StoreError> {
        let look = self.look();
        let stuck = || StoreError::Failed("the database does not answer".to_owned());
        look.problem.clone().or_else(|| (look.ended.elapsed() > STUCK).then(stuck))
    }

    fn look(&self) -> MutexGuard<'_, Look> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cluster {
    /// The problem that keeps the database from being read or written, as far as known; answered
    /// from memory. The last write counts, whichever task made it.
    #[must_use]
    pub fn problem(&self) -> Option<StoreError> {
        self.store.last_write().outcome.err().or_else(|| self.health.problem())
    }
}

/// Checks the database for as long as the cluster runs.
pub(super) async fn run(cluster: Arc<Cluster>) {
    let mut look = interval(EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let found = try_out(&cluster).await;
        cluster.health.note(found);
    }
}

async fn try_out(cluster: &Cluster) -> Result<(), StoreError> {
    let last = cluster.store.last_write();
    if last.outcome.is_err() || last.at.elapsed() >= EVERY {
        cluster.store.try_write().await?;
    }
    cluster.store.version().await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_look_has_found_holds_until_the_next_and_one_that_does_not_end_is_a_problem() {
        let health = Health::default();
        assert_eq!(health.problem(), None);
        health.note(Err(StoreError::Full));
        assert_eq!(health.problem(), Some(StoreError::Full));
        health.note(Ok(()));
        assert_eq!(health.problem(), None);
        let long_ago = Instant::now().checked_sub(STUCK * 2).unwrap();
        health.look().ended = long_ago;
        assert!(matches!(health.problem(), Some(StoreError::Failed(_))));
    }
}
