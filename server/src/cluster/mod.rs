//! A cluster is a value: configuration, store, clock, ids, trace and passwords are all passed in. One process can
//! run two clusters.

mod alarms;
mod bounded;
mod call_server;
mod check;
mod clock_time;
mod counters;
mod data_folder;
mod expiry;
mod follow;
mod health;
pub(crate) mod http_client;
mod idle;
mod invitation;
pub(crate) mod jobs;
mod pace;
mod passwords;
pub(crate) mod peers;
mod phone_secrets;
mod phones;
mod retention;
mod secrets;
mod source;
mod span;
mod syslog;
mod system;
#[cfg(test)]
mod test_cluster;
#[cfg(test)]
mod tests;
mod trace;
mod viewers;

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use engine::{
    Configuration, Engine, Event,
    ports::{Clock, Ids, Peers, Store, StoreError},
};
use store::{Limits, OpenError, SqliteStore};
use tokio::{
    sync::{Notify, broadcast, watch},
    task::JoinSet,
};
use tokio_util::task::TaskTracker;
use tracing::{Instrument, Span};

pub use alarms::{About, Alarms};
pub use counters::Counters;
pub use data_folder::{DataFolder, FolderError, create as create_folder, database};
pub use health::Health;
pub use invitation::Invitation;
pub use pace::Pace;
pub use passwords::{Class, PasswordError, Passwords, Share};
pub use peers::{
    CertificateError, CertificateOwner, ClusterCertificate, Failing, HeldUp, IdentityError, Link,
    OwnIdentity, PROTOCOL, RemoteClusters, Seal,
};
pub use phone_secrets::PhoneSecrets;
pub use phones::{News, NotTold, PhoneSettings, Phones};
pub use retention::{DELETION, DeletionPace};
pub use secrets::{Claim, LockedName, NotChecked, Secrets, Verdict};
pub use source::Source;
pub use system::{SystemClock, SystemIds};
#[cfg(test)]
pub(crate) use test_cluster::TestCluster;
pub(crate) use trace::aside;
pub use trace::{Lines, Mark, Trace, TraceLimits};
pub use viewers::Viewers;

use crate::edge::{Sampled, SampledBy};
pub use crate::shares::{Place, Shares};

/// Batches of events that a live tab may lag behind; past that, the tab reads the events from the store.
const EVENT_BATCHES: usize = 256;
/// The id of a new cluster that is started without an id.
const DEFAULT_ID: &str = "sojourn";
/// The time that each part of a cluster has to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// A running cluster.
pub struct Cluster {
    /// The cluster's id.
    pub id: String,
    /// The cluster's store.
    pub store: Arc<dyn Store>,
    /// The rules.
    pub engine: Engine,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Identities.
    pub ids: Arc<dyn Ids>,
    /// The trace of the EM service.
    pub trace: Trace,
    /// The trace of the EM application, which serves the phones.
    pub app_trace: Trace,
    /// Hashing of passwords and PINs.
    pub passwords: Passwords,
    /// Checking of passwords and PINs, and the limits on guessing them.
    pub secrets: Secrets,
    /// The remote clusters.
    pub peers: RemoteClusters,
    /// The secrets of phones.
    pub phone_secrets: PhoneSecrets,
    /// The state of phone notification.
    pub phones: Phones,
    /// Whether the database can be read and written.
    pub health: Health,
    /// The alarms of the last half hour.
    pub alarms: Alarms,
    /// Sign-ins with a wrong name or password, of which only a sample is written to the audit.
    pub(crate) sign_ins_refused: Sampled,
    /// Requests of administrators whose role is too small, of which only a sample is written to the audit.
    pub(crate) rights_refused: SampledBy,
    /// Counts since the start.
    pub counters: Counters,
    /// The configuration as of the last change that the follower noticed. A request reads the rules that apply to
    /// it in its own transaction, not here.
    pub configuration: watch::Receiver<Arc<Configuration>>,
    /// Events after their commit, in order. Sent only while there is a receiver.
    pub events: broadcast::Sender<Arc<[Event]>>,
    /// Notified when a job has been made.
    pub jobs: Arc<Notify>,
    /// Notified when a login may be due sooner than the timer knows.
    pub due: Arc<Notify>,
    /// The pace of jobs.
    pub pace: Pace,
    /// The permits of viewers of the console.
    pub viewers: Viewers,
    /// The link of the first administrator.
    pub invitation: Invitation,
    /// Tasks that end before the store is closed.
    pub tasks: TaskTracker,
    /// Why the cluster stopped by itself.
    failure: OnceLock<String>,
    stop: watch::Sender<bool>,
}

