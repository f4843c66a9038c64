//! The tasks for remote clusters: each task asks its cluster for its state, sends the farewells of the outbox, and
//! compares stays at intervals.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use engine::{
    ClusterInfo, Learnt, PeerAnswer, PeerRequest, RemoteCluster, StayRole, ports::PeerError,
};
use terms::{Alarm, ErrorCode};
use tokio::{
    task::{AbortHandle, JoinSet},
    time::{Instant, Interval, MissedTickBehavior, interval, timeout},
};
use tracing::Instrument;

use super::{compare::compare, outbox::Outbox, problem::Problem};
use crate::{
    cluster::{About, Cluster},
    edge::Sampled,
};

/// How often a remote cluster is asked for its state: a change of state is noticed within twice this time.
const ASK_EVERY: Duration = Duration::from_secs(4);
/// How often the stays with a remote cluster are compared with it.
const COMPARE_EVERY: Duration = Duration::from_mins(1);
/// The least time between two rounds that follow failed rounds, however often the task is woken.
const RETRY: Duration = Duration::from_millis(500);

/// Runs a task for each remote cluster for as long as the cluster runs.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let mut configuration = cluster.configuration.clone();
    let mut running: HashMap<String, AbortHandle> = HashMap::new();
    let (mut tasks, mut tries) = (JoinSet::new(), tries());
    loop {
        let clusters = configuration.borrow_and_update().remote_clusters.clone();
        if let Err(error) = cluster.peers.reload(&*cluster.store, &clusters).await {
            tracing::error!(%error, "the keys of this cluster could not be read");
            tries.tick().await;
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
        loop {
            tokio::select! {
                Ok(()) = configuration.changed() => break,
                Some(ended) = tasks.join_next() => {
                    // The task of a remote cluster that was removed was aborted.
                    if ended.is_err_and(|error| !error.is_cancelled()) {
                        tracing::error!("the task of a remote cluster met a fault of the program");
                        return;
                    }
                }
                // The follower has ended, which ends the cluster and this task.
                else => std::future::pending().await,
            }
        }
    }
}

/// Paces the rounds after a round that failed.
fn tries() -> Interval {
    let mut tries = interval(RETRY);
    tries.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tries
}

/// Synchronizes with one remote cluster.
async fn keep_up(cluster: &Arc<Cluster>, peer: &str) {
    let (mut outbox, mut compare_at) = (Outbox::default(), Instant::now());
    let wake = cluster.peers.wake(peer);
    let (unreadable, mut tries) = (Sampled::default(), tries());
    loop {
        match round(cluster, peer, &mut outbox, &mut compare_at).await {
            Ok(()) => {}
            Err(Problem::Peer(problem)) => {
                let (now, next) = (cluster.clock.now(), cluster.clock.now().after(ASK_EVERY));
                if problem == PeerError::NotTrusted {
                    let about = About { cluster: peer, ..About::default() };
                    cluster.alarm(Alarm::NodeNotTrusted, about);
                }
                if cluster.peers.links.failed(peer, problem.clone(), now, next) {
                    tracing::warn!(%problem, "a remote cluster does not answer");
                }
                // The first answer starts a comparison, which finds the differences that arise meanwhile.
                compare_at = Instant::now();
                outbox.try_all();
                tries.tick().await;
            }
            Err(Problem::Store(error)) => {
                if let Some(times) = unreadable.count() {
                    let what = "farewells to a remote cluster could not be read or written";
                    tracing::error!(times, %error, "{what}");
                }
                tries.tick().await;
                continue;
            }
        }
        count_answering(cluster);
        let _ = timeout(ASK_EVERY, wake.notify.notified()).await;
        if wake.compares.swap(false, Ordering::Relaxed) {
            compare_at = Instant::now();
        }
        if wake.tries_all.swap(false, Ordering::Relaxed) {
            outbox.try_all();
        }
    }
}

fn count_answering(cluster: &Cluster) {
    let answering = i64::try_from(cluster.peers.links.answering()).unwrap_or(i64::MAX);
    cluster.counters.emcc_answering.set(answering);
}

async fn round(
    cluster: &Cluster,
    peer: &str,
    outbox: &mut Outbox,
    compare_at: &mut Instant,
) -> Result<(), Problem> {
    let info = update(cluster, peer).await?;
    if cluster.peers.links.answered(peer, info, cluster.clock.now()) {
        tracing::info!("a remote cluster answers");
        count_answering(cluster);
    }
    outbox.deliver(cluster, peer).await?;
    if *compare_at <= Instant::now() {
        *compare_at = Instant::now() + COMPARE_EVERY;
        for role in [StayRole::Home, StayRole::Visiting] {
            let mut after = None;
            loop {
                after = match compare(cluster, peer, role, after).await {
                    // The cluster has answered, so the next comparison may succeed. A peer of another make has no
                    // comparison.
                    Err(Problem::Peer(PeerError::Refused(ErrorCode::Parsing))) => None,
                    Err(Problem::Peer(problem)) => {
                        tracing::warn!(%problem, "a remote cluster does not compare stays");
                        None
                    }
                    compared => compared?,
                };
                if after.is_none() {
                    break;
                }
                // Farewells don't wait for the end of a long comparison.
                outbox.deliver(cluster, peer).await?;
            }
        }
    }
    Ok(())
}

/// Tells a remote cluster the state of this cluster, and asks for its state. `None` where the remote cluster does
/// not know the request: a peer of another make answers all the same.
async fn update(cluster: &Cluster, peer: &str) -> Result<Option<ClusterInfo>, Problem> {
    let compares = !cluster.peers.links.link(peer).answers();
    let own = ClusterInfo { compares, ..cluster.info_for(peer) };
    match cluster.ask_peer(peer, PeerRequest::Update(own)).await? {
        PeerAnswer::Cluster(info) => {
            // A peer that announces none may use the announced certificate already, and answer on an older
            // connection: then the stored announcement stays.
            if let Some(next) = info.next_certificate.clone() {
                cluster.learn(peer, Learnt::Next(next)).await?;
            }
            Ok(Some(info))
        }
        PeerAnswer::Refused(ErrorCode::Parsing) => Ok(None),
        PeerAnswer::Refused(code) => Err(PeerError::Refused(code).into()),
        _ => Err(PeerError::NotUnderstood.into()),
    }
}
