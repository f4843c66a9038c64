//! The tasks towards remote clusters: each is asked how it is, gets the farewells that it is owed, and is
//! compared with now and then.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use engine::{
    ClusterInfo, Learnt, PeerAnswer, PeerRequest, PostedFarewell, RemoteCluster, Role, Stays,
    ports::{PeerError, StoreError},
};
use futures::{StreamExt, stream};
use terms::{Alarm, ErrorCode};
use tokio::{
    task::{AbortHandle, JoinSet},
    time::{Instant, timeout},
};
use tracing::Instrument;

use crate::cluster::{About, Cluster};

/// How often a remote cluster is asked how it is: a state that changes is noticed within twice this time.
const ASK_EVERY: Duration = Duration::from_secs(4);
/// How often the stays with a remote cluster are compared with it.
const COMPARE_EVERY: Duration = Duration::from_mins(1);
/// Farewells to one cluster that are on their way at a time.
const FAREWELLS_AT_A_TIME: usize = 8;
/// Farewells that are read at a time.
const PAGE_FAREWELLS: u32 = 200;
/// The pause after the database could not be asked.
const RETRY: Duration = Duration::from_millis(500);

/// Keeps up with all remote clusters for as long as the cluster runs.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let mut configuration = cluster.configuration.clone();
    let mut running: HashMap<String, AbortHandle> = HashMap::new();
    let mut tasks = JoinSet::new();
    loop {
        let clusters = configuration.borrow_and_update().remote_clusters.clone();
        if let Err(error) = cluster.peers.reload(&*cluster.store, &clusters).await {
            tracing::error!(%error, "the keys of this cluster could not be read");
            tokio::time::sleep(RETRY).await;
            configuration.mark_changed();
        }
        running.retain(|id, task| {
            let stays = clusters.iter().any(|cluster| cluster.id == *id);
            if !stays {
                task.abort();
            }
            stays
        });
        for RemoteCluster { id, .. } in clusters {
            running.entry(id.clone()).or_insert_with(|| {
                let (cluster, span) = (Arc::clone(&cluster), cluster.span(&format!("peer {id}")));
                tasks.spawn(async move { keep_up(&cluster, &id).await }.instrument(span))
            });
        }
        if configuration.changed().await.is_err() {
            return;
        }
    }
}

/// Keeps up with one remote cluster.
async fn keep_up(cluster: &Arc<Cluster>, peer: &str) {
    let mut compare_at = Instant::now();
    let wake = cluster.peers.wake(peer);
    loop {
        match round(cluster, peer, &mut compare_at).await {
            Ok(()) => {}
            Err(Problem::Peer(problem)) => {
                let now = cluster.clock.now();
                let next =
                    engine::UtcMillis(now.0 + i64::try_from(ASK_EVERY.as_millis()).unwrap_or(0));
                if problem == PeerError::NotTrusted {
                    let about = About { cluster: peer, ..About::default() };
                    cluster.alarm(Alarm::NodeNotTrusted, about);
                }
                if cluster.peers.links.failed(peer, problem.clone(), now, next) {
                    tracing::warn!(%problem, "a remote cluster does not answer");
                }
                // Whatever is different afterwards is looked for at its first answer.
                compare_at = Instant::now();
            }
            Err(Problem::Store(error)) => {
                tracing::error!(%error, "what a remote cluster is owed could not be read");
                tokio::time::sleep(RETRY).await;
                continue;
            }
        }
        let _ = timeout(ASK_EVERY, wake.notify.notified()).await;
        if wake.compares.swap(false, Ordering::Relaxed) {
            compare_at = Instant::now();
        }
    }
}

/// Why a round did not come to its end.
pub(crate) enum Problem {
    /// The remote cluster.
    Peer(PeerError),
    /// The database.
    Store(StoreError),
}