/// Limits of a cluster's disk use and queues, and the settings of phone notification and of syslog.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClusterLimits {
    /// The limits of the database.
    pub store: Limits,
    /// The limits of the trace.
    pub trace: TraceLimits,
    /// Secrets of strangers that may wait for a check; `None` for the number that the hash threads check in the
    /// longest wait.
    pub strangers: Option<usize>,
    /// The settings of phone notification.
    pub phones: PhoneSettings,
    /// The syslog server that gets alarms.
    pub syslog: Option<SocketAddr>,
}

/// Why a cluster did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database was not opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database was opened but could not be read or written.
    #[error("the database can't be used: {0}")]
    Store(#[from] StoreError),
    /// The database belongs to another cluster.
    #[error("this is the database of cluster {stored:?}, not of {given:?}")]
    OtherCluster {
        /// The id that the database keeps.
        stored: String,
        /// The id that was given.
        given: String,
    },
    /// The cluster's EMCC keys can't be used.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The trace can't be written.
    #[error("the trace can't be written: {0}")]
    Trace(std::io::Error),
}

impl Cluster {
    /// Opens the cluster of a data folder and starts its tasks. A new cluster gets this id, or [`DEFAULT_ID`].
    /// Messages to other clusters go by HTTPS, or by `transport`. With a `transport`, no task sends messages, ends
    /// due logins or gives up intents: the caller decides what happens next.
    ///
    /// # Errors
    /// When the database or the trace can't be opened, or the database belongs to another cluster.
    pub async fn start(
        id: Option<String>,
        folder: &Path,
        limits: ClusterLimits,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        transport: Option<Arc<dyn Peers>>,
    ) -> Result<Arc<Self>, StartError> {
        let file = data_folder::database(folder);
        let store = SqliteStore::open(&file, limits.store).await?;
        let check = store.check_due();
        let store: Arc<dyn Store> = Arc::new(store);
        let id_if_new = id.clone().unwrap_or_else(|| DEFAULT_ID.to_owned());
        let stored = engine::cluster_id(&*store, id_if_new).await?;
        if let Some(given) = id.filter(|id| *id != stored) {
            return Err(StartError::OtherCluster { stored, given });
        }
        let id = stored;
        let counters = Counters::default();
        let trace = |name: &str| {
            let file = folder.join("trace").join(name);
            let opened = Trace::open(&file, limits.trace, counters.trace_lost.clone());
            opened.map_err(StartError::Trace)
        };
        let (trace, app_trace) = (trace("emservice.log")?, trace("emapp.log")?);
        let is_driven = transport.is_some();
        let peers = RemoteClusters::start(&id, folder, &*store, &*clock, transport).await?;
        let phone_secrets = peers.phone_secrets();
        peers::give_up_all_intents(&*store, clock.now()).await?;
        let follower = store.follow().await?;
        let configuration = Arc::new(store.configuration().await?);
        span::span(&id, "start").in_scope(|| follow::warn_of_passed_over(&configuration));
        let latest = store.events_after(0, 0).await?.latest;
        let passwords = limits.strangers.map_or_else(Passwords::new, Passwords::with_strangers);
        let secrets = Secrets::load(passwords.clone(), &*store, clock.now()).await?;
        let engine =
            Engine::new(Arc::<dyn Store>::clone(&store), Arc::clone(&clock), Arc::clone(&ids));
        let (publish, configuration) = watch::channel(configuration);
        let (events, _) = broadcast::channel(EVENT_BATCHES);
        let (stop, _) = watch::channel(false);
        let tasks = TaskTracker::new();
        let cluster = Arc::new(Self {
            id,
            store,
            engine,
            clock,
            ids,
            trace,
            app_trace,
            passwords,
            secrets,
            peers,
            phone_secrets,
            phones: Phones::new(limits.phones),
            health: Health::default(),
            alarms: Alarms::new(limits.syslog),
            sign_ins_refused: Sampled::default(),
            rights_refused: SampledBy::default(),
            counters,
            configuration,
            events,
            jobs: Arc::new(Notify::new()),
            due: Arc::new(Notify::new()),
            pace: Pace::default(),
            viewers: Viewers::default(),
            invitation: Invitation::default(),
            tasks,
            failure: OnceLock::new(),
            stop,
        });
        follow::write_parameters(&cluster);
        let follow = follow::run(Arc::clone(&cluster), follower, publish, latest);
        cluster.goes_on("follower", follow);
        if !is_driven {
            let expiry = expiry::run(Arc::clone(&cluster), Arc::clone(&cluster.due));
            cluster.goes_on("expiry", expiry);
            cluster.goes_on("peers", peers::run(Arc::clone(&cluster)));
            cluster.goes_on("certificates", peers::watch_certificates(Arc::clone(&cluster)));
            cluster.goes_on("intents", peers::give_up_intents(Arc::clone(&cluster)));
        }
        cluster.goes_on("jobs", jobs::run(Arc::clone(&cluster), Arc::clone(&cluster.jobs)));
        cluster.goes_on("health", health::run(Arc::clone(&cluster)));
        cluster.goes_on("phones", phones::run(Arc::clone(&cluster)));
        cluster.goes_on("retention", retention::run(Arc::clone(&cluster)));
        let store = Arc::clone(&cluster.store);
        cluster.goes_on("writer", async move { store.ended().await });
        cluster.goes_on("attempts", secrets::run(Arc::clone(&cluster)));
        if let Some(check) = check {
            cluster.runs("check", check::run(Arc::clone(&cluster), check), |_| {});
        }
        Ok(cluster)
    }

