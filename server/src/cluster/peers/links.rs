//! The state of the link to each remote cluster.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::{ClusterInfo, UtcMillis, ports::PeerError};
use tokio::sync::watch;

/// The state of the link to a remote cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// When the remote cluster last answered.
    pub answered: Option<UtcMillis>,
    /// The last information of the remote cluster about itself.
    pub info: Option<ClusterInfo>,
    /// Why the remote cluster does not answer now, if so.
    pub failing: Option<Failing>,
    /// Why the remote cluster refuses farewells, if so.
    pub held_up: Option<HeldUp>,
}

/// Farewells that a remote cluster refuses, although it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldUp {
    /// The reason of the refusal.
    pub problem: PeerError,
    /// When the farewells are sent again.
    pub next: UtcMillis,
}

/// A remote cluster that does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// The time of the first failed try.
    pub since: UtcMillis,
    /// The number of failed tries since then.
    pub tries: u32,
    /// The problem of the last try.
    pub problem: PeerError,
    /// The time of the next try.
    pub next: UtcMillis,
}

impl Link {
    /// Whether the cluster answered when it was last asked.
    #[must_use]
    pub const fn answers(&self) -> bool {
        self.answered.is_some() && self.failing.is_none()
    }
}

/// The links to all remote clusters that were asked since the start.
#[derive(Default)]
pub struct Links {
    all: Mutex<HashMap<String, Link>>,
    /// Notified when a cluster answers for the first time after a failure or the start.
    begun: watch::Sender<()>,
}

impl Links {
    /// The link to a cluster.
    #[must_use]
    pub fn link(&self, cluster: &str) -> Link {
        self.all().get(cluster).cloned().unwrap_or_default()
    }

    /// Notes an answer; true for the first answer after a failure or the start.
    pub(super) fn answered(
        &self,
        cluster: &str,
        info: Option<ClusterInfo>,
        now: UtcMillis,
    ) -> bool {
        let mut all = self.all();
        let link = all.entry(cluster.to_owned()).or_default();
        let is_first = !link.answers();
        link.answered = Some(now);
        link.failing = None;
        link.info = info.or_else(|| link.info.take());
        drop(all);
        if is_first {
            self.begun.send_replace(());
        }
        is_first
    }

    /// Notes that a cluster does not answer; true when that is worth a warning: at the second
    /// failure.
    pub(super) fn failed(
        &self,
        cluster: &str,
        problem: PeerError,
        now: UtcMillis,
        next: UtcMillis,
    ) -> bool {
        let mut all = self.all();
        let link = all.entry(cluster.to_owned()).or_default();
        let before = link.failing.take();
        let (since, tries) = before.map_or((now, 0), |before| (before.since, before.tries));
        let tries = tries.saturating_add(1);
        link.failing = Some(Failing { since, tries, problem, next });
        tries == 2
    }

    /// Notes whether a cluster refuses farewells; true when the refusal is new.
    pub(super) fn holds_up(&self, cluster: &str, held_up: Option<HeldUp>) -> bool {
        let mut all = self.all();
        let link = all.entry(cluster.to_owned()).or_default();
        let is_new = link.held_up.is_none() && held_up.is_some();
        link.held_up = held_up;
        is_new
    }

    /// Waits until a cluster answers.
    pub async fn until_answers(&self, cluster: &str) {
        let mut begun = self.begun.subscribe();
        // The sender lives as long as `self`, so the channel is never closed here.
        let _ = begun.wait_for(|()| self.link(cluster).answers()).await;
    }

    /// The number of clusters that answer.
    pub(super) fn answering(&self) -> usize {
        self.all().values().filter(|link| link.answers()).count()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Link>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn an_answer_ends_the_wait_for_that_cluster_alone() {
        let links = Links::default();
        let mut busan = Box::pin(links.until_answers("busan"));
        assert!(busan.as_mut().now_or_never().is_none());
        links.answered("daegu", None, UtcMillis(1));
        assert!(busan.as_mut().now_or_never().is_none());
        links.answered("busan", None, UtcMillis(2));
        assert!(busan.now_or_never().is_some());
        assert!(links.until_answers("daegu").now_or_never().is_some(), "it answers already");
        links.failed("daegu", PeerError::NotTrusted, UtcMillis(3), UtcMillis(4));
        assert!(links.until_answers("daegu").now_or_never().is_none());
    }
}
