//! A cluster for tests, with a folder of its own, a clock that only the test moves, and counted
//! ids.

use std::{
    ops::Deref,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use engine::{
    Actor, JobId, Login, LoginId, LoginRequest, ProfileRight, RequestedDuration, UtcMillis,
    ports::{Clock, Ids, Outcome, Peers},
};
use tempfile::TempDir;
use uuid::Uuid;

use super::{Cluster, ClusterLimits};
use crate::admin::{self, Applying, Caller};

/// The time at which a test begins: 2026-01-01 00:00 UTC.
pub(crate) const START: UtcMillis = UtcMillis(1_767_225_600_000);

/// A running cluster whose time and ids the test controls.
pub(crate) struct TestCluster {
    cluster: Arc<Cluster>,
    clock: Arc<TestClock>,
    folder: TempDir,
}

impl Deref for TestCluster {
    type Target = Arc<Cluster>;

    fn deref(&self) -> &Arc<Cluster> {
        &self.cluster
    }
}

impl TestCluster {
    /// An empty cluster with this id.
    pub(crate) async fn start(id: &str) -> Self {
        Self::start_with(id, None).await
    }

    /// As [`Self::start`], with `transport` for messages to other clusters.
    pub(crate) async fn start_with(id: &str, transport: Option<Arc<dyn Peers>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(START.0)));
        let (time, ids) = (Arc::<TestClock>::clone(&clock), Arc::new(CountedIds::of(id)));
        let (id, limits) = (Some(id.to_owned()), ClusterLimits::default());
        let cluster =
            Cluster::start(id, folder.path(), limits, time, ids, transport).await.unwrap();
        Self { cluster, clock, folder }
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Moves the clock forward or back.
    pub(crate) fn advance(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
        // The timer waits on the machine's clock, which has not moved.
        self.due.notify_one();
    }

    /// Applies a configuration file, which is in force when this returns.
    pub(crate) async fn apply(&self, toml: &str) {
        let Cluster { store, passwords, clock, configuration, .. } = &*self.cluster;
        let (store, clock) = (&**store, &**clock);
        let applying = Applying::new(store, passwords, clock, &|_| {});
        let file = admin::parse(toml).unwrap();
        applying.apply(file, &Caller::command_line("apply")).await.unwrap();
        let version = store.version().await.unwrap();
        configuration.clone().wait_for(|known| known.version == version).await.unwrap();
    }

    /// Logs a user in at a phone, for the configured duration.
    pub(crate) async fn log_in(&self, user: &str, phone: &str) -> Login {
        let request = LoginRequest {
            phone: phone.to_owned(),
            user: user.to_owned(),
            profile: None,
            profile_right: ProfileRight::Own,
            phone_address: None,
            duration: RequestedDuration::Unset,
            actor: Actor::SYSTEM,
            authenticated_at: None,
        };
        match self.engine.log_in(request).await.unwrap() {
            Outcome::Done(admitted) => admitted.login,
            refused => panic!("{user} is not logged in at {phone}: {refused:?}"),
        }
    }

    /// Stops the cluster; the folder is deleted then.
    pub(crate) async fn stop(self) {
        self.cluster.stop().await;
    }
}

/// A clock that only the test moves.
struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> UtcMillis {
        UtcMillis(self.0.load(Ordering::SeqCst))
    }
}

/// Counted ids, with separate counts for logins and jobs; the ids of two clusters differ.
struct CountedIds {
    first: u128,
    logins: AtomicU64,
    jobs: AtomicU64,
}

impl Ids for CountedIds {
    fn login_id(&self) -> LoginId {
        LoginId(self.next(&self.logins))
    }

    fn job_id(&self) -> JobId {
        JobId(self.next(&self.jobs))
    }
}

impl CountedIds {
    fn of(cluster: &str) -> Self {
        let first = cluster.bytes().fold(0_u128, |sum, byte| sum * 256 + u128::from(byte));
        Self {
            first: (first & 0xffff_ffff) << 64,
            logins: AtomicU64::new(0),
            jobs: AtomicU64::new(0),
        }
    }

    fn next(&self, counted: &AtomicU64) -> Uuid {
        let number = u128::from(counted.fetch_add(1, Ordering::Relaxed)) + 1;
        Uuid::from_u128(self.first | number)
    }
}