    /// Runs a task until the cluster stops. A task that ends by itself has failed, and stops the cluster: without
    /// the task, logins would not end, or events would reach no receiver.
    fn goes_on(
        self: &Arc<Self>,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        self.runs(name, task, move |cluster| {
            cluster.fail(format!("the task {name} of the cluster has met a fault of the program"));
        });
    }

    /// Runs a task until the task ends or the cluster stops, and calls `on_end` in the first case.
    fn runs(
        self: &Arc<Self>,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
        on_end: impl FnOnce(&Self) + Send + 'static,
    ) {
        let (cluster, mut stopped) = (Arc::clone(self), self.stop.subscribe());
        let span = self.span(name);
        let task = task.instrument(span.clone());
        let watched = async move {
            // The set catches a panic of the task.
            let mut task = JoinSet::from_iter([task]);
            tokio::select! {
                _ = task.join_next() => on_end(&cluster),
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
            task.shutdown().await;
        };
        self.tasks.spawn(watched.instrument(span));
    }

    /// Stops the cluster by itself, and keeps why.
    fn fail(&self, problem: String) {
        tracing::error!(problem, "the cluster stops");
        let _ = self.failure.set(problem);
        self.begin_stop();
    }

    /// Why the cluster stopped by itself.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// Becomes true when the cluster stops. Open connections and long requests end then.
    #[must_use]
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Signals the stop to all receivers of [`Self::stopping`].
    pub fn begin_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Stops the tasks, completes the store's pending work, and closes the store, each within [`STOP_TIMEOUT`].
    /// Committed data is durable even if a part does not end in time.
    pub async fn stop(self: &Arc<Self>) {
        self.begin_stop();
        self.close_parts().instrument(self.span("stop")).await;
    }

    async fn close_parts(self: &Arc<Self>) {
        self.tasks.close();
        in_time("tasks", self.tasks.wait()).await;
        in_time("attempts", self.close_secrets()).await;
        in_time("database", self.store.close()).await;
        let cluster = Arc::clone(self);
        let span = Span::current();
        let close = move || {
            span.in_scope(|| {
                cluster.trace.close();
                cluster.app_trace.close();
            });
        };
        let closed = tokio::task::spawn_blocking(close);
        in_time("trace", closed).await;
    }

    async fn close_secrets(&self) {
        if let Err(error) = self.secrets.close(&*self.store, self.clock.now()).await {
            tracing::error!(%error, "failed attempts could not be written down");
        }
    }
}

/// Waits for a part of the cluster to end.
async fn in_time(part: &str, ends: impl Future) {
    if tokio::time::timeout(STOP_TIMEOUT, ends).await.is_err() {
        let seconds = STOP_TIMEOUT.as_secs();
        tracing::warn!(part, seconds, "a part of the cluster has not ended in time");
    }
}
