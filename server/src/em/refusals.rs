//! Refused requests are counted in memory and recorded once a second, so that an answer does not wait
//! for the store.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use engine::{Actor, Refusal, RefusalTally};
use terms::NotUnderstood;
use tracing::Instrument;

use super::request::EmOperation;
use crate::{cluster::Cluster, shortened::shortened};

/// The time between two records.
const RECORD_EVERY: Duration = Duration::from_secs(1);
/// The most rows that one transaction records.
const ROWS_AT_ONCE: usize = 500;

/// The subject of a refusal.
pub(super) enum Subject<'a> {
    /// An operation.
    Operation(&'a EmOperation),
    /// A request that was not understood.
    NotUnderstood(NotUnderstood),
}

/// The refusals that are not recorded yet.
#[derive(Clone, Default)]
pub(super) struct Refusals(Arc<Mutex<PendingRefusals>>);

#[derive(Default)]
struct PendingRefusals {
    tally: RefusalTally,
    /// Whether a task that records the refusals runs.
    is_recorded: bool,
}

impl Refusals {
    /// Counts a refusal. `by` is the authenticated asker, or the id that the request names.
    /// Strangers choose all three names, and the rows of live pages hold them: long names are cut.
    pub(super) fn note(&self, cluster: &Arc<Cluster>, subject: Subject<'_>, by: Actor, code: u16) {
        cluster.counters.refused(code);
        let by = Actor { name: shortened(&by.name), ..by };
        let (user, phone) = match &subject {
            Subject::Operation(EmOperation::LogIn { user, phone, .. }) => {
                (shortened(user), shortened(phone))
            }
            Subject::Operation(EmOperation::LogOut { phone }) => (String::new(), shortened(phone)),
            _ => (String::new(), String::new()),
        };
        let why = match subject {
            Subject::NotUnderstood(why) => Some(why),
            Subject::Operation(_) => None,
        };
        let mut waiting = self.waiting();
        // The time is read under the lock, so that refusals are counted in the order of their times.
        let now = cluster.clock.now();
        waiting.tally.count(Refusal {
            code,
            user,
            phone,
            by,
            why,
            first: now,
            last: now,
            times: 1,
        });
        if !std::mem::replace(&mut waiting.is_recorded, true) {
            let (refusals, cluster) = (self.clone(), Arc::clone(cluster));
            let (tasks, span) = (cluster.tasks.clone(), cluster.span("refusals"));
            let work = async move { refusals.record_all(&cluster).await };
            tasks.spawn(work.instrument(span));
        }
    }

    /// Records the counted refusals each second until none is left; the rest when the cluster stops.
    async fn record_all(&self, cluster: &Cluster) {
        let mut stopping = cluster.stopping();
        loop {
            let stops = *stopping.borrow();
            let is_taken = self.record(cluster, stops).await;
            {
                let mut waiting = self.waiting();
                // Refusals that arrive during the stop are recorded too, if the store takes them.
                if waiting.tally.is_settled() || (stops && !is_taken) {
                    waiting.is_recorded = false;
                    return;
                }
            }
            if stops {
                continue;
            }
            let stopped = stopping.wait_for(|stopping| *stopping);
            // The stop ends the pause early: refusals are recorded before the store is closed.
            let _ = tokio::time::timeout(RECORD_EVERY, stopped).await;
        }
    }

    /// Records the rows that are due, and says whether the store took them. Rows that fail stay
    /// counted.
    async fn record(&self, cluster: &Cluster, stops: bool) -> bool {
        let now = cluster.clock.now();
        // Refusals that arrive meanwhile are recorded in the next round; otherwise a flood would be
        // recorded without a pause.
        let due = self.waiting().tally.due(now, stops);
        for due in due.chunks(ROWS_AT_ONCE) {
            if let Err(error) = engine::record_refusals(&*cluster.store, due.to_vec()).await {
                if stops {
                    tracing::warn!(rows = due.len(), %error, "refusals were not recorded");
                } else {
                    tracing::debug!(%error, "refusals could not be recorded");
                }
                return false;
            }
            self.waiting().tally.settle(due, now);
        }
        let lost = self.waiting().tally.take_lost();
        if lost > 0 {
            tracing::warn!(lost, "refusals were not recorded: too many waited for the database");
        }
        true
    }

    fn waiting(&self) -> MutexGuard<'_, PendingRefusals> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