impl From<PeerError> for Problem {
    fn from(problem: PeerError) -> Self {
        Self::Peer(problem)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn round(cluster: &Cluster, peer: &str, compare_at: &mut Instant) -> Result<(), Problem> {
    let info = update(cluster, peer).await?;
    if cluster.peers.links.answered(peer, Some(info), cluster.clock.now()) {
        tracing::info!("a remote cluster answers");
    }
    deliver(cluster, peer).await?;
    if *compare_at <= Instant::now() {
        compare(cluster, peer, Role::Home).await?;
        compare(cluster, peer, Role::Visiting).await?;
        *compare_at = Instant::now() + COMPARE_EVERY;
    }
    Ok(())
}

/// Tells a remote cluster how this one is, and asks how it is.
async fn update(cluster: &Cluster, peer: &str) -> Result<ClusterInfo, Problem> {
    let compares = !cluster.peers.links.link(peer).answers();
    let own = ClusterInfo { compares, ..cluster.info_for(peer) };
    match cluster.ask_peer(peer, PeerRequest::Update(own)).await? {
        PeerAnswer::Cluster(info) => {
            // One that announces none may use it by now, and have answered by a connection from before.
            if let Some(next) = info.next_certificate.clone() {
                cluster.learn(peer, Learnt::Next(next)).await?;
            }
            Ok(info)
        }
        PeerAnswer::Refused(code) => Err(PeerError::Refused(code).into()),
        _ => Err(PeerError::NotUnderstood.into()),
    }
}

/// Sends a remote cluster the farewells that it is owed, until it has acknowledged all.
async fn deliver(cluster: &Cluster, peer: &str) -> Result<(), Problem> {
    loop {
        let (posted, _) = cluster.store.farewells(Some(peer), PAGE_FAREWELLS).await?;
        if posted.is_empty() {
            return Ok(());
        }
        let sent = stream::iter(posted).map(|one| send(cluster, peer, one));
        let mut sent = sent.buffer_unordered(FAREWELLS_AT_A_TIME);
        let mut refused = None;
        while let Some(sent) = sent.next().await {
            match sent {
                // One that is refused holds up no other.
                Err(Problem::Peer(problem @ PeerError::Refused(_))) => refused = Some(problem),
                sent => sent?,
            }
        }
        if let Some(refused) = refused {
            return Err(refused.into());
        }
    }
}

/// Sends a farewell, and takes it out of the outbox once it is acknowledged.
pub(crate) async fn send(
    cluster: &Cluster,
    peer: &str,
    posted: PostedFarewell,
) -> Result<(), Problem> {
    let PostedFarewell { number, farewell, .. } = posted;
    match cluster.ask_peer(peer, farewell.request()).await? {
        // A peer of another make says so where there is nothing to end.
        PeerAnswer::Done
        | PeerAnswer::Refused(ErrorCode::NobodyLoggedIn | ErrorCode::NoSuchDevice) => {}
        PeerAnswer::Refused(code) => return Err(PeerError::Refused(code).into()),
        _ => return Err(PeerError::NotUnderstood.into()),
    }
    Ok(engine::acknowledged(&*cluster.store, number).await?)
}

/// Asks a remote cluster which of the stays with it are over, and ends them here.
pub(crate) async fn compare(cluster: &Cluster, peer: &str, role: Role) -> Result<(), Problem> {
    let mut after = None;
    loop {
        let most = u32::try_from(Stays::MOST).unwrap_or(u32::MAX);
        let logins = cluster.store.stays(peer, role, after, most).await?;
        let Some(last) = logins.last() else { return Ok(()) };
        after = Some(*last);
        let asked = Stays { sender_is: role, logins };
        let over = match cluster.ask_peer(peer, PeerRequest::Stays(asked.clone())).await? {
            PeerAnswer::Over(over) => over,
            PeerAnswer::Refused(code) => return Err(PeerError::Refused(code).into()),
            _ => return Err(PeerError::NotUnderstood.into()),
        };
        let now = cluster.clock.now();
        let ended = engine::end_stays(&*cluster.store, peer.to_owned(), asked, over, now).await?;
        if ended > 0 {
            tracing::warn!(ended, "stays were open here alone, and are ended");
        }
    }
}
