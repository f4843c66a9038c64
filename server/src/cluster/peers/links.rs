//! How each remote cluster answers.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::{ClusterInfo, UtcMillis, ports::PeerError};

/// How a remote cluster answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// When it last answered.
    pub answered: Option<UtcMillis>,
    /// What it last said about itself.
    pub info: Option<ClusterInfo>,
    /// Why it does not answer now, if it does not.
    pub failing: Option<Failing>,
    /// Why it refuses farewells, if it does.
    pub held_up: Option<HeldUp>,
}

/// Farewells that a remote cluster refuses, although it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldUp {
    /// Why.
    pub problem: PeerError,
    /// When they are sent again.
    pub next: UtcMillis,
}

/// A remote cluster that does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// Since when.
    pub since: UtcMillis,
    /// How often it was asked since.
    pub tries: u32,
    /// What the last try met.
    pub problem: PeerError,
    /// When it is tried next.
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
pub struct Links(Mutex<HashMap<String, Link>>);

impl Links {
    /// The link to a cluster.
    #[must_use]
    pub fn link(&self, cluster: &str) -> Link {
        self.all().get(cluster).cloned().unwrap_or_default()
    }

    /// Notes an answer; says whether it is the first after none.
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
        is_first
    }

    /// Notes that a cluster does not answer; says whether that is worth a warning: the second time.
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

    /// Notes whether a cluster refuses farewells; says whether that is new.
    pub(super) fn holds_up(&self, cluster: &str, held_up: Option<HeldUp>) -> bool {
        let mut all = self.all();
        let link = all.entry(cluster.to_owned()).or_default();
        let is_new = link.held_up.is_none() && held_up.is_some();
        link.held_up = held_up;
        is_new
    }

    /// How many clusters answer.
    pub(super) fn answering(&self) -> usize {
        self.all().values().filter(|link| link.answers()).count()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Link>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
